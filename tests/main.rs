//! Stories told through the real router, on SQLite or on PostgreSQL (`TEST_DATABASE_URL`).

mod access;
mod audit;
mod budget;
mod constraints;
mod demo;
mod entities;
mod harness;
mod layers;
mod library;
mod page;
mod policy;
mod reads;
mod schema;
