//! Sending a referral: on a consent that covers it, at once; on a legal basis, once somebody else has
//! approved it.

use chrono::{DateTime, TimeDelta, Utc};
use entity::access_grant::{AccessLevel, DataCategory};
use entity::consent::{self, ConsentPurpose};
use entity::organisation::{self, OrganisationStatus};
use entity::referral::{self, ReferralStatus};
use entity::{case, consent_recipient, service_type};
use sea_orm::sea_query::{Alias, BinOper, Expr, ExprTrait, Query, SelectStatement};
use sea_orm::{ColumnTrait, Condition, QueryFilter};
use uuid::Uuid;

use crate::access::Session;
use crate::access::policy::Action;
use crate::casework::case::gate;
use crate::casework::change::{Change, Key, Right, Subject};
use crate::casework::check::{Checks, LONG};
use crate::casework::consent::in_force;
use crate::casework::names::{join, split};
use crate::casework::problem::{Detail, Halt, Problem};
use crate::casework::wording::{Sharing, Text};

/// For how long a referral may run: a year.
const LONGEST: TimeDelta = TimeDelta::days(366);

/// What sends a referral.
#[derive(Clone, Debug)]
pub struct Send {
    /// The id that the client made, or none.
    pub id: Option<Uuid>,
    /// The case.
    pub case_id: Uuid,
    /// To which organisation.
    pub receiver_id: Uuid,
    /// For which service, if for one.
    pub service_type_id: Option<Uuid>,
    /// Why, as the receiver reads it before accepting.
    pub reason: String,
    /// How much the receiver sees.
    pub level: AccessLevel,
    /// Of which categories it sees more than ids, dates and given names.
    pub sections: Vec<DataCategory>,
    /// The consent on which it rests.
    pub consent_id: Option<Uuid>,
    /// Or the law on which it rests.
    pub legal_basis: Option<String>,
    /// When it runs out.
    pub expires_at: DateTime<Utc>,
}

/// Sends a referral, or leaves it to be approved. Nothing is shown before it is accepted.
pub async fn send(session: &Session, key: &Key, command: &Send) -> Result<Uuid, Halt> {
    let id = command.id.unwrap_or_else(Uuid::now_v7);
    let subject = Subject::new("referral", id);
    let mut change = Change::begin(session, Action::ReferralSend, key, subject).await?;
    command.check(session)?;
    let case = gate::enter(&change, command.case_id, "input.caseId").await?;
    command.check_named(&change, &case).await?;
    if let Some(consent_id) = command.consent_id {
        command.check_consent(&change, &case, consent_id).await?;
    }
    let row = command.row(&change, id, &case);
    change.insert(row).await?;
    change.commit().await
}

impl Send {
    fn check(&self, session: &Session) -> Result<(), Halt> {
        let mut checks = Checks::default();
        checks.text("input.reason", &self.reason, LONG);
        checks.distinct("input.sections", &self.sections);
        let shows_more = self.level > AccessLevel::ServiceOnly;
        let path = "input.sections";
        checks.hold(shows_more || self.sections.is_empty(), path, Sharing::NothingMoreAtLevel);
        checks.hold(!shows_more || !self.sections.is_empty(), path, Text::Required);
        let has_basis = self.consent_id.is_some() || self.legal_basis.is_some();
        checks.hold(has_basis, "input.consentId", Sharing::NeedsBasis);
        let has_both = self.consent_id.is_some() && self.legal_basis.is_some();
        checks.hold(!has_both, "input.legalBasis", Text::OnlyOne);
        if let Some(basis) = &self.legal_basis {
            checks.text("input.legalBasis", basis, LONG);
        }
        let (now, path) = (session.now(), "input.expiresAt");
        let latest = now + LONGEST;
        checks.hold(self.expires_at > now, path, Sharing::MustLieAhead);
        checks.hold(self.expires_at <= latest, path, Sharing::TooLong { latest });
        checks.done()
    }

    async fn check_named(&self, change: &Change, case: &case::Model) -> Result<(), Halt> {
        let path = "input.receiverId";
        let (receiver, lead) =
            receiver_and_lead(change, (self.receiver_id, case.lead_organisation_id), path).await?;
        let mut checks = Checks::default();
        checks.hold(receiver.status == OrganisationStatus::Active, path, Text::OutOfUse);
        // Who stands above the lead sees the family with it.
        let is_above = lead.path.starts_with(&receiver.path);
        checks.hold(!is_above, path, Sharing::LeadsAlready);
        if let Some(id) = self.service_type_id {
            let path = "input.serviceTypeId";
            let kind = change.read::<service_type::Entity>(id, Right::ANY, path).await?;
            checks.hold(kind.is_active, path, Text::OutOfUse);
        }
        checks.done()
    }

    /// Refuses a consent that does not cover the referral: of the family as a whole, in force, for
    /// this purpose, to this organisation or one above it, for these categories, until then. The
    /// consent is kept from others, so that it can't be withdrawn meanwhile.
    async fn check_consent(
        &self,
        change: &Change,
        case: &case::Model,
        consent_id: Uuid,
    ) -> Result<(), Halt> {
        let path = "input.consentId";
        let consent = change.lock::<consent::Entity>(consent_id, Right::Led, path).await?;
        if consent.family_id != case.family_id {
            return Err(Problem::not_found(path).into());
        }
        let covers = change
            .see::<consent::Entity>(Right::Led)
            .filter(consent::Column::Id.eq(consent_id))
            .filter(in_force(change.session().now()))
            .filter(
                Expr::col((consent::Entity, consent::Column::Id))
                    .in_subquery(naming(self.receiver_id)),
            )
            .one(change.connection())
            .await?;
        let purposes = split::<ConsentPurpose>(&consent.purposes);
        let categories = split::<DataCategory>(&consent.categories);
        let is_enough = covers.is_some()
            && consent.person_id.is_none()
            && purposes.contains(&ConsentPurpose::Referral)
            && self.sections.iter().all(|section| categories.contains(section));
        if !is_enough {
            let problem = Problem::at(path, Sharing::ConsentDoesNotCover);
            return Err(Problem { detail: Detail::Consent, ..problem }.into());
        }
        if let Some(until) = consent.until.filter(|until| *until < self.expires_at) {
            return Err(Problem::at("input.expiresAt", Sharing::TooLong { latest: until }).into());
        }
        Ok(())
    }

    fn row(&self, change: &Change, id: Uuid, case: &case::Model) -> referral::Model {
        let (now, by) = (change.session().now(), change.by());
        let is_sent = self.consent_id.is_some();
        referral::Model {
            id,
            case_id: case.id,
            family_id: case.family_id,
            sender_id: case.lead_organisation_id,
            receiver_id: self.receiver_id,
            service_type_id: self.service_type_id,
            level: self.level,
            sections: join(&self.sections),
            reason: self.reason.clone(),
            consent_id: self.consent_id,
            legal_basis: self.legal_basis.clone(),
            approved_by: None,
            approved_at: None,
            status: if is_sent { ReferralStatus::Sent } else { ReferralStatus::Draft },
            status_reason: None,
            sent_at: is_sent.then_some(now),
            answered_at: None,
            ended_at: None,
            expires_at: Some(self.expires_at),
            version: 1,
            created_at: now,
            updated_at: now,
            created_by: by,
            updated_by: by,
        }
    }
}

/// The consents that name an organisation, or one above it.
fn naming(organisation_id: Uuid) -> SelectStatement {
    let (named, receiver) = (Alias::new("named"), Alias::new("receiver"));
    let column = |of: &Alias, column: organisation::Column| Expr::col((of.clone(), column));
    let above = column(&receiver, organisation::Column::Path)
        .binary(BinOper::Like, Expr::cust("named.path || '%'"));
    let mut select = Query::select();
    select
        .column((consent_recipient::Entity, consent_recipient::Column::ConsentId))
        .from(consent_recipient::Entity)
        .from_as(organisation::Entity, named.clone())
        .from_as(organisation::Entity, receiver.clone())
        .and_where(
            column(&named, organisation::Column::Id).eq(Expr::col((
                consent_recipient::Entity,
                consent_recipient::Column::OrganisationId,
            ))),
        )
        .and_where(column(&receiver, organisation::Column::Id).eq(organisation_id))
        .cond_where(Condition::all().add(above));
    select
}

/// The organisation to which something goes, and the one that leads the case.
pub async fn receiver_and_lead(
    change: &Change,
    (receiver_id, lead_id): (Uuid, Uuid),
    path: &str,
) -> Result<(organisation::Model, organisation::Model), Halt> {
    let both = change
        .see::<organisation::Entity>(Right::ANY)
        .filter(organisation::Column::Id.is_in([receiver_id, lead_id]))
        .all(change.connection())
        .await?;
    let find = |id: Uuid| both.iter().find(|organisation| organisation.id == id).cloned();
    find(receiver_id).zip(find(lead_id)).ok_or_else(|| Problem::not_found(path).into())
}
