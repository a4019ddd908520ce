//! `/sandbox/faults`: the rules that make requests fail on purpose.

use super::{ControlError, ControlResult, parse};
use crate::error::json;
use crate::faults::{NewRule, Rule};
use crate::operation::{self, OPERATIONS};
use crate::vault::Vault;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use std::sync::Arc;

#[derive(Serialize)]
struct Rules {
    data: Vec<Rule>,
}

pub async fn list(State(vault): State<Arc<Vault>>) -> Response {
    json(StatusCode::OK, &Rules { data: vault.faults.rules() })
}

pub async fn add(State(vault): State<Arc<Vault>>, body: Body) -> ControlResult {
    let rule: NewRule = parse(body).await?;
    if let Some(unknown) = rule.operation.as_ref().filter(|name| !operation::exists(name)) {
        let known = OPERATIONS.map(|(name, ..)| name).join(", ");
        return Err(ControlError::invalid(format!("operation: unknown '{unknown}'; known are {known}")));
    }
    let rule = vault.faults.add(rule).map_err(ControlError::invalid)?;
    Ok(json(StatusCode::CREATED, &rule))
}

pub async fn remove(State(vault): State<Arc<Vault>>, Path(id): Path<String>) -> ControlResult {
    if id.parse().is_ok_and(|id| vault.faults.remove(id)) {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Err(ControlError::not_found(format!("there is no rule '{id}'")))
}

pub async fn clear(State(vault): State<Arc<Vault>>) -> StatusCode {
    vault.faults.clear();
    StatusCode::NO_CONTENT
}
