//! Which proxy a call goes through, if any: the configuration's, or the environment's with its exceptions. Pure.

use std::fmt;
use std::net::IpAddr;

use serde_json::value::RawValue;
use ureq::http::Uri;
use ureq::http::uri::Scheme;
use zeroize::Zeroizing;

use crate::error::Failure;
use crate::object::{self, Kind};
use crate::server::{self, has_usable_port, is_loopback};

/// In the order in which they count.
const VARIABLES: &[&str] = &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "HTTP_PROXY", "http_proxy"];

/// A proxy that makes tunnels (CONNECT).
#[derive(Clone)]
pub struct Proxy {
    pub tunnel: ureq::Proxy,
    /// `NO_PROXY`, for a proxy of the environment's. One that was configured serves every host.
    exceptions: Option<String>,
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.tunnel.host(), self.tunnel.port()) // never its credentials
    }
}

impl Proxy {
    /// Reads the configuration's; `null` is "no proxy". The message never repeats the URL, it may hold a password.
    pub fn read(value: &RawValue) -> Result<Option<Proxy>, Failure> {
        if Kind::of(value) == Kind::Null {
            return Ok(None);
        }
        let text = Zeroizing::new(object::string(value, &"proxy")?.into_owned());
        let tunnel = tunnel(&text).map_err(|problem| Failure::argument("proxy", problem))?;
        Ok(Some(Proxy { tunnel, exceptions: None }))
    }

    /// The first that the environment names and that can be used.
    pub fn of_environment(environment: &dyn Fn(&str) -> Option<String>) -> Option<Proxy> {
        // Of a CGI program, HTTP_PROXY is what a client's header says.
        let is_cgi = environment("REQUEST_METHOD").is_some();
        let mut trusted = VARIABLES.iter().filter(|name| !(is_cgi && **name == "HTTP_PROXY"));
        let tunnel = trusted.find_map(|name| tunnel(&environment(name)?).ok())?;
        let given = |name: &str| environment(name).filter(|value| !value.is_empty());
        let exceptions = given("NO_PROXY").or_else(|| given("no_proxy")).unwrap_or_default();
        Some(Proxy { tunnel, exceptions: Some(exceptions) })
    }

    /// Whether a call to `uri` goes through it.
    pub fn serves(&self, uri: &Uri) -> bool {
        let (Some(exceptions), Some(host)) = (&self.exceptions, uri.host()) else { return true };
        let scheme = uri.scheme().unwrap_or(&Scheme::HTTPS);
        let port = uri.authority().map_or(0, |authority| server::port(scheme, authority));
        !is_loopback(host) && !exceptions.split([',', ' ']).any(|entry| excepts(entry, host, port))
    }
}

/// The proxy at a URL, or what is wrong with that.
fn tunnel(url: &str) -> Result<ureq::Proxy, &'static str> {
    let proxy = ureq::Proxy::new(url).map_err(|_| "is not a URL like http://user:password@proxy.example:3128")?;
    if !proxy.uri().authority().is_some_and(has_usable_port) {
        return Err("its port is not a number from 1 to 65535");
    }
    match proxy.protocol() {
        ureq::ProxyProtocol::Http | ureq::ProxyProtocol::Https => Ok(proxy),
        _ => Err("SOCKS proxies are not supported; use http:// or https://"),
    }
}

/// Whether an entry of `NO_PROXY` is about this host: `*`, a name with all below it, an address, or a range of
/// addresses; each but the first and last may have a port.
fn excepts(entry: &str, host: &str, port: u16) -> bool {
    let host = bare(host);
    if let (Some((network, length)), Ok(address)) = (entry.split_once('/'), host.parse::<IpAddr>()) {
        return network.parse().is_ok_and(|network| length.parse().is_ok_and(|length| holds(network, length, address)));
    }
    let name = match entry.rsplit_once(':') {
        Some((name, digits)) if entry.parse::<IpAddr>().is_err() && digits.parse::<u16>().is_ok() => {
            if digits.parse() != Ok(port) {
                return false;
            }
            name
        }
        _ => entry,
    };
    let name = bare(name);
    if let (Ok(named), Ok(address)) = (name.parse::<IpAddr>(), host.parse::<IpAddr>()) {
        return named == address;
    }
    let name = name.strip_prefix('*').unwrap_or(name).trim_start_matches('.').trim_end_matches('.');
    let host = host.trim_end_matches('.');
    let Some(below) = host.len().checked_sub(name.len()).and_then(|at| host.split_at_checked(at)) else { return false };
    match (name, below) {
        ("", _) => entry.starts_with('*'),
        (_, ("", whole)) => whole.eq_ignore_ascii_case(name),
        (_, (below, domain)) => below.ends_with('.') && domain.eq_ignore_ascii_case(name),
    }
}

/// An address without the brackets that it has in a URL.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Whether the first `length` bits of both are the same.
fn holds(network: IpAddr, length: u32, address: IpAddr) -> bool {
    let (network, address, width) = match (network, address) {
        (IpAddr::V4(network), IpAddr::V4(address)) => (network.to_bits().into(), address.to_bits().into(), 32),
        (IpAddr::V6(network), IpAddr::V6(address)) => (network.to_bits(), address.to_bits(), 128),
        _ => return false,
    };
    let differing: u128 = network ^ address;
    length <= width && differing.checked_shr(width - length).unwrap_or(0) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(variables: &'static [(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        |name| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
    }

    fn chosen(variables: &'static [(&str, &str)]) -> Option<String> {
        Proxy::of_environment(&environment(variables)).map(|proxy| format!("{proxy:?}"))
    }

    #[test]
    fn the_first_proxy_of_the_environment_that_can_be_used_is() {
        let pair =
            &[("ALL_PROXY", "socks5://127.0.0.1:1080"), ("HTTPS_PROXY", "http://user:marked@proxy.example:3128")];
        assert_eq!(chosen(pair).as_deref(), Some("proxy.example:3128"));
        assert_eq!(chosen(&[("HTTP_PROXY", "one:1"), ("all_proxy", "two:2")]).as_deref(), Some("two:2"));
        assert_eq!(chosen(&[("https_proxy", ""), ("http_proxy", "one")]).as_deref(), Some("one:80"));
        assert_eq!(chosen(&[("HTTPS_PROXY", "http://one:99999")]), None);
        assert_eq!(chosen(&[("HTTP_PROXY", "one:1"), ("REQUEST_METHOD", "GET")]), None);
        assert_eq!(chosen(&[]), None);
    }

    #[test]
    fn no_proxy_names_hosts_domains_addresses_and_ranges() {
        let cases = [
            ("a, vault.example", "https://vault.example", true),
            ("example.com", "https://api.example.com", true),
            (".example.com", "https://example.com", true),
            ("*.example.com", "https://API.Example.com:8443", true),
            ("example.com", "https://badexample.com", false),
            ("example.com.", "https://example.com", true),
            ("vault.example:8443", "https://vault.example", false),
            ("vault.example:443", "https://vault.example", true),
            ("*", "https://any.example", true),
            ("10.0.0.0/8", "https://10.1.2.3", true),
            ("10.0.0.0/8", "https://11.1.2.3", false),
            ("0.0.0.0/0", "https://11.1.2.3", true),
            ("10.0.0.0/33", "https://10.1.2.3", false),
            ("10.1.2.3", "https://10.1.2.3:80", true),
            ("fd00::/8", "https://[fd12::1]", true),
            ("[fd12::1]:443", "https://[fd12::1]", true),
            ("fd12::1", "https://[fd12::1]", true),
            ("", "https://vault.example", false),
            (",, .", "https://vault.example", false),
            ("\u{e9}", "https://vault.example", false),
        ];
        let tunnel = ureq::Proxy::new("http://proxy.example:3128").unwrap();
        for (exceptions, url, is_one) in cases {
            let proxy = Proxy { tunnel: tunnel.clone(), exceptions: Some(exceptions.into()) };
            assert_eq!(proxy.serves(&url.parse().unwrap()), !is_one, "{exceptions:?} {url}");
        }
        let configured = Proxy { tunnel, exceptions: None };
        assert!(configured.serves(&"http://127.0.0.1".parse().unwrap()));
    }
}
