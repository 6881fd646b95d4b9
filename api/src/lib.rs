//! Hearth
pub mod error;
pub mod access;
pub mod casework;
pub mod graphql;
