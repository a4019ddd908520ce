//! The checks that every request for an operation passes first: its fault, its API key, its headers and the limits.

use crate::clock::Clock;
use crate::error::ApiError;
use crate::fault::{self, Fault};
use crate::faults::{FaultTarget, Faults};
use crate::operation;
use crate::rate_limit::RateLimiter;
use crate::store::Owner;
use crate::stream::StreamControl;
use crate::target::Segments;
use crate::webhook::{self, Webhooks};
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Extension, FromRequestParts, MatchedPath, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// The largest request body that is read, in bytes.
pub const MAX_BODY: usize = 16 << 20;

/// How long a request body may take to arrive.
const BODY_TIMEOUT: Duration = Duration::from_secs(60);

/// How long the server reads on when a body is too large, so that the client finishes sending and reads the response.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

pub struct RequestChecks {
    /// The accepted keys. If this is empty, any key is accepted.
    pub api_keys: Vec<String>,
    pub request_limit: Option<u64>,
    /// How many requests of each app have passed. The counts are in memory, so a restart begins a new period.
    pub requests: Mutex<HashMap<String, u64>>,
    pub rate_limiter: Option<RateLimiter>,
    pub faults: Arc<Faults>,
    pub clock: Arc<Clock>,
    pub webhooks: Option<Arc<Webhooks>>,
}

/// The app and the consumer that a request named.
#[derive(Debug, Clone)]
pub struct Caller {
    pub app: String,
    consumer: Option<String>,
}

impl Caller {
    /// Returns the consumer that the header names, or `None` if the request has no such header.
    pub fn owner(&self) -> Option<Owner> {
        Some(Owner { app: self.app.clone(), consumer: self.consumer.clone()? })
    }

    /// Returns the consumer that the header names.
    ///
    /// # Errors
    ///
    /// Fails with 400 if the request has no such header.
    pub fn required_owner(&self) -> Result<Owner, ApiError> {
        self.owner().ok_or_else(|| ApiError::headers("Missing Header: x-apideck-consumer-id"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, ApiError> {
        // `check_request` inserts the caller before any operation runs.
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| ApiError::unauthorized("Missing authentication"))
    }
}

/// The middleware that runs before every operation.
pub async fn check_request(
    State(checks): State<Arc<RequestChecks>>,
    Extension(stream): Extension<StreamControl>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    // The body is read before any response is sent. If a connection is closed with unread bytes, the client can lose the
    // response.
    let body = match read_body(body, MAX_BODY).await {
        Ok(body) => body,
        Err(error) => return error.into_response(),
    };
    match checks.fault(&mut parts).await {
        Err(error) => return error.into_response(),
        Ok(None) => {}
        Ok(Some(fault)) => {
            tokio::time::sleep(fault.delay).await;
            if let Some(response) = fault.response(&stream) {
                return response;
            }
        }
    }
    match checks.identify_caller(&parts.headers) {
        Err(error) => error.into_response(),
        Ok((caller, key)) => {
            if let Some(webhooks) = &checks.webhooks {
                webhooks.remember_key(&caller.app, &key);
            }
            parts.extensions.insert(caller);
            webhook::with_request_key(&key, next.run(Request::from_parts(parts, Body::from(body)))).await
        }
    }
}

/// Reads a complete body of at most `limit` bytes.
///
/// # Errors
///
/// Fails with 400 if the body ends early, with 408 if it does not arrive in time, and with 413 if it is too large.
pub async fn read_body(mut body: Body, limit: usize) -> Result<Bytes, ApiError> {
    let may_fit = body.size_hint().lower() <= limit as u64;
    let whole = async { if may_fit { Some(Limited::new(&mut body, limit).collect().await) } else { None } };
    match tokio::time::timeout(BODY_TIMEOUT, whole).await {
        Err(_) => Err(ApiError::body(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time".into())),
        Ok(Some(Ok(body))) => Ok(body.to_bytes()),
        Ok(Some(Err(cause))) if !cause.is::<LengthLimitError>() => {
            Err(ApiError::body(StatusCode::BAD_REQUEST, "The body ended early".into()))
        }
        Ok(_) => {
            // The client may still be sending. Reading on lets it finish and read the response.
            let rest = async { while let Some(Ok(_)) = body.frame().await {} };
            let _ = tokio::time::timeout(DRAIN_TIMEOUT, rest).await;
            let detail = format!("The body has more than {limit} bytes");
            Err(ApiError::body(StatusCode::PAYLOAD_TOO_LARGE, detail))
        }
    }
}

impl RequestChecks {
    /// Returns the fault that applies to this request, and counts it.
    async fn fault(&self, parts: &mut Parts) -> Result<Option<Fault>, ApiError> {
        let in_path = match Segments::from_request_parts(parts, &()).await {
            Ok(segments) => segments.get("consumer_id").to_string(),
            Err(_) => String::new(),
        };
        let header = |name| text_or_empty(&parts.headers, name);
        let route = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
        let target = FaultTarget {
            operation: operation::name(&parts.method, route),
            app: header("x-apideck-app-id")?,
            consumer: if in_path.is_empty() { header("x-apideck-consumer-id")? } else { &in_path },
            method: parts.method.as_str(),
            path: parts.uri.path(),
        };
        let asked = text(&parts.headers, fault::HEADER)?;
        self.faults.take(&target, asked).map_err(|message| ApiError::headers(format!("{}: {message}", fault::HEADER)))
    }

    /// Checks the key, the headers and the limits, and counts the request. Returns the caller and its key.
    fn identify_caller(&self, headers: &HeaderMap) -> Result<(Caller, String), ApiError> {
        let authorization = text_or_empty(headers, "authorization")?;
        let key = match authorization.split_once(' ') {
            Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim(),
            _ => "",
        };
        if key.is_empty() {
            return Err(ApiError::unauthorized("Missing authentication: expected Authorization: Bearer KEY"));
        }
        if !self.api_keys.is_empty() && !self.api_keys.iter().any(|known| known == key) {
            return Err(ApiError::unauthorized("This server does not accept the API key"));
        }
        let app = text_or_empty(headers, "x-apideck-app-id")?;
        if app.is_empty() {
            return Err(ApiError::headers("Missing Header: x-apideck-app-id"));
        }
        let consumer = text(headers, "x-apideck-consumer-id")?.filter(|consumer| !consumer.is_empty());
        if let Some(limiter) = &self.rate_limiter {
            limiter
                .count(app, self.clock.now_in_microseconds())
                .map_err(|retry_after| ApiError::rate_limit(limiter.limit.per_second(), retry_after))?;
        }
        if let Some(limit) = self.request_limit {
            let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            let count = requests.entry(app.to_string()).or_default();
            if *count >= limit {
                return Err(ApiError::request_limit(limit));
            }
            *count += 1;
        }
        Ok((Caller { app: app.to_string(), consumer: consumer.map(str::to_string) }, key.to_string()))
    }
}

/// Returns the value of a header, or `None` if the request does not have it.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, ApiError> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    std::str::from_utf8(value.as_bytes()).map(Some).map_err(|_| ApiError::headers(format!("{name}: not UTF-8")))
}

fn text_or_empty<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, ApiError> {
    text(headers, name).map(Option::unwrap_or_default)
}
