//! What was found a moment ago, kept for a while and in bounded memory.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::Hash;
use std::mem;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

const PER_GENERATION: usize = 8_192;

/// Two generations of bounded size: a full young one becomes the old one, which is forgotten.
/// So the size is bounded without ever searching for the entry to drop.
pub struct Recent<K, V> {
    generations: Mutex<Generations<K, V>>,
}

struct Generations<K, V> {
    young: HashMap<K, Entry<V>>,
    old: HashMap<K, Entry<V>>,
}

struct Entry<V> {
    until: Instant,
    value: V,
}

impl<K: Eq + Hash, V: Clone> Recent<K, V> {
    /// What is kept under a key, if it still holds.
    pub fn recall<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        let generations = self.lock();
        let entry = generations.young.get(key).or_else(|| generations.old.get(key))?;
        (Instant::now() < entry.until).then(|| entry.value.clone())
    }

    /// Keeps a value that was found at a moment, for a while from then on.
    pub fn remember(&self, key: K, value: V, found_at: Instant, kept_for: Duration) {
        if kept_for.is_zero() {
            return;
        }
        let mut generations = self.lock();
        if generations.young.len() >= PER_GENERATION {
            generations.old = mem::take(&mut generations.young);
        }
        generations.young.insert(key, Entry { until: found_at + kept_for, value });
    }

    /// Forgets what is kept under a key.
    pub fn forget<Q: Eq + Hash + ?Sized>(&self, key: &Q)
    where
        K: Borrow<Q>,
    {
        let mut generations = self.lock();
        generations.young.remove(key);
        generations.old.remove(key);
    }

    fn lock(&self) -> MutexGuard<'_, Generations<K, V>> {
        self.generations.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K, V> Default for Recent<K, V> {
    fn default() -> Self {
        let generations = Generations { young: HashMap::new(), old: HashMap::new() };
        Self { generations: Mutex::new(generations) }
    }
}
