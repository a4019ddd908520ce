//! Every error response of the server, in the format that all error types of the API share.

use crate::refresh::{Outcome, Refresh};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// An error response. `message` says what is wrong. `detail` says where, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiError {
    pub status: StatusCode,
    pub type_name: &'static str,
    pub message: String,
    pub detail: String,
    /// The seconds of the header `Retry-After`.
    pub retry_after: Option<u64>,
    /// The times of a token refresh that failed. If it is set, the detail of the body is an object.
    refresh: Option<RefreshTimes>,
}

/// When a token refresh that failed can be tried again. Times are milliseconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
struct RefreshTimes {
    #[serde(skip_serializing_if = "Option::is_none")]
    credentials_expire_at_ms: Option<i64>,
    retry_after_ms: i64,
    cooldown_remaining_ms: i64,
}

/// The detail of a body: a text, or an object about a token refresh.
#[derive(Serialize)]
#[serde(untagged)]
enum Detail<'a> {
    Text(&'a str),
    Refresh { r#type: &'static str, message: &'a str, debug: RefreshTimes },
}

#[derive(Serialize)]
struct Body<'a> {
    status_code: u16,
    error: &'a str,
    type_name: &'a str,
    message: &'a str,
    detail: Detail<'a>,
    r#ref: String,
}

impl ApiError {
    pub fn new(
        status: StatusCode,
        type_name: &'static str,
        message: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        let (message, detail) = (message.into(), detail.into());
        ApiError { status, type_name, message, detail, retry_after: None, refresh: None }
    }

    /// 401: the key is missing, or this server does not accept it.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UnauthorizedError", "Unauthorized Request", detail)
    }

    /// 400: a header is missing or has an invalid value.
    pub fn headers(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "RequestHeadersValidationError", "Invalid Headers", detail)
    }

    /// 400: the path, the query or the body has an invalid value.
    pub fn request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "RequestValidationError", "Invalid Params", detail)
    }

    /// 400, 408 or 413: the body could not be read.
    pub fn body(status: StatusCode, detail: String) -> Self {
        Self::new(status, "RequestBodyError", "Unreadable Body", detail)
    }

    /// 402: the app has reached `--request-limit`.
    pub fn request_limit(limit: u64) -> Self {
        let detail = format!("You have reached your limit of {limit}");
        Self::new(StatusCode::PAYMENT_REQUIRED, "RequestLimitError", "Request Limit Reached", detail)
    }

    /// 429: the app has sent more requests in a second than `--rate-limit` allows.
    pub fn rate_limit(per_second: u32, retry_after: u64) -> Self {
        let detail = format!("You have reached your limit of {per_second} requests per second");
        let error = Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequestsError", "Too Many Requests", detail);
        ApiError { retry_after: Some(retry_after), ..error }
    }

    /// 401: the provider did not issue a token.
    pub fn token_refresh(refresh: &Refresh, now: i64) -> Self {
        let detail = match refresh.outcome {
            Outcome::Refuse => "Token refresh failed: the provider refused the credentials",
            _ => "Token refresh failed: the provider cannot be reached",
        };
        let times = refresh.failure.as_ref().map(|failure| RefreshTimes {
            credentials_expire_at_ms: failure.deletion_at(),
            retry_after_ms: failure.retry_at(),
            cooldown_remaining_ms: (failure.retry_at() - now).max(0),
        });
        ApiError { refresh: times, ..Self::unauthorized(detail) }
    }

    /// 404: the catalogue or the store has no entity of that name.
    pub fn entity_not_found(message: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "EntityNotFoundError", message, detail)
    }

    /// 409: the request conflicts with stored data or with the catalogue.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "ConflictError", "Conflict", detail)
    }

    /// 422: the connection or its integration does not support the operation in its current state.
    pub fn invalid_state(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "InvalidStateError", "Invalid State", detail)
    }

    /// 422: the form fields do not allow these settings.
    pub fn settings(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "InvalidSettingsError", "Invalid Settings", detail)
    }

    /// 500: the database failed. The detail is SQLite's description of the error code, so it contains no stored value.
    pub fn database(cause: &rusqlite::Error) -> Self {
        let detail = match cause.sqlite_error() {
            Some(code) => code.to_string(),
            None => "A stored row cannot be read".to_string(),
        };
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "DatabaseError", "The database failed", detail)
    }

    /// Returns the standard reason phrase of a status, which is the `error` of the body.
    pub fn reason_phrase(status: StatusCode) -> &'static str {
        status.canonical_reason().unwrap_or("Unknown Status")
    }
}

impl From<rusqlite::Error> for ApiError {
    fn from(cause: rusqlite::Error) -> Self {
        ApiError::database(&cause)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let body = Body {
            status_code: self.status.as_u16(),
            error: ApiError::reason_phrase(self.status),
            type_name: self.type_name,
            message: &self.message,
            detail: match self.refresh {
                None => Detail::Text(&self.detail),
                Some(debug) => {
                    Detail::Refresh { r#type: "refresh_token_connector_error", message: &self.detail, debug }
                }
            },
            r#ref: format!("https://developers.apideck.com/errors#{}", self.type_name.to_lowercase()),
        };
        let mut response = json(self.status, &body);
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        // `pages` shows this value to browsers.
        response.extensions_mut().insert(self);
        response
    }
}

/// Lists the known names for an error message.
pub fn names<'a>(known: impl IntoIterator<Item = &'a String>) -> String {
    match known.into_iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => "none".to_string(),
        ref known => known.join(", "),
    }
}

/// Returns a JSON response. `body` must be a value whose serialisation cannot fail.
pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(text) => {
            (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
