//! Requests through an HTTP proxy. A request to an https server goes through a tunnel (`CONNECT`). A request to a plain
//! http server goes to the proxy, with its target in absolute form (RFC 9112, 3.2.2).
//!
//! `ureq` has a connector for proxies, which is not used: it makes a tunnel for plain http as well, accepts only the
//! status 200, and runs the whole chain of connectors below the tunnel.

use ureq::Error;
use ureq::http::header::PROXY_AUTHORIZATION;
use ureq::http::{Request, Uri};
use ureq::unversioned::transport::{Buffers, ConnectionDetails, Connector, Either, NextTimeout, Transport};
use zeroize::Zeroizing;

use super::attempt::{self, Phase, TransportError};
use crate::proxy::Proxy;

/// The largest response to `CONNECT` that is read, and the most headers in it.
const MAX_HEAD: usize = 64 * 1024;
const MAX_HEADERS: usize = 100;

/// Adds the proxy's credentials to a request that is sent to the proxy.
pub fn add_credentials(request: &mut Request<&[u8]>, proxy: &Proxy) {
    if let Some(credentials) = &proxy.credentials {
        request.headers_mut().entry(PROXY_AUTHORIZATION).or_insert_with(|| credentials.clone());
    }
}

/// Makes a connector connect to the proxy instead of the server.
#[derive(Debug)]
pub struct ToProxy<C> {
    pub connector: C,
    pub proxy: Proxy,
}

impl<In: Transport, C: Connector<In>> Connector<In> for ToProxy<C> {
    type Out = C::Out;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<C::Out>, Error> {
        let details = ConnectionDetails {
            uri: &self.proxy.uri,
            addrs: details.resolver.empty(),
            config: details.config,
            request_level: details.request_level,
            resolver: details.resolver,
            now: details.now,
            timeout: details.timeout,
            current_time: details.current_time.clone(),
            run_connector: details.run_connector.clone(),
            register_shutdown: details.register_shutdown.clone(),
        };
        let result = self.connector.connect(&details, chained);
        if result.is_err() {
            attribute_to_proxy(&self.proxy);
        }
        result
    }
}

/// Adds the proxy to the message of the attempt's error.
fn attribute_to_proxy(proxy: &Proxy) {
    attempt::with(|attempt| {
        let Some(
            TransportError::NotConnected(reason)
            | TransportError::Refused(reason)
            | TransportError::ConnectionLost(reason),
        ) = &mut attempt.error
        else {
            return;
        };
        *reason = format!("the proxy {proxy}: {reason}");
    });
}

/// Turns a connection to the proxy into one to the server.
#[derive(Debug)]
pub struct Relay {
    pub proxy: Proxy,
}

impl<In: Transport> Connector<In> for Relay {
    type Out = Either<Tunnel<In>, Forward<In>>;

    fn connect(&self, details: &ConnectionDetails, chained: Option<In>) -> Result<Option<Self::Out>, Error> {
        let Some(mut transport) = chained else { return Ok(None) };
        if !details.needs_tls() {
            let prefix = format!("http://{}", details.uri.authority().map_or("", |authority| authority.as_str()));
            return Ok(Some(Either::B(Forward { transport, prefix, is_at_start: true })));
        }
        attempt::with(|attempt| attempt.phase = Phase::Tunnelling);
        match open_tunnel(&mut transport, &self.proxy, details.uri, details.timeout) {
            Ok(()) => Ok(Some(Either::A(Tunnel(transport)))),
            Err(error) => {
                attribute_to_proxy(&self.proxy);
                Err(error)
            }
        }
    }
}

/// Requests a tunnel to the server at `uri` from the proxy.
///
/// # Errors
///
/// Ends the attempt if the proxy refuses the tunnel, closes the connection, or does not respond with HTTP.
fn open_tunnel(transport: &mut impl Transport, proxy: &Proxy, uri: &Uri, timeout: NextTimeout) -> Result<(), Error> {
    let target = format!("{}:{}", uri.host().unwrap_or_default(), uri.port_u16().unwrap_or(443));
    let mut head = Zeroizing::new(Vec::with_capacity(512));
    for part in ["CONNECT ", &target, " HTTP/1.1\r\nHost: ", &target, "\r\nProxy-Connection: Keep-Alive\r\n"] {
        head.extend_from_slice(part.as_bytes());
    }
    if let Some(credentials) = &proxy.credentials {
        head.extend_from_slice(b"Proxy-Authorization: ");
        head.extend_from_slice(credentials.as_bytes());
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    transmit(transport, &head, timeout)?;

    let fail = |reason: &str| Err(attempt::fail(TransportError::NotConnected(format!("made no tunnel: {reason}"))));
    loop {
        match parse_response(transport.buffers().input()) {
            Ok(Some((length, status))) => {
                transport.buffers().input_consume(length);
                match status {
                    100..=199 => {}
                    // Whatever the head declares about a body, the tunnel begins after it (RFC 9110, 9.3.6).
                    200..=299 => return Ok(()),
                    407 => {
                        let reason = "refused the tunnel with 407 Proxy Authentication Required: \
                                      check the user and password in the proxy's URL";
                        return Err(attempt::fail(TransportError::Refused(reason.into())));
                    }
                    other => {
                        let status = ureq::http::StatusCode::from_u16(other).ok();
                        let reason = status.and_then(|status| status.canonical_reason()).unwrap_or_default();
                        let message = format!("refused the tunnel with {other} {reason}");
                        return Err(attempt::fail(TransportError::NotConnected(message.trim_end().into())));
                    }
                }
            }
            Ok(None) if transport.buffers().input().len() > MAX_HEAD => return fail("its response is too large"),
            Ok(None) if !transport.await_input(timeout)? => return fail("it closed the connection"),
            Ok(None) => {}
            Err(httparse::Error::TooManyHeaders) => return fail("its response has too many headers"),
            Err(_) => return fail("its response is not HTTP"),
        }
    }
}

/// Returns the length and the status of a response's head, or `None` if the head is incomplete. Its headers are
/// ignored.
fn parse_response(input: &[u8]) -> Result<Option<(usize, u16)>, httparse::Error> {
    let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let parsed = httparse::ParserConfig::default()
        .ignore_invalid_headers_in_responses(true)
        .allow_obsolete_multiline_headers_in_responses(true)
        .parse_response(&mut response, input)?;
    Ok(match parsed {
        httparse::Status::Complete(length) => response.code.map(|status| (length, status)),
        httparse::Status::Partial => None,
    })
}

/// Sends bytes in pieces that fit the transport's buffer.
fn transmit(transport: &mut impl Transport, mut bytes: &[u8], timeout: NextTimeout) -> Result<(), Error> {
    while !bytes.is_empty() {
        let output = transport.buffers().output();
        let amount = bytes.len().min(output.len());
        output[..amount].copy_from_slice(&bytes[..amount]);
        transport.transmit_output(amount, timeout)?;
        bytes = &bytes[amount..];
    }
    Ok(())
}

/// A connection to the server, through the proxy's tunnel. `is_tls` is false even if the connection to the proxy has
/// TLS.
#[derive(Debug)]
pub struct Tunnel<T>(T);

impl<T: Transport> Transport for Tunnel<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.0.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.0.transmit_output(amount, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.0.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.0.is_open()
    }
}

/// A connection to the proxy for requests to one plain http server. It makes the target of each request absolute:
/// `GET /vault` becomes `GET http://server/vault`.
#[derive(Debug)]
pub struct Forward<T> {
    transport: T,
    /// The scheme and authority of the server.
    prefix: String,
    /// Whether the next byte is the first of a request. A request begins after the response to the previous one.
    is_at_start: bool,
}

impl<T: Transport> Transport for Forward<T> {
    fn buffers(&mut self) -> &mut dyn Buffers {
        self.transport.buffers()
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        if !std::mem::take(&mut self.is_at_start) {
            return self.transport.transmit_output(amount, timeout);
        }
        let output = &mut self.transport.buffers().output()[..amount];
        let written = Zeroizing::new(output.to_vec()); // the key is in it
        zeroize::Zeroize::zeroize(output);
        let target_at = written.iter().position(|byte| *byte == b' ').map_or(0, |at| at + 1);
        let (method, rest) = written.split_at(target_at);
        transmit(&mut self.transport, &[method, self.prefix.as_bytes()].concat(), timeout)?;
        transmit(&mut self.transport, rest, timeout)
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.is_at_start = true;
        self.transport.await_input(timeout)
    }

    fn is_open(&mut self) -> bool {
        self.transport.is_open()
    }
}
