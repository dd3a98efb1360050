//! Hosted zones: what Route 53 says about one, apart from its record sets.

use std::fmt;

use super::account::AccountIx;
use super::name::DnsName;
use super::text::Untrusted;

/// The id of a hosted zone, without `/hostedzone/`: letters, digits, `-` and `_`, at most 64 of them.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ZoneId(Box<str>);

impl ZoneId {
    /// Reads an id, with or without the `/hostedzone/` before it; none where it holds anything else.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.strip_prefix("/hostedzone/").unwrap_or(text);
        let fits = !text.is_empty() && text.len() <= 64;
        let plain = text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
        (fits && plain).then(|| Self(text.into()))
    }

    /// The id.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ZoneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ZoneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What identifies a hosted zone across accounts. Its name does not: several zones may share one.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ZoneKey {
    /// The account it is in.
    pub account: AccountIx,
    /// Its id there.
    pub id: ZoneId,
}

/// Who can resolve a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Served to the internet.
    Public,
    /// Served to the VPCs it is associated with.
    Private,
}

/// A hosted zone, as `ListHostedZones` gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone {
    /// What identifies it.
    pub key: ZoneKey,
    /// Its apex.
    pub name: DnsName,
    /// Public or private.
    pub visibility: Visibility,
    /// `ResourceRecordSetCount`: how many record sets a complete reading must give.
    pub record_count: Option<u64>,
    /// The comment a person or a program gave it.
    pub comment: Untrusted,
    /// The AWS service that made it and alone may change it (Cloud Map, for one).
    pub linked_service: Option<Untrusted>,
}

/// The name servers that Route 53 assigned to a zone (`GetHostedZone`): the truth about who serves it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DelegationSet {
    /// The id, where the set is reusable.
    pub id: Option<Untrusted>,
    /// The names, sorted.
    pub name_servers: Vec<DnsName>,
}
