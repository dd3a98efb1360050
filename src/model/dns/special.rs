//! Special-purpose addresses (RFC 6890, IANA's two registries, multicast): a name server on the internet cannot be there.
//!
//! An IPv4 address that is embedded in an IPv6 one (mapped, NAT64, 6to4) counts as the former.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is no name server's on the internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SpecialPurpose(&'static str);

impl SpecialPurpose {
    /// The purpose that the registry calls so; none where it calls none so.
    pub fn read(word: &str) -> Option<Self> {
        let ipv4 = IPV4.iter().map(|(_, _, purpose)| *purpose);
        let mut all = ipv4.chain(IPV6.iter().map(|(_, _, purpose)| *purpose));
        all.find(|purpose| *purpose == word).map(Self)
    }

    /// The purpose, in the registry's words: `private use`, `loopback`.
    pub fn as_str(self) -> &'static str {
        self.0
    }
}

/// Network, length of its prefix, purpose.
const IPV4: [(Ipv4Addr, u32, &str); 20] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private use"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared address space"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private use"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "IETF protocol assignments"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation"),
    (Ipv4Addr::new(192, 31, 196, 0), 24, "AS112"),
    (Ipv4Addr::new(192, 52, 193, 0), 24, "AMT"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "deprecated 6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private use"),
    (Ipv4Addr::new(192, 175, 48, 0), 24, "AS112"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "benchmarking"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(233, 252, 0, 0), 24, "documentation"),
    (Ipv4Addr::new(255, 255, 255, 255), 32, "limited broadcast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

/// Network, length of its prefix, purpose. The first that fits counts.
const IPV6: [(Ipv6Addr, u32, &str); 17] = [
    (Ipv6Addr::LOCALHOST, 128, "loopback"),
    (Ipv6Addr::UNSPECIFIED, 128, "unspecified address"),
    (
        Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0),
        48,
        "local-use translation",
    ),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, "discard only"),
    (Ipv6Addr::new(0x100, 0, 0, 1, 0, 0, 0, 0), 64, "dummy prefix"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, "Teredo"),
    (Ipv6Addr::new(0x2001, 2, 0, 0, 0, 0, 0, 0), 48, "benchmarking"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "documentation"),
    (
        Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0),
        23,
        "IETF protocol assignments",
    ),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48, "AS112"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "documentation"),
    (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16, "segment routing"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "unique local"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "link-local"),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, "deprecated site-local"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "multicast"),
    (
        Ipv6Addr::new(0, 0, 0, 0, 0, 0, 0, 0),
        96,
        "deprecated IPv4-compatible address",
    ),
];

/// What an address is set aside for; none where it can be a name server's on the internet.
pub fn special_purpose(address: IpAddr) -> Option<SpecialPurpose> {
    match address {
        IpAddr::V4(address) => of_ipv4(address),
        IpAddr::V6(address) => match embedded(address) {
            Some(inner) => of_ipv4(inner),
            None => of_ipv6(address),
        },
    }
}

fn of_ipv4(address: Ipv4Addr) -> Option<SpecialPurpose> {
    let bits = address.to_bits();
    let found = IPV4
        .iter()
        .find(|(network, length, _)| (bits ^ network.to_bits()).leading_zeros() >= *length);
    found.map(|(_, _, purpose)| SpecialPurpose(purpose))
}

fn of_ipv6(address: Ipv6Addr) -> Option<SpecialPurpose> {
    let bits = address.to_bits();
    let found = IPV6
        .iter()
        .find(|(network, length, _)| (bits ^ network.to_bits()).leading_zeros() >= *length);
    found.map(|(_, _, purpose)| SpecialPurpose(purpose))
}

/// The IPv4 address that an IPv6 address leads to: mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let octets = address.octets();
    match (address.segments(), octets) {
        ([0, 0, 0, 0, 0, 0xffff, ..], [.., a, b, c, d])
        | ([0x64, 0xff9b, 0, 0, 0, 0, ..], [.., a, b, c, d])
        | ([0x2002, ..], [_, _, a, b, c, d, ..]) => Some(Ipv4Addr::new(a, b, c, d)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn purpose(address: &str) -> Option<&'static str> {
        special_purpose(address.parse().expect("an address")).map(SpecialPurpose::as_str)
    }

    #[test]
    fn the_edges_of_each_network_are_inside_and_their_neighbours_are_not() {
        for (inside, outside) in [
            (["10.0.0.0", "10.255.255.255"], ["9.255.255.255", "11.0.0.0"]),
            (["100.64.0.0", "100.127.255.255"], ["100.63.255.255", "100.128.0.0"]),
            (["127.0.0.0", "127.255.255.255"], ["126.255.255.255", "128.0.0.0"]),
            (["169.254.0.0", "169.254.169.254"], ["169.253.255.255", "169.255.0.0"]),
            (["172.16.0.0", "172.31.255.255"], ["172.15.255.255", "172.32.0.0"]),
            (["192.168.0.0", "192.168.255.255"], ["192.167.255.255", "192.169.0.0"]),
            (["198.18.0.0", "198.19.255.255"], ["198.17.255.255", "198.20.0.0"]),
            (["fc00::", "fdff::1"], ["fbff::1", "2606::1"]),
            (["fe80::1", "febf::1"], ["2a00::1", "2600::1"]),
            (["2001:db8::", "2001:db8:ffff::1"], ["2001:db7:ffff::1", "2001:db9::"]),
            (["3fff::", "3fff:fff:ffff::1"], ["3fff:1000::", "3ffe::1"]),
        ] {
            for address in inside {
                assert!(purpose(address).is_some(), "{address}");
            }
            for address in outside {
                assert_eq!(purpose(address), None, "{address}");
            }
        }
    }

    #[test]
    fn every_other_special_network_is_known() {
        for address in [
            "0.1.2.3",
            "192.0.0.170",
            "192.0.2.1",
            "192.31.196.1",
            "192.52.193.1",
            "192.88.99.1",
            "192.175.48.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "100:0:0:1::1",
            "2001::1",
            "2001:2::1",
            "2001:20::1",
            "2620:4f:8000::1",
            "5f00::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(purpose(address).is_some(), "{address}");
        }
    }

    #[test]
    fn every_purpose_is_known_by_its_word() {
        for address in ["10.0.0.1", "240.0.0.1", "::1", "fec0::1"] {
            let word = purpose(address).expect("a special address");
            assert_eq!(SpecialPurpose::read(word).map(SpecialPurpose::as_str), Some(word));
        }
        assert_eq!(SpecialPurpose::read("name servers"), None);
    }

    #[test]
    fn an_address_in_disguise_is_what_it_leads_to() {
        for (disguised, expected) in [
            ("::ffff:127.0.0.1", Some("loopback")),
            ("64:ff9b::169.254.169.254", Some("link-local")),
            ("2002:a00:1::1", Some("private use")),
            ("::ffff:8.8.8.8", None),
            ("64:ff9b::8.8.8.8", None),
        ] {
            assert_eq!(purpose(disguised), expected, "{disguised}");
        }
    }
}
