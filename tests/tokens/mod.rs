//! Every bad token that the security design names, the good ones, and the life of keys; and what
//! the service answers to all of them.

mod bad_claims;
mod bad_header;
mod bad_key;
mod bad_text;
mod case;
mod good;
mod key_server;
mod keys;
mod mint;
mod outage;
mod rotation;
mod wire;
