//! Where a resolver listens over HTTPS (RFC 8484): a URL of which every part is known to be harmless.
//!
//! Invariant: without TLS it is an address of this very machine.

use core::net::IpAddr;
use core::str::FromStr;

/// The path that nearly all such resolvers have.
const PATH: &str = "/dns-query";
/// The most characters of a URL.
const LONGEST: usize = 512;

/// The URL of a resolver over HTTPS.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Endpoint {
    scheme: Scheme,
    host: Host,
    port: u16,
    path: Box<str>,
}

/// Whether a connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scheme {
    /// It is.
    Https,
    /// It is not: the resolver is on this machine.
    Http,
}

/// Where a resolver is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Host {
    /// At an address.
    At(IpAddr),
    /// Wherever this machine says that a name leads.
    Named(Box<str>),
}

/// A text that is no such URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a resolver over HTTPS is a URL such as \"https://dns.example/dns-query\"; http:// is for addresses of this machine alone"
)]
pub struct BadEndpoint;

impl Endpoint {
    /// Whether connections to it are encrypted.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// Where it is.
    pub fn host(&self) -> &Host {
        &self.host
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its path, which begins with a slash.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The host, and the port where it is another than that of the scheme.
    pub fn authority(&self) -> String {
        let host = match &self.host {
            Host::At(IpAddr::V6(address)) => format!("[{address}]"),
            Host::At(address) => address.to_string(),
            Host::Named(name) => name.to_string(),
        };
        match self.port == self.scheme.port() {
            true => host,
            false => format!("{host}:{}", self.port),
        }
    }
}

impl Scheme {
    fn port(self) -> u16 {
        match self {
            Self::Https => 443,
            Self::Http => 80,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Https => "https",
            Self::Http => "http",
        }
    }
}

impl FromStr for Endpoint {
    type Err = BadEndpoint;

    fn from_str(text: &str) -> Result<Self, BadEndpoint> {
        read(text).ok_or(BadEndpoint)
    }
}

/// Reads a URL; the variable part of a template (RFC 6570), as some resolvers are published with, is left out.
fn read(text: &str) -> Option<Endpoint> {
    let (scheme, rest) = text.split_once("://")?;
    let scheme = match scheme.to_ascii_lowercase().as_str() {
        "https" => Scheme::Https,
        "http" => Scheme::Http,
        _ => return None,
    };
    let rest = rest.strip_suffix("{?dns}").unwrap_or(rest);
    let (authority, path) = match rest.find('/') {
        Some(at) => rest.split_at_checked(at)?,
        None => (rest, PATH),
    };
    let path = if path == "/" { PATH } else { path };
    let is_plain = |octet: u8| octet.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:@".contains(&octet);
    let (host, port) = split_port(authority)?;
    let port = match port {
        Some(port) => port.parse().ok().filter(|port| *port > 0)?,
        None => scheme.port(),
    };
    let host = host_of(host)?;
    let is_here = matches!(&host, Host::At(address) if address.is_loopback());
    let fits = text.len() <= LONGEST && path.bytes().all(is_plain) && (scheme == Scheme::Https || is_here);
    fits.then(|| Endpoint {
        scheme,
        host,
        port,
        path: path.into(),
    })
}

/// The host and the port; an IPv6 address is in brackets.
fn split_port(authority: &str) -> Option<(&str, Option<&str>)> {
    if let Some(rest) = authority.strip_prefix('[') {
        let (_, after) = rest.split_once(']')?;
        let (host, _) = authority.split_at_checked(authority.len() - after.len())?;
        return match after.strip_prefix(':') {
            Some(port) => Some((host, Some(port))),
            None => after.is_empty().then_some((host, None)),
        };
    }
    match authority.split_once(':') {
        Some((host, port)) => Some((host, Some(port))),
        None => Some((authority, None)),
    }
}

fn host_of(text: &str) -> Option<Host> {
    if let Some(address) = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return address.parse().ok().map(IpAddr::V6).map(Host::At);
    }
    if let Ok(address) = text.parse() {
        return Some(Host::At(IpAddr::V4(address)));
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && label
                .bytes()
                .all(|octet| octet.is_ascii_alphanumeric() || octet == b'-')
    };
    let is_name = text.len() <= 253 && text.split('.').all(is_label);
    // A last label of digits is an address that was mistyped.
    let is_number = text
        .rsplit('.')
        .next()
        .is_some_and(|last| last.bytes().all(|octet| octet.is_ascii_digit()));
    (is_name && !is_number).then(|| Host::Named(text.to_ascii_lowercase().into()))
}

impl core::fmt::Display for Endpoint {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{}://{}{}", self.scheme.word(), self.authority(), self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_read_and_written_alike() {
        for (text, written) in [
            ("https://dns.example/dns-query", "https://dns.example/dns-query"),
            ("HTTPS://DNS.Example", "https://dns.example/dns-query"),
            ("https://192.0.2.1:8443/q{?dns}", "https://192.0.2.1:8443/q"),
            ("https://[2001:db8::1]/", "https://[2001:db8::1]/dns-query"),
            ("http://127.0.0.1:8053/a/b", "http://127.0.0.1:8053/a/b"),
            ("http://[::1]:1/x", "http://[::1]:1/x"),
        ] {
            assert_eq!(
                text.parse().map(|url: Endpoint| url.to_string()),
                Ok(written.to_owned())
            );
        }
    }

    #[test]
    fn what_would_not_be_encrypted_or_is_no_url_is_refused() {
        for text in [
            "",
            "dns.example",
            "http://dns.example/dns-query",
            "http://localhost/dns-query",
            "http://192.0.2.1/dns-query",
            "ftp://127.0.0.1/",
            "https://",
            "https:///dns-query",
            "https://user:word@dns.example/dns-query",
            "https://dns.example:0/",
            "https://dns.example:99999/",
            "https://dns.example/a b",
            "https://dns.example/a\r\nHost: x",
            "https://dns.example/\u{1b}[2J",
            "https://dns.example/dns-query?dns=1",
            "https://[::1/dns-query",
            "https://[::1]x/dns-query",
            "https://1.2.3/dns-query",
            "https://a..b/dns-query",
        ] {
            assert_eq!(text.parse::<Endpoint>(), Err(BadEndpoint), "{text:?}");
        }
    }
}
