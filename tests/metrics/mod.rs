//! Metrics: the figures of practice, as asked through the API, and random histories against a slow
//! implementation that shares nothing with the service's.

mod attack;
mod behind;
mod centres;
pub mod ground;
pub mod practice;
mod random;
mod refusals;
mod slow;
mod snapshots;
