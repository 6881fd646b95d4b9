//! The registers and the catalogue of services: local codes, each with its fixed class.

use entity::register::{RegisterClass, RegisterSubject};
use entity::service_type::ServiceClass;
use entity::{register, service_type};
use uuid::Uuid;

use super::chance::{Kind, fixed};
use super::rows::Rows;

/// The registers, in the order of their numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Book {
    FamiliesInDifficulty,
    ChildrenInDifficulty,
    EvasionOrViolence,
    WithoutCare,
    Households,
}

const BOOKS: [(&str, &str, RegisterClass, RegisterSubject); 5] = [
    (
        "FAM-DIFF",
        "Families in difficult life circumstances",
        RegisterClass::DifficultCircumstances,
        RegisterSubject::Family,
    ),
    (
        "CHD-DIFF",
        "Children in difficult life circumstances",
        RegisterClass::DifficultCircumstances,
        RegisterSubject::Person,
    ),
    (
        "CHD-EVAS",
        "Children whose parents evade their duties or used violence",
        RegisterClass::EvasionOrViolence,
        RegisterSubject::Person,
    ),
    (
        "CHD-CARE",
        "Children without parental care",
        RegisterClass::WithoutParentalCare,
        RegisterSubject::Person,
    ),
    ("FAM-HOUSE", "Families waiting for housing", RegisterClass::Other, RegisterSubject::Family),
];

/// How many kinds of services there are.
pub const SERVICE_TYPES: u32 = 14;

const SERVICES: [(&str, &str, ServiceClass); SERVICE_TYPES as usize] = [
    ("MED-EXAM", "Medical examination", ServiceClass::Medical),
    ("MED-DEP", "Treatment of a dependence", ServiceClass::Medical),
    ("PSY-COUNS", "Psychological counselling", ServiceClass::Psychological),
    ("PSY-CHILD", "Work with a child's experience of violence", ServiceClass::Psychological),
    ("PED-PARENT", "Parenting lesson", ServiceClass::Pedagogical),
    ("PED-SCHOOL", "Help with school", ServiceClass::Pedagogical),
    ("SOC-VISIT", "Accompaniment at home", ServiceClass::Social),
    ("SOC-DAY", "Day care of a child", ServiceClass::Social),
    ("LEG-ADVICE", "Legal advice", ServiceClass::Legal),
    ("LEG-DOCS", "Restoring documents", ServiceClass::Legal),
    ("MAT-FOOD", "Food and clothing", ServiceClass::Material),
    ("MAT-HEAT", "Heating and repairs", ServiceClass::Material),
    ("EMP-SEARCH", "Help in finding work", ServiceClass::Employment),
    ("EMP-TRAIN", "Vocational training", ServiceClass::Employment),
];

impl Book {
    pub fn id(self) -> Uuid {
        fixed(Kind::Register, 1 + self as u32)
    }
}

/// The service type with a number.
pub fn service_type_id(no: u32) -> Uuid {
    fixed(Kind::ServiceType, 1 + no)
}

/// What a service is called.
pub fn service_name(no: u32) -> &'static str {
    SERVICES[no as usize % SERVICES.len()].1
}

/// Writes registers and service types.
pub fn write(rows: &mut Rows) {
    for (no, (code, name, class, subject)) in (1..).zip(BOOKS) {
        rows.register.push(register::Model {
            id: fixed(Kind::Register, no),
            code: code.to_owned(),
            name: name.to_owned(),
            class,
            subject,
            is_active: true,
        });
    }
    for (no, (code, name, class)) in (0..).zip(SERVICES) {
        rows.service_type.push(service_type::Model {
            id: service_type_id(no),
            code: code.to_owned(),
            name: name.to_owned(),
            class,
            is_active: true,
        });
    }
}
