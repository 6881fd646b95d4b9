//! Factories of families, their members and cases, and of who may see them.

use chrono::{DateTime, NaiveDate, Utc};
use entity::access_grant::{AccessLevel, GrantBasis};
use entity::case::{CaseKind, CaseStatus, RiskLevel};
use entity::family_member::MemberRole;
use entity::person::{DatePrecision, Sex};
use entity::secret::Secret;
use hearth::casework::search;
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::Stage;
use super::world::{Branch, Household, START};

impl Stage {
    /// A parent and a child, with a case that the organisation leads and a grant for it. Every text
    /// about them holds the canary.
    pub async fn household(&self, lead: &Branch, area: &Branch, canary: &str) -> Household {
        let family = self.family(lead, area, canary).await;
        let parent = self.member(family, MemberRole::Parent, canary, START).await;
        let born = NaiveDate::from_ymd_opt(2018, 3, 9).unwrap();
        let child = self.member(family, MemberRole::Child, canary, born).await;
        let case = self.case(family, lead, area).await;
        self.grant(lead, family, AccessLevel::Full, GrantBasis::Lead, case).await;
        Household { id: family, case, parent, child }
    }

    pub async fn family(&self, lead: &Branch, area: &Branch, canary: &str) -> Uuid {
        let id = Uuid::now_v7();
        let now = self.now();
        let column = entity::family::Column::ProtectedAddress;
        let secret = self.seal(column, id, &format!("Secret {canary}"));
        self.put(entity::family::ActiveModel {
            id: Set(id),
            reference: Set(format!("F-{}", &id.simple().to_string()[20..])),
            label: Set(format!("Label {canary}")),
            area_id: Set(area.id),
            lead_organisation_id: Set(Some(lead.id)),
            address: Set(Some(format!("Street {canary}"))),
            protected_address: Set(Some(secret)),
            is_address_protected: Set(true),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        id
    }

    pub async fn member(
        &self,
        family: Uuid,
        role: MemberRole,
        canary: &str,
        born: NaiveDate,
    ) -> Uuid {
        let id = self.person(canary, born).await;
        self.membership(family, id, role, START, None).await;
        id
    }

    pub async fn membership(
        &self,
        family: Uuid,
        person: Uuid,
        role: MemberRole,
        since: NaiveDate,
        until: Option<NaiveDate>,
    ) {
        self.put(entity::family_member::ActiveModel {
            id: Set(Uuid::now_v7()),
            family_id: Set(family),
            person_id: Set(person),
            role: Set(role),
            lives_here: Set(true),
            legal_responsibility: Set(role == MemberRole::Parent),
            primary_caregiver: Set(role == MemberRole::Parent),
            since: Set(since),
            until: Set(until),
            recorded_at: Set(self.now()),
            ..Default::default()
        })
        .await;
    }

    pub async fn person(&self, canary: &str, born: NaiveDate) -> Uuid {
        let id = Uuid::now_v7();
        let now = self.now();
        let (given, family) = (format!("Given{canary}"), format!("Family{canary}"));
        let patronymic = format!("Patronymic{canary}");
        let names = search::NameParts {
            family_name: Some(&family),
            given_name: &given,
            patronymic: Some(&patronymic),
        };
        let search_key = search::search_key([names]);
        self.put(entity::person::ActiveModel {
            id: Set(id),
            given_name: Set(given),
            family_name: Set(Some(family)),
            patronymic: Set(Some(patronymic)),
            sex: Set(Sex::Female),
            birth_date: Set(Some(born)),
            birth_precision: Set(DatePrecision::Day),
            disability: Set(Some(format!("Disability {canary}"))),
            phone: Set(Some(format!("Phone {canary}"))),
            search_key: Set(search_key),
            is_address_protected: Set(false),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        id
    }

    /// A number of a person.
    pub async fn identifier(&self, person: Uuid, kind: &str, value: &str) -> Uuid {
        let id = Uuid::now_v7();
        let sealed = self.seal(entity::person_identifier::Column::Value, id, value);
        let hash = self.vault().fingerprint(kind, &Secret::new(value.to_owned()));
        self.put(entity::person_identifier::ActiveModel {
            id: Set(id),
            person_id: Set(person),
            kind: Set(kind.to_owned()),
            value: Set(sealed),
            value_hash: Set(Some(hash)),
            recorded_at: Set(self.now()),
            ..Default::default()
        })
        .await;
        id
    }

    pub async fn case(&self, family: Uuid, lead: &Branch, area: &Branch) -> Uuid {
        let id = Uuid::now_v7();
        let now = self.now();
        self.put(entity::case::ActiveModel {
            id: Set(id),
            family_id: Set(family),
            reference: Set(format!("C-{}", &id.simple().to_string()[20..])),
            kind: Set(CaseKind::Accompaniment),
            lead_organisation_id: Set(lead.id),
            area_id: Set(area.id),
            status: Set(CaseStatus::Active),
            risk_level: Set(Some(RiskLevel::High)),
            opened_on: Set(START),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        id
    }

    pub async fn grant(
        &self,
        to: &Branch,
        family: Uuid,
        level: AccessLevel,
        basis: GrantBasis,
        source: Uuid,
    ) -> Uuid {
        self.grant_until(to, Some(family), None, level, basis, source, None).await
    }

    #[expect(clippy::too_many_arguments, reason = "a grant has so many fields")]
    pub async fn grant_until(
        &self,
        to: &Branch,
        family: Option<Uuid>,
        person: Option<Uuid>,
        level: AccessLevel,
        basis: GrantBasis,
        source: Uuid,
        until: Option<DateTime<Utc>>,
    ) -> Uuid {
        let id = Uuid::now_v7();
        let since = self.now() - chrono::TimeDelta::days(1);
        self.put(entity::access_grant::ActiveModel {
            id: Set(id),
            organisation_id: Set(to.id),
            worker_id: Set(None),
            family_id: Set(family),
            person_id: Set(person),
            level: Set(level),
            shown: Set(entity::access_grant::Shown::all(level)),
            basis: Set(basis),
            source_id: Set(Some(source)),
            since: Set(since),
            until: Set(until),
            created_at: Set(since),
            created_by: Set(None),
        })
        .await;
        id
    }
}
