//! Where name servers stand: each on a loopback address of its own.
//!
//! `ns-N` stands on 127.53.x.y with x = N / 100 and y = 100 + N mod 100, so an address can be read; who tells these addresses, on
//! 127.53.100.1 and so on. Root servers stand on 127.53.31.1 and so on, all others on 127.53.32.1 and so on.

use core::net::Ipv4Addr;
use std::collections::{BTreeSet, HashMap};

use super::address_zones;
use crate::model::awsdns;
use crate::model::name::DnsName;

/// Where the resolver stands.
pub const RESOLVER: Ipv4Addr = Ipv4Addr::new(127, 53, 0, 53);
/// The blocks in which the servers stand that tell the addresses of Route 53's servers.
const OF_ADDRESS_ZONES: usize = 100;
/// Where the first root server stands.
const ROOT: Ipv4Addr = Ipv4Addr::new(127, 53, 31, 1);
/// Where the first server stands whose name does not follow Route 53's rule.
const OTHERS: Ipv4Addr = Ipv4Addr::new(127, 53, 32, 1);
const PER_BLOCK: usize = 100;
const DOMAINS: [&str; 4] = ["com", "net", "org", "co.uk"];
const PER_DOMAIN: usize = 512;

/// Which server stands where.
#[derive(Debug, Clone, Default)]
pub struct Places {
    addresses: HashMap<DnsName, Ipv4Addr>,
    names: HashMap<Ipv4Addr, DnsName>,
}

impl Places {
    /// Places for the root servers, in their order, and for others.
    pub(super) fn new<'a>(roots: &[DnsName], others: impl IntoIterator<Item = &'a DnsName>) -> Self {
        let roots: Vec<&DnsName> = roots.iter().filter(|server| of_rule(server).is_none()).collect();
        let others: BTreeSet<&DnsName> = others
            .into_iter()
            .filter(|server| of_rule(server).is_none() && !roots.contains(server))
            .collect();
        let roots = roots.into_iter().zip(addresses_from(ROOT));
        let placed = roots.chain(others.into_iter().zip(addresses_from(OTHERS)));
        let mut places = Self::default();
        for (server, address) in placed {
            places.addresses.insert(server.clone(), address);
            places.names.insert(address, server.clone());
        }
        places
    }

    /// The address of a name server; none for a name that is no server's.
    pub fn address_of(&self, server: &DnsName) -> Option<Ipv4Addr> {
        of_rule(server).or_else(|| self.addresses.get(server).copied())
    }

    /// The name server at an address.
    pub fn server_at(&self, address: Ipv4Addr) -> Option<DnsName> {
        at_rule(address).or_else(|| self.names.get(&address).cloned())
    }

    /// The servers whose names do not follow Route 53's rule.
    pub fn others(&self) -> impl Iterator<Item = &DnsName> {
        self.names.values()
    }
}

fn addresses_from(first: Ipv4Addr) -> impl Iterator<Item = Ipv4Addr> {
    (u32::from(first)..=u32::from(Ipv4Addr::new(127, 53, 255, 254)))
        .map(Ipv4Addr::from)
        .filter(|address| !matches!(address.octets(), [.., 0 | 255]))
}

/// The address that a name itself tells.
fn of_rule(server: &DnsName) -> Option<Ipv4Addr> {
    let (block, host) = match address_zones::place_among_servers(server) {
        Some(place) => (OF_ADDRESS_ZONES + place / PER_BLOCK, 1 + place % PER_BLOCK),
        None => number_of(server).map(|number| (number / PER_BLOCK, PER_BLOCK + number % PER_BLOCK))?,
    };
    Some(Ipv4Addr::new(
        127,
        53,
        u8::try_from(block).ok()?,
        u8::try_from(host).ok()?,
    ))
}

/// The server that an address itself tells.
fn at_rule(address: Ipv4Addr) -> Option<DnsName> {
    let [127, 53, block, host] = address.octets() else {
        return None;
    };
    let (block, host) = (usize::from(block), usize::from(host));
    if let (Some(block), Some(host @ 0..PER_BLOCK)) = (block.checked_sub(OF_ADDRESS_ZONES), host.checked_sub(1)) {
        return address_zones::server(block * PER_BLOCK + host);
    }
    let host = host.checked_sub(PER_BLOCK).filter(|host| *host < PER_BLOCK)?;
    let number = block * PER_BLOCK + host;
    let domain = DOMAINS.get(number / PER_DOMAIN)?;
    let group = number % PER_DOMAIN / 8;
    format!("ns-{number}.awsdns-{group:02}.{domain}").parse().ok()
}

fn number_of(server: &DnsName) -> Option<usize> {
    if !awsdns::is_plausible(server) {
        return None;
    }
    let label = std::str::from_utf8(server.first_label()?).ok()?;
    label.strip_prefix("ns-")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DnsName {
        text.parse().expect("a name")
    }

    #[test]
    fn a_server_and_its_address_name_each_other() {
        let roots = [name("a.root-servers.example"), name("b.root-servers.example")];
        let others = [name("ns2.other.example"), name("ns1.other.example")];
        let places = Places::new(&roots, &others);
        for (server, address) in [
            ("ns-0.awsdns-00.com", [127, 53, 0, 100]),
            ("ns-1234.awsdns-26.org", [127, 53, 12, 134]),
            ("ns-2047.awsdns-63.co.uk", [127, 53, 20, 147]),
            ("g-ns-1.awsdns-00.com", [127, 53, 100, 1]),
            ("g-ns-2.awsdns-63.co.uk", [127, 53, 105, 12]),
            ("b.root-servers.example", [127, 53, 31, 2]),
            ("ns1.other.example", [127, 53, 32, 1]),
            ("ns2.other.example", [127, 53, 32, 2]),
        ] {
            let (server, address) = (name(server), Ipv4Addr::from(address));
            assert_eq!(places.address_of(&server), Some(address));
            assert_eq!(places.server_at(address), Some(server));
        }
    }

    #[test]
    fn other_names_and_addresses_stand_for_nothing() {
        let places = Places::default();
        for server in ["ns-1234.awsdns-26.com", "ns1.example.com", "ns-01.awsdns-00.com"] {
            assert_eq!(places.address_of(&name(server)), None);
        }
        for address in [
            RESOLVER,
            Ipv4Addr::LOCALHOST,
            Ipv4Addr::new(127, 53, 20, 148),
            Ipv4Addr::new(127, 53, 0, 200),
            ROOT,
        ] {
            assert_eq!(places.server_at(address), None);
        }
    }
}
