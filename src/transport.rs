//! Bytes over the wire: one attempt at a request, through `ureq`.
//!
//! `ureq` knows HTTP: heads, chunks, gzip, the pool, CONNECT. What lies below it is ours, because every
//! wait must end when the call's deadline passes or its cancellation is cancelled:
//!
//! * `transport/attempt.rs`  what the waits of an attempt have in common
//! * `transport/lookup.rs`   a host name -> addresses
//! * `transport/socket.rs`   a TCP connection
//! * `transport/tls.rs`      TLS over it
//!
//! Whether an attempt is worth another is not decided here: `retry.rs`.

mod attempt;
mod lookup;
mod socket;
mod tls;

use std::io::Read;
use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::{HeaderMap, Request, Uri};
use ureq::unversioned::transport::{ConnectProxyConnector, Connector};

pub use attempt::{Attempt, Broken, Phase};

use crate::config::Config;

/// The connections of a client in this process.
pub struct Transport {
    agent: ureq::Agent,
    /// The same without the proxy that the environment names, for loopback addresses.
    direct: Option<ureq::Agent>,
    max_response_bytes: u64,
}

/// What the server answered: its head, and as much of its body as came.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    /// What `begin` wrote, then the body.
    pub text: Vec<u8>,
    /// Where in `text` the body begins.
    pub body_at: usize,
    /// Why the body is not all there, if it is not.
    pub broken: Option<Broken>,
}

/// An attempt that got no answer.
pub struct NoAnswer {
    pub broken: Broken,
    pub phase: Phase,
    /// Whether any byte of the request may have reached the server.
    pub sent: bool,
}

impl Transport {
    pub fn new(config: &Config) -> Transport {
        let tls = Arc::new(tls::Settings::new(&config.authorities));
        let agent = |proxy: Option<ureq::Proxy>| {
            let ureq_config = ureq::Agent::config_builder()
                .http_status_as_error(false)
                .max_redirects(0)
                .max_redirects_will_error(false)
                .proxy(proxy)
                .user_agent("")
                .accept("")
                .max_idle_connections(config.max_idle_connections)
                .max_idle_connections_per_host(config.max_idle_connections)
                // Whether an idle connection is still open is seen by looking, not by its age.
                .max_idle_age(Duration::from_secs(300))
                .build();
            let connector = socket::Begin
                .chain(ConnectProxyConnector::default())
                .chain(socket::Tcp)
                .chain(tls::Tls::new(tls.clone()))
                .chain(socket::Ready);
            ureq::Agent::with_parts(ureq_config, connector, lookup::Later)
        };
        let proxy = config.proxy.as_ref().map(|proxy| proxy.0.clone());
        let from_environment = proxy.as_ref().is_some_and(ureq::Proxy::is_from_env);
        Transport {
            agent: agent(proxy),
            direct: from_environment.then(|| agent(None)),
            max_response_bytes: config.max_response_bytes,
        }
    }

    /// Sends `request` once and reads what comes back. `begin` writes what is to stand before the body,
    /// so that the body is read to where it will stay.
    pub fn exchange(
        &self,
        request: Request<&[u8]>,
        has_body: bool,
        attempt: Attempt,
        begin: impl FnOnce(&mut Vec<u8>, u16, &HeaderMap),
    ) -> Result<Answer, NoAnswer> {
        let agent = self.agent_for(request.uri());
        let entered = attempt.enter();
        let run = if has_body { agent.run(request) } else { agent.run(request.map(|_| ())) };
        let response = match run {
            Ok(response) => response,
            Err(error) => {
                let attempt = entered.leave();
                let broken = attempt.broken.unwrap_or_else(|| Broken::of_head(error));
                return Err(NoAnswer { broken, phase: attempt.phase, sent: attempt.sent });
            }
        };
        let (parts, body) = response.into_parts();
        let mut text = Vec::with_capacity(capacity(&parts.headers, body.content_length(), self.max_response_bytes));
        begin(&mut text, parts.status.as_u16(), &parts.headers);
        let body_at = text.len();
        let read = body.into_with_config().limit(self.max_response_bytes).reader().read_to_end(&mut text);
        let attempt = entered.leave();
        let broken = read.err().map(|error| attempt.broken.unwrap_or_else(|| Broken::of_body(error.into())));
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, text, body_at, broken })
    }

    fn agent_for(&self, uri: &Uri) -> &ureq::Agent {
        match &self.direct {
            Some(direct) if uri.host().is_some_and(crate::config::is_loopback) => direct,
            _ => &self.agent,
        }
    }
}

/// Room for the head, the body and the closing brace, as far as the server says how much that is.
fn capacity(headers: &HeaderMap, content_length: Option<u64>, most: u64) -> usize {
    const HEAD: usize = 128;
    const UNKNOWN_BODY: u64 = 8 * 1024;
    /// A server can promise anything; past this the buffer grows as the body does come.
    const BELIEVED: u64 = 16 * 1024 * 1024;
    let head: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 8).sum();
    let body = content_length.unwrap_or(UNKNOWN_BODY).min(BELIEVED).min(most) as usize;
    HEAD + head + body + 64
}

/// When the call must be over, and when a connection must stand.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub deadline: Instant,
    pub connect_timeout: Duration,
}
