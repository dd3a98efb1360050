//! One zone and what was read of it.

use std::sync::Arc;

use crate::model::awsdns;
use crate::model::dnssec::Signing;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::records::Records;
use crate::model::zone::{DelegationSet, Visibility, Zone};

use super::{Held, Origin, Reading};

/// A zone and what was read of it; none where it was not asked for yet.
#[derive(Debug, Clone)]
pub struct ZoneEntry {
    /// What the list of zones says.
    pub zone: Zone,
    /// Where and when the list said it.
    pub origin: Origin,
    /// Its record sets.
    pub records: Option<Held<Arc<Records>>>,
    /// The NS record set at its apex, as far as the record sets were read.
    pub apex: Option<Apex>,
    /// Whether the record sets read hold an NS or a DS below the apex: few zones do, and of the others no record set is looked at.
    pub holds_cuts: bool,
    /// Its delegation set; boxed, because it is read of few zones.
    pub delegation_set: Option<Box<Held<DelegationSet>>>,
    /// Its signing; boxed likewise.
    pub signing: Option<Box<Held<Signing>>>,
}

impl ZoneEntry {
    /// Whether the internet can be delegated to it.
    pub fn is_public(&self) -> bool {
        self.zone.visibility == Visibility::Public
    }

    /// A reading that failed takes nothing away: what was held before stays, with its age, and is no longer whole.
    pub(super) fn learn_records(&mut self, reading: Reading<Arc<Records>>, origin: Origin) {
        let held = match (reading, self.records.take()) {
            (Reading::Failed(problem), Some(before)) => match before.reading {
                Reading::Whole(records) | Reading::Part(records, _) => Held {
                    reading: Reading::Part(records, problem),
                    origin: before.origin,
                },
                Reading::Failed(_) => Held {
                    reading: Reading::Failed(problem),
                    origin,
                },
            },
            (reading, _) => Held { reading, origin },
        };
        self.apex = held.value().and_then(|records| Apex::of(records));
        self.holds_cuts = held.value().is_some_and(|records| records.holds_cuts());
        self.records = Some(held);
    }

    /// The record sets that were read, whole or in part.
    pub fn records(&self) -> Option<&Records> {
        self.records.as_ref()?.value().map(AsRef::as_ref)
    }

    /// Whether everything that was asked for was read in full.
    pub fn is_whole(&self) -> bool {
        let set = self.delegation_set.as_ref().and_then(|held| held.problem());
        let signing = self.signing.as_ref().and_then(|held| held.problem());
        self.is_read() && set.or(signing).is_none()
    }

    /// Whether the record sets were read in full, in this run: only then does an absence mean something.
    pub fn is_read(&self) -> bool {
        self.records.as_ref().is_some_and(Held::is_whole)
    }
}

/// The NS record set at the apex of a zone: looked at so often that it is read from the record sets once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Apex {
    /// The names, sorted, each once.
    pub name_servers: Arc<[DnsName]>,
    /// Whether it looks as Route 53 made it: four names that it could assign, the primary server of the SOA among them.
    pub is_as_made: bool,
}

impl Apex {
    fn of(records: &Records) -> Option<Self> {
        let name_servers = records.find(b"", RecordType::NS)?.name_servers();
        let primary = primary_server(records).filter(awsdns::is_awsdns);
        let has_primary = primary.is_none_or(|primary| name_servers.contains(&primary));
        Some(Self {
            is_as_made: has_primary && awsdns::is_assignable(&name_servers),
            name_servers: name_servers.into(),
        })
    }
}

/// The primary server that the SOA record names: Route 53 puts one of the zone's own there, and hardly anybody changes it.
fn primary_server(records: &Records) -> Option<DnsName> {
    let soa = records.find(b"", RecordType::SOA)?;
    let primary = soa.values().next()?.split_ascii_whitespace().next()?;
    DnsName::parse_route53(primary).ok()
}
