//! Consents and referrals to partners. A partner sees a family only while a referral is
//! accepted and the consent behind it is given.

use chrono::{DateTime, NaiveDate, Utc};
use entity::access_grant::{AccessLevel, DataCategory, GrantBasis, Shown};
use entity::consent::{self, ConsentCapacity, ConsentForm, ConsentStatus};
use entity::consent_recipient;
use entity::referral::{self, ReferralStatus};
use uuid::Uuid;

use super::Chronicle;
use super::grants::{Sight, Whom};
use crate::synthetic::agencies::Agency;
use crate::synthetic::calendar::{after, days_between, morning};
use crate::synthetic::reference::{SERVICE_TYPES, service_type_id};

/// An answer to a request for consent.
#[derive(Clone, Copy)]
pub struct Answer {
    pub status: ConsentStatus,
    pub purposes: &'static str,
    pub since: DateTime<Utc>,
    pub until: Option<DateTime<Utc>>,
    pub withdrawn_at: Option<DateTime<Utc>>,
}

/// The days of a referral, as far as it came.
#[derive(Clone, Copy)]
struct Passage {
    status: ReferralStatus,
    made_on: NaiveDate,
    sent_on: Option<NaiveDate>,
    answered_on: Option<NaiveDate>,
    ended_on: Option<NaiveDate>,
    expires_on: Option<NaiveDate>,
}

const REASONS: [&str; 4] = [
    "Work with a psychologist, once a week.",
    "Help with food and clothes until the first wage.",
    "A group for parents of young children.",
    "Legal advice on housing.",
];

impl Chronicle<'_> {
    pub(super) fn write_sharing(&mut self) {
        let Some(asked) = self.plot.story.referral else { return };
        let partner = if asked.to_second { Agency::SecondPartner } else { Agency::FirstPartner };
        let passage = self.passage(asked.status);
        let answer = passage.answer();
        let consent_id = self.ask_consent(answer, partner.id());
        let consent_id = Some(consent_id).filter(|_| answer.status != ConsentStatus::Refused);
        self.refer(&passage, partner.id(), consent_id);
    }

    /// Sent early in the case if it is closed now, lately if it is open.
    fn passage(&mut self, status: ReferralStatus) -> Passage {
        use ReferralStatus::{
            Accepted, Completed, Declined, Draft, Expired, Revoked, Sent, Withdrawn,
        };
        let yesterday = self.yesterday();
        let (opened_on, last_day) = self
            .plot
            .course
            .latest()
            .map_or((yesterday, yesterday), |span| (span.opened_on, span.last_day(yesterday)));
        let half = days_between(opened_on, last_day) / 2;
        let made_on = match status {
            Draft | Sent => after(last_day, -5),
            _ => after(last_day, -half.clamp(18, 60)),
        };
        let sent_on = (status != Draft).then(|| after(made_on, 1));
        let answered_on = (!matches!(status, Draft | Sent | Expired)).then(|| after(made_on, 4));
        let ended_on = match status {
            Completed | Withdrawn | Revoked => Some(after(made_on, 14)),
            Expired => Some(after(made_on, 12)),
            _ => None,
        };
        let expires_on = match status {
            Draft => None,
            Expired => ended_on,
            Accepted | Sent => Some(self.plot.chance.day_after(self.today(), 20, 200)),
            Declined | Completed | Withdrawn | Revoked => Some(after(made_on, 60)),
        };
        Passage { status, made_on, sent_on, answered_on, ended_on, expires_on }
    }

    pub(super) fn ask_consent(&mut self, answer: Answer, recipient_id: Uuid) -> Uuid {
        let id = self.plot.chance.id(answer.since);
        self.rows.consent.push(consent::Model {
            id,
            family_id: self.family_id,
            person_id: None,
            given_by_id: self.home.caregiver().map(|caregiver| caregiver.id),
            capacity: ConsentCapacity::Parent,
            form: ConsentForm::Written,
            purposes: answer.purposes.to_owned(),
            categories: "IDENTITY CONTACT HEALTH NEEDS CASEWORK PLACEMENT".to_owned(),
            since: answer.since,
            until: answer.until,
            status: answer.status,
            withdrawn_at: answer.withdrawn_at,
            withdrawal_reason: None,
            recorded_at: answer.since,
            recorded_by: None,
            version: if answer.withdrawn_at.is_some() { 2 } else { 1 },
            updated_at: answer.withdrawn_at.or(Some(answer.since)),
            updated_by: None,
        });
        self.rows.consent_recipient.push(consent_recipient::Model {
            consent_id: id,
            organisation_id: recipient_id,
            family_id: self.family_id,
        });
        id
    }

    fn refer(&mut self, passage: &Passage, receiver_id: Uuid, consent_id: Option<Uuid>) {
        let mut at = |day: Option<NaiveDate>| day.map(|day| self.plot.chance.moment(day));
        let (sent_at, answered_at) = (at(passage.sent_on), at(passage.answered_on));
        let ended_at = passage.ended_on.map(morning);
        let changed_on = passage.ended_on.or(passage.answered_on).or(passage.sent_on);
        let stamp = self.stamp(passage.made_on, changed_on);
        let id = self.plot.chance.id(stamp.made_at);
        let in_summary = self.plot.chance.percent(25);
        let level = if in_summary { AccessLevel::Summary } else { AccessLevel::ServiceOnly };
        let type_id = service_type_id(self.plot.chance.below(SERVICE_TYPES));
        self.rows.referral.push(referral::Model {
            id,
            case_id: self.case_id,
            family_id: self.family_id,
            sender_id: self.organisation_id(),
            receiver_id,
            service_type_id: Some(type_id),
            level,
            sections: if in_summary { "IDENTITY CONTACT" } else { "" }.to_owned(),
            reason: self.plot.chance.pick(&REASONS).to_owned(),
            consent_id,
            legal_basis: None,
            approved_by: None,
            approved_at: None,
            status: passage.status,
            status_reason: None,
            sent_at,
            answered_at,
            ended_at,
            expires_at: passage.expires_on.map(morning),
            version: stamp.version,
            created_at: stamp.made_at,
            updated_at: stamp.changed_at,
            created_by: stamp.by,
            updated_by: stamp.by,
        });
        let was_accepted = passage.status != ReferralStatus::Declined;
        if let Some(since) = answered_at.filter(|_| was_accepted) {
            self.show_to_partner((receiver_id, id), level, (since, ended_at));
        }
    }

    /// Names and addresses, as far as the level shows them.
    fn show_to_partner(
        &mut self,
        (organisation_id, source_id): (Uuid, Uuid),
        level: AccessLevel,
        (since, until): (DateTime<Utc>, Option<DateTime<Utc>>),
    ) {
        let basis = GrantBasis::Referral;
        let shown = Shown::of(level, &[DataCategory::Identity, DataCategory::Contact]);
        let sight = Sight { organisation_id, level, shown, basis, source_id, since, until };
        self.grant(Whom::Family, sight);
    }
}

impl Passage {
    /// Consent is given before anything is sent; how it ended says how the referral did.
    fn answer(&self) -> Answer {
        let since = morning(self.made_on);
        let ended_at = self.ended_on.map(morning);
        let given = Answer {
            status: ConsentStatus::Given,
            purposes: "REFERRAL SERVICES",
            since,
            until: None,
            withdrawn_at: None,
        };
        match self.status {
            ReferralStatus::Draft => Answer { status: ConsentStatus::Refused, ..given },
            ReferralStatus::Revoked => Answer {
                status: ConsentStatus::Withdrawn,
                until: ended_at,
                withdrawn_at: ended_at,
                ..given
            },
            ReferralStatus::Withdrawn => {
                Answer { status: ConsentStatus::Expired, until: ended_at, ..given }
            }
            _ => given,
        }
    }
}
