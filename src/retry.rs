//! Whether to try again, and when. Pure: the time that has passed and the dice come in as values.

use std::time::Duration;

/// How a client, or one call, retries. The names and defaults are the reference's.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    pub initial_interval: Duration,
    pub max_interval: Duration,
    pub exponent: f64,
    pub max_elapsed_time: Duration,
    /// The first attempt counts; `None` is bound by time alone, 1 never tries again.
    pub max_attempts: Option<u64>,
    pub retry_connection_errors: bool,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            initial_interval: Duration::from_millis(500),
            max_interval: Duration::from_millis(60_000),
            exponent: 1.5,
            max_elapsed_time: Duration::from_millis(900_000),
            max_attempts: Some(4),
            retry_connection_errors: true,
        }
    }
}

impl Policy {
    /// Never tries again.
    pub fn none() -> Policy {
        Policy { max_attempts: Some(1), ..Policy::default() }
    }
}

/// How an attempt failed, as far as retrying is concerned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Trouble {
    /// The server answered so; what it said in `Retry-After` comes along.
    Answer { status: u16, retry_after: Option<Duration> },
    /// The connection broke. `repeatable`: the method is idempotent, or no byte of the request was sent.
    /// `was_stale`: it had been kept alive, and gave no byte of an answer.
    Connection { repeatable: bool, was_stale: bool },
}

impl Trouble {
    /// Whether the same request may fare better another time.
    pub fn is_passing(self) -> bool {
        match self {
            Trouble::Answer { status, .. } => matches!(status, 408 | 429 | 500 | 502 | 503 | 504),
            Trouble::Connection { .. } => true,
        }
    }
}

/// Where a call stands when an attempt has failed.
#[derive(Clone, Copy, Debug)]
pub struct Standing {
    /// Attempts made so far, at least 1.
    pub attempts: u64,
    pub elapsed: Duration,
    /// What is left of the call's deadline.
    pub left: Duration,
    /// A number from 0 to 1, freshly thrown.
    pub dice: f64,
}

impl Policy {
    /// How long to wait before the next attempt; `None` ends the call with what is at hand.
    pub fn wait(&self, trouble: Trouble, standing: Standing) -> Option<Duration> {
        if trouble == (Trouble::Connection { repeatable: true, was_stale: true }) {
            // The server closed it as it was taken: no failure of anybody's, so it does not take a policy to try
            // another. There may be more of the kind, but each is gone then.
            return (!standing.left.is_zero()).then_some(Duration::ZERO);
        }
        if self.max_attempts.is_some_and(|most| standing.attempts >= most) || !trouble.is_passing() {
            return None;
        }
        let wait = match trouble {
            Trouble::Connection { repeatable, .. } if !(repeatable && self.retry_connection_errors) => return None,
            Trouble::Answer { retry_after: Some(wait), .. } => wait,
            _ => self.backoff(standing.attempts, standing.dice),
        };
        let fits = wait < standing.left && standing.elapsed + wait <= self.max_elapsed_time;
        fits.then_some(wait)
    }

    /// Between half and the whole of the interval, so that clients that failed together do not come
    /// back together.
    fn backoff(&self, attempts: u64, dice: f64) -> Duration {
        let growth = self.exponent.powf(attempts.saturating_sub(1).min(1_000) as f64);
        let interval = (self.initial_interval.as_secs_f64() * growth).min(self.max_interval.as_secs_f64());
        Duration::from_secs_f64(interval * (0.5 + 0.5 * dice.clamp(0.0, 1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRESH: Standing = Standing { attempts: 1, elapsed: Duration::ZERO, left: Duration::from_secs(30), dice: 1.0 };
    const BROKEN: Trouble = Trouble::Connection { repeatable: true, was_stale: false };

    fn answer(status: u16) -> Trouble {
        Trouble::Answer { status, retry_after: None }
    }

    #[test]
    fn intervals_grow_by_the_exponent_up_to_the_maximum() {
        let policy = Policy { max_interval: Duration::from_millis(1_000), max_attempts: None, ..Policy::default() };
        let waits: Vec<u128> =
            (1..=4).map(|attempts| policy.wait(BROKEN, Standing { attempts, ..FRESH }).unwrap().as_millis()).collect();
        assert_eq!(waits, [500, 750, 1_000, 1_000]);
        let least = policy.wait(BROKEN, Standing { dice: 0.0, ..FRESH }).unwrap();
        assert_eq!(least.as_millis(), 250);
    }

    #[test]
    fn only_the_listed_statuses_are_tried_again() {
        for status in 300..600 {
            let listed = [408, 429, 500, 502, 503, 504].contains(&status);
            assert_eq!(Policy::default().wait(answer(status), FRESH).is_some(), listed, "{status}");
        }
    }

    #[test]
    fn retry_after_is_obeyed_and_ends_the_call_when_it_reaches_past_the_deadline() {
        let says = |seconds| Trouble::Answer { status: 429, retry_after: Some(Duration::from_secs(seconds)) };
        assert_eq!(Policy::default().wait(says(3), FRESH), Some(Duration::from_secs(3)));
        assert_eq!(Policy::default().wait(says(30), FRESH), None);
        assert_eq!(Policy::default().wait(says(0), FRESH), Some(Duration::ZERO));
    }

    #[test]
    fn a_request_that_may_have_arrived_is_not_sent_twice() {
        for was_stale in [false, true] {
            let trouble = Trouble::Connection { repeatable: false, was_stale };
            assert_eq!(Policy::default().wait(trouble, FRESH), None);
        }
    }

    #[test]
    fn a_stale_connection_is_replaced_at_once_whatever_the_policy() {
        let trouble = Trouble::Connection { repeatable: true, was_stale: true };
        assert_eq!(Policy::none().wait(trouble, FRESH), Some(Duration::ZERO));
        assert_eq!(Policy::none().wait(trouble, Standing { attempts: 9, ..FRESH }), Some(Duration::ZERO));
        assert_eq!(Policy::none().wait(trouble, Standing { left: Duration::ZERO, ..FRESH }), None);
    }

    #[test]
    fn attempts_and_elapsed_time_are_bounds() {
        let policy = Policy::default();
        assert_eq!(policy.wait(BROKEN, Standing { attempts: 4, ..FRESH }), None);
        assert_eq!(Policy::none().wait(answer(503), FRESH), None);
        let timed = Policy { max_attempts: None, ..policy };
        assert!(timed.wait(BROKEN, Standing { attempts: 1_000_000, ..FRESH }).is_none());
        let late = Standing { elapsed: timed.max_elapsed_time, left: Duration::from_secs(3_600), ..FRESH };
        assert_eq!(timed.wait(BROKEN, late), None);
    }

    #[test]
    fn connection_errors_can_be_left_alone() {
        let policy = Policy { retry_connection_errors: false, ..Policy::default() };
        assert_eq!(policy.wait(BROKEN, FRESH), None);
        assert!(policy.wait(answer(503), FRESH).is_some());
    }
}
