//! Bytes over the wire: one attempt at a request, through `ureq`.
//!
//! `ureq` knows HTTP: heads, chunks, the pool. What lies below it is ours, because every
//! wait must end when the call's deadline passes or its cancellation is cancelled, and because servers send valid
//! responses that `ureq` does not read. A response passes from the socket through TLS and `normalize.rs` to `ureq`, and
//! through `body.rs` to the caller:
//!
//! * `transport/attempt.rs`  what the waits of an attempt have in common
//! * `transport/lookup.rs`   a host name -> addresses (`resolver.rs`: in a few threads)
//! * `transport/connect.rs`  addresses -> a connection
//! * `transport/socket.rs`   a TCP connection
//! * `transport/tls.rs`      TLS over it
//! * `transport/through_proxy.rs` both, through an HTTP proxy
//! * `transport/normalize.rs` unusual responses, made usual
//! * `transport/body.rs`     the body of a response, unpacked
//!
//! Whether another attempt follows is decided in `retry.rs`.

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

pub use attempt::{Attempt, Broken, Phase};
pub use body::Encoding;

use self::through_proxy::{Pass, ToProxy};
use crate::config::Config;
use crate::proxy::{Proxies, Proxy};

/// The connections of a client in this process.
pub struct Transport {
    direct: ureq::Agent,
    /// Through the proxy for https servers, and through the one for plain http.
    https_proxied: Option<ureq::Agent>,
    http_proxied: Option<ureq::Agent>,
    proxies: Proxies,
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
    /// Whether the connection had been kept alive, and was closed before it brought a byte of a response.
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
            // What is larger has been refused below; a canonical head is hardly longer than the head itself.
            .max_response_header_size(normalize::MAX_HEAD_BYTES + 1024)
            .max_idle_connections(max_idle_connections)
            .max_idle_connections_per_host(max_idle_connections)
            // Whether the server has closed an idle connection is seen by looking. What stands between may
            // forget one without a word, most after four minutes.
            .max_idle_age(Duration::from_secs(90))
            .build();
        let tcp = socket::Tcp { max_age: config.options.max_connection_age };
        let direct =
            socket::Begin.chain(tcp).chain(tls::Tls::new(tls.clone())).chain(normalize::Normalize).chain(socket::Ready);
        let proxied = |proxy: &Proxy| {
            let connector = socket::Begin
                .chain(ToProxy { connector: tcp, proxy: proxy.clone() })
                .chain(ToProxy { connector: tls::Tls::new(tls.clone()), proxy: proxy.clone() })
                .chain(Pass { proxy: proxy.clone() })
                .chain(tls::Tls::new(tls.clone()))
                .chain(normalize::Normalize)
                .chain(socket::Ready);
            ureq::Agent::with_parts(ureq_config.clone(), connector, lookup::Later)
        };
        Transport {
            https_proxied: config.proxies.for_scheme(&Scheme::HTTPS).map(proxied),
            http_proxied: config.proxies.for_scheme(&Scheme::HTTP).map(proxied),
            proxies: config.proxies.clone(),
            direct: ureq::Agent::with_parts(ureq_config.clone(), direct, lookup::Later),
            max_response_bytes: config.options.max_response_bytes,
        }
    }

    /// Sends `request` once and reads what comes back. `begin` writes what is to stand before the body,
    /// so that the body is read to where it will stay.
    pub fn exchange(
        &self,
        mut request: Request<&[u8]>,
        has_body: bool,
        attempt: Attempt,
        begin: impl FnOnce(&mut Vec<u8>, u16, &HeaderMap),
    ) -> Result<Answer, NoAnswer> {
        let agent = self.route(&mut request)?;
        let entered = attempt.enter();
        let run = if has_body { agent.run(request) } else { agent.run(request.map(|_| ())) };
        let response = match run {
            Ok(response) => response,
            Err(error) => {
                let attempt = entered.leave();
                let broken = attempt.broken.unwrap_or_else(|| Broken::of_head(error));
                let was_stale = !attempt.is_fresh
                    && matches!(attempt.phase, Phase::Sending | Phase::Waiting)
                    && matches!(broken, Broken::Lost(_));
                return Err(NoAnswer { broken, phase: attempt.phase, sent: attempt.sent, was_stale });
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
        let broken = read.err().map(|broken| attempt.broken.unwrap_or(broken));
        Ok(Answer { status: parts.status.as_u16(), headers: parts.headers, text, body_at, broken })
    }
}

impl Transport {
    /// The agent for a request: direct, or through the proxy of its scheme.
    fn route(&self, request: &mut Request<&[u8]>) -> Result<&ureq::Agent, NoAnswer> {
        let fail = |reason: String| NoAnswer {
            broken: Broken::Unaccounted(reason),
            phase: Phase::Connecting,
            sent: false,
            was_stale: false,
        };
        let uri = request.uri();
        let (Some(scheme), Some(authority)) = (uri.scheme(), uri.authority()) else {
            return Err(fail("the URL of the request is not absolute".into()));
        };
        // Whether the proxy can be used was checked with the request's server_url.
        let proxy = self.proxies.of(scheme, authority).map_err(|failure| fail(failure.message))?;
        let is_plain = *scheme == Scheme::HTTP;
        let agent = if is_plain { &self.http_proxied } else { &self.https_proxied };
        match (proxy, agent) {
            (Some(proxy), Some(agent)) => {
                if is_plain {
                    through_proxy::address(request, proxy);
                }
                Ok(agent)
            }
            _ => Ok(&self.direct),
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
