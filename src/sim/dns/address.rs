//! Where name servers stand: each on a loopback address of its own, or, where the system has only 127.0.0.1, on a port of its own.
//!
//! `ns-N` stands on 127.53.x.y with x = N / 100 and y = 100 + N mod 100, so an address can be read. Nothing stands outside 127/8.

use std::net::Ipv4Addr;

use crate::model::awsdns;
use crate::model::name::DnsName;

/// Where the resolver stands.
pub(super) const RESOLVER: Ipv4Addr = Ipv4Addr::new(127, 53, 0, 53);

/// Where servers stand whose names do not follow Route 53's rule.
const OTHERS: Ipv4Addr = Ipv4Addr::new(127, 53, 32, 1);
const PER_BLOCK: u16 = 100;
const DOMAINS: [&str; 4] = ["com", "net", "org", "co.uk"];
const PER_DOMAIN: u16 = 512;

/// The address of a name server whose name follows Route 53's rule.
pub(super) fn of_server(server: &DnsName) -> Option<Ipv4Addr> {
    let number = number_of(server)?;
    let (block, host) = (number / PER_BLOCK, PER_BLOCK + number % PER_BLOCK);
    Some(Ipv4Addr::new(
        127,
        53,
        u8::try_from(block).ok()?,
        u8::try_from(host).ok()?,
    ))
}

/// The addresses of all these servers, in their order; names that do not follow the rule get 127.53.32.1 and so on.
pub(super) fn of_servers<'a>(servers: impl IntoIterator<Item = &'a DnsName>) -> impl Iterator<Item = Ipv4Addr> {
    let mut others = u32::from(OTHERS)..u32::from(Ipv4Addr::new(127, 53, 255, 255));
    servers
        .into_iter()
        .map_while(move |server| of_server(server).or_else(|| others.next().map(Ipv4Addr::from)))
}

/// The name server at an address.
pub(super) fn server_at(address: Ipv4Addr) -> Option<DnsName> {
    let [127, 53, block, host] = address.octets() else {
        return None;
    };
    let host = u16::from(host)
        .checked_sub(PER_BLOCK)
        .filter(|host| *host < PER_BLOCK)?;
    let number = u16::from(block) * PER_BLOCK + host;
    let domain = DOMAINS.get(usize::from(number / PER_DOMAIN))?;
    let group = number % PER_DOMAIN / 8;
    format!("ns-{number}.awsdns-{group:02}.{domain}").parse().ok()
}

fn number_of(server: &DnsName) -> Option<u16> {
    if !awsdns::is_plausible(server) {
        return None;
    }
    let label = std::str::from_utf8(server.first_label()?).ok()?;
    label.strip_prefix("ns-")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_and_its_address_name_each_other() {
        for (server, address) in [
            ("ns-0.awsdns-00.com", [127, 53, 0, 100]),
            ("ns-1234.awsdns-26.org", [127, 53, 12, 134]),
            ("ns-2047.awsdns-63.co.uk", [127, 53, 20, 147]),
        ] {
            let (server, address): (DnsName, _) = (server.parse().expect("a name"), Ipv4Addr::from(address));
            assert_eq!(of_server(&server), Some(address));
            assert_eq!(server_at(address), Some(server));
        }
    }

    #[test]
    fn other_names_and_addresses_stand_for_nothing() {
        for name in ["ns-1234.awsdns-26.com", "ns1.example.com", "ns-01.awsdns-00.com"] {
            assert_eq!(of_server(&name.parse().expect("a name")), None);
        }
        for address in [
            RESOLVER,
            Ipv4Addr::LOCALHOST,
            Ipv4Addr::new(127, 53, 20, 148),
            Ipv4Addr::new(127, 53, 0, 200),
        ] {
            assert_eq!(server_at(address), None);
        }
    }
}
