//! What a request is about to show, noted by the rows themselves as they are read.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::Node;
use crate::access::redact::Class;

/// The objects of which a request shows values, each with their highest class.
#[derive(Debug, Default)]
pub struct Notes(Mutex<HashMap<Node, Class>>);

impl Notes {
    /// Notes that a value of a class will be in the answer.
    pub fn add(&self, node: Node, class: Class) {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let highest = notes.entry(node).or_insert(class);
        *highest = Ord::max(*highest, class);
    }

    /// What was noted since this was asked last.
    pub fn take(&self) -> Vec<(Node, Class)> {
        let mut notes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        notes.drain().collect()
    }
}
