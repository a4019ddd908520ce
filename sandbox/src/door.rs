//! What a request passes before it reaches an operation: its fault, its key, its headers, the request limit.

use crate::fault::{self, Fault, Faults};
use crate::problem::Problem;
use crate::store::Owner;
use crate::wire::Wire;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Extension, FromRequestParts, Request, State};
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

/// How long a client that sends too much may go on, so that it is listening when it is told.
const DRAIN_TIMEOUT: Duration = Duration::from_secs(1);

pub struct Door {
    /// Empty: any key is accepted.
    pub api_keys: Vec<String>,
    pub request_limit: Option<u64>,
    /// Requests let through so far, by app. In memory: a restart begins a new period.
    pub requests: Mutex<HashMap<String, u64>>,
    pub faults: Faults,
}

/// Who sent a request that was let through.
#[derive(Debug, Clone)]
pub struct Caller {
    pub app: String,
    consumer: Option<String>,
}

impl Caller {
    /// The consumer that the header names. `None` if the header was left out.
    pub fn owner(&self) -> Option<Owner> {
        Some(Owner { app: self.app.clone(), consumer: self.consumer.clone()? })
    }

    pub fn required_owner(&self) -> Result<Owner, Problem> {
        self.owner().ok_or_else(|| Problem::headers("Missing Header: x-apideck-consumer-id"))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Caller, Problem> {
        // `pass` puts it there in front of every operation.
        parts.extensions.get::<Caller>().cloned().ok_or_else(|| Problem::unauthorized("Missing authentication"))
    }
}

/// The middleware in front of every operation.
pub async fn pass(
    State(door): State<Arc<Door>>,
    Extension(wire): Extension<Wire>,
    request: Request,
    next: Next,
) -> Response {
    let (mut parts, body) = request.into_parts();
    // Read whole before anything is answered: a connection closed over unread bytes loses its answer.
    let body = match read(body, MAX_BODY).await {
        Ok(body) => body,
        Err(problem) => return problem.into_response(),
    };
    match door.fault(&parts) {
        Err(problem) => return problem.into_response(),
        Ok(None) => {}
        Ok(Some(fault)) => {
            tokio::time::sleep(fault.delay).await;
            if let Some(answer) = fault.answer(&wire) {
                return answer;
            }
        }
    }
    match door.admit(&parts.headers) {
        Err(problem) => problem.into_response(),
        Ok(caller) => {
            parts.extensions.insert(caller);
            next.run(Request::from_parts(parts, Body::from(body))).await
        }
    }
}

/// Reads a body of at most `limit` bytes whole.
pub async fn read(mut body: Body, limit: usize) -> Result<Bytes, Problem> {
    let may_fit = body.size_hint().lower() <= limit as u64;
    let whole = async { if may_fit { Some(Limited::new(&mut body, limit).collect().await) } else { None } };
    match tokio::time::timeout(BODY_TIMEOUT, whole).await {
        Err(_) => Err(Problem::body(StatusCode::REQUEST_TIMEOUT, "The body did not arrive in time".into())),
        Ok(Some(Ok(body))) => Ok(body.to_bytes()),
        Ok(Some(Err(cause))) if !cause.is::<LengthLimitError>() => {
            Err(Problem::body(StatusCode::BAD_REQUEST, "The body did not arrive whole".into()))
        }
        Ok(_) => {
            // A client that is still sending would lose the answer with its connection.
            let rest = async { while let Some(Ok(_)) = body.frame().await {} };
            let _ = tokio::time::timeout(DRAIN_TIMEOUT, rest).await;
            let detail = format!("The body has more than {limit} bytes");
            Err(Problem::body(StatusCode::PAYLOAD_TOO_LARGE, detail))
        }
    }
}

impl Door {
    fn fault(&self, parts: &Parts) -> Result<Option<Fault>, Problem> {
        let Some(text) = text(&parts.headers, fault::HEADER)? else { return Ok(None) };
        let fault = Fault::parse(text).map_err(|wrong| Problem::headers(format!("{}: {wrong}", fault::HEADER)))?;
        let Some(times) = fault.times else { return Ok(Some(fault)) };
        let header = |name| Ok::<_, Problem>(text_or_empty(&parts.headers, name)?.to_string());
        let key = [
            header("x-apideck-app-id")?,
            header("x-apideck-consumer-id")?,
            text.to_string(),
            parts.method.to_string(),
            parts.uri.path().to_string(),
        ];
        Ok(self.faults.happens(key, times).then_some(fault))
    }

    fn admit(&self, headers: &HeaderMap) -> Result<Caller, Problem> {
        let authorization = text_or_empty(headers, "authorization")?;
        let key = match authorization.split_once(' ') {
            Some((scheme, key)) if scheme.eq_ignore_ascii_case("bearer") => key.trim(),
            _ => "",
        };
        if key.is_empty() {
            return Err(Problem::unauthorized("Missing authentication: expected Authorization: Bearer KEY"));
        }
        if !self.api_keys.is_empty() && !self.api_keys.iter().any(|known| known == key) {
            return Err(Problem::unauthorized("The API key is not one of those this server was started with"));
        }
        let app = text_or_empty(headers, "x-apideck-app-id")?;
        if app.is_empty() {
            return Err(Problem::headers("Missing Header: x-apideck-app-id"));
        }
        let consumer = text(headers, "x-apideck-consumer-id")?.filter(|consumer| !consumer.is_empty());
        if let Some(limit) = self.request_limit {
            let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            let count = requests.entry(app.to_string()).or_default();
            if *count >= limit {
                return Err(Problem::request_limit(limit));
            }
            *count += 1;
        }
        Ok(Caller { app: app.to_string(), consumer: consumer.map(str::to_string) })
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a str>, Problem> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    std::str::from_utf8(value.as_bytes()).map(Some).map_err(|_| Problem::headers(format!("{name}: not UTF-8")))
}

fn text_or_empty<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Problem> {
    text(headers, name).map(Option::unwrap_or_default)
}
