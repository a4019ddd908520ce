//! A host name -> addresses, in a thread that lives for the lookup alone.
//!
//! The C library's lookup cannot be interrupted; the call stops waiting for it and leaves the thread to
//! end by itself. Addresses and `localhost` need no lookup and start no thread.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, OnceLock};
use std::thread;

use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

use super::attempt::{self, Broken, Phase};
use crate::os;
use crate::wake::WakeUp;

/// `ureq` asks for addresses before it looks for a kept-alive connection, which needs none. It gets none;
/// whoever has to connect asks for [`addresses`].
#[derive(Debug)]
pub struct Later;

impl Resolver for Later {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}

/// The addresses of the host of `uri`, at least one.
pub fn addresses(uri: &Uri) -> Result<Vec<SocketAddr>, ureq::Error> {
    attempt::with(|attempt| attempt.phase = Phase::LookingUp);
    let Some(host) = uri.host() else {
        return Err(attempt::fail(Broken::NotConnected("the URL has no host".into())));
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
    let fail = |reason: String| attempt::fail(Broken::NotConnected(reason));
    let (found, done) = (Arc::new(OnceLock::new()), Arc::new(WakeUp::new()));
    let (name, result, end) = (host.to_string(), Arc::clone(&found), Arc::clone(&done));
    let started = os::with_signals_blocked(|| {
        thread::Builder::new().name("vault-lookup".into()).stack_size(256 * 1024).spawn(move || {
            let found = (name.as_str(), port).to_socket_addrs().map(|addresses| addresses.collect::<Vec<_>>());
            let _ = result.set(found);
            end.set();
        })
    });
    if let Err(e) = started {
        return Err(fail(format!("the name {host} could not be looked up: {e}")));
    }
    loop {
        match found.get() {
            Some(Ok(addresses)) if !addresses.is_empty() => return Ok(addresses.clone()),
            Some(Ok(_)) => return Err(fail(format!("the name {host} has no address"))),
            Some(Err(e)) => return Err(fail(format!("the name {host} could not be looked up: {e}"))),
            None => {
                let left = attempt::time_left(true)?;
                attempt::wait(&mut [], Some(&done), left);
            }
        }
    }
}
