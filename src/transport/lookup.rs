//! A host name -> addresses.
//!
//! IP addresses and `localhost` need no look-up. The process has at most four resolver threads for all other names
//! (`transport/resolver.rs`).

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::thread;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver as UreqResolver};
use ureq::unversioned::transport::NextTimeout;

use super::attempt::{self, Phase, TransportError};
use super::resolver::{Environment, Found, Resolver};
use crate::fork::PerProcess;
use crate::os;

/// Returns no addresses to `ureq`, which asks for them even when it can use a kept-alive connection. A connector that
/// has to connect calls [`addresses`].
#[derive(Debug)]
pub struct DeferredResolver;

impl UreqResolver for DeferredResolver {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

/// Returns the addresses of the host of `uri`, at least one.
///
/// # Errors
///
/// Ends the attempt if the name has no address, or the attempt's time is over.
pub fn addresses(uri: &Uri) -> Result<Vec<SocketAddr>, ureq::Error> {
    attempt::with(|attempt| attempt.phase = Phase::LookingUp);
    let Some(host) = uri.host() else {
        return Err(attempt::fail(TransportError::NotConnected("the URL has no host".into())));
    };
    let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
    if host.eq_ignore_ascii_case("localhost") {
        return Ok(vec![(Ipv4Addr::LOCALHOST, port).into(), (Ipv6Addr::LOCALHOST, port).into()]);
    }
    match host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
        Ok(ip) => Ok(vec![(ip, port).into()]),
        Err(_) => look_up(host, port),
    }
}

fn look_up(host: &str, port: u16) -> Result<Vec<SocketAddr>, ureq::Error> {
    static RESOLVER: PerProcess<Resolver<System>> = PerProcess::new();
    let resolver = RESOLVER.get(|_| Resolver::new());
    let found = resolver.look_up(&host.to_ascii_lowercase(), |done| {
        let left = attempt::remaining_time(true)?;
        attempt::wait(&mut [], Some(done), left);
        Ok::<(), ureq::Error>(())
    })?;
    let reason = match found {
        Ok(mut addresses) if !addresses.is_empty() => {
            addresses.iter_mut().for_each(|address| address.set_port(port));
            return Ok(addresses);
        }
        Ok(_) => format!("the name {host} has no address"),
        Err(e) => format!("the name {host} could not be looked up: {e}"),
    };
    Err(attempt::fail(TransportError::NotConnected(reason)))
}

/// The C library's look-up, in threads of the system.
struct System;

impl Environment for System {
    const MAX_THREADS: usize = 4;

    fn start(work: impl FnOnce() + Send + 'static) -> io::Result<()> {
        let thread = thread::Builder::new().name("vault-resolver".into()).stack_size(256 * 1024);
        os::with_signals_blocked(|| thread.spawn(work)).map(drop)
    }

    fn look_up(name: &str) -> Found {
        (name, 0).to_socket_addrs().map(Iterator::collect).map_err(|e| e.to_string())
    }
}
