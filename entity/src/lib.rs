//! The tables of Hearth as types: columns and enums, in the order of the features.
//!
//! This crate holds no query and no rule: who may see a row is decided in the service's `access`,
//! what may be done in its `casework`.

#![expect(clippy::disallowed_methods, reason = "SeaORM's derived code calls them")]

pub mod secret;
pub mod area;
pub mod organisation;
pub mod organisation_area;
pub mod worker;
pub mod membership;
pub mod api_client;
pub mod revocation;
pub mod person;
pub mod person_name;
pub mod person_identifier;
pub mod identity_fact;
pub mod relationship;
pub mod family;
pub mod family_characteristic;
pub mod family_member;
pub mod decision;
pub mod legal_status;
pub mod register;
pub mod register_entry;
pub mod concern_report;
pub mod concern_category;
pub mod case;
pub mod episode;
pub mod assignment;
pub mod case_note;
pub mod assessment;
pub mod plan;
pub mod plan_sign_off;
pub mod goal;
pub mod measure;
pub mod service_type;
pub mod service;
pub mod service_person;
pub mod visit;
pub mod visit_child;
pub mod centre;
pub mod unit;
pub mod capacity_period;
pub mod placement;
pub mod placement_breach;
pub mod absence;
pub mod programme;
pub mod budget_line;
pub mod programme_availability;
pub mod eligibility_rule;
pub mod programme_stage;
pub mod programme_priority;
pub mod intake;
pub mod enrolment;
pub mod enrolment_person;
pub mod attendance;
pub mod stage_event;
pub mod training_event;
pub mod training_headcount;
pub mod task;
pub mod transfer;
pub mod consent;
pub mod consent_recipient;
pub mod referral;
pub mod access_grant;
pub mod break_glass;
pub mod audit_event;
pub mod audit_seal;
pub mod change;
pub mod idempotency_key;
pub mod metric;
pub mod snapshot;
pub mod rollup;
