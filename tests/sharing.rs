//! What is shared with partners: on a consent or on a law, for a time, no more than was agreed; and at
//! the end of it nothing is left. And who takes a case over.

mod consents;
mod ends;
mod referrals;
mod scene;
mod story;
mod transfers;
