//! Stories told through the real router, on SQLite or on PostgreSQL (`TEST_DATABASE_URL`).

#![expect(clippy::disallowed_methods, reason = "stories set their scene in the tables")]

mod access;
mod assessment_mutations;
mod audit;
mod budget;
mod case_closures;
mod case_mutations;
mod case_states;
mod change;
mod concern_canary;
mod concern_decisions;
mod concern_mutations;
mod constraints;
mod demo;
mod entities;
mod family_mutations;
mod harness;
mod http;
mod http_documents;
mod http_errors;
mod http_limits;
mod layers;
mod library;
mod listen;
mod page;
mod person_facts;
mod person_mutations;
mod plan_mutations;
mod plan_states;
mod policy;
mod random_casework;
mod reads;
mod register_mutations;
mod schema;
mod search;
mod service_mutations;
mod state;
mod statements;
mod story;
mod synthetic;
mod tasks;
mod tokens;
mod visit_mutations;
