//! Bytes over the wire: one attempt at a request, through `ureq`.
//!
//! `ureq` implements HTTP heads, chunks and the connection pool. This module implements the layers below, for two
//! reasons. Every wait must end when the call's deadline passes or the call is cancelled. And servers send valid
//! responses that `ureq` cannot read.
//!
//! A response passes from the socket through TLS and `normalize.rs` to `ureq`, and through `body.rs` to the caller:
//!
//! * `transport/attempt.rs` has the state that all waits of an attempt share.
//! * `transport/lookup.rs` turns a host name into addresses, with the threads of `transport/resolver.rs`.
//! * `transport/connect.rs` connects to one of the addresses.
//! * `transport/socket.rs` is a TCP connection.
//! * `transport/tls.rs` is TLS over a connection.
//! * `transport/through_proxy.rs` connects through an HTTP proxy.
//! * `transport/normalize.rs` rewrites unusual responses so that `ureq` can read them.
//! * `transport/body.rs` reads the body and decompresses it.
//!
//! `retry.rs` decides whether another attempt follows.

mod attempt;
mod body;
mod connect;
mod lookup;
mod normalize;
mod resolver;
#[cfg(test)]
mod resolver_tests;
mod socket;
mod through_proxy;
mod tls;

use std::sync::Arc;
use std::time::{Duration, Instant};

use ureq::http::uri::Scheme;
use ureq::http::{HeaderMap, Request};
use ureq::unversioned::transport::Connector;

pub use attempt::{Attempt, Phase, TransportError};
pub use body::Encoding;

use self::through_proxy::{Relay, ToProxy};
use crate::config::Config;
use crate::proxy::{Proxies, Proxy};

/// The connections of a client in this process.
pub struct Transport {
    direct: ureq::Agent,
    /// Sends requests to https servers through their proxy, if there is one.
    https_proxied: Option<ureq::Agent>,
    /// Sends requests to plain http servers through their proxy, if there is one.
    http_proxied: Option<ureq::Agent>,
    proxies: Proxies,
    max_response_bytes: u64,
}

/// A response: its head, and as much of its body as arrived.
pub struct Response {
    pub status: u16,
    pub headers: HeaderMap,
    /// What `begin` wrote, then the body.
    pub text: Vec<u8>,
    /// Where in `text` the body begins.
    pub body_at: usize,
    /// Why the body is incomplete, if it is.
    pub error: Option<TransportError>,
}

/// The error of an attempt that got no response.
pub struct NoResponse {
    pub error: TransportError,
    pub phase: Phase,
    /// Whether any byte of the request may have reached the server.
    pub sent: bool,
    /// Whether the connection was kept alive, and was closed before the first byte of a response.
    pub was_stale: bool,
}

impl Transport {
    pub fn new(config: &Config) -> Transport {
        let tls = Arc::new(tls::Settings::new(&config.trust));
        let max_idle_connections = config.options.max_idle_connections as usize;
        let ureq_config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None)
            .user_agent("")
            .accept("")
            // `normalize.rs` refuses larger heads. A canonical head can be a little longer than the original.
            .max_response_header_size(normalize::MAX_HEAD_BYTES + 1024)
            .max_idle_connections(max_idle_connections)
            .max_idle_connections_per_host(max_idle_connections)
            // A connection that the server has closed is detected before it is used again. A firewall or NAT in between
            // may drop an idle connection without notice, most of them after four minutes.
            .max_idle_age(Duration::from_secs(90))
            .build();
        let tcp = socket::Tcp { max_age: config.options.max_connection_age };
        let direct =
            socket::Begin.chain(tcp).chain(tls::Tls::new(tls.clone())).chain(normalize::Normalize).chain(socket::Ready);
        let proxied = |proxy: &Proxy| {
            let connector = socket::Begin
                .chain(ToProxy { connector: tcp, proxy: proxy.clone() })
                .chain(ToProxy { connector: tls::Tls::new(tls.clone()), proxy: proxy.clone() })
                .chain(Relay { proxy: proxy.clone() })
                .chain(tls::Tls::new(tls.clone()))
                .chain(normalize::Normalize)
                .chain(socket::Ready);
            ureq::Agent::with_parts(ureq_config.clone(), connector, lookup::DeferredResolver)
        };
        Transport {
            https_proxied: config.proxies.for_scheme(&Scheme::HTTPS).map(proxied),
            http_proxied: config.proxies.for_scheme(&Scheme::HTTP).map(proxied),
            proxies: config.proxies.clone(),
            direct: ureq::Agent::with_parts(ureq_config.clone(), direct, lookup::DeferredResolver),
            max_response_bytes: config.options.max_response_bytes,
        }
    }

    /// Sends `request` once and reads the response. `begin` writes the text in front of the body, so that the body is
    /// read into its final place.
    ///
    /// # Errors
    ///
    /// Fails if no response head arrives. If only the body is incomplete, the response has an error instead.
    pub fn exchange(
        &self,
        mut request: Request<&[u8]>,
        has_body: bool,
        attempt: Attempt,
        begin: impl FnOnce(&mut Vec<u8>, u16, &HeaderMap),
    ) -> Result<Response, NoResponse> {
        let agent = self.route(&mut request)?;
        let entered = attempt.enter();
        let run = if has_body { agent.run(request) } else { agent.run(request.map(|_| ())) };
        let response = match run {
            Ok(response) => response,
            Err(error) => {
                let attempt = entered.leave();
                let error = attempt.error.unwrap_or_else(|| TransportError::from_head_error(error));
                let was_stale = !attempt.is_fresh
                    && matches!(attempt.phase, Phase::Sending | Phase::Waiting)
                    && matches!(error, TransportError::ConnectionLost(_));
                return Err(NoResponse { error, phase: attempt.phase, sent: attempt.sent, was_stale });
            }
        };
        let (mut parts, body) = response.into_parts();
        let encoding = body::take_encoding(&mut parts.headers);
        let length = body.content_length().filter(|_| !matches!(encoding, Encoding::Gzip));
        let mut text = Vec::with_capacity(capacity(&parts.headers, length, self.max_response_bytes));
        begin(&mut text, parts.status.as_u16(), &parts.headers);
        let body_at = text.len();
        let read = body::read(body, &encoding, self.max_response_bytes, &mut text);
        let attempt = entered.leave();
        let error = read.err().map(|error| attempt.error.unwrap_or(error));
        Ok(Response { status: parts.status.as_u16(), headers: parts.headers, text, body_at, error })
    }
}

impl Transport {
    /// Returns the agent for a request: direct, or through the proxy of its scheme.
    fn route(&self, request: &mut Request<&[u8]>) -> Result<&ureq::Agent, NoResponse> {
        let fail = |reason: String| NoResponse {
            error: TransportError::Unexpected(reason),
            phase: Phase::Connecting,
            sent: false,
            was_stale: false,
        };
        let uri = request.uri();
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(fail("the URL of the request is not absolute".into()));
        };
        // `Operation::prepare` has checked that the proxy can be used.
        let proxy = self.proxies.of(scheme, authority).map_err(|failure| fail(failure.message))?;
        let is_plain = *scheme == Scheme::HTTP;
        let agent = if is_plain { &self.http_proxied } else { &self.https_proxied };
        match (proxy, agent) {
            (Some(proxy), Some(agent)) => {
                if is_plain {
                    through_proxy::add_credentials(request, proxy);
                }
                Ok(agent)
            }
            _ => Ok(&self.direct),
        }
    }
}

/// Returns the capacity for the head, the body and the closing brace. The size of the body is the one that the server
/// declares.
fn capacity(headers: &HeaderMap, content_length: Option<u64>, most: u64) -> usize {
    const HEAD: usize = 128;
    const UNKNOWN_BODY: u64 = 8 * 1024;
    /// A server can declare any size. Beyond this one, the buffer grows as the body arrives.
    const MAX_PREALLOCATED: u64 = 16 * 1024 * 1024;
    let head: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 8).sum();
    let body = content_length.unwrap_or(UNKNOWN_BODY).min(MAX_PREALLOCATED).min(most) as usize;
    HEAD + head + body + 64
}

/// The time limits of an attempt.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub deadline: Instant,
    pub connect_timeout: Duration,
}
