//! How much cost may be asked for in a while.

use std::str::FromStr;

/// What a bucket holds, and what comes back each second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// Cost that may be spent at once.
    pub burst: u64,
    /// Cost that comes back each second.
    pub refill: u64,
}

/// The buckets that each request is charged to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates {
    /// Of one viewer by one client.
    pub viewer: Rate,
    /// Of all who come by one client: an app with its users, or a partner's system.
    pub client: Rate,
}

impl Rates {
    /// Ten of the dearest free-form documents at once.
    pub const VIEWER: Rate = Rate { burst: 10_000, refill: 100 };
    /// Fifty busy viewers at a time.
    pub const CLIENT: Rate = Rate { burst: 500_000, refill: 5_000 };
}

impl Default for Rates {
    fn default() -> Self {
        Self { viewer: Self::VIEWER, client: Self::CLIENT }
    }
}

/// The greatest number of a rate.
const MOST: u64 = 1_000_000_000;

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = |text: &str| text.parse().ok().filter(|number| (1..=MOST).contains(number));
        let read = text.split_once('/').and_then(|(burst, refill)| {
            Some(Self { burst: number(burst)?, refill: number(refill)? })
        });
        read.ok_or_else(|| format!("expected BURST/REFILL, each from 1 to {MOST}"))
    }
}

impl std::fmt::Display for Rate {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}/{}", self.burst, self.refill)
    }
}

#[cfg(test)]
mod tests {
    use super::{Rate, Rates};

    #[test]
    fn a_rate_is_read_as_it_is_written() {
        assert_eq!(Rates::CLIENT.to_string().parse(), Ok(Rates::CLIENT));
        assert_eq!("7/1".parse(), Ok(Rate { burst: 7, refill: 1 }));
        for wrong in ["", "7", "7/", "/7", "0/1", "1/0", "7/1/2", "1e9/1", "9999999999/1", "-1/1"] {
            assert!(wrong.parse::<Rate>().is_err(), "{wrong}");
        }
    }
}
