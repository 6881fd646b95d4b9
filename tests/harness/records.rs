//! Factories of reports and what is done about them, and of registers and decisions.

use entity::concern_report::{ConcernChannel, ConcernSource, ConcernStatus, ConcernUrgency};
use entity::visit::{VisitPurpose, VisitStatus};
use sea_orm::ActiveValue::Set;
use uuid::Uuid;

use super::Stage;
use super::world::{Branch, START};

impl Stage {
    /// A report that an organisation received three days ago, as it stands in a state.
    pub async fn report(
        &self,
        receiver: &Branch,
        area: &Branch,
        status: ConcernStatus,
        urgency: ConcernUrgency,
        family: Option<Uuid>,
    ) -> Uuid {
        let row = self.report_row(receiver, area, status, urgency, family);
        let id = row.id.clone().unwrap();
        self.put(row).await;
        id
    }

    /// The row of such a report.
    pub fn report_row(
        &self,
        receiver: &Branch,
        area: &Branch,
        status: ConcernStatus,
        urgency: ConcernUrgency,
        family: Option<Uuid>,
    ) -> entity::concern_report::ActiveModel {
        let id = Uuid::now_v7();
        let now = self.now();
        entity::concern_report::ActiveModel {
            id: Set(id),
            reference: Set(format!("R-{}", &id.simple().to_string()[20..])),
            received_at: Set(now - chrono::TimeDelta::days(3)),
            channel: Set(ConcernChannel::Phone),
            source_class: Set(ConcernSource::Citizen),
            is_anonymous: Set(true),
            organisation_id: Set(receiver.id),
            area_id: Set(area.id),
            narrative: Set("What was reported.".to_owned()),
            urgency: Set(urgency),
            status: Set(status),
            family_id: Set(family),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
    }

    /// A visit to a family to verify a report, as it stands in a state.
    pub async fn verifying_visit(&self, report: Uuid, family: Uuid, status: VisitStatus) -> Uuid {
        let id = Uuid::now_v7();
        let now = self.now();
        self.put(entity::visit::ActiveModel {
            id: Set(id),
            concern_report_id: Set(Some(report)),
            family_id: Set(family),
            purpose: Set(VisitPurpose::Verification),
            scheduled_for: Set(now.date_naive()),
            visited_at: Set((status == VisitStatus::Completed).then_some(now)),
            status: Set(status),
            recorded_at: Set(now),
            version: Set(1),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        })
        .await;
        id
    }

    /// That an organisation works in an area.
    pub async fn serves(&self, organisation: &Branch, area: &Branch) {
        self.put(entity::organisation_area::ActiveModel {
            organisation_id: Set(organisation.id),
            area_id: Set(area.id),
        })
        .await;
    }
}

impl Stage {
    /// A kind of service of the catalogue.
    pub async fn service_type(&self, code: &str, is_active: bool) -> Uuid {
        let id = Uuid::now_v7();
        self.put(entity::service_type::ActiveModel {
            id: Set(id),
            code: Set(code.to_owned()),
            name: Set(format!("Service {code}")),
            class: Set(entity::service_type::ServiceClass::Social),
            is_active: Set(is_active),
        })
        .await;
        id
    }

    /// A register of the catalogue.
    pub async fn register(
        &self,
        code: &str,
        subject: entity::register::RegisterSubject,
        is_active: bool,
    ) -> Uuid {
        let id = Uuid::now_v7();
        self.put(entity::register::ActiveModel {
            id: Set(id),
            code: Set(code.to_owned()),
            name: Set(format!("Register {code}")),
            class: Set(entity::register::RegisterClass::Other),
            subject: Set(subject),
            is_active: Set(is_active),
        })
        .await;
        id
    }

    /// A decision of a body about a family, of the first day.
    pub async fn decision(&self, body: &Branch, family: Uuid, number: &str) -> Uuid {
        let id = Uuid::now_v7();
        self.put(entity::decision::ActiveModel {
            id: Set(id),
            body_id: Set(body.id),
            family_id: Set(Some(family)),
            kind: Set("Registration".to_owned()),
            number: Set(number.to_owned()),
            decided_on: Set(START),
            recorded_at: Set(self.now()),
            ..Default::default()
        })
        .await;
        id
    }
}
