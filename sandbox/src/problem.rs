//! Every error the server can answer with, in the one shape that the API's error types share.
//! What is wrong is decided elsewhere; this file only says it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// An error answer. `message` says what is wrong, `detail` where and what would be right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub status: StatusCode,
    pub type_name: &'static str,
    pub message: String,
    pub detail: String,
}

#[derive(Serialize)]
struct Body<'a> {
    status_code: u16,
    error: &'a str,
    type_name: &'a str,
    message: &'a str,
    detail: &'a str,
    r#ref: String,
}

impl Problem {
    pub fn new(
        status: StatusCode,
        type_name: &'static str,
        message: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Problem { status, type_name, message: message.into(), detail: detail.into() }
    }

    /// 401: no key, or one this server was not told to accept.
    pub fn unauthorized(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "UnauthorizedError", "Unauthorized Request", detail)
    }

    /// 400: a header is missing or is not what it should be.
    pub fn headers(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "RequestHeadersValidationError", "Invalid Headers", detail)
    }

    /// 400: path, query or body.
    pub fn request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "RequestValidationError", "Invalid Params", detail)
    }

    /// 400, 408 or 413: the body could not be read.
    pub fn body(status: StatusCode, detail: String) -> Self {
        Self::new(status, "RequestBodyError", "Unreadable Body", detail)
    }

    /// 402: past `--request-limit`.
    pub fn request_limit(limit: u64) -> Self {
        let detail = format!("You have reached your limit of {limit}");
        Self::new(StatusCode::PAYMENT_REQUIRED, "RequestLimitError", "Request Limit Reached", detail)
    }

    /// 404: nothing of that name in the catalogue.
    pub fn entity_not_found(message: &str, detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "EntityNotFoundError", message, detail)
    }

    /// 409: what is stored, or the catalogue, has no place for this.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "ConflictError", "Conflict", detail)
    }

    /// 422: the connection, or its integration, cannot do this.
    pub fn invalid_state(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "InvalidStateError", "Invalid State", detail)
    }

    /// 422: settings that the form fields do not allow.
    pub fn settings(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "InvalidSettingsError", "Invalid Settings", detail)
    }

    /// 500: the database failed. The cause is SQLite's own words, which carry no values of the row.
    pub fn database(cause: &rusqlite::Error) -> Self {
        let detail = match cause.sqlite_error() {
            Some(code) => code.to_string(),
            None => "a stored row cannot be read".to_string(),
        };
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "DatabaseError", "The database failed", detail)
    }

    /// The `error` of the body: the status in words.
    pub fn reason(status: StatusCode) -> &'static str {
        status.canonical_reason().unwrap_or("Unknown Status")
    }
}

impl From<rusqlite::Error> for Problem {
    fn from(cause: rusqlite::Error) -> Self {
        Problem::database(&cause)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Body {
            status_code: self.status.as_u16(),
            error: Problem::reason(self.status),
            type_name: self.type_name,
            message: &self.message,
            detail: &self.detail,
            r#ref: format!("https://developers.apideck.com/errors#{}", self.type_name.to_lowercase()),
        };
        let mut response = json(self.status, &body);
        // For `pages`, which shows it to browsers.
        response.extensions_mut().insert(self);
        response
    }
}

/// The names that would have been right, for a message.
pub fn names<'a>(known: impl IntoIterator<Item = &'a String>) -> String {
    match known.into_iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => "none".to_string(),
        ref known => known.join(", "),
    }
}

/// A JSON response. Only for values whose serialisation cannot fail.
pub fn json(status: StatusCode, body: &impl Serialize) -> Response {
    match serde_json::to_vec(body) {
        Ok(text) => {
            (status, [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
