//! Hearth
pub mod access;
pub mod error;
