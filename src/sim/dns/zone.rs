//! One hosted zone as its name servers see it: nodes, zone cuts, wildcards. Each look costs O(log n) of the record sets.
//!
//! Invariant: what lies below a zone cut is never handed out; callers look for the cut first.

use std::sync::Arc;

use super::signer::Signer;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::sim::order::sort_key;
use crate::sim::record::ResourceRecordSet;
use crate::sim::world::place;
use crate::sim::world::signing::ZoneSigning;

/// The record sets of a zone at one moment.
#[derive(Debug, Clone)]
pub(super) struct ServedZone {
    pub(super) apex: DnsName,
    /// Who signs what it answers; nobody where it is not signed.
    pub(super) signer: Option<Signer>,
    records: Arc<Vec<ResourceRecordSet>>,
}

/// What is found at a name.
pub(super) enum Node<'a> {
    /// Record sets, which may stand at a wildcard that covers the name.
    Sets(&'a [ResourceRecordSet]),
    /// Nothing, but the name exists: something lies below it (RFC 4592 section 2.2.2).
    EmptyNonTerminal,
    /// Nothing: the name does not exist.
    Missing,
}

impl ServedZone {
    pub(super) fn new(apex: DnsName, records: Arc<Vec<ResourceRecordSet>>) -> Self {
        Self {
            apex,
            signer: None,
            records,
        }
    }

    /// The same, signed at a time in seconds since 1970, where the zone is signed.
    pub(super) fn signed(self, signing: &ZoneSigning, time: i64) -> Self {
        let keys = signing.served.as_ref();
        let signer = keys.map(|keys| Signer::new(self.apex.clone(), Arc::clone(keys), time));
        Self { signer, ..self }
    }

    /// The record sets whose owner is exactly `name`.
    pub(super) fn at(&self, name: &DnsName) -> &[ResourceRecordSet] {
        let rest = self.from(name);
        let count = rest.iter().take_while(|set| set.name == *name).count();
        rest.split_at_checked(count).unwrap_or_default().0
    }

    /// The topmost zone cut at or above `name` and below the apex.
    pub(super) fn cut_above(&self, name: &DnsName) -> Option<&ResourceRecordSet> {
        let below_apex = name.label_count().saturating_sub(self.apex.label_count());
        let mut cut = None;
        for suffix in name.suffixes().take(below_apex) {
            let owner = DnsName::from_suffix(suffix);
            cut = self
                .at(&owner)
                .iter()
                .find(|set| set.record_type == RecordType::NS)
                .or(cut);
        }
        cut
    }

    /// What is found at a name, wildcards applied by the rule of the closest encloser (RFC 4592 section 3.3.1).
    pub(super) fn node(&self, name: &DnsName) -> Node<'_> {
        match self.at(name) {
            [] if self.exists(name) => Node::EmptyNonTerminal,
            [] => self.covered(name),
            sets => Node::Sets(sets),
        }
    }

    fn covered(&self, name: &DnsName) -> Node<'_> {
        let encloser = name
            .ancestors()
            .take_while(|ancestor| ancestor.is_at_or_below(&self.apex))
            .find(|ancestor| self.exists(ancestor));
        let Some(source) = encloser.and_then(|encloser| encloser.child(b"*").ok()) else {
            return Node::Missing;
        };
        match self.at(&source) {
            [] if self.exists(&source) => Node::EmptyNonTerminal,
            [] => Node::Missing,
            sets => Node::Sets(sets),
        }
    }

    /// Whether any record set lies at or below a name.
    fn exists(&self, name: &DnsName) -> bool {
        let prefix = sort_key(name);
        self.from(name)
            .iter()
            .take_while(|set| sort_key(&set.name).starts_with(&prefix))
            .any(|set| set.name.is_at_or_below(name))
    }

    fn from(&self, name: &DnsName) -> &[ResourceRecordSet] {
        let from = place(&self.records, name, None, None);
        self.records.split_at_checked(from).unwrap_or_default().1
    }
}
