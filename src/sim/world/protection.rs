//! A protection of a zone: a name and a type at which nothing may be changed.
//!
//! Protections are equal and ordered by what they protect, as record sets are listed; the comment does not count.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::line;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::sim::order::route53_order;
use crate::sim::record::ResourceRecordSet;

/// A protection.
#[derive(Debug, Clone)]
pub struct Protection {
    /// The name.
    pub name: DnsName,
    /// The type.
    pub record_type: RecordType,
    /// Why.
    pub comment: Option<String>,
}

impl Protection {
    /// A protection of a name and a type.
    pub fn new(name: DnsName, record_type: RecordType, comment: Option<String>) -> Self {
        Self {
            name,
            record_type,
            comment,
        }
    }

    /// Whether a record set is protected by it, whatever its set identifier.
    pub fn covers(&self, set: &ResourceRecordSet) -> bool {
        self.name == set.name && self.record_type == set.record_type
    }

    /// Whether it is listed before a name, or before a type of this name.
    pub fn is_before(&self, name: &DnsName, record_type: Option<RecordType>) -> bool {
        let by_type = |record_type: RecordType| self.record_type.as_str().cmp(record_type.as_str());
        let order = route53_order(&self.name, name);
        order.then(record_type.map_or(Ordering::Equal, by_type)).is_lt()
    }
}

/// Reads the lines that protect names and types of a zone.
pub(super) fn read_all(lines: &[String], zone: &DnsName) -> Result<BTreeSet<Protection>, String> {
    let read = |text: &String| line::protection(text, zone).map_err(|why| format!("protected {text:?}: {why}"));
    lines.iter().map(read).collect()
}

impl Ord for Protection {
    fn cmp(&self, other: &Self) -> Ordering {
        route53_order(&self.name, &other.name).then_with(|| self.record_type.as_str().cmp(other.record_type.as_str()))
    }
}

impl PartialOrd for Protection {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Protection {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Protection {}
