//! The cuts that changes of record sets touch: who is referred to at each, before and after, and the DS beside that.
//!
//! Invariant: a change of an NS or a DS record set below the apex touches the cut of its name, whoever asked for it.

use crate::model::name::DnsName;
use crate::model::record::RecordType;

use super::batch::{Change, Wanted};
use super::cut::servers_of;
use super::exact::ExactSet;
use super::live::LiveZone;

/// A cut that changes of record sets touch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TouchedCut {
    /// Its name.
    pub name: DnsName,
    /// The name servers before; none where there is no NS record set.
    pub before: Option<Vec<DnsName>>,
    /// The name servers afterwards.
    pub after: Option<Vec<DnsName>>,
    /// The DS record set afterwards.
    pub ds: Option<ExactSet>,
    /// Whether that is another one than before.
    pub is_ds_new: bool,
}

impl TouchedCut {
    /// The name servers that come, where they are others than before.
    pub fn coming(&self) -> Option<&[DnsName]> {
        self.after.as_deref().filter(|_| self.before != self.after)
    }

    /// The name servers that nobody is referred to any more.
    pub fn going(&self) -> Option<&[DnsName]> {
        self.before.as_deref().filter(|_| self.after.is_none())
    }

    /// The DS that resolvers will go by, where it or what it is about is new.
    pub fn anchor(&self) -> Option<&ExactSet> {
        let is_new = self.is_ds_new || self.coming().is_some();
        self.ds.as_ref().filter(|_| is_new && self.after.is_some())
    }
}

/// The cuts that changes of a zone touch, each once, in the order of the changes.
pub fn cuts(zone: &LiveZone, changes: &[Change]) -> Vec<TouchedCut> {
    let mut cuts: Vec<TouchedCut> = Vec::new();
    for change in changes {
        let name = change.name();
        let is_of_cut = [
            change.old().map(|old| old.record_type),
            change.name_and_type().map(|new| new.1),
        ]
        .into_iter()
        .flatten()
        .any(|kind| kind == RecordType::NS || kind == RecordType::DS);
        if is_of_cut && name.is_below(&zone.name) && cuts.iter().all(|cut| cut.name != *name) {
            cuts.push(cut(zone, changes, name));
        }
    }
    cuts
}

fn cut(zone: &LiveZone, changes: &[Change], name: &DnsName) -> TouchedCut {
    let servers = |set: &ExactSet| {
        let mut servers = servers_of(set);
        servers.sort();
        servers
    };
    let ds = after(zone, changes, name, RecordType::DS);
    TouchedCut {
        name: name.clone(),
        before: zone.sets.find(name, RecordType::NS).map(servers),
        after: after(zone, changes, name, RecordType::NS).map(servers),
        is_ds_new: ds != zone.sets.find(name, RecordType::DS),
        ds: ds.cloned(),
    }
}

/// What stands at a name afterwards.
fn after<'a>(zone: &'a LiveZone, changes: &'a [Change], name: &DnsName, kind: RecordType) -> Option<&'a ExactSet> {
    let comes = changes.iter().filter_map(Change::wanted).find_map(|new| match new {
        Wanted::Set(set) if set.name == *name && set.record_type == kind => Some(set),
        _ => None,
    });
    let is_gone = |set: &&ExactSet| changes.iter().filter_map(Change::old).any(|old| old == *set);
    comes.or_else(|| zone.sets.find(name, kind).filter(|set| !is_gone(set)))
}
