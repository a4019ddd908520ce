//! Reads `server_url`. Pure.

use std::borrow::Cow;
use std::net::IpAddr;

use percent_encoding::{AsciiSet, utf8_percent_encode};
use ureq::http::Uri;
use ureq::http::uri::{Authority, Scheme};

use crate::error::Failure;

/// The server that requests are sent to.
#[derive(Clone, Debug)]
pub struct Server {
    pub scheme: Scheme,
    pub authority: Authority,
    /// The path in front of every operation's path, without a slash at its end.
    pub base_path: String,
}

impl Server {
    /// Reads a `server_url`. A host with non-ASCII characters is converted to its ASCII form. Non-ASCII characters in
    /// the path are percent-encoded.
    ///
    /// # Errors
    ///
    /// Fails with `INVALID_ARGUMENT` if the text is not an absolute http or https URL without user, query and fragment.
    /// Fails too if it is plain http to another machine, unless `insecure` is true.
    pub fn read(text: &str, insecure: bool) -> Result<Server, Failure> {
        let fail = |problem: &str| Failure::argument("server_url", problem);
        if text.contains('@') {
            return Err(fail("must not contain a user or password"));
        }
        if text.contains(['?', '#']) {
            return Err(fail("must not contain a query or fragment"));
        }
        let text = ascii_url(text).map_err(fail)?;
        let uri: Uri = text.parse().map_err(|_| fail("is not a URL like https://unify.apideck.com"))?;
        let parts = uri.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else {
            return Err(fail("must be absolute, like https://unify.apideck.com"));
        };
        if authority.host().is_empty() {
            return Err(fail("has no host; expected a URL like https://unify.apideck.com"));
        }
        if !has_usable_port(&authority) {
            return Err(fail("its port is not a number from 1 to 65535"));
        }
        let plain = scheme == Scheme::HTTP;
        if !plain && scheme != Scheme::HTTPS {
            return Err(fail("must begin with https:// (or http:// for a loopback address)"));
        }
        if plain && !insecure && !is_loopback(authority.host()) {
            return Err(fail(
                "plain http would expose the API key to the network; use https, or set allow_insecure_http",
            ));
        }
        let path = parts.path_and_query.map(|path| path.as_str().to_string()).unwrap_or_default();
        Ok(Server { scheme, authority, base_path: path.trim_end_matches('/').to_string() })
    }
}

/// Returns a URL in ASCII. The host is converted with IDNA (UTS 46, non-transitional), as in curl. The rest is
/// percent-encoded, as in Go and httpx (curl 7.88 sends the path unchanged). A URL that is ASCII already is borrowed.
///
/// # Errors
///
/// Fails if the host has no ASCII form. The error is the end of a message.
pub fn ascii_url(url: &str) -> Result<Cow<'_, str>, &'static str> {
    /// No ASCII character. Non-ASCII characters are always encoded.
    const NO_ASCII: &AsciiSet = &AsciiSet::EMPTY;
    if url.is_ascii() {
        return Ok(Cow::Borrowed(url));
    }
    let authority_at = url.find("://").map_or(0, |at| at + 3);
    let (scheme, rest) = url.split_at(authority_at);
    let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (user, place) = authority.split_at(authority.rfind('@').map_or(0, |at| at + 1));
    let (host, port) = place.split_at(place.rfind(':').unwrap_or(place.len()));
    let host = ascii_host(host).ok_or("its host is not a valid internationalized name; write its xn-- form")?;
    let [user, path] = [user, path].map(|part| utf8_percent_encode(part, NO_ASCII));
    Ok(Cow::Owned(format!("{scheme}{user}{host}{port}{path}")))
}

/// Returns the ASCII form of a host name, if it has one.
pub fn ascii_host(host: &str) -> Option<Cow<'_, str>> {
    if host.is_ascii() {
        return Some(Cow::Borrowed(host));
    }
    idna::domain_to_ascii_cow(host.as_bytes(), idna::AsciiDenyList::URL).ok().filter(|host| !host.is_empty())
}

/// Returns whether the authority has no port or a valid one. An invalid port must not be replaced by the default port.
pub fn has_usable_port(authority: &Authority) -> bool {
    let text = authority.as_str();
    let place = text.rsplit_once('@').map_or(text, |(_, place)| place);
    match place.strip_prefix(authority.host()).and_then(|rest| rest.strip_prefix(':')) {
        None => place == authority.host(),
        Some(port) => port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok_and(|port| port > 0),
    }
}

/// Returns whether `host`, as written in a URL, is a loopback address or `localhost`.
pub fn is_loopback(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    bare.eq_ignore_ascii_case("localhost") || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Returns the port of a URL, or the default port of its scheme.
pub fn port(scheme: &Scheme, authority: &Authority) -> u16 {
    authority.port_u16().unwrap_or(if *scheme == Scheme::HTTP { 80 } else { 443 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_with_other_than_ascii_characters_is_sent_in_ascii() {
        for (url, host, path) in [
            ("https://münchen.example/v1/", "xn--mnchen-3ya.example", "/v1"),
            ("https://MÜNCHEN.example:8443/größe/ü", "xn--mnchen-3ya.example:8443", "/gr%C3%B6%C3%9Fe/%C3%BC"),
            ("https://faß.example", "xn--fa-hia.example", ""), // not "fass": non-transitional
            ("https://日本語。example/%E6/日", "xn--wgv71a119e.example", "/%E6/%E6%97%A5"),
            ("https://vault.example/ü", "vault.example", "/%C3%BC"),
            ("http://１２７.0.0.1:80/", "127.0.0.1:80", ""),
        ] {
            let server = Server::read(url, false).unwrap_or_else(|failure| panic!("{url}: {failure:?}"));
            assert_eq!((server.authority.as_str(), server.base_path.as_str()), (host, path), "{url}");
        }
    }

    #[test]
    fn a_host_that_is_not_a_valid_name_is_refused() {
        for url in [
            "https://\u{ad}/",
            "https://a\u{ff0f}ü.example",
            "https://xn--ü.example",
            "https://ü\u{ff20}evil.example",
            "https://ü ü/",
        ] {
            let message = Server::read(url, false).err().map(|failure| failure.message).unwrap_or_default();
            assert!(
                message.starts_with("server_url: its host is not a valid internationalized name"),
                "{url}: {message}"
            );
        }
    }
}
