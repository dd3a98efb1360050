//! The resolvers that a trace asks beside the servers: those that are named, and those that this machine uses.

use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use crate::config::{Dns, Resolver as Configured};
use crate::model::dns::{Choice, Endpoint, Resolver, ResolverPlace};

/// Where this machine says which resolvers it uses (resolv.conf(5)).
const SYSTEM: &str = "/etc/resolv.conf";
/// The C library uses no more than three.
const MAX_SYSTEM: usize = 3;
const PORT: u16 = 53;

/// A resolver as a flag names it: `system`, an address, or an address and a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Named {
    /// Those that this machine uses.
    System,
    /// One by its address.
    At(SocketAddr),
    /// One over HTTPS.
    Https(Endpoint),
}

impl FromStr for Named {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "system" {
            return Ok(Self::System);
        }
        if text.contains("://") {
            return text.parse().map(Self::Https).map_err(|_| {
                "a resolver over HTTPS is a URL such as https://dns.example/dns-query; http:// is for addresses of this machine alone"
            });
        }
        let address = text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, PORT));
        let address = address.or_else(|_| text.parse::<SocketAddr>());
        address
            .map(Self::At)
            .map_err(|_| "a resolver is `system`, an IP address, with or without a port, or an https:// URL")
    }
}

impl From<&Configured> for Named {
    fn from(configured: &Configured) -> Self {
        match configured {
            Configured::System => Self::System,
            Configured::At(address) => Self::At(*address),
        }
    }
}

/// The resolvers that these words mean, each once.
pub fn all(named: impl IntoIterator<Item = Named>) -> Vec<Resolver> {
    let mut resolvers: Vec<Resolver> = Vec::new();
    for one in named {
        let meant = match one {
            Named::System => system(&std::fs::read_to_string(SYSTEM).unwrap_or_default()),
            Named::At(address) => vec![chosen(ResolverPlace::At(address))],
            Named::Https(endpoint) => vec![chosen(ResolverPlace::Https(endpoint))],
        };
        for resolver in meant {
            if !resolvers.iter().any(|other| other.place == resolver.place) {
                resolvers.push(resolver);
            }
        }
    }
    resolvers
}

/// A resolver that a person named.
fn chosen(place: ResolverPlace) -> Resolver {
    Resolver {
        place,
        choice: Choice::Named,
    }
}

/// The resolvers that the configuration names; those over HTTPS last.
pub fn configured(dns: &Dns) -> impl Iterator<Item = Named> + '_ {
    let over_https = dns.doh.iter().cloned().map(Named::Https);
    dns.resolvers.iter().map(Named::from).chain(over_https)
}

/// The resolvers that resolv.conf names.
fn system(text: &str) -> Vec<Resolver> {
    let named = text.lines().filter_map(|line| {
        let mut words = line.split_ascii_whitespace();
        (words.next()? == "nameserver").then(|| words.next()?.parse::<IpAddr>().ok())?
    });
    named
        .take(MAX_SYSTEM)
        .map(|address| Resolver {
            place: ResolverPlace::At(SocketAddr::new(address, PORT)),
            choice: Choice::System,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_system_s_resolvers_are_those_of_resolv_conf_three_at_most() {
        let text = "# nameserver 9.9.9.9\nsearch example.com\nnameserver 127.0.0.53\nnameserver fe80::1%eth0\n\
                    nameserver ::1\nnameserver\nnameserver 5.0.0.1\nnameserver 5.0.0.2\n";
        let addresses: Vec<String> = system(text).iter().map(ToString::to_string).collect();
        assert_eq!(addresses, ["127.0.0.53", "::1", "5.0.0.1"]);
    }

    #[test]
    fn a_resolver_may_have_a_port_and_is_asked_once() {
        let named: Vec<Named> = ["127.0.0.1:5353", "127.0.0.1", "127.0.0.1:53", "[::1]:5353"]
            .map(|text| text.parse().expect("a resolver"))
            .into();
        let addresses: Vec<String> = all(named).iter().map(ToString::to_string).collect();
        assert_eq!(addresses, ["127.0.0.1:5353", "127.0.0.1", "[::1]:5353"]);
        assert!("dns.example".parse::<Named>().is_err());
    }
}
