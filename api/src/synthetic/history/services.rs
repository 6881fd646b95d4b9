//! Services that were delivered to a family.

use chrono::NaiveDate;
use entity::measure::MeasureStatus;
use entity::referral::ReferralStatus;
use entity::{service, service_person};
use uuid::Uuid;

use super::Chronicle;
use crate::synthetic::agencies::Agency;
use crate::synthetic::calendar::{after, days_between};
use crate::synthetic::centres;
use crate::synthetic::outline::Shape;
use crate::synthetic::reference::{SERVICE_TYPES, service_type_id};

/// A service to be written.
#[derive(Clone, Copy)]
struct Delivery {
    on: NaiveDate,
    type_id: Uuid,
    provider_id: Uuid,
    measure_id: Option<Uuid>,
}

impl Chronicle<'_> {
    pub(super) fn write_services(&mut self) {
        self.write_services_of_measures();
        for span in self.plot.course.spans.clone() {
            let last_day = span.last_day(self.yesterday());
            let length = days_between(span.opened_on, last_day);
            if length < 20 || matches!(self.plot.story.shape, Shape::Intake | Shape::Assessment) {
                continue;
            }
            let delivery = Delivery {
                on: self.plot.chance.day_after(span.opened_on, 10, length),
                type_id: service_type_id(self.plot.chance.below(SERVICE_TYPES)),
                provider_id: self.organisation_id(),
                measure_id: None,
            };
            self.deliver(delivery);
        }
        self.write_services_of_others();
    }

    /// What was done as measures was delivered as services.
    fn write_services_of_measures(&mut self) {
        let done: Vec<Delivery> = (self.rows.measure.iter().rev())
            .take_while(|measure| measure.case_id == self.case_id)
            .filter(|measure| measure.status == MeasureStatus::Done)
            .filter_map(|measure| {
                Some(Delivery {
                    on: measure.done_on?,
                    type_id: measure.service_type_id?,
                    provider_id: measure.responsible_id,
                    measure_id: Some(measure.id),
                })
            })
            .collect();
        for delivery in done {
            self.deliver(delivery);
        }
    }

    /// What a partner did after a referral, and a centre during a stay.
    fn write_services_of_others(&mut self) {
        if let Some(referral) = self.plot.story.referral
            && referral.status == ReferralStatus::Accepted
        {
            let partner =
                if referral.to_second { Agency::SecondPartner } else { Agency::FirstPartner };
            let delivery = Delivery {
                on: self.plot.chance.day_after(self.yesterday(), -6, 0),
                type_id: service_type_id(self.plot.chance.below(SERVICE_TYPES)),
                provider_id: partner.id(),
                measure_id: None,
            };
            self.deliver(delivery);
        }
        let stay = self.plot.course.stay.and_then(|stay| stay.admitted);
        if let (Some(berth), Some(admitted_on)) = (self.plot.story.berth, stay) {
            let delivery = Delivery {
                on: after(admitted_on, 5),
                type_id: service_type_id(2),
                provider_id: centres::provider(berth.house, berth.centre).id(),
                measure_id: None,
            };
            self.deliver(delivery);
        }
    }

    /// Most services are for a child; the rest for the caregiver.
    fn deliver(&mut self, delivery: Delivery) {
        let children = self.children_on(delivery.on);
        let for_child = self.plot.chance.percent(60);
        let child = children.first().filter(|_| for_child).copied();
        let person_id = child.or(self.home.caregiver().map(|caregiver| caregiver.id));
        let recorded_at = self.plot.chance.moment(delivery.on);
        let id = self.plot.chance.id(recorded_at);
        self.rows.service.push(service::Model {
            id,
            case_id: Some(self.case_id),
            family_id: self.family_id,
            measure_id: delivery.measure_id,
            service_type_id: delivery.type_id,
            provider_id: delivery.provider_id,
            delivered_on: delivery.on,
            quantity: i32::try_from(self.plot.chance.between(1, 3)).unwrap_or(1),
            recorded_at,
            voided_at: None,
            void_reason: None,
        });
        if let Some(person_id) = person_id {
            self.rows.service_person.push(service_person::Model { service_id: id, person_id });
        }
    }
}
