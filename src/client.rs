//! One call, from request text to response text.
//!
//! The order is the order of the file: read the request, make the HTTP request, try (and try again),
//! compose the text. What may be decided without I/O is decided elsewhere.

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
use crate::transport::{Answer, Attempt, Broken, Encoding, Limits, NoAnswer, Phase, Transport};
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
    /// The response text: the whole answer, or what failed.
    pub fn json(&self) -> &str {
        std::str::from_utf8(&self.text[envelope::HEADROOM..]).unwrap_or_default()
    }

    /// The text behind [`envelope::HEADROOM`] bytes that are free to use.
    pub(crate) fn into_text(self) -> Vec<u8> {
        self.text
    }

    /// A call that failed without an answer.
    pub(crate) fn of_failure(failure: &Failure) -> Reply {
        Reply { status: failure.status, text: envelope::failure(failure, None) }
    }
}

impl Client {
    /// Reads `config_json`; what it leaves out comes from the environment or has its default.
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
    /// Fails inside a callback.
    pub fn set_event_callback(&self, callback: Option<Callback>) -> Result<(), Failure> {
        self.callback.set(callback)
    }

    /// Makes one call. Blocks until it is answered, has failed, or is cancelled.
    pub fn call(&self, operation: &'static Operation, request: &str, cancellation: Option<Arc<Cancellation>>) -> Reply {
        let begun = Instant::now();
        match operation.prepare(request, &self.config) {
            Ok(prepared) => Call::new(self, operation, prepared, cancellation, begun).run(),
            Err(failure) => Reply::of_failure(&failure),
        }
    }
}

/// A call under way.
struct Call<'a> {
    client: &'a Client,
    operation: &'static Operation,
    prepared: Prepared<'a>,
    cancellation: Option<Arc<Cancellation>>,
    id: CallId,
    begun: Instant,
    deadline: Instant,
    attempts: u64,
    /// The status of the last answer that was followed by another attempt.
    last_status: Option<u16>,
}

/// A failed attempt: why, the server's response if there was one, and how it failed if it may be followed by another.
struct Failed {
    failure: Failure,
    answer: Option<Answer>,
    retry: Option<AttemptFailure>,
}

impl From<Failure> for Box<Failed> {
    fn from(failure: Failure) -> Box<Failed> {
        Box::new(Failed { failure, answer: None, retry: None })
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
            let Failed { failure, answer, retry } = match self.attempt() {
                Ok(reply) => return reply,
                Err(failed) => *failed,
            };
            let resend = self.operation.resend;
            let Some(wait) = retry.and_then(|failed| self.policy().wait(failed, resend, self.retry_state())) else {
                return self.fail(failure, answer);
            };
            self.last_status = answer.map(|answer| answer.status);
            self.emit("retry", self.last_status, Some(wait), Some(&failure.message));
            if !self.pause(wait) {
                return self.fail(self.cancelled(), None);
            }
        }
    }

    fn attempt(&self) -> Result<Reply, Box<Failed>> {
        let mut request = self.http_request()?;
        self.emit("request", None, None, None);
        loop {
            match self.exchange(request) {
                Ok(answer) => {
                    self.emit("response", Some(answer.status), None, None);
                    return self.classify_response(answer);
                }
                // The server closed a kept-alive connection: no failure and no attempt. Another connection is taken,
                // as long as the server cannot have acted on the request, or may act on it twice.
                Err(lost) if lost.was_stale && (!lost.sent || self.operation.resend.after_sending) => {
                    request = self.http_request()?;
                }
                Err(no_answer) => return Err(self.classify_error(no_answer)),
            }
        }
    }

    /// Sends the request over one connection, kept alive or new.
    fn exchange(&self, request: Request<&[u8]>) -> Result<Answer, NoAnswer> {
        let config = &self.client.config;
        // Looked up after each callback, because a callback may fork.
        let transport = self.client.transport.get(|_| Transport::new(config));
        let limits = Limits { deadline: self.deadline, connect_timeout: config.options.connect_timeout };
        let attempt = Attempt::new(limits, self.cancellation.clone());
        let begin = |text: &mut Vec<u8>, status: u16, headers: &HeaderMap| {
            envelope::begin(text, &self.http(status, headers));
        };
        transport.exchange(request, self.prepared.body.is_some(), attempt, begin)
    }

    /// What the server may repeat of the request, and no message may.
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

    /// Decides what a response means, whole or not.
    fn classify_response(&self, mut answer: Answer) -> Result<Reply, Box<Failed>> {
        match &answer.broken {
            Some(Broken::Cancelled) => return Err(self.cancelled().into()),
            Some(Broken::Deadline) => return Err(self.timed_out(Phase::Reading).into()),
            _ => {}
        }
        if let Some(status) = envelope::status_of(answer.status) {
            let retry_after = envelope::retry_after(&answer.headers, SystemTime::now());
            let failed = AttemptFailure::Response { status: answer.status, retry_after };
            let body = &answer.text[answer.body_at..];
            let message = envelope::explain(answer.status, &answer.headers, body, &self.secrets());
            let failure = Failure { retryable: failed.is_transient(), retry_after, ..Failure::new(status, message) };
            return Err(Box::new(Failed { failure, answer: Some(answer), retry: Some(failed) }));
        }
        let broken = AttemptFailure::Connection { sent: true };
        let (failure, retry) = match answer.broken.take() {
            None => match self.check(&answer) {
                Ok(()) => {
                    envelope::end(&mut answer.text, answer.body_at);
                    return Ok(Reply { status: Status::Ok, text: answer.text });
                }
                Err(invalid) => {
                    // Some servers name an encoding that they do not use: it matters only if the body is not JSON.
                    let reason = match Encoding::of(&answer.headers) {
                        Encoding::Other(names) if answer.text.len() > answer.body_at => {
                            envelope::unsupported_encoding(&names, &self.secrets())
                        }
                        _ => invalid.to_string(),
                    };
                    (self.invalid(answer.status, &reason), None)
                }
            },
            Some(Broken::CutShort) => {
                let failure = self.invalid(answer.status, "the body was cut short: the connection closed within it");
                (Failure { retryable: true, ..failure }, Some(broken))
            }
            Some(Broken::Lost(reason)) => {
                let message = format!("{reason} (within the body of a {} answer)", answer.status);
                (Failure::new(Status::Connection, message), Some(broken))
            }
            Some(Broken::NotUnderstood(reason)) => (self.invalid(answer.status, &reason), None),
            Some(other) => (Failure::new(Status::Internal, format!("{other:?}")), None),
        };
        Err(Box::new(Failed { failure, answer: Some(answer), retry }))
    }

    fn check(&self, answer: &Answer) -> Result<(), validate::Invalid> {
        let body = &answer.text[answer.body_at..];
        match self.operation.promises_body {
            true => validate::object(body),
            false if body.trim_ascii().is_empty() => Ok(()),
            false => validate::value(body),
        }
    }

    fn invalid(&self, status: u16, reason: &str) -> Failure {
        Failure::new(Status::InvalidResponse, format!("the server answered {status}, but {reason}"))
    }

    /// Decides what it means that there is no response.
    fn classify_error(&self, no_answer: NoAnswer) -> Box<Failed> {
        let NoAnswer { broken, phase, sent, .. } = no_answer;
        let message = match broken {
            Broken::Cancelled => return self.cancelled().into(),
            Broken::Deadline => return self.timed_out(phase).into(),
            Broken::NotUnderstood(reason) => return Failure::new(Status::InvalidResponse, reason).into(),
            Broken::Unaccounted(reason) => return Failure::new(Status::Internal, reason).into(),
            Broken::Refused(reason) => {
                let failure = Failure::new(Status::Connection, reason);
                return Failure { retryable: false, ..failure }.into();
            }
            Broken::NotConnected(reason) => reason,
            Broken::Lost(reason) => format!("{reason} (while {phase})"),
            Broken::CutShort => format!("the connection closed while {phase}"),
        };
        let failure = Failure::new(Status::Connection, message);
        Box::new(Failed { failure, answer: None, retry: Some(AttemptFailure::Connection { sent }) })
    }

    fn cancelled(&self) -> Failure {
        Failure::new(Status::Cancelled, "the call was cancelled")
    }

    fn timed_out(&self, phase: Phase) -> Failure {
        let timeout = (self.deadline - self.begun).as_millis();
        let mut message =
            format!("the call was not done after {timeout} ms (timeout_ms): attempt {}, while {phase}", self.attempts);
        if let Some(status) = self.last_status {
            message.push_str(&format!("; the attempt before was answered {status}"));
        }
        Failure::new(Status::Timeout, message)
    }

    /// Ends a call that failed: emits the event and composes the text for the caller.
    fn fail(&self, failure: Failure, answer: Option<Answer>) -> Reply {
        self.emit("error", answer.as_ref().map(|answer| answer.status), None, Some(&failure.message));
        let response =
            answer.as_ref().map(|answer| (self.http(answer.status, &answer.headers), &answer.text[answer.body_at..]));
        Reply { status: failure.status, text: envelope::failure(&failure, response) }
    }

    /// The exchange that brought this response.
    fn http<'r>(&'r self, status: u16, headers: &'r HeaderMap) -> Http<'r> {
        let server = self.setting(|settings| settings.server.as_ref(), &self.client.config.server);
        let url = [server.scheme.as_str(), server.authority.as_str(), self.prepared.target.as_str()];
        Http { method: self.operation.method.as_str(), url, status, headers, attempts: self.attempts }
    }

    /// What the request says, else what the client says.
    fn setting<T>(&'a self, of: impl Fn(&'a Settings) -> Option<&'a T>, else_: &'a T) -> &'a T {
        of(&self.prepared.settings).unwrap_or(else_)
    }

    /// The consumer that the request is made for, if its operation is made for one.
    fn consumer(&self) -> Option<&Identity> {
        let given = self.prepared.settings.consumer_id.as_ref().or(self.client.config.consumer_id.as_ref());
        given.filter(|_| self.operation.consumer != Consumer::None)
    }

    /// The consumer as the request's header says: `http_headers` win over `consumer_id`.
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
        // The keys of a hasher are random, and new for each: random enough to spread retries. After a fork they are the
        // same in each child; the process id is not.
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

    /// Waits before another attempt; false when the call was cancelled meanwhile.
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
