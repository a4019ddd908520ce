//! Decides whether another attempt follows a failed one, and when. Pure: times and the random number are parameters.

use std::time::Duration;

use crate::options;

/// The retry policy of a client or of one call. Names and defaults are those of the official SDKs.
#[derive(Clone, Debug, PartialEq)]
pub struct Policy {
    pub initial_interval: Duration,
    pub max_interval: Duration,
    pub exponent: f64,
    pub max_elapsed_time: Duration,
    /// The most attempts, including the first. `None` means that only time limits the attempts.
    pub max_attempts: Option<u64>,
    pub retry_connection_errors: bool,
}

impl Default for Policy {
    fn default() -> Policy {
        Policy {
            initial_interval: options::RETRIES_BACKOFF_INITIAL_INTERVAL.default_duration(),
            max_interval: options::RETRIES_BACKOFF_MAX_INTERVAL.default_duration(),
            exponent: options::RETRIES_BACKOFF_EXPONENT.default,
            max_elapsed_time: options::RETRIES_BACKOFF_MAX_ELAPSED_TIME.default_duration(),
            max_attempts: Some(options::RETRIES_MAX_ATTEMPTS.default),
            retry_connection_errors: options::RETRIES_RETRY_CONNECTION_ERRORS.default,
        }
    }
}

impl Policy {
    /// Returns the policy that never retries.
    pub fn none() -> Policy {
        Policy { max_attempts: Some(1), ..Policy::default() }
    }
}

/// The HTTP statuses of temporary conditions.
const TRANSIENT: &[u16] = &[408, 429, 500, 502, 503, 504];

/// When a request of an operation may be sent again. Part of the description of each operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resend {
    /// The statuses after which the request may be sent again.
    statuses: &'static [u16],
    /// Whether the request may be sent again if the connection breaks after its first byte was sent. In that case the
    /// server may have acted on it.
    pub after_sending: bool,
}

impl Resend {
    /// For requests that have the same effect if the server acts on them twice.
    pub const IDEMPOTENT: Resend = Resend { statuses: TRANSIENT, after_sending: true };
    /// For requests that may be sent again after a temporary status, but not after a broken connection, because the
    /// server may have acted on the request.
    pub const AFTER_STATUS: Resend = Resend { statuses: TRANSIENT, after_sending: false };
    /// For requests that may be sent again only if the server cannot have acted on them: it refused them before it
    /// processed them.
    pub const IF_NOT_ACTED_ON: Resend = Resend { statuses: &[429, 503], after_sending: false };
}

/// How an attempt failed, as a retry policy needs to know it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum AttemptFailure {
    /// The server responded with this status. `retry_after` is the time in its `Retry-After` header.
    Response { status: u16, retry_after: Option<Duration> },
    /// The connection broke or could not be made. `sent` is true if any byte of the request may have reached the
    /// server.
    Connection { sent: bool },
}

impl AttemptFailure {
    /// Returns whether the same request may succeed later.
    pub fn is_transient(self) -> bool {
        match self {
            AttemptFailure::Response { status, .. } => TRANSIENT.contains(&status),
            AttemptFailure::Connection { .. } => true,
        }
    }
}

/// The state of a call after a failed attempt.
#[derive(Clone, Copy, Debug)]
pub struct RetryState {
    /// Attempts made so far, at least 1.
    pub attempts: u64,
    pub elapsed: Duration,
    /// The time until the call's deadline.
    pub remaining: Duration,
    /// A random number from 0 to 1.
    pub random: f64,
}

impl Policy {
    /// Returns how long to wait before the next attempt, or `None` if there is no next attempt.
    pub fn wait(&self, failure: AttemptFailure, resend: Resend, state: RetryState) -> Option<Duration> {
        if self.max_attempts.is_some_and(|most| state.attempts >= most) {
            return None;
        }
        let backoff = self.backoff(state.attempts, state.random);
        let wait = match failure {
            AttemptFailure::Response { status, .. } if !resend.statuses.contains(&status) => return None,
            // `Retry-After` never makes a wait shorter than the backoff: 0 or a date in the past is not a request to
            // retry without a pause.
            AttemptFailure::Response { retry_after, .. } => retry_after.unwrap_or_default().max(backoff),
            AttemptFailure::Connection { .. } if !self.retry_connection_errors => return None,
            AttemptFailure::Connection { sent } if sent && !resend.after_sending => return None,
            AttemptFailure::Connection { .. } => backoff,
        };
        let fits = wait < state.remaining && state.elapsed + wait <= self.max_elapsed_time;
        fits.then_some(wait)
    }

    /// Returns a random time between half the interval and the whole interval, so that clients that fail at the same
    /// time do not retry at the same time.
    fn backoff(&self, attempts: u64, random: f64) -> Duration {
        let growth = self.exponent.powf(attempts.saturating_sub(1).min(1_000) as f64);
        let interval = (self.initial_interval.as_secs_f64() * growth).min(self.max_interval.as_secs_f64());
        Duration::from_secs_f64(interval * (0.5 + 0.5 * random.clamp(0.0, 1.0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: RetryState =
        RetryState { attempts: 1, elapsed: Duration::ZERO, remaining: Duration::from_secs(30), random: 1.0 };
    const BROKEN: AttemptFailure = AttemptFailure::Connection { sent: true };

    fn response(status: u16) -> AttemptFailure {
        AttemptFailure::Response { status, retry_after: None }
    }

    fn wait(policy: &Policy, failure: AttemptFailure, state: RetryState) -> Option<Duration> {
        policy.wait(failure, Resend::IDEMPOTENT, state)
    }

    #[test]
    fn intervals_grow_by_the_exponent_up_to_the_maximum() {
        let policy = Policy { max_interval: Duration::from_millis(1_000), max_attempts: None, ..Policy::default() };
        let waits: Vec<u128> = (1..=4)
            .map(|attempts| wait(&policy, BROKEN, RetryState { attempts, ..FIRST }).unwrap().as_millis())
            .collect();
        assert_eq!(waits, [500, 750, 1_000, 1_000]);
        let least = wait(&policy, BROKEN, RetryState { random: 0.0, ..FIRST }).unwrap();
        assert_eq!(least.as_millis(), 250);
    }

    #[test]
    fn only_the_listed_statuses_are_retried() {
        for status in 300..600 {
            let retried = |resend| Policy::default().wait(response(status), resend, FIRST).is_some();
            let transient = [408, 429, 500, 502, 503, 504].contains(&status);
            assert_eq!(retried(Resend::IDEMPOTENT), transient, "{status}");
            assert_eq!(retried(Resend::AFTER_STATUS), transient, "{status}");
            assert_eq!(retried(Resend::IF_NOT_ACTED_ON), [429, 503].contains(&status), "{status}");
        }
    }

    #[test]
    fn retry_after_is_obeyed_and_ends_the_call_when_it_reaches_past_the_deadline() {
        let after = |seconds| AttemptFailure::Response { status: 429, retry_after: Some(Duration::from_secs(seconds)) };
        assert_eq!(wait(&Policy::default(), after(3), FIRST), Some(Duration::from_secs(3)));
        assert_eq!(wait(&Policy::default(), after(30), FIRST), None);
    }

    #[test]
    fn retry_after_never_shortens_the_backoff() {
        let policy = Policy { max_attempts: None, ..Policy::default() };
        for attempts in 1..100 {
            let state = RetryState { attempts, random: 0.3, remaining: Duration::from_secs(3_600), ..FIRST };
            let now = AttemptFailure::Response { status: 429, retry_after: Some(Duration::ZERO) };
            assert_eq!(wait(&policy, now, state), wait(&policy, response(429), state));
        }
    }

    #[test]
    fn a_request_that_may_have_arrived_is_resent_only_if_it_is_idempotent() {
        for resend in [Resend::AFTER_STATUS, Resend::IF_NOT_ACTED_ON] {
            assert_eq!(Policy::default().wait(BROKEN, resend, FIRST), None);
            let unsent = AttemptFailure::Connection { sent: false };
            assert!(Policy::default().wait(unsent, resend, FIRST).is_some());
        }
        assert!(wait(&Policy::default(), BROKEN, FIRST).is_some());
    }

    #[test]
    fn attempts_and_elapsed_time_are_bounds() {
        let policy = Policy::default();
        assert_eq!(wait(&policy, BROKEN, RetryState { attempts: 4, ..FIRST }), None);
        assert_eq!(wait(&Policy::none(), response(503), FIRST), None);
        let timed = Policy { max_attempts: None, ..policy };
        assert!(wait(&timed, BROKEN, RetryState { attempts: 1_000_000, ..FIRST }).is_none());
        let elapsed = timed.max_elapsed_time;
        assert_eq!(wait(&timed, BROKEN, RetryState { elapsed, remaining: Duration::from_secs(3_600), ..FIRST }), None);
    }

    #[test]
    fn retries_of_connection_errors_can_be_switched_off() {
        let policy = Policy { retry_connection_errors: false, ..Policy::default() };
        assert_eq!(wait(&policy, BROKEN, FIRST), None);
        assert!(wait(&policy, response(503), FIRST).is_some());
    }
}
