//! The data of records as servers send it, as far as verdicts depend on it (RFC 1035 section 3.3, RFC 4034).

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;

/// What a record holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rdata {
    /// An IPv4 address.
    A(Ipv4Addr),
    /// An IPv6 address.
    Aaaa(Ipv6Addr),
    /// The name of a name server.
    Ns(DnsName),
    /// The canonical name.
    Cname(DnsName),
    /// Where everything below the owner is.
    Dname(DnsName),
    /// The start of a zone of authority.
    Soa(Soa),
    /// A delegation signer.
    Ds(DsValue),
    /// A key.
    Dnskey(Dnskey),
    /// A signature.
    Rrsig(Rrsig),
    /// Anything else, as on the wire, with the names in it in lower case where RFC 4034 section 6.2 says so.
    Other(Vec<u8>),
}

/// The data of an SOA record (RFC 1035 section 3.3.13); times in seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Soa {
    /// MNAME: the primary server.
    pub primary: DnsName,
    /// RNAME: the mailbox of whoever is responsible.
    pub contact: DnsName,
    /// The version; Route 53 leaves it at 1.
    pub serial: u32,
    /// How often secondaries look.
    pub refresh: u32,
    /// How soon they try again.
    pub retry: u32,
    /// After how long they give up.
    pub expire: u32,
    /// The most that a negative answer is kept (RFC 2308 section 4), together with the record's own TTL.
    pub minimum: u32,
}

/// The data of a DNSKEY record (RFC 4034 section 2).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dnskey {
    /// 256 for a zone key, 257 with the secure-entry-point bit.
    pub flags: u16,
    /// Always 3.
    pub protocol: u8,
    /// The algorithm's number.
    pub algorithm: u8,
    /// The key.
    pub public_key: Vec<u8>,
}

/// The data of an RRSIG record (RFC 4034 section 3).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rrsig {
    /// The number of the type that is signed.
    pub type_covered: u16,
    /// The algorithm's number.
    pub algorithm: u8,
    /// The labels of the owner, a wildcard's not counted.
    pub labels: u8,
    /// The TTL that was signed.
    pub original_ttl: u32,
    /// When it ends, in seconds since 1970, modulo 2^32.
    pub expiration: u32,
    /// When it begins, likewise.
    pub inception: u32,
    /// The tag of the key.
    pub key_tag: u16,
    /// The zone that signed.
    pub signer: DnsName,
    /// The signature.
    pub signature: Vec<u8>,
}

impl Rdata {
    /// The address, where it is one.
    pub fn address(&self) -> Option<IpAddr> {
        match self {
            Self::A(address) => Some(IpAddr::V4(*address)),
            Self::Aaaa(address) => Some(IpAddr::V6(*address)),
            _ => None,
        }
    }
}

impl Rdata {
    /// The name, where it is that of a name server.
    pub fn name_server(&self) -> Option<DnsName> {
        match self {
            Self::Ns(name) => Some(name.clone()),
            _ => None,
        }
    }
}

impl Rdata {
    /// The octets in canonical form (RFC 4034 section 6.2), as signatures are made of them; none of a signature.
    pub fn canonical(&self) -> Option<Vec<u8>> {
        Some(match self {
            Self::A(address) => address.octets().to_vec(),
            Self::Aaaa(address) => address.octets().to_vec(),
            // Names are held in lower case.
            Self::Ns(name) | Self::Cname(name) | Self::Dname(name) => name.as_wire().to_vec(),
            Self::Soa(soa) => soa.octets(),
            Self::Ds(value) => value.octets()?,
            Self::Dnskey(key) => key.octets(),
            Self::Other(octets) => octets.clone(),
            Self::Rrsig(_) => return None,
        })
    }
}

impl Soa {
    /// The octets of the record's data.
    fn octets(&self) -> Vec<u8> {
        let mut octets = [self.primary.as_wire(), self.contact.as_wire()].concat();
        for number in [self.serial, self.refresh, self.retry, self.expire, self.minimum] {
            octets.extend_from_slice(&number.to_be_bytes());
        }
        octets
    }
}

impl Dnskey {
    /// The octets of the record's data.
    pub fn octets(&self) -> Vec<u8> {
        let mut octets = self.flags.to_be_bytes().to_vec();
        octets.extend_from_slice(&[self.protocol, self.algorithm]);
        octets.extend_from_slice(&self.public_key);
        octets
    }

    /// The key tag (RFC 4034 appendix B; algorithm 1, which has a rule of its own, is long out of use).
    pub fn tag(&self) -> u16 {
        let sum = self.octets().chunks(2).fold(0_u32, |sum, pair| {
            let high = pair.first().copied().unwrap_or(0);
            let low = pair.get(1).copied().unwrap_or(0);
            sum.wrapping_add(u32::from(u16::from_be_bytes([high, low])))
        });
        let folded = sum.wrapping_add(sum >> 16) & 0xffff;
        u16::try_from(folded).unwrap_or(u16::MAX)
    }

    /// Whether it is a zone's key, and not revoked (RFC 4034 section 2.1.1, RFC 5011 section 7).
    pub fn signs_zones(&self) -> bool {
        const ZONE: u16 = 0x0100;
        const REVOKED: u16 = 0x0080;
        self.flags & ZONE != 0 && self.flags & REVOKED == 0 && self.protocol == 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_is_that_of_the_standard() {
        // RFC 6605 section 6.1.
        let public_key = aws_smithy_types::base64::decode(
            "GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==",
        )
        .expect("base64");
        let key = Dnskey {
            flags: 257,
            protocol: 3,
            algorithm: 13,
            public_key,
        };
        assert_eq!(key.tag(), 55648);
        assert!(key.signs_zones());
    }
}
