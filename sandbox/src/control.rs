//! The control interface below `/sandbox`, which only this test server has. It needs no API key. Bodies and responses are
//! JSON, and an error is `{"message": "…"}` with status 400 or 404.

mod clock;
mod connections;
mod faults;

use crate::error::{ApiError, json};
use crate::request_checks::read_body;
use crate::vault::Vault;
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing;
use serde::de::DeserializeOwned;
use serde_json::json as object;
use std::sync::Arc;

/// The largest body that is read, in bytes.
const MAX_BODY: usize = 1 << 20;

pub fn routes() -> Router<Arc<Vault>> {
    Router::new()
        .route("/sandbox/clock", routing::get(clock::get).post(clock::change))
        .route("/sandbox/faults", routing::get(faults::list).post(faults::add).delete(faults::clear))
        .route("/sandbox/faults/{id}", routing::delete(faults::remove))
        .route("/sandbox/connections/{unified_api}/{service_id}", routing::post(connections::change))
        .route("/sandbox/webhooks", routing::get(webhook_counts))
}

/// An error of the control interface.
pub struct ControlError {
    status: StatusCode,
    message: String,
}

type ControlResult = Result<Response, ControlError>;

impl ControlError {
    /// 400: the request has an invalid value.
    fn invalid(message: impl Into<String>) -> Self {
        ControlError { status: StatusCode::BAD_REQUEST, message: message.into() }
    }

    /// 404: there is no such thing.
    fn not_found(message: impl Into<String>) -> Self {
        ControlError { status: StatusCode::NOT_FOUND, message: message.into() }
    }
}

impl From<ApiError> for ControlError {
    fn from(error: ApiError) -> Self {
        ControlError { status: error.status, message: error.detail }
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        json(self.status, &object!({"message": self.message}))
    }
}

/// Returns how many events were delivered. Without `--webhook`, there are none.
async fn webhook_counts(State(vault): State<Arc<Vault>>) -> Response {
    let counts = vault.webhooks.as_ref().map(|webhooks| webhooks.counts()).unwrap_or_default();
    json(StatusCode::OK, &counts)
}

/// Reads a body and parses it.
///
/// # Errors
///
/// Fails with 400 if the body is not JSON of this type. The message says where.
async fn parse<T: DeserializeOwned>(body: Body) -> Result<T, ControlError> {
    let body = read_body(body, MAX_BODY).await?;
    serde_json::from_slice(&body).map_err(|cause| ControlError::invalid(format!("The body: {cause}")))
}
