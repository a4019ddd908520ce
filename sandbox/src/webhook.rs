//! Sends the events of connections to `--webhook`, signed. `webhook/signature.rs` signs them.
//!
//! A request never waits for a delivery: its events go to a queue with a limit. Each connection has a queue of its own, so
//! its events arrive in their order. A delivery that fails is tried again, and the later events of the connection wait.

mod signature;

use crate::clock::{Clock, iso8601};
use crate::event::Event;
use crate::vault::USER_AGENT;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::{Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Serialize;
use serde_json::json;
use std::collections::{HashMap, VecDeque};
use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::{Semaphore, watch};
use url::Url;

/// The most events that wait for their delivery. Later ones are dropped.
const MAX_EVENTS: usize = 10_000;

/// The most bytes of connections in them.
const MAX_BYTES: usize = 64 << 20;

/// The most deliveries at a time.
const MAX_DELIVERIES: usize = 16;

/// How often a delivery is tried.
const MAX_ATTEMPTS: u32 = 8;

/// The wait before the second attempt, in milliseconds. It doubles with each attempt.
const FIRST_WAIT: i64 = 1000;

/// How long the receiver may take to respond.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(10);

/// How long first attempts may take after the server has stopped.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(1);

tokio::task_local! {
    /// The API key of the request that this task serves.
    static REQUEST_KEY: Arc<str>;
}

/// Runs a request with its API key, which signs the events that the request causes.
pub async fn with_request_key<T>(key: &str, request: impl Future<Output = T>) -> T {
    REQUEST_KEY.scope(key.into(), request).await
}

/// The URL of the receiver of events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebhookUrl(Uri);

impl FromStr for WebhookUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = "expected a URL like http://127.0.0.1:3000/events";
        let url = Url::parse(text).map_err(|cause| format!("{cause}: {expected}"))?;
        match url.scheme() {
            "http" => {}
            "https" => return Err(format!("the sandbox has no TLS: {expected}")),
            _ => return Err(expected.into()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!("a user name or password is not sent: {expected}"));
        }
        Uri::try_from(url.as_str()).map(WebhookUrl).map_err(|_| expected.into())
    }
}

/// How many events were delivered, and how many were not.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub struct Counts {
    /// Waiting for their first or next attempt.
    pending: usize,
    delivered: u64,
    /// Given up after the last attempt.
    failed: u64,
    /// Never sent, because too many were waiting or because no API key was known that signs them.
    dropped: u64,
}

/// The deliveries to one receiver.
pub struct Webhooks {
    url: Uri,
    clock: Arc<Clock>,
    /// The key that signs every event. Without it, the key of the request that caused the event does.
    key: Option<Arc<str>>,
    client: Client<HttpConnector, Full<Bytes>>,
    deliveries: Semaphore,
    queues: Mutex<Queues>,
    /// The number of events that were not tried yet.
    untried: watch::Sender<usize>,
}

#[derive(Default)]
struct Queues {
    /// By app, consumer and connection.
    events: HashMap<[String; 3], VecDeque<Arc<Delivery>>>,
    bytes: usize,
    counts: Counts,
    /// The last key that a request of each app used.
    last_keys: HashMap<String, Arc<str>>,
}

/// An event and the key that signs it.
struct Delivery {
    id: String,
    key: Arc<str>,
    event: Event,
    bytes: usize,
}

impl Webhooks {
    pub fn new(url: WebhookUrl, key: Option<&str>, clock: Arc<Clock>) -> Webhooks {
        Webhooks {
            url: url.0,
            clock,
            key: key.map(Arc::from),
            client: Client::builder(TokioExecutor::new()).build_http(),
            deliveries: Semaphore::new(MAX_DELIVERIES),
            queues: Mutex::default(),
            untried: watch::Sender::new(0),
        }
    }

    /// Remembers the key of a request. It signs events of the app that no request causes.
    pub fn remember_key(&self, app: &str, key: &str) {
        let mut queues = self.lock();
        if queues.last_keys.get(app).is_none_or(|last| **last != *key) {
            queues.last_keys.insert(app.to_string(), key.into());
        }
    }

    /// Sends events. Returns at once.
    pub fn publish(self: &Arc<Self>, events: Vec<Event>) {
        let mut queues = self.lock();
        for event in events {
            let request_key = || REQUEST_KEY.try_with(Arc::clone).ok();
            let last_key = || queues.last_keys.get(&event.owner.app).cloned();
            let key = self.key.clone().or_else(request_key).or_else(last_key);
            let bytes = event.entity.to_string().len();
            let (Some(key), true, true) =
                (key, queues.counts.pending < MAX_EVENTS, queues.bytes.saturating_add(bytes) <= MAX_BYTES)
            else {
                queues.counts.dropped += 1;
                continue;
            };
            queues.counts.pending += 1;
            queues.bytes += bytes;
            self.untried.send_modify(|untried| *untried += 1);
            let connection = [&event.owner.app, &event.owner.consumer, &event.connection].map(String::clone);
            let delivery = Delivery { id: uuid::Uuid::new_v4().to_string(), key, event, bytes };
            let queue = queues.events.entry(connection.clone()).or_default();
            queue.push_back(Arc::new(delivery));
            if queue.len() == 1 {
                tokio::spawn(self.clone().deliver_all(connection));
            }
        }
    }

    pub fn counts(&self) -> Counts {
        self.lock().counts
    }

    /// Waits until each event was tried once, but not for long.
    pub async fn finish(&self) {
        let mut untried = self.untried.subscribe();
        let _ = tokio::time::timeout(SHUTDOWN_TIMEOUT, untried.wait_for(|untried| *untried == 0)).await;
    }

    /// Delivers the events of one connection in their order.
    async fn deliver_all(self: Arc<Self>, connection: [String; 3]) {
        loop {
            let Some(delivery) = self.lock().events.get(&connection).and_then(|queue| queue.front().cloned()) else {
                return;
            };
            let delivered = self.deliver(&delivery).await;
            let mut queues = self.lock();
            queues.counts.pending -= 1;
            queues.bytes -= delivery.bytes;
            match delivered {
                true => queues.counts.delivered += 1,
                false => queues.counts.failed += 1,
            }
            if let Some(queue) = queues.events.get_mut(&connection) {
                queue.pop_front();
                if queue.is_empty() {
                    queues.events.remove(&connection);
                    return;
                }
            }
        }
    }

    /// Tries to deliver an event until an attempt succeeds. Returns whether one did.
    async fn deliver(&self, delivery: &Delivery) -> bool {
        for attempt in 1..=MAX_ATTEMPTS {
            let delivered = match self.deliveries.acquire().await {
                Ok(_permit) => self.attempt(delivery, attempt).await,
                Err(_) => false,
            };
            if attempt == 1 {
                self.untried.send_modify(|untried| *untried -= 1);
            }
            if delivered {
                return true;
            }
            if attempt < MAX_ATTEMPTS {
                self.clock.sleep(FIRST_WAIT << (attempt - 1)).await;
            }
        }
        false
    }

    /// Sends an event once. Returns whether the receiver accepted it.
    async fn attempt(&self, delivery: &Delivery, attempt: u32) -> bool {
        let event = &delivery.event;
        let body = signature::canonical(&json!({"payload": {
            "event_id": delivery.id,
            "event_type": event.kind.name(),
            "service_id": "apideck-vault",
            "entity_id": event.connection,
            "entity_type": "Connection",
            "entity": event.entity,
            "execution_attempt": attempt,
            "occurred_at": iso8601(event.occurred_at),
        }}));
        let request = Request::post(self.url.clone())
            .header("content-type", "application/json")
            .header("user-agent", USER_AGENT)
            .header("x-apideck-event-type", event.kind.name())
            .header("x-apideck-idempotency-key", &delivery.id)
            .header("x-apideck-signature", signature::sign(&body, &delivery.key))
            .body(Full::from(body));
        let Ok(request) = request else { return false };
        match tokio::time::timeout(ATTEMPT_TIMEOUT, self.client.request(request)).await {
            Ok(Ok(response)) => response.status().is_success(),
            _ => false,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_url_is_absolute_plain_http_without_a_password() {
        for text in ["http://127.0.0.1:3000/events?a=b", "http://localhost", "http://[::1]:80/"] {
            assert!(text.parse::<WebhookUrl>().is_ok(), "{text}");
        }
        for (text, message) in [
            ("localhost:3000", "expected a URL like"),
            ("/events", "expected a URL like"),
            ("https://a.example/", "has no TLS"),
            ("http://me:s3cret@a.example/", "not sent"),
        ] {
            let error = text.parse::<WebhookUrl>().unwrap_err();
            assert!(error.contains(message) && !error.contains("s3cret"), "{error}");
        }
    }
}
