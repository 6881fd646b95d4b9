//! Stories told through the real router, on SQLite or on PostgreSQL (`TEST_DATABASE_URL`).

#![expect(clippy::disallowed_methods, reason = "stories set their scene in the tables")]

mod access;
mod audit;
mod budget;
mod case_mutations;
mod change;
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
mod policy;
mod reads;
mod schema;
mod synthetic;
mod tokens;
