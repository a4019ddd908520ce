//! What happens to connections, as webhooks report it.

use crate::catalogue::Integration;
use crate::connection::{Record, Refusal, State};
use crate::store::Owner;
use serde_json::Value;

/// The types of events, with the names of the API.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventType {
    Created,
    Updated,
    Disabled,
    Deleted,
    Callable,
    Revoked,
    Migrated,
    TokenRefreshFailed,
    TokenRefreshPending,
    TokenRefreshRecovered,
    Degraded,
    Recovered,
}

impl EventType {
    pub fn name(self) -> &'static str {
        match self {
            EventType::Created => "vault.connection.created",
            EventType::Updated => "vault.connection.updated",
            EventType::Disabled => "vault.connection.disabled",
            EventType::Deleted => "vault.connection.deleted",
            EventType::Callable => "vault.connection.callable",
            EventType::Revoked => "vault.connection.revoked",
            EventType::Migrated => "vault.connection.migrated",
            EventType::TokenRefreshFailed => "vault.connection.token_refresh.failed",
            EventType::TokenRefreshPending => "vault.connection.token_refresh.pending",
            EventType::TokenRefreshRecovered => "vault.connection.token_refresh.recovered",
            EventType::Degraded => "vault.connection.downstream.degraded",
            EventType::Recovered => "vault.connection.downstream.recovered",
        }
    }
}

/// An event of one connection.
pub struct Event {
    pub owner: Owner,
    /// The id of the connection.
    pub connection: String,
    pub kind: EventType,
    /// Milliseconds since 1970.
    pub occurred_at: i64,
    /// The connection at that time, in the format of responses about consumers.
    pub entity: Value,
}

/// Returns the types of the events between two records of a connection, in the order in which they are sent. This takes the
/// `events` of `after`.
pub fn between(integration: &Integration, before: Option<&Record>, after: &mut Record) -> Vec<EventType> {
    let own = std::mem::take(&mut after.events);
    let fresh = Record::new(after.created_at);
    let was_callable = before.is_some_and(|before| before.state(integration) == State::Callable);
    let old = before.unwrap_or(&fresh);
    let revoked = after.refusal == Some(Refusal::Revoked) && old.refusal != after.refusal;
    let mut kinds = Vec::new();
    if before.is_none() {
        kinds.push(EventType::Created);
    }
    if own.contains(&EventType::Updated) || (!revoked && has_changed(old, after)) {
        kinds.push(EventType::Updated);
    }
    kinds.extend(own.into_iter().filter(|kind| *kind != EventType::Updated));
    if revoked {
        kinds.push(EventType::Revoked);
    }
    if old.enabled && !after.enabled {
        kinds.push(EventType::Disabled);
    }
    match (old.degraded_at, after.degraded_at) {
        (None, Some(_)) => kinds.push(EventType::Degraded),
        (Some(_), None) => kinds.push(EventType::Recovered),
        _ => {}
    }
    if !was_callable && after.state(integration) == State::Callable {
        kinds.push(EventType::Callable);
    }
    kinds
}

/// Returns whether the data of a connection changed. Sign-ins report that themselves, and a refresh that succeeds changes
/// nothing that a program sees.
fn has_changed(old: &Record, new: &Record) -> bool {
    let metadata = |record: &Record| record.metadata.as_ref().map(|metadata| metadata.get().to_string());
    old.enabled != new.enabled
        || old.settings != new.settings
        || metadata(old) != metadata(new)
        || old.configuration != new.configuration
        || old.custom_mappings != new.custom_mappings
        || old.refusal != new.refusal
        || old.credentials.is_some() != new.credentials.is_some()
}
