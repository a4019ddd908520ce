//! The address to listen on. A name such as `localhost` may have several addresses, of both families.

use std::collections::HashSet;
use std::fmt;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, ToSocketAddrs};
use std::str::FromStr;

/// How often a free port is looked for that all addresses have.
const PORT_ATTEMPTS: u32 = 10;

/// A host and a port: `127.0.0.1:0`, `[::1]:8642` or `localhost:8642`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenAddress {
    host: String,
    port: u16,
}

impl FromStr for ListenAddress {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "expected HOST:PORT, for example 127.0.0.1:0 or localhost:8642".to_string();
        let (host, port) = text.rsplit_once(':').ok_or_else(expected)?;
        let port = port.parse().map_err(|_| expected())?;
        let bare = host.strip_prefix('[').and_then(|host| host.strip_suffix(']'));
        match bare {
            Some(ip) => _ = ip.parse::<Ipv6Addr>().map_err(|_| expected())?,
            None if host.is_empty() || host.contains([':', '[', ']', '/', ' ']) => return Err(expected()),
            None => {}
        }
        Ok(ListenAddress { host: bare.unwrap_or(host).to_string(), port })
    }
}

impl From<SocketAddr> for ListenAddress {
    fn from(address: SocketAddr) -> Self {
        ListenAddress { host: address.ip().to_string(), port: address.port() }
    }
}

impl fmt::Display for ListenAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.host.contains(':') {
            true => write!(f, "[{}]:{}", self.host, self.port),
            false => write!(f, "{}:{}", self.host, self.port),
        }
    }
}

impl ListenAddress {
    /// Listens on every address of the host. Port 0 selects one free port for all of them. Returns the listeners and the
    /// address that clients use.
    ///
    /// # Errors
    ///
    /// Fails if the name has no address, if the port is taken on one of them, or if this machine has none of them.
    pub fn bind(&self) -> io::Result<(Vec<TcpListener>, ListenAddress)> {
        let mut addresses: Vec<SocketAddr> = (self.host.as_str(), self.port).to_socket_addrs()?.collect();
        let mut seen = HashSet::new();
        addresses.retain(|address| seen.insert(*address));
        let mut attempts_left = if self.port == 0 { PORT_ATTEMPTS } else { 1 };
        loop {
            attempts_left -= 1;
            match bind_all(&addresses) {
                // A port that is free on one address can be taken on the next.
                Err(cause) if cause.kind() == ErrorKind::AddrInUse && attempts_left > 0 => {}
                bound => {
                    return bound
                        .map(|(listeners, port)| (listeners, ListenAddress { host: self.client_host(), port }));
                }
            }
        }
    }

    /// Returns the host that clients use. For an unspecified address, that is the loopback address.
    fn client_host(&self) -> String {
        match self.host.parse() {
            Ok(IpAddr::V4(ip)) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.to_string(),
            Ok(IpAddr::V6(ip)) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.to_string(),
            _ => self.host.clone(),
        }
    }
}

fn bind_all(addresses: &[SocketAddr]) -> io::Result<(Vec<TcpListener>, u16)> {
    let (mut listeners, mut chosen, mut refused) = (Vec::new(), None, None);
    for address in addresses {
        match TcpListener::bind((address.ip(), chosen.unwrap_or(address.port()))) {
            Ok(listener) => {
                listener.set_nonblocking(true)?;
                chosen = Some(listener.local_addr()?.port());
                listeners.push(listener);
            }
            Err(cause) if cause.kind() == ErrorKind::AddrInUse => return Err(cause),
            // A name can have an address of a family that this machine has switched off.
            Err(cause) => refused = Some(cause),
        }
    }
    match chosen {
        Some(port) => Ok((listeners, port)),
        None => Err(refused.unwrap_or_else(|| io::Error::new(ErrorKind::NotFound, "the name has no address"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address() {
        for text in ["127.0.0.1:0", "localhost:8642", "[::1]:80", "a.example:1"] {
            assert_eq!(text.parse::<ListenAddress>().unwrap().to_string(), text);
        }
        for text in ["nowhere", ":80", "localhost:", "localhost:x", "localhost:65536", "::1:80", "[localhost]:80", ""] {
            assert!(text.parse::<ListenAddress>().unwrap_err().starts_with("expected HOST:PORT"), "{text}");
        }
        let unspecified: ListenAddress = "0.0.0.0:0".parse().unwrap();
        assert!(unspecified.bind().unwrap().1.to_string().starts_with("127.0.0.1:"));
    }
}
