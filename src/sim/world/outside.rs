//! Zones that are not in Route 53: the root, the registries', and those of other providers.
//!
//! Invariant: record sets are sorted as [`super::place`] wants them.

use std::collections::HashMap;
use std::sync::Arc;

use super::behaviour::{Behaviour, Misbehaviour};
use super::places::Places;
use super::signing::{Signatures, ZoneSigning};
use super::spec::{DelegationSpec, Ds};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::sim::order::sort_key;
use crate::sim::record::ResourceRecordSet;

/// The TTL of the SOA record set that is made for such a zone.
const SOA_TTL: u32 = 3_600;

/// A zone that is not in Route 53, as some servers have it. Several may share a name: servers that do not agree.
#[derive(Debug, Clone)]
pub struct OutsideZone {
    /// The apex.
    pub name: DnsName,
    /// The servers that have it.
    pub servers: Vec<DnsName>,
    /// Its signing.
    pub signing: ZoneSigning,
    records: Arc<Vec<ResourceRecordSet>>,
}

/// Such a zone to build.
#[derive(Debug, Clone)]
pub struct OutsideSpec {
    /// The apex.
    pub name: DnsName,
    /// The servers that have it; two of its own, where none are given.
    pub servers: Vec<DnsName>,
    /// What the closest zone above it holds, where that is not in Route 53 either. What nothing leads to is an old copy, and stays
    /// as its lines say.
    pub delegation: DelegationSpec,
    /// The values of the apex NS record set, where they are not the servers.
    pub apex_ns: Option<Vec<String>>,
    /// `SIGNING` or `NOT_SIGNING`.
    pub signing: String,
    /// What is wrong with its signatures.
    pub signatures: Signatures,
    /// Whether the zone above gets a DS of its key beside the delegation.
    pub ds: Ds,
    /// The handle of the hosted zone of the same name whose record sets it has.
    pub copy_of: Option<String>,
    /// Record sets as lines; see [`super::line`].
    pub lines: Vec<String>,
}

/// All such zones, and who serves them where.
#[derive(Debug, Clone, Default)]
pub struct Outside {
    zones: Vec<OutsideZone>,
    served: HashMap<DnsName, Vec<usize>>,
    places: Places,
    misbehaviours: HashMap<DnsName, Vec<Misbehaviour>>,
}

impl OutsideSpec {
    /// A zone that the zone above delegates to, served by these servers.
    pub fn new(name: DnsName, servers: Vec<DnsName>) -> Self {
        Self {
            name,
            servers,
            delegation: DelegationSpec::Own,
            apex_ns: None,
            signing: "NOT_SIGNING".into(),
            signatures: Signatures::Valid,
            ds: Ds::Absent,
            copy_of: None,
            lines: Vec::new(),
        }
    }
}

impl OutsideZone {
    pub(super) fn new(name: DnsName, servers: Vec<DnsName>, records: Arc<Vec<ResourceRecordSet>>) -> Self {
        Self {
            name,
            servers,
            signing: ZoneSigning::unsigned(),
            records,
        }
    }

    /// All record sets, sorted.
    pub fn records(&self) -> &[ResourceRecordSet] {
        &self.records
    }

    /// The record sets, to keep.
    pub fn snapshot(&self) -> Arc<Vec<ResourceRecordSet>> {
        Arc::clone(&self.records)
    }
}

impl Outside {
    pub(super) fn new(zones: Vec<OutsideZone>, places: Places, misbehaviours: Vec<Misbehaviour>) -> Self {
        let mut served: HashMap<DnsName, Vec<usize>> = HashMap::new();
        for (index, zone) in zones.iter().enumerate() {
            for server in &zone.servers {
                let serves = served.entry(server.clone()).or_default();
                if serves.last() != Some(&index) {
                    serves.push(index);
                }
            }
        }
        let mut by_server: HashMap<DnsName, Vec<Misbehaviour>> = HashMap::new();
        for misbehaviour in misbehaviours {
            by_server
                .entry(misbehaviour.server.clone())
                .or_default()
                .push(misbehaviour);
        }
        Self {
            zones,
            served,
            places,
            misbehaviours: by_server,
        }
    }

    /// All these zones.
    pub fn zones(&self) -> &[OutsideZone] {
        &self.zones
    }

    /// Where each server of the world stands.
    pub fn places(&self) -> &Places {
        &self.places
    }

    /// The zones that a server has.
    pub fn served_by<'a>(&'a self, server: &DnsName) -> impl Iterator<Item = &'a OutsideZone> {
        let places = self.served.get(server).into_iter().flatten();
        places.filter_map(|place| self.zones.get(*place))
    }

    /// How a server misbehaves when a name is asked for.
    pub fn behaviours(&self, server: &DnsName, name: &DnsName) -> Vec<Behaviour> {
        let all = self.misbehaviours.get(server).into_iter().flatten();
        all.filter(|misbehaviour| misbehaviour.concerns(name))
            .map(|misbehaviour| misbehaviour.behaviour)
            .collect()
    }

    /// Whether a server's sockets are so.
    pub fn has_sockets(&self, server: &DnsName, behaviour: Behaviour) -> bool {
        let all = self.misbehaviours.get(server);
        all.is_some_and(|all| all.iter().any(|known| known.behaviour == behaviour))
    }

    /// The root servers.
    pub fn root_servers(&self) -> &[DnsName] {
        let root = self.zones.iter().find(|zone| zone.name.is_root());
        root.map_or(&[], |zone| &zone.servers)
    }
}

/// The SOA record set of a zone of these servers.
pub(super) fn start_of_authority(name: &DnsName, servers: &[DnsName]) -> ResourceRecordSet {
    let primary = servers.first().cloned().unwrap_or_else(DnsName::root);
    let contact = match name.is_root() {
        true => "hostmaster.root-servers.example.".to_owned(),
        false => format!("hostmaster.{}.", name.to_route53().trim_end_matches('.')),
    };
    let value = format!("{primary}. {contact} 2026112301 7200 900 1209600 3600");
    ResourceRecordSet::simple(name.clone(), RecordType::SOA, SOA_TTL, [value])
}

/// Sorts record sets as listings and servers want them.
pub(super) fn sort(records: &mut [ResourceRecordSet]) {
    records.sort_by_cached_key(|set| {
        (
            sort_key(&set.name),
            set.name.as_wire().to_vec(),
            set.record_type.to_string(),
            set.set_identifier().map(str::to_owned),
        )
    });
}
