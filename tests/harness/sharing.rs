//! Consents, referrals and transfers as they stand, put straight into the tables.

use chrono::TimeDelta;
use entity::access_grant::AccessLevel;
use entity::consent::{self, ConsentCapacity, ConsentForm, ConsentPurpose, ConsentStatus};
use entity::referral::{self, ReferralStatus};
use entity::transfer::{self, TransferStatus};
use sea_orm::{ActiveEnum, ActiveValue::Set};
use uuid::Uuid;

use super::Stage;
use super::world::{Branch, Household};

impl Stage {
    /// What a family answered, for referrals to anybody named by its own rows.
    pub async fn answered(&self, home: &Household, status: ConsentStatus) -> Uuid {
        self.answer((home.id, None), ConsentPurpose::Referral, status).await
    }

    /// What a family answered, or one person of it, for a purpose.
    pub async fn answer(
        &self,
        (family, person): (Uuid, Option<Uuid>),
        purpose: ConsentPurpose,
        status: ConsentStatus,
    ) -> Uuid {
        let id = Uuid::now_v7();
        let since = self.now() - TimeDelta::days(2);
        self.put(consent::ActiveModel {
            id: Set(id),
            family_id: Set(family),
            person_id: Set(person),
            capacity: Set(ConsentCapacity::Parent),
            form: Set(ConsentForm::Written),
            purposes: Set(purpose.to_value()),
            categories: Set("IDENTITY".to_owned()),
            since: Set(since),
            status: Set(status),
            recorded_at: Set(since),
            version: Set(1),
            updated_at: Set(Some(since)),
            ..Default::default()
        })
        .await;
        id
    }

    /// A referral of a family on a legal basis, which runs out in a week.
    pub fn referral(
        &self,
        home: &Household,
        (from, to): (&Branch, &Branch),
        status: ReferralStatus,
    ) -> referral::ActiveModel {
        let now = self.now();
        let was_answered = !matches!(status, ReferralStatus::Draft | ReferralStatus::Sent);
        referral::ActiveModel {
            id: Set(Uuid::now_v7()),
            case_id: Set(home.case),
            family_id: Set(home.id),
            sender_id: Set(from.id),
            receiver_id: Set(to.id),
            level: Set(AccessLevel::ServiceOnly),
            sections: Set(String::new()),
            reason: Set("Help with school.".to_owned()),
            legal_basis: Set(Some("The law on children, article 5.".to_owned())),
            status: Set(status),
            sent_at: Set((status != ReferralStatus::Draft).then_some(now)),
            answered_at: Set(was_answered.then_some(now)),
            expires_at: Set(Some(now + TimeDelta::days(7))),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
    }

    /// A transfer of a family's case, which runs out in a week.
    pub fn transfer(
        &self,
        home: &Household,
        (from, to): (&Branch, &Branch),
        status: TransferStatus,
    ) -> transfer::ActiveModel {
        let now = self.now();
        transfer::ActiveModel {
            id: Set(Uuid::now_v7()),
            case_id: Set(home.case),
            family_id: Set(home.id),
            sender_id: Set(from.id),
            receiver_id: Set(to.id),
            reason: Set("The family moved.".to_owned()),
            status: Set(status),
            proposed_at: Set(now - TimeDelta::days(1)),
            expires_at: Set(now + TimeDelta::days(7)),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
    }
}
