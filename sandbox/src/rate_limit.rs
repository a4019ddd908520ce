//! Limits how many requests each app may send in a second.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

/// A number of requests per second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit(u32);

/// The highest limit: one request per microsecond.
const MAX_RATE: u32 = 1_000_000;

const SECOND: i64 = 1_000_000;

impl RateLimit {
    pub fn per_second(self) -> u32 {
        self.0
    }
}

impl FromStr for RateLimit {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let number = text.strip_suffix("/s").and_then(|number| number.parse().ok());
        let rate = number.filter(|rate| (1..=MAX_RATE).contains(rate)).map(RateLimit);
        rate.ok_or_else(|| format!("expected a number of requests per second like 10/s, at most {MAX_RATE}/s"))
    }
}

/// Counts the requests of each app. An app may send the requests of one second at once, and then one whenever its share of
/// a second has passed.
pub struct RateLimiter {
    pub limit: RateLimit,
    /// When each app has all requests of a second left again, in microseconds.
    full_at: Mutex<HashMap<String, i64>>,
}

impl RateLimiter {
    pub fn new(limit: RateLimit) -> RateLimiter {
        RateLimiter { limit, full_at: Mutex::default() }
    }

    /// Counts a request at `now`, in microseconds.
    ///
    /// # Errors
    ///
    /// Fails with the number of seconds after which the app may send one again.
    pub fn count(&self, app: &str, now: i64) -> Result<(), u64> {
        let interval = SECOND / i64::from(self.limit.0);
        let mut apps = self.full_at.lock().unwrap_or_else(PoisonError::into_inner);
        let full_at = apps.entry(app.to_string()).or_insert(now);
        // A later time than this is from before the clock was set back.
        if *full_at < now || *full_at > now + SECOND {
            *full_at = now;
        }
        let wait = *full_at + interval - (now + SECOND);
        if wait > 0 {
            return Err(wait.unsigned_abs().div_ceil(SECOND.unsigned_abs()));
        }
        *full_at += interval;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_requests_of_a_second_may_come_at_once() {
        let limiter = RateLimiter::new("3/s".parse().unwrap());
        let counted = |now| limiter.count("app", now).is_ok();
        let start = 1_000_000_000;
        assert_eq!([0, 0, 0, 0].map(|after| counted(start + after)), [true, true, true, false]);
        assert_eq!([333_331, 333_332, 333_333].map(|after| counted(start + after)), [false, true, false]);
        assert!(limiter.count("other", start).is_ok());
        assert_eq!(limiter.count("app", start + 400_000), Err(1));
        assert_eq!([5, 5, 5, 5].map(|after| counted(start + after * SECOND)), [true, true, true, false]);
        // The clock was set back.
        assert!(counted(start - 1000 * SECOND));
    }

    #[test]
    fn a_limit_is_a_number_per_second() {
        assert_eq!("10/s".parse::<RateLimit>().map(RateLimit::per_second), Ok(10));
        for text in ["", "10", "0/s", "-1/s", "1.5/s", "10/m", "1000001/s", "10 /s", "/s"] {
            assert!(text.parse::<RateLimit>().unwrap_err().contains("like 10/s"), "{text}");
        }
    }
}
