//! Stories told through the real router, on SQLite or on PostgreSQL (`TEST_DATABASE_URL`).

#![expect(clippy::disallowed_methods, reason = "stories set their scene in the tables")]

mod access;
mod audit;
mod budget;
mod change;
mod constraints;
mod demo;
mod entities;
mod harness;
mod http;
mod http_documents;
mod http_errors;
mod http_limits;
mod layers;
mod library;
mod listen;
mod page;
mod policy;
mod reads;
mod register_mutations;
mod schema;
mod service_mutations;
mod synthetic;
mod tasks;
mod tokens;
mod visit_mutations;
