//! Record sets as Route 53 lists them (Route 53's "resource record set", RFC 9499's RRset plus routing).

mod number;

use std::fmt;

use super::awsdns;
use super::name::DnsName;
use super::text::Untrusted;

/// A record type by its mnemonic, upper case: at most 11 letters and digits, known to us or not.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RecordType {
    text: [u8; 11],
    len: u8,
}

impl RecordType {
    /// An IPv4 address.
    pub const A: Self = Self::literal("A");
    /// An IPv6 address.
    pub const AAAA: Self = Self::literal("AAAA");
    /// A canonical name.
    pub const CNAME: Self = Self::literal("CNAME");
    /// A redirection of everything below a name.
    pub const DNAME: Self = Self::literal("DNAME");
    /// A key that signs a zone.
    pub const DNSKEY: Self = Self::literal("DNSKEY");
    /// What the child wishes the DS to be (RFC 7344).
    pub const CDS: Self = Self::literal("CDS");
    /// A delegation signer.
    pub const DS: Self = Self::literal("DS");
    /// A mail exchange.
    pub const MX: Self = Self::literal("MX");
    /// A name server.
    pub const NS: Self = Self::literal("NS");
    /// A pointer.
    pub const PTR: Self = Self::literal("PTR");
    /// A signature over a record set.
    pub const RRSIG: Self = Self::literal("RRSIG");
    /// A start of authority.
    pub const SOA: Self = Self::literal("SOA");
    /// Free text.
    pub const TXT: Self = Self::literal("TXT");

    const fn literal(text: &'static str) -> Self {
        match Self::read(text) {
            Some(record_type) => record_type,
            None => Self { text: [0; 11], len: 0 },
        }
    }

    /// Reads a mnemonic; none where it is empty, too long, or holds anything but letters and digits.
    pub const fn read(mnemonic: &str) -> Option<Self> {
        let mut rest = mnemonic.as_bytes();
        let mut text = [0_u8; 11];
        if rest.is_empty() || rest.len() > text.len() {
            return None;
        }
        let len = rest.len() as u8;
        let mut room: &mut [u8] = &mut text;
        while let (Some((octet, tail)), Some((slot, room_tail))) = (rest.split_first(), room.split_first_mut()) {
            if !octet.is_ascii_alphanumeric() {
                return None;
            }
            *slot = octet.to_ascii_uppercase();
            rest = tail;
            room = room_tail;
        }
        Some(Self { text, len })
    }

    /// The mnemonic.
    pub fn as_str(&self) -> &str {
        self.text
            .get(..usize::from(self.len))
            .and_then(|t| std::str::from_utf8(t).ok())
            .expect("only ASCII letters and digits are stored")
    }

    /// Whether records of this type hold an address: A or AAAA.
    pub fn is_address(self) -> bool {
        self == Self::A || self == Self::AAAA
    }
}

impl fmt::Display for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for RecordType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// All records of one name, type and set identifier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordSet {
    /// The owner.
    pub name: DnsName,
    /// The type.
    pub record_type: RecordType,
    /// The time to live in seconds; an alias has none.
    pub ttl: Option<u32>,
    /// What it holds.
    pub data: RecordData,
    /// The routing policy, unless it is simple.
    pub routing: Option<Routing>,
}

/// What a record set holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordData {
    /// The values, each in Route 53's text form, as stored.
    Values(Vec<Untrusted>),
    /// A Route 53 alias, resolved by its servers.
    Alias(Alias),
}

/// The target of a Route 53 alias record set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alias {
    /// The DNS name of the target, as stored.
    pub target: Untrusted,
    /// The hosted zone id of the target, which may be an AWS service's.
    pub zone_id: Untrusted,
}

/// A routing policy other than simple.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Routing {
    /// What tells this record set from others of its name and type.
    pub set_identifier: Untrusted,
    /// The policy in words: `weighted 10`, `failover PRIMARY`, `geolocation EU`.
    pub policy: Untrusted,
}

impl RecordSet {
    /// The values; an alias has none.
    pub fn values(&self) -> &[Untrusted] {
        match &self.data {
            RecordData::Values(values) => values,
            RecordData::Alias(_) => &[],
        }
    }
}

/// Reads the values of an NS record set as a sorted set of names; a value that is no name is left out.
pub fn name_servers<'a>(values: impl IntoIterator<Item = &'a [u8]>) -> Vec<DnsName> {
    let read = |value| {
        let known = awsdns::read(value).cloned();
        known.or_else(|| DnsName::parse_route53(std::str::from_utf8(value).ok()?.trim()).ok())
    };
    let mut names: Vec<DnsName> = values.into_iter().filter_map(read).collect();
    names.sort();
    names.dedup();
    names
}
