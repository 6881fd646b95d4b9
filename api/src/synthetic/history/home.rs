//! The family, its members and their names.

use chrono::TimeDelta;
use entity::case::CaseStatus;
use entity::enrolment::EnrolmentStatus;
use entity::family_characteristic::FamilyCharacteristic;
use entity::family_member::MemberRole;
use entity::person::DatePrecision;
use entity::person_name::NameKind;
use entity::{
    family, family_characteristic, family_member, person, person_identifier, person_name,
};

use super::household::{Household, Makeup, Person};
use super::{Chronicle, Plot};
use crate::casework::family::likeness;
use crate::synthetic::calendar::after;
use crate::synthetic::names::Written;
use crate::synthetic::outline::{House, Scheme};

const STREETS: [&str; 12] = [
    "Reed Street",
    "Mill Lane",
    "Orchard Way",
    "Willow Row",
    "Lantern Street",
    "Bridge End",
    "Meadow Close",
    "Kiln Lane",
    "Harvest Road",
    "Fern Walk",
    "Stone Steps",
    "Garden Lane",
];
const OTHERS: [FamilyCharacteristic; 7] = [
    FamilyCharacteristic::Unemployed,
    FamilyCharacteristic::NoQualification,
    FamilyCharacteristic::Displaced,
    FamilyCharacteristic::Disability,
    FamilyCharacteristic::DomesticViolence,
    FamilyCharacteristic::LowIncome,
    FamilyCharacteristic::Housing,
];

/// The circumstances of a family; the pathway asks for one of them.
pub fn characteristics(plot: &mut Plot<'_>, home: &Household) -> Vec<FamilyCharacteristic> {
    let mut kinds = Vec::new();
    if home.children.len() >= 3 {
        kinds.push(FamilyCharacteristic::LargeFamily);
    }
    if matches!(home.makeup, Makeup::Mother | Makeup::Father) {
        kinds.push(FamilyCharacteristic::SingleParent);
    }
    let is_dependent = match plot.story.seat {
        Some(seat) if seat.scheme == Scheme::Pathway => seat.status != EnrolmentStatus::Ineligible,
        _ => plot.chance.percent(15),
    };
    if is_dependent {
        kinds.push(FamilyCharacteristic::AlcoholDependence);
    }
    let other = plot.chance.pick(&OTHERS);
    if plot.chance.percent(60) {
        kinds.push(other);
    }
    kinds
}

/// What kind of number persons have.
const NUMBER: &str = "PERSONAL_NUMBER";

impl Chronicle<'_> {
    pub(super) fn write_home(&mut self) {
        let is_protected = self.is_protected();
        self.write_family(is_protected);
        for kind in self.characteristics.clone() {
            self.rows.family_characteristic.push(family_characteristic::Model {
                family_id: self.family_id,
                kind,
                recorded_at: self.known_at,
            });
        }
        let people: Vec<Person> = self.home.people().cloned().collect();
        for person in &people {
            self.write_person(person, is_protected);
            self.write_names(person);
        }
        if let Some(caregiver) = people.first().filter(|_| self.plot.chance.percent(35)) {
            let value = format!(
                "{:04}-{:05}",
                self.plot.chance.below(9_999),
                self.plot.chance.below(99_999)
            );
            let id = self.plot.chance.id(self.known_at);
            self.rows.person_identifier.push(person_identifier::Model {
                id,
                person_id: caregiver.id,
                kind: NUMBER.to_owned(),
                value_hash: Some(self.region.fingerprint(NUMBER, &value)),
                value: self.region.seal(person_identifier::Column::Value, id, value),
                recorded_at: self.known_at,
                voided_at: None,
                void_reason: None,
            });
        }
        self.write_members();
    }

    fn is_protected(&mut self) -> bool {
        let in_crisis_centre =
            self.plot.story.berth.is_some_and(|berth| berth.house == House::Crisis);
        in_crisis_centre || self.plot.chance.percent(3)
    }

    fn write_family(&mut self, is_protected: bool) {
        let address =
            format!("{} {}", self.plot.chance.between(1, 90), self.plot.chance.pick(&STREETS));
        let label = self.home.caregiver().map_or_else(String::new, |person| {
            let initial: String = person.name.legal.given.chars().take(1).collect();
            format!("{} {initial}.", person.name.legal.family)
        });
        let search_key = likeness::key(&label);
        let address_key = (!is_protected).then(|| likeness::key(&address));
        let (id, column) = (self.family_id, family::Column::ProtectedAddress);
        let seal = |address| self.region.seal(column, id, address);
        self.rows.family.push(family::Model {
            id,
            reference: format!("F-{}", self.plot.reference),
            label,
            area_id: self.area_id,
            lead_organisation_id: Some(self.organisation_id()),
            address: (!is_protected).then(|| address.clone()),
            protected_address: is_protected.then(|| seal(address)),
            is_address_protected: is_protected,
            search_key,
            address_key,
            version: 1 + i32::from(self.touched_at > self.known_at),
            created_at: self.known_at,
            updated_at: self.touched_at.max(self.known_at),
            created_by: Some(self.lead_on(self.known_at.date_naive())),
            updated_by: Some(self.lead_on(self.touched_at.date_naive())),
        });
    }

    fn write_person(&mut self, person: &Person, is_address_protected: bool) {
        let is_child = person.role == MemberRole::Child;
        let phone = (!is_child && self.plot.chance.percent(70)).then(|| {
            format!("+000 {:03} {:04}", self.plot.chance.below(999), self.plot.chance.below(9_999))
        });
        let is_exact = is_child || self.plot.chance.percent(95);
        let has_disability = self.characteristics.contains(&FamilyCharacteristic::Disability)
            && self.home.children.first().is_some_and(|child| child.id == person.id);
        let name = &person.name.legal;
        self.rows.person.push(person::Model {
            id: person.id,
            given_name: name.given.clone(),
            family_name: Some(name.family.clone()),
            patronymic: name.patronymic.clone(),
            sex: person.sex,
            birth_date: Some(person.born_on),
            birth_precision: if is_exact { DatePrecision::Day } else { DatePrecision::Estimated },
            death_date: None,
            disability: has_disability.then(|| "Recognised by the medical commission".to_owned()),
            phone,
            search_key: person.name.search_key(),
            is_address_protected,
            merged_into_id: None,
            version: 1,
            created_at: person.known_at,
            updated_at: person.known_at.max(self.touched_at),
            created_by: Some(self.lead_on(person.known_at.date_naive())),
            updated_by: Some(self.lead_on(self.touched_at.date_naive())),
        });
    }

    fn write_names(&mut self, person: &Person) {
        let name = &person.name;
        self.write_name(person, NameKind::Legal, &name.legal);
        if let Some(latin) = &name.latin {
            self.write_name(person, NameKind::Transliterated, latin);
        }
    }

    fn write_name(&mut self, person: &Person, kind: NameKind, written: &Written) {
        self.rows.person_name.push(person_name::Model {
            id: self.plot.chance.id(person.known_at),
            person_id: person.id,
            kind,
            family_name: Some(written.family.clone()),
            given_name: written.given.clone(),
            patronymic: written.patronymic.clone(),
            since: None,
            until: None,
            recorded_at: person.known_at,
        });
    }

    fn write_members(&mut self) {
        let eldest = self.home.children.iter().map(|child| child.born_on).min();
        let together_since = after(eldest.unwrap_or(self.known_at.date_naive()), -400);
        let people: Vec<Person> = self.home.people().cloned().collect();
        for (no, person) in people.iter().enumerate() {
            let is_child = person.role == MemberRole::Child;
            let row = family_member::Model {
                id: self.plot.chance.id(person.known_at.max(self.known_at)),
                family_id: self.family_id,
                person_id: person.id,
                role: person.role,
                lives_here: true,
                legal_responsibility: matches!(
                    person.role,
                    MemberRole::Parent | MemberRole::Guardian
                ),
                primary_caregiver: no == 0,
                since: if is_child { person.born_on } else { together_since },
                until: None,
                recorded_at: person.known_at.max(self.known_at),
                ended_recorded_at: None,
                voided_at: None,
                void_reason: None,
            };
            self.rows.family_member.push(row);
        }
        self.write_guest();
        self.end_of_partner();
    }

    /// A child who lives mostly elsewhere.
    fn write_guest(&mut self) {
        let Some(guest) = self.home.guest.clone() else { return };
        self.rows.family_member.push(family_member::Model {
            id: self.plot.chance.id(self.known_at),
            family_id: self.family_id,
            person_id: guest.id,
            role: MemberRole::Child,
            lives_here: false,
            legal_responsibility: false,
            primary_caregiver: false,
            since: after(guest.born_on, 300),
            until: None,
            recorded_at: self.known_at,
            ended_recorded_at: None,
            voided_at: None,
            void_reason: None,
        });
    }

    /// Some partners leave the family while it is accompanied.
    fn end_of_partner(&mut self) {
        let leaves = self.home.adults.len() == 2 && self.plot.chance.percent(12);
        let Some(span) = self.plot.course.spans.first().filter(|_| leaves) else { return };
        let left_on = after(span.opened_on, 25);
        let is_past = left_on <= span.last_day(self.yesterday());
        let is_open = self.plot.course.status != CaseStatus::Closed;
        let partner = self.home.adults.get(1).map(|person| person.id);
        let members = self.rows.family_member.iter_mut().rev();
        let row = members
            .take(self.home.children.len() + 3)
            .find(|row| Some(row.person_id) == partner && row.family_id == self.family_id);
        if let Some(row) = row.filter(|_| is_past && is_open) {
            let recorded_at = self.plot.chance.moment(left_on) + TimeDelta::minutes(1);
            row.until = Some(left_on);
            row.ended_recorded_at = Some(recorded_at);
            row.lives_here = false;
        }
    }
}
