//! How name servers are asked: where the root is, what may be asked, how much and how fast.

use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use ipnet::IpNet;

use super::words::Ipv6Use;
use crate::model::dns::Endpoint;

/// The port of resolvers where none is named.
const PORT: u16 = 53;

/// How name servers are asked.
#[derive(Debug, Clone, PartialEq)]
pub struct Dns {
    /// Whether they are asked at all.
    pub live: bool,
    /// A hints file that names the root servers; none for those of the internet.
    pub roots: Option<PathBuf>,
    /// A file with the trust anchors; none for those of the internet's root, and for none where the root is another.
    pub trust_anchor: Option<PathBuf>,
    /// The port of all name servers.
    pub port: u16,
    /// The resolvers whose answers are shown beside those of the authoritative servers.
    pub resolvers: Vec<Resolver>,
    /// Resolvers over HTTPS, whose answers are shown beside those, and alone where port 53 is filtered.
    pub doh: Vec<Endpoint>,
    /// Networks that may be asked although they are set aside for something else than name servers on the internet.
    pub allow: Vec<IpNet>,
    /// Whether IPv6 addresses are asked.
    pub ipv6: Ipv6Use,
    /// The most queries of one check to find the way.
    pub queries: u32,
    /// The most time of one check.
    pub deadline: Duration,
    /// Queries a second to one address of a stranger.
    pub rps: u32,
    /// Queries under way to one address of a stranger.
    pub in_flight: u32,
    /// Queries a second to one address that the accounts' own zones are on.
    pub own_rps: u32,
    /// Queries under way to one such address.
    pub own_in_flight: u32,
    /// Queries a second in all.
    pub total_rps: u32,
}

impl Default for Dns {
    fn default() -> Self {
        Self {
            live: true,
            roots: None,
            trust_anchor: None,
            port: 53,
            resolvers: vec![Resolver::System],
            doh: Vec::new(),
            allow: Vec::new(),
            ipv6: Ipv6Use::Auto,
            queries: 64,
            deadline: Duration::from_secs(10),
            rps: 5,
            in_flight: 2,
            own_rps: 50,
            own_in_flight: 8,
            total_rps: 500,
        }
    }
}

/// A resolver whose answers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Resolver {
    /// Those that this machine uses.
    System,
    /// One by its address and port.
    At(SocketAddr),
}

/// A text that is no resolver.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a resolver is \"system\" or an IP address, with or without a port")]
pub struct BadResolver;

impl FromStr for Resolver {
    type Err = BadResolver;

    fn from_str(text: &str) -> Result<Self, BadResolver> {
        match text {
            "system" => Ok(Self::System),
            _ => {
                let address = text.parse().map(|address: IpAddr| SocketAddr::new(address, PORT));
                let address = address.or_else(|_| text.parse());
                address.map(Self::At).map_err(|_| BadResolver)
            }
        }
    }
}

impl std::fmt::Display for Resolver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::System => f.pad("system"),
            Self::At(at) if at.port() == PORT => at.ip().fmt(f),
            Self::At(at) => at.fmt(f),
        }
    }
}
