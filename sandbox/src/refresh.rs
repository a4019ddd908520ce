//! The life of an access token: it expires, is refreshed, and a refresh can fail.
//!
//! A refresh that fails for a while, such as one whose provider is down, keeps the credentials. A refresh that the provider
//! refuses makes the connection invalid, and its credentials are deleted 48 hours later. Both are tried again, at growing
//! intervals, until one succeeds.

use crate::catalogue::Integration;
use crate::connection::{Record, Refusal};
use crate::event::EventType;
use serde::{Deserialize, Serialize};

/// How long credentials are kept after the first refresh that the provider refused, in milliseconds.
pub const RETENTION: i64 = 48 * 60 * 60 * 1000;

/// The wait between the first failure and the next attempt, in milliseconds. It doubles with each failure.
const FIRST_COOLDOWN: i64 = 30_000;

/// The longest wait between two attempts.
const LONGEST_COOLDOWN: i64 = 24 * 60 * 60 * 1000;

/// What the provider does with a refresh.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    #[default]
    Succeed,
    /// The provider cannot be reached.
    Fail,
    /// The provider refuses the credentials.
    Refuse,
}

/// Refreshes that failed, since the last one that succeeded. Times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    pub last_at: i64,
    pub attempts: u32,
    /// When the provider refused the credentials for the first time.
    pub refused_at: Option<i64>,
}

/// How the refreshes of a connection go.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refresh {
    pub outcome: Outcome,
    pub failure: Option<Failure>,
}

impl Refresh {
    pub fn succeeds(&self) -> bool {
        self.outcome == Outcome::Succeed
    }

    /// Forgets the failures of older credentials.
    pub fn accept_new_credentials(&mut self) {
        self.failure = None;
        if self.outcome == Outcome::Refuse {
            self.outcome = Outcome::Succeed;
        }
    }
}

impl Failure {
    /// Returns when the next attempt is due.
    pub fn retry_at(&self) -> i64 {
        let doublings = self.attempts.saturating_sub(1).min(20);
        self.last_at.saturating_add((FIRST_COOLDOWN << doublings).min(LONGEST_COOLDOWN))
    }

    /// Returns when the credentials are deleted.
    pub fn deletion_at(&self) -> Option<i64> {
        self.refused_at.map(|at| at.saturating_add(RETENTION))
    }
}

impl Record {
    /// Returns when the next change is due that needs no request: a refresh that fails or is tried again, or the deletion of
    /// the credentials. Refreshes that succeed have no visible effect, so they are not due at a time.
    pub fn due_at(&self, integration: &Integration) -> Option<i64> {
        let credentials = self.credentials.as_ref().filter(|_| self.is_refreshable(integration))?;
        match &self.refresh.failure {
            Some(failure) => Some(failure.deletion_at().map_or(i64::MAX, |at| at).min(failure.retry_at())),
            None if self.refresh.outcome == Outcome::Succeed || self.needs_exchange(integration) => None,
            None => credentials.expires_at,
        }
    }

    /// Makes the change that was due at `at`.
    pub fn run_due(&mut self, integration: &Integration, at: i64, lifetime: i64) {
        let deletion = self.refresh.failure.as_ref().and_then(Failure::deletion_at);
        if deletion.is_some_and(|deletion| deletion <= at) {
            self.credentials = None;
            self.refusal = Some(Refusal::Expired);
            self.updated_at = self.updated_at.max(at);
        } else {
            self.attempt_refresh(at, lifetime);
        }
        self.mark_state(integration);
    }

    /// Refreshes the access token of stored credentials now, whether or not it has expired. Returns false and changes
    /// nothing if the connection has no token that can be refreshed.
    pub fn refresh_now(&mut self, integration: &Integration, now: i64, lifetime: i64) -> bool {
        let refreshable = self.credentials.is_some() && self.is_refreshable(integration);
        if refreshable {
            self.attempt_refresh(now, lifetime);
        }
        refreshable
    }

    /// Sets what the provider does with refreshes. One that failed is tried again at once if it now succeeds.
    pub fn set_outcome(&mut self, integration: &Integration, outcome: Outcome, now: i64, lifetime: i64) {
        if self.refresh.outcome == Outcome::Succeed
            && let Some(credentials) = &mut self.credentials
        {
            credentials.catch_up(now, lifetime);
        }
        self.refresh.outcome = outcome;
        if outcome == Outcome::Succeed && self.refresh.failure.is_some() {
            self.refresh_now(integration, now, lifetime);
        }
    }

    /// Completes the record after a change. A token of unknown age counts as new. A failure ends with its credentials.
    pub fn follow_credentials(&mut self, now: i64, lifetime: i64) {
        match &mut self.credentials {
            Some(credentials) => {
                // One that has expired is refreshed when it is used, so not before now.
                let expires_at = credentials.expires_at.unwrap_or(now.saturating_add(lifetime)).max(now);
                credentials.expires_at = Some(expires_at);
            }
            // The time of the last failure stays visible after the credentials were deleted.
            None if self.refusal == Some(Refusal::Expired) => {}
            None => self.refresh.failure = None,
        }
    }

    /// Records a refresh. Its events are in `events`.
    pub fn attempt_refresh(&mut self, at: i64, lifetime: i64) {
        if self.refresh.outcome == Outcome::Succeed {
            self.credentials = Some(self.refreshed(at.saturating_add(lifetime)));
            if self.refresh.failure.take().is_some() {
                self.events.push(EventType::TokenRefreshRecovered);
            }
            return;
        }
        let is_first = self.refresh.failure.is_none();
        let failure = self.refresh.failure.get_or_insert(Failure { last_at: at, attempts: 0, refused_at: None });
        failure.last_at = at;
        failure.attempts = failure.attempts.saturating_add(1);
        if self.refresh.outcome == Outcome::Refuse {
            failure.refused_at.get_or_insert(at);
        }
        self.events.push(EventType::TokenRefreshFailed);
        if is_first {
            self.events.push(EventType::TokenRefreshPending);
        }
    }

    fn is_refreshable(&self, integration: &Integration) -> bool {
        self.refusal.is_none() && integration.oauth_grant_type.is_some()
    }
}
