//! `/sandbox/clock`: shows and moves the clock.

use super::{ControlError, ControlResult, parse};
use crate::clock::{Move, iso8601, parse_iso8601};
use crate::error::json;
use crate::vault::Vault;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use serde_json::json as object;
use std::sync::Arc;

/// The body of a change. It has exactly one key.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    advance_ms: Option<i64>,
    now: Option<String>,
    reset: Option<bool>,
}

pub async fn get(State(vault): State<Arc<Vault>>) -> Response {
    show(&vault)
}

pub async fn change(State(vault): State<Arc<Vault>>, body: Body) -> ControlResult {
    let change = match parse(body).await? {
        Change { advance_ms: Some(by), now: None, reset: None } => Move::Advance(by),
        Change { advance_ms: None, now: Some(text), reset: None } => Move::To(
            parse_iso8601(&text)
                .ok_or_else(|| ControlError::invalid("now: expected a date and time like 2026-01-02T03:04:05.000Z"))?,
        ),
        Change { advance_ms: None, now: None, reset: Some(true) } => Move::Reset,
        _ => return Err(ControlError::invalid("expected one of advance_ms, now, and reset with the value true")),
    };
    let offset = vault.store.clock.offset_after(&change).map_err(ControlError::invalid)?;
    vault.store.move_clock(offset)?;
    vault.store.run_due()?;
    Ok(show(&vault))
}

fn show(vault: &Vault) -> Response {
    json(StatusCode::OK, &object!({"now": iso8601(vault.store.clock.now())}))
}
