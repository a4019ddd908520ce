//! Chooses the proxy of a call, if it has one: the configured one, or the one of the environment with its exceptions.
//! Pure.
//!
//! The environment is read as curl, Go and httpx read it. Where they differ, these rules apply:
//!
//! * A lower-case variable takes precedence over the upper-case one, as in curl and Python. In Go it is the reverse.
//! * An empty variable counts as not set, as in curl and Go.
//! * `ALL_PROXY` is for both schemes, as in curl and httpx. Go does not read it.
//! * `HTTP_PROXY` is ignored if `REQUEST_METHOD` is set, as in Python: in a CGI program, a client's header sets it.
//! * Calls to loopback addresses are direct, as in Go.
//! * An entry of `NO_PROXY` names a domain and its subdomains, with or without a leading dot, as in curl.

use std::fmt;
use std::net::IpAddr;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::value::RawValue;
use ureq::http::uri::{Authority, Scheme};
use ureq::http::{HeaderValue, Uri};
use zeroize::Zeroizing;

use crate::error::Failure;
use crate::object::{self, Kind};
use crate::server::{self, ascii_host, ascii_url, has_usable_port, is_loopback};

/// The variables for servers of each scheme, in the order of their precedence.
const HTTPS_VARIABLES: &[&str] = &["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
const HTTP_VARIABLES: &[&str] = &["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"];

/// An HTTP proxy.
#[derive(Clone)]
pub struct Proxy {
    /// Scheme, host and port, without user and password.
    pub uri: Uri,
    /// The value of `Proxy-Authorization`.
    pub credentials: Option<HeaderValue>,
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.uri.authority().map_or("", Authority::as_str))
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}") // never its credentials
    }
}

/// The proxies of a client.
#[derive(Clone, Debug)]
pub enum Proxies {
    /// The proxy that the configuration names, for every server, or none.
    Configured(Option<Proxy>),
    /// The proxies that the environment names.
    Environment {
        /// The proxy for https servers. A variable that cannot be used is an error of the calls that need it.
        https: Option<Result<Proxy, Failure>>,
        http: Option<Result<Proxy, Failure>>,
        /// `NO_PROXY`.
        exceptions: String,
    },
}

impl Proxies {
    /// Reads the value of `proxy` in a configuration. `null` means "no proxy".
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT`. The message never repeats the URL, which may hold a password.
    pub fn read(value: &RawValue) -> Result<Proxies, Failure> {
        if Kind::of(value) == Kind::Null {
            return Ok(Proxies::Configured(None));
        }
        let text = Zeroizing::new(object::string(value, &"proxy")?.into_owned());
        let proxy = Proxy::parse(&text).map_err(|problem| Failure::argument("proxy", problem))?;
        Ok(Proxies::Configured(Some(proxy)))
    }

    /// Reads the proxies of the environment. `environment` looks up a variable.
    pub fn of_environment(environment: &dyn Fn(&str) -> Option<String>) -> Proxies {
        let given = |name: &str| environment(name).filter(|value| !value.is_empty());
        // A client of a CGI program sets HTTP_PROXY with a header. On Windows the lower-case name is the same variable.
        let is_cgi = environment("REQUEST_METHOD").is_some();
        let is_forged = |name: &str| is_cgi && (name == "HTTP_PROXY" || (cfg!(windows) && name == "http_proxy"));
        let first = |variables: &[&str]| {
            let mut trusted = variables.iter().filter(|name| !is_forged(name));
            let (name, url) = trusted.find_map(|name| Some((name, Zeroizing::new(given(name)?))))?;
            Some(Proxy::parse(&url).map_err(|problem| Failure::argument(name, problem)))
        };
        Proxies::Environment {
            https: first(HTTPS_VARIABLES),
            http: first(HTTP_VARIABLES),
            exceptions: given("no_proxy").or_else(|| given("NO_PROXY")).unwrap_or_default(),
        }
    }

    /// Returns the proxy of calls to a server, or `None` if they are direct.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if the environment's proxy cannot be used. The message names the variable.
    pub fn of(&self, scheme: &Scheme, authority: &Authority) -> Result<Option<&Proxy>, Failure> {
        match self {
            Proxies::Configured(proxy) => Ok(proxy.as_ref()),
            Proxies::Environment { https, http, exceptions } => {
                let chosen = if *scheme == Scheme::HTTP { http } else { https };
                let (host, port) = (authority.host(), server::port(scheme, authority));
                let is_excepted =
                    || is_loopback(host) || exceptions.split([',', ' ']).any(|entry| excepts(entry, host, port));
                match chosen {
                    Some(chosen) if !is_excepted() => chosen.as_ref().map(Some).map_err(Failure::clone),
                    _ => Ok(None),
                }
            }
        }
    }

    /// Returns the proxy for servers of this scheme, if there is one that can be used.
    pub fn for_scheme(&self, scheme: &Scheme) -> Option<&Proxy> {
        match self {
            Proxies::Configured(proxy) => proxy.as_ref(),
            Proxies::Environment { https, http, .. } => {
                let chosen = if *scheme == Scheme::HTTP { http } else { https };
                chosen.as_ref().and_then(|chosen| chosen.as_ref().ok())
            }
        }
    }
}

impl Proxy {
    /// Reads the URL of a proxy.
    ///
    /// # Errors
    ///
    /// Fails if the URL cannot be used. The error is the end of a message.
    fn parse(url: &str) -> Result<Proxy, &'static str> {
        const PROBLEM: &str = "is not a URL like http://user:password@proxy.example:3128";
        let url = Zeroizing::new(ascii_url(url)?.into_owned());
        // This decodes the percent-encoding of user and password. A URL without a scheme is http.
        let parsed = ureq::Proxy::new(&url).map_err(|_| PROBLEM)?;
        let authority = parsed.uri().authority().ok_or(PROBLEM)?;
        if authority.host().is_empty() {
            return Err(PROBLEM);
        }
        if !has_usable_port(authority) {
            return Err("its port is not a number from 1 to 65535");
        }
        let scheme = match parsed.protocol() {
            ureq::ProxyProtocol::Http => Scheme::HTTP,
            ureq::ProxyProtocol::Https => Scheme::HTTPS,
            _ => return Err("SOCKS proxies are not supported; use http:// or https://"),
        };
        let uri = Uri::builder().scheme(scheme).authority(format!("{}:{}", parsed.host(), parsed.port()));
        let credentials = match (parsed.username(), parsed.password()) {
            (None, None) => None,
            (user, password) => {
                let [user, password] = [user, password].map(Option::unwrap_or_default);
                let pair = Zeroizing::new(format!("{user}:{password}"));
                let mut value =
                    HeaderValue::try_from(format!("Basic {}", BASE64_STANDARD.encode(&*pair))).map_err(|_| PROBLEM)?;
                value.set_sensitive(true);
                Some(value)
            }
        };
        Ok(Proxy { uri: uri.path_and_query("/").build().map_err(|_| PROBLEM)?, credentials })
    }
}

/// Returns whether an entry of `NO_PROXY` matches this host. An entry is `*`, a name with its subdomains, an address,
/// or a range of addresses. A name or an address may have a port.
fn excepts(entry: &str, host: &str, port: u16) -> bool {
    let host = bare(host);
    if let (Some((network, length)), Ok(address)) = (entry.split_once('/'), host.parse::<IpAddr>()) {
        return network
            .parse()
            .is_ok_and(|network| length.parse().is_ok_and(|length| contains(network, length, address)));
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
    let Some(name) = ascii_host(name) else { return false };
    let host = host.trim_end_matches('.');
    let Some(below) = host.len().checked_sub(name.len()).and_then(|at| host.split_at_checked(at)) else { return false };
    match (&*name, below) {
        ("", _) => entry.starts_with('*'),
        (name, ("", whole)) => whole.eq_ignore_ascii_case(name),
        (name, (below, domain)) => below.ends_with('.') && domain.eq_ignore_ascii_case(name),
    }
}

/// Returns an address without the brackets that it has in a URL.
fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

/// Returns whether the first `length` bits of both addresses are the same.
fn contains(network: IpAddr, length: u32, address: IpAddr) -> bool {
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

    fn proxies(variables: &'static [(&str, &str)]) -> Proxies {
        Proxies::of_environment(&|name| {
            variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string())
        })
    }

    /// Returns the proxy of a call to `url` in an environment: its host and port, "direct", or the error message.
    fn chosen(variables: &'static [(&str, &str)], url: &str) -> String {
        let parts = url.parse::<Uri>().unwrap().into_parts();
        match proxies(variables).of(&parts.scheme.unwrap(), &parts.authority.unwrap()) {
            Ok(Some(proxy)) => proxy.to_string(),
            Ok(None) => "direct".to_string(),
            Err(failure) => failure.message,
        }
    }

    #[test]
    fn the_environments_proxy_is_chosen_by_the_scheme_of_the_server() {
        const BOTH: &[(&str, &str)] = &[("HTTPS_PROXY", "secure:1"), ("HTTP_PROXY", "plain:2"), ("ALL_PROXY", "all:3")];
        for (variables, https, http) in [
            (BOTH, "secure:1", "plain:2"),
            (&[("HTTP_PROXY", "plain:2")], "direct", "plain:2"),
            (&[("HTTPS_PROXY", "secure:1")], "secure:1", "direct"),
            (&[("HTTP_PROXY", "plain:2"), ("all_proxy", "all:3")], "all:3", "plain:2"),
            (&[("all_proxy", "low:1"), ("ALL_PROXY", "up:2")], "low:1", "low:1"),
            (&[("https_proxy", "low:1"), ("HTTPS_PROXY", "up:2")], "low:1", "direct"),
            (&[("http_proxy", "low:1"), ("HTTP_PROXY", "up:2")], "direct", "low:1"),
            (&[("https_proxy", ""), ("HTTPS_PROXY", "up:2"), ("http_proxy", ""), ("ALL_PROXY", "")], "up:2", "direct"),
            (&[("HTTP_PROXY", "plain"), ("HTTPS_PROXY", "https://secure")], "secure:443", "plain:80"),
            (&[("HTTPS_PROXY", "http://user:marked@b\u{fc}cher.example:1")], "xn--bcher-kva.example:1", "direct"),
            // In a CGI program, a client's header sets HTTP_PROXY.
            (&[("HTTP_PROXY", "forged:1"), ("REQUEST_METHOD", "GET")], "direct", "direct"),
            (&[("HTTP_PROXY", "forged:1"), ("ALL_PROXY", "all:3"), ("REQUEST_METHOD", "GET")], "all:3", "all:3"),
            (&[("HTTPS_PROXY", "secure:1"), ("REQUEST_METHOD", "GET")], "secure:1", "direct"),
            (&[], "direct", "direct"),
        ] {
            assert_eq!(chosen(variables, "https://vault.example"), https, "{variables:?}");
            assert_eq!(chosen(variables, "http://vault.example"), http, "{variables:?}");
        }
    }

    #[test]
    fn a_variable_that_cannot_be_used_is_refused_by_name_and_never_ignored() {
        for (variables, refusal) in [
            (
                &[("ALL_PROXY", "socks5://127.0.0.1:1080")] as &'static [_],
                "ALL_PROXY: SOCKS proxies are not supported; use http:// or https://",
            ),
            (
                &[("https_proxy", "socks5h://user:marked@one"), ("ALL_PROXY", "two:2")],
                "https_proxy: SOCKS proxies are not supported; use http:// or https://",
            ),
            (&[("HTTPS_PROXY", "http://one:99999")], "HTTPS_PROXY: its port is not a number from 1 to 65535"),
            (
                &[("HTTPS_PROXY", "ftp://one:21"), ("HTTP_PROXY", "two:2")],
                "HTTPS_PROXY: is not a URL like http://user:password@proxy.example:3128",
            ),
        ] {
            assert_eq!(chosen(variables, "https://vault.example"), refusal, "{variables:?}");
            // A call to a loopback address does not need the variable.
            assert_eq!(chosen(variables, "https://127.0.0.1"), "direct");
        }
        assert_eq!(
            chosen(&[("HTTPS_PROXY", "socks5://one"), ("NO_PROXY", "example")], "https://vault.example"),
            "direct"
        );
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
            ("vault.example:80", "http://vault.example", true),
            ("b\u{fc}cher.example", "https://xn--bcher-kva.example", true),
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
        let proxy = Proxy::parse("http://proxy.example:3128").unwrap();
        for (exceptions, url, is_one) in cases {
            let chosen = Some(Ok(proxy.clone()));
            let proxies =
                Proxies::Environment { https: chosen.clone(), http: chosen, exceptions: exceptions.to_string() };
            let parts = url.parse::<Uri>().unwrap().into_parts();
            let found = proxies.of(&parts.scheme.unwrap(), &parts.authority.unwrap()).unwrap();
            assert_eq!(found.is_none(), is_one, "{exceptions:?} {url}");
        }
        let configured = Proxies::Configured(Some(proxy));
        assert!(configured.of(&Scheme::HTTP, &Authority::from_static("127.0.0.1")).unwrap().is_some());
    }

    #[test]
    fn credentials_are_decoded_and_never_shown() {
        for (url, credentials) in [
            ("http://user:p%40ss@proxy.example", Some("Basic dXNlcjpwQHNz")),
            ("http://user@proxy.example", Some("Basic dXNlcjo=")),
            ("proxy.example", None),
        ] {
            let proxy = Proxy::parse(url).unwrap();
            assert_eq!(proxy.credentials.as_ref().map(|value| value.to_str().unwrap()), credentials);
            assert_eq!(
                (format!("{proxy:?}"), proxy.uri.to_string().as_str()),
                ("proxy.example:80".into(), "http://proxy.example:80/")
            );
        }
    }
}
