//! Metrics: the figures of practice, as asked through the API, and random histories against a slow
//! implementation that shares nothing with the service's.

#![expect(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_sign_loss,
    reason = "numbers of stories are small"
)]
#![expect(clippy::too_many_lines, reason = "a story is told at once")]

mod attack;
mod behind;
mod centres;
pub mod ground;
mod kept;
pub mod practice;
mod random;
mod refusals;
mod slow;
mod snapshots;
