//! One call, from request text to response text.
//!
//! The file follows the order of a call: read the request, build the HTTP request, make attempts, compose the text.
//! Every decision that needs no I/O is made in another module.

use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use ureq::http::{HeaderMap, HeaderName, HeaderValue, Request, Uri, header};

use crate::cancel::Cancellation;
use crate::config::{Config, Identity, Settings};
use crate::envelope::{self, Http};
use crate::error::{Failure, Status};
use crate::event::{CallId, Callback, CallbackSlot, Event};
use crate::fork::{self, PerProcess};
use crate::operation::{Consumer, Operation, Prepared};
use crate::retry::{AttemptFailure, Policy, RetryState};
use crate::secret::Secrets;
use crate::transport::{Attempt, Encoding, Limits, NoResponse, Phase, Response, Transport, TransportError};
use crate::validate;

const APP_ID: HeaderName = HeaderName::from_static("x-apideck-app-id");
const CONSUMER_ID: HeaderName = HeaderName::from_static("x-apideck-consumer-id");
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const GZIP: HeaderValue = HeaderValue::from_static("gzip");

/// Makes calls with one configuration, from any number of threads at once.
pub struct Client {
    config: Config,
    callback: CallbackSlot,
    transport: PerProcess<Transport>,
}

/// How a call ended: its status, and the text for the caller ([`Reply::json`]).
pub struct Reply {
    pub status: Status,
    text: Vec<u8>,
}

impl Reply {
    /// Returns the response as JSON text: `http` and `body` of a success, or the `error` of a failure.
    pub fn json(&self) -> &str {
        std::str::from_utf8(&self.text[envelope::HEADROOM..]).unwrap_or_default()
    }

    /// Returns the text, with [`envelope::HEADROOM`] unused bytes in front of it.
    pub(crate) fn into_text(self) -> Vec<u8> {
        self.text
    }

    /// Returns the reply of a call that failed without a response.
    pub(crate) fn of_failure(failure: &Failure) -> Reply {
        Reply { status: failure.status, text: envelope::failure(failure, None) }
    }
}

impl Client {
    /// Makes a client from `config_json`. A key that is not set comes from the environment, or has its default.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if the configuration cannot be used. The message has the path to the wrong value.
    pub fn new(config_json: &str) -> Result<Client, Failure> {
        let config = Config::read(config_json, &|name| std::env::var(name).ok())?;
        fork::install_handlers();
        Ok(Client { config, callback: CallbackSlot::new(), transport: PerProcess::new() })
    }

    /// Sets, replaces or (with `None`) removes the callback that gets the events of this client's calls. After this
    /// function returns, the previous callback is never called again.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if it is called inside a callback.
    pub fn set_event_callback(&self, callback: Option<Callback>) -> Result<(), Failure> {
        self.callback.set(callback)
    }

    /// Makes one call. Blocks until the call succeeds, fails or is cancelled.
    pub fn call(&self, operation: &'static Operation, request: &str, cancellation: Option<Arc<Cancellation>>) -> Reply {
        let begun = Instant::now();
        match operation.prepare(request, &self.config) {
            Ok(prepared) => Call::new(self, operation, prepared, cancellation, begun).run(),
            Err(failure) => Reply::of_failure(&failure),
        }
    }
}

/// A call in progress.
struct Call<'a> {
    client: &'a Client,
    operation: &'static Operation,
    prepared: Prepared<'a>,
    cancellation: Option<Arc<Cancellation>>,
    id: CallId,
    begun: Instant,
    deadline: Instant,
    attempts: u64,
    /// The status of the last response that was followed by another attempt.
    last_status: Option<u16>,
}

/// A failed attempt: the failure, the response if there was one, and the reason for a retry if there is one.
struct FailedAttempt {
    failure: Failure,
    response: Option<Response>,
    retry: Option<AttemptFailure>,
}

impl From<Failure> for Box<FailedAttempt> {
    fn from(failure: Failure) -> Box<FailedAttempt> {
        Box::new(FailedAttempt { failure, response: None, retry: None })
    }
}

impl<'a> Call<'a> {
    fn new(
        client: &'a Client,
        operation: &'static Operation,
        prepared: Prepared<'a>,
        cancellation: Option<Arc<Cancellation>>,
        begun: Instant,
    ) -> Call<'a> {
        let timeout = prepared.settings.timeout.unwrap_or(client.config.timeout);
        let deadline = begun + timeout;
        let id = CallId::default();
        Call { client, operation, prepared, cancellation, id, begun, deadline, attempts: 0, last_status: None }
    }

    fn run(mut self) -> Reply {
        loop {
            if self.is_cancelled() {
                return self.fail(self.cancelled(), None);
            }
            self.attempts += 1;
            let FailedAttempt { failure, response, retry } = match self.attempt() {
                Ok(reply) => return reply,
                Err(failed) => *failed,
            };
            let resend = self.operation.resend;
            let Some(wait) = retry.and_then(|failed| self.policy().wait(failed, resend, self.retry_state())) else {
                return self.fail(failure, response);
            };
            self.last_status = response.map(|response| response.status);
            self.emit("retry", self.last_status, Some(wait), Some(&failure.message));
            if !self.pause(wait) {
                return self.fail(self.cancelled(), None);
            }
        }
    }

    fn attempt(&self) -> Result<Reply, Box<FailedAttempt>> {
        let mut request = self.http_request()?;
        self.emit("request", None, None, None);
        loop {
            match self.exchange(request) {
                Ok(response) => {
                    self.emit("response", Some(response.status), None, None);
                    return self.classify_response(response);
                }
                // The server closed a kept-alive connection. That is not a failed attempt: the request is sent again on
                // another connection, if the server cannot have acted on it or if acting twice is harmless.
                Err(lost) if lost.was_stale && (!lost.sent || self.operation.resend.after_sending) => {
                    request = self.http_request()?;
                }
                Err(no_response) => return Err(self.classify_error(no_response)),
            }
        }
    }

    /// Sends the request over one connection, which is kept alive or new.
    fn exchange(&self, request: Request<&[u8]>) -> Result<Response, NoResponse> {
        let config = &self.client.config;
        // A callback may fork, so the transport of this process is looked up after it.
        let transport = self.client.transport.get(|_| Transport::new(config));
        let limits = Limits { deadline: self.deadline, connect_timeout: config.options.connect_timeout };
        let attempt = Attempt::new(limits, self.cancellation.clone());
        let begin = |text: &mut Vec<u8>, status: u16, headers: &HeaderMap| {
            envelope::begin(text, &self.http(status, headers));
        };
        transport.exchange(request, self.prepared.body.is_some(), attempt, begin)
    }

    /// Returns the secrets of the request. A server may repeat them; a message must not.
    fn secrets(&self) -> Secrets {
        let config = &self.client.config;
        let mut secrets = Secrets::default();
        secrets.add(self.setting(|settings| settings.api_key.as_ref(), &config.api_key).text());
        for (name, value) in config.headers.iter().chain(&self.prepared.settings.headers) {
            secrets.add_header(name.as_str(), &String::from_utf8_lossy(value.as_bytes()));
        }
        let server = self.setting(|settings| settings.server.as_ref(), &config.server);
        if let Ok(Some(proxy)) = config.proxies.of(&server.scheme, &server.authority)
            && let Some(credentials) = &proxy.credentials
        {
            secrets.add_header("proxy-authorization", &String::from_utf8_lossy(credentials.as_bytes()));
        }
        if let Some(body) = self.prepared.body {
            secrets.add_body(body);
        }
        secrets
    }

    /// Decides what a response means, even if its body is incomplete.
    fn classify_response(&self, mut response: Response) -> Result<Reply, Box<FailedAttempt>> {
        match &response.error {
            Some(TransportError::Cancelled) => return Err(self.cancelled().into()),
            Some(TransportError::DeadlinePassed) => return Err(self.timed_out(Phase::Reading).into()),
            _ => {}
        }
        if let Some(status) = envelope::status_of(response.status) {
            let retry_after = envelope::retry_after(&response.headers, SystemTime::now());
            let failed = AttemptFailure::Response { status: response.status, retry_after };
            let body = &response.text[response.body_at..];
            let message = envelope::error_message(response.status, &response.headers, body, &self.secrets());
            let failure = Failure { retryable: failed.is_transient(), retry_after, ..Failure::new(status, message) };
            return Err(Box::new(FailedAttempt { failure, response: Some(response), retry: Some(failed) }));
        }
        let lost_connection = AttemptFailure::Connection { sent: true };
        let (failure, retry) = match response.error.take() {
            None => match self.check(&response) {
                Ok(()) => {
                    envelope::end(&mut response.text, response.body_at);
                    return Ok(Reply { status: Status::Ok, text: response.text });
                }
                Err(invalid) => {
                    // Some servers name an encoding that they do not use, so it matters only if the body is not JSON.
                    let reason = match Encoding::of(&response.headers) {
                        Encoding::Other(names) if response.text.len() > response.body_at => {
                            envelope::unsupported_encoding(&names, &self.secrets())
                        }
                        _ => invalid.to_string(),
                    };
                    (self.invalid(response.status, &reason), None)
                }
            },
            Some(TransportError::CutShort) => {
                let failure =
                    self.invalid(response.status, "the body was cut short: the connection closed before its end");
                (Failure { retryable: true, ..failure }, Some(lost_connection))
            }
            Some(TransportError::ConnectionLost(reason)) => {
                let message = format!("{reason} (while reading the body of a {} response)", response.status);
                (Failure::new(Status::Connection, message), Some(lost_connection))
            }
            Some(TransportError::Invalid(reason)) => (self.invalid(response.status, &reason), None),
            Some(other) => (Failure::new(Status::Internal, format!("{other:?}")), None),
        };
        Err(Box::new(FailedAttempt { failure, response: Some(response), retry }))
    }

    fn check(&self, response: &Response) -> Result<(), validate::Invalid> {
        let body = &response.text[response.body_at..];
        match self.operation.promises_body {
            true => validate::object(body),
            false if body.trim_ascii().is_empty() => Ok(()),
            false => validate::value(body),
        }
    }

    fn invalid(&self, status: u16, reason: &str) -> Failure {
        Failure::new(Status::InvalidResponse, format!("the server responded with {status}, but {reason}"))
    }

    /// Decides what it means that there is no response.
    fn classify_error(&self, no_response: NoResponse) -> Box<FailedAttempt> {
        let NoResponse { error, phase, sent, .. } = no_response;
        let message = match error {
            TransportError::Cancelled => return self.cancelled().into(),
            TransportError::DeadlinePassed => return self.timed_out(phase).into(),
            TransportError::Invalid(reason) => return Failure::new(Status::InvalidResponse, reason).into(),
            TransportError::Unexpected(reason) => return Failure::new(Status::Internal, reason).into(),
            TransportError::Refused(reason) => {
                let failure = Failure::new(Status::Connection, reason);
                return Failure { retryable: false, ..failure }.into();
            }
            TransportError::NotConnected(reason) => reason,
            TransportError::ConnectionLost(reason) => format!("{reason} (while {phase})"),
            TransportError::CutShort => format!("the connection closed while {phase}"),
        };
        let failure = Failure::new(Status::Connection, message);
        Box::new(FailedAttempt { failure, response: None, retry: Some(AttemptFailure::Connection { sent }) })
    }

    fn cancelled(&self) -> Failure {
        Failure::new(Status::Cancelled, "the call was cancelled")
    }

    fn timed_out(&self, phase: Phase) -> Failure {
        let timeout = (self.deadline - self.begun).as_millis();
        let mut message =
            format!("the call took longer than {timeout} ms (timeout_ms): attempt {}, while {phase}", self.attempts);
        if let Some(status) = self.last_status {
            message.push_str(&format!("; the response to the previous attempt was {status}"));
        }
        Failure::new(Status::Timeout, message)
    }

    /// Ends a call that failed: emits the event and composes the text for the caller.
    fn fail(&self, failure: Failure, response: Option<Response>) -> Reply {
        self.emit("error", response.as_ref().map(|response| response.status), None, Some(&failure.message));
        let response = response
            .as_ref()
            .map(|response| (self.http(response.status, &response.headers), &response.text[response.body_at..]));
        Reply { status: failure.status, text: envelope::failure(&failure, response) }
    }

    /// Returns the description of the exchange that this response belongs to.
    fn http<'r>(&'r self, status: u16, headers: &'r HeaderMap) -> Http<'r> {
        let server = self.setting(|settings| settings.server.as_ref(), &self.client.config.server);
        let url = [server.scheme.as_str(), server.authority.as_str(), self.prepared.target.as_str()];
        Http { method: self.operation.method.as_str(), url, status, headers, attempts: self.attempts }
    }

    /// Returns a setting of the request, or the client's setting if the request has none.
    fn setting<T>(&'a self, of_request: impl Fn(&'a Settings) -> Option<&'a T>, of_client: &'a T) -> &'a T {
        of_request(&self.prepared.settings).unwrap_or(of_client)
    }

    /// Returns the consumer of the request, if the operation is about one.
    fn consumer(&self) -> Option<&Identity> {
        let given = self.prepared.settings.consumer_id.as_ref().or(self.client.config.consumer_id.as_ref());
        given.filter(|_| self.operation.consumer != Consumer::None)
    }

    /// Returns the consumer that the request's header names. `http_headers` take precedence over `consumer_id`.
    fn consumer_id(&self) -> Option<&str> {
        let mut headers = self.prepared.settings.headers.iter().chain(&self.client.config.headers);
        match headers.find(|(name, _)| *name == CONSUMER_ID) {
            Some((_, value)) => std::str::from_utf8(value.as_bytes()).ok(),
            None => self.consumer().map(Identity::text),
        }
    }

    fn policy(&self) -> &Policy {
        self.setting(|settings| settings.retries.as_ref(), &self.client.config.retries)
    }

    fn retry_state(&self) -> RetryState {
        let now = Instant::now();
        // Each hasher has new random keys, which are random enough to spread retries. After a fork each child has the
        // same keys, so the process id is hashed.
        let random = (RandomState::new().hash_one(std::process::id()) >> 11) as f64 / (1u64 << 53) as f64;
        RetryState {
            attempts: self.attempts,
            elapsed: now - self.begun,
            remaining: self.deadline.saturating_duration_since(now),
            random,
        }
    }

    fn http_request(&self) -> Result<Request<&[u8]>, Failure> {
        let config = &self.client.config;
        let settings = &self.prepared.settings;
        let server = self.setting(|settings| settings.server.as_ref(), &config.server);
        let uri = Uri::builder()
            .scheme(server.scheme.clone())
            .authority(server.authority.clone())
            .path_and_query(self.prepared.target.clone())
            .build()
            .map_err(|e| Failure::new(Status::Internal, e.to_string()))?;

        let body = self.prepared.body;
        let mut request = Request::new(body.unwrap_or_default().as_bytes());
        *request.method_mut() = self.operation.method.clone();
        *request.uri_mut() = uri;
        let headers = request.headers_mut();
        headers.reserve(12);
        let api_key = self.setting(|settings| settings.api_key.as_ref(), &config.api_key);
        let app_id = self.setting(|settings| settings.app_id.as_ref(), &config.app_id);
        headers.insert(header::AUTHORIZATION, api_key.header.clone());
        headers.insert(APP_ID, app_id.header.clone());
        if let Some(consumer_id) = self.consumer() {
            headers.insert(CONSUMER_ID, consumer_id.header.clone());
        }
        headers.insert(header::ACCEPT, JSON);
        headers.insert(header::ACCEPT_ENCODING, GZIP);
        headers.insert(header::USER_AGENT, config.user_agent.clone());
        if body.is_some() {
            headers.insert(header::CONTENT_TYPE, JSON);
        }
        for (name, value) in config.headers.iter().chain(&settings.headers) {
            headers.insert(name, value.clone());
        }
        Ok(request)
    }

    /// Waits before another attempt. Returns false if the call is cancelled meanwhile.
    fn pause(&self, wait: Duration) -> bool {
        match &self.cancellation {
            Some(cancellation) => !cancellation.wait(wait),
            None => {
                std::thread::sleep(wait);
                true
            }
        }
    }

    fn is_cancelled(&self) -> bool {
        self.cancellation.as_ref().is_some_and(|cancellation| cancellation.is_cancelled())
    }

    fn emit(&self, event: &'static str, status: Option<u16>, wait: Option<Duration>, message: Option<&str>) {
        let callback = &self.client.callback;
        if !callback.is_active() {
            return;
        }
        callback.emit(&Event {
            event,
            call_id: self.id.get(),
            consumer_id: self.consumer_id(),
            operation: self.operation.name,
            method: self.operation.method.as_str(),
            path: self.prepared.path(),
            attempt: self.attempts,
            status,
            elapsed_ms: self.begun.elapsed(),
            wait_ms: wait,
            message,
        });
    }
}
