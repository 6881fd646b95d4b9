//! Hearth: families, children, programmes and rehabilitation-centre placements, as a GraphQL
//! schema over a relational database, with resolvers scoped by a token.
//!
//! Read in this order: [`access`] (who may), [`casework`] (what is done), [`graphql`] (how it is
//! spoken), [`server`] (how it is reached). What holds throughout:
//!
//! 1. HTTP is known to `server` only; GraphQL to `graphql` and `server`; tokens to
//!    `access::token`; the environment to `config`; SQL to `access` and `casework`.
//! 2. Every read starts at a session, with the viewer's predicate already in the query; every
//!    write at a change, with its key, its line in the feed and its event in the audit.
//! 3. `casework` knows no GraphQL, `graphql` opens no transaction, the tables know no rules.
//! 4. No transaction is open while fields are resolved.
//! 5. A hidden row is an absent row; FORBIDDEN says only that a role never does something.
//! 6. Errors reach a client through one funnel; what is not our [`error::Error`] is masked.
//! 7. A failing query is an error, never an empty list.
//! 8. Loaders are made for each request and hold its session.

pub mod config;
pub mod language;
pub mod terms;
pub mod rates;
mod recent;
pub mod upkeep;
pub mod error;
pub mod database;
pub mod access;
pub mod casework;
pub mod graphql;
pub mod app;
pub mod server;
pub mod synthetic;
pub mod clock;
pub mod command;
