//! The part of the internet that a world needs: the root, registries, the address zones of Route 53's servers, other providers.
//!
//! What the file gives stands; what lacks is added, so that every server's name can be found and every registered zone is
//! delegated from above.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;

use super::address_zones;
use super::behaviour::Misbehaviour;
use super::outside::{self, Outside, OutsideSpec, OutsideZone};
use super::places::Places;
use super::signing::{ZoneSigning, ds_value};
use super::spec::{DelegationSpec, Ds};
use crate::model::awsdns;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::sim::record::ResourceRecordSet;

/// The TTL of delegations by registries, and of the addresses of servers.
const TTL: u32 = 172_800;
/// The TTL of DS records in registries.
const DS_TTL: u32 = 86_400;
/// Where the root servers' names lie.
const ROOT_SERVERS: [&str; 2] = ["a.root-servers.example", "b.root-servers.example"];
/// The first labels of a registry's servers.
const REGISTRY_SERVERS: [&[u8]; 2] = [b"a", b"b"];
/// Registries that are no top-level domains.
const REGISTRIES: [&str; 3] = ["co.uk", "in-addr.arpa", "ip6.arpa"];

/// A zone that the one above it delegates to.
#[derive(Debug)]
pub(super) struct Registered {
    name: DnsName,
    delegation: ResourceRecordSet,
    ds: Option<ResourceRecordSet>,
    /// The zone's own addresses of its servers.
    glue: Vec<ResourceRecordSet>,
}

impl Registered {
    /// A zone that is delegated to by this NS record set; `records` are the zone's own.
    pub(super) fn new(name: DnsName, delegation: ResourceRecordSet, records: &[ResourceRecordSet]) -> Self {
        let servers: BTreeSet<DnsName> = in_domain(&name, &delegation).collect();
        let is_glue = |set: &&ResourceRecordSet| set.record_type.is_address() && servers.contains(&set.name);
        let glue = records.iter().filter(is_glue).cloned().collect();
        Self {
            name,
            delegation,
            ds: None,
            glue,
        }
    }

    /// The same with a DS record set that holds this value.
    pub(super) fn with_ds(self, value: Option<String>) -> Self {
        let ds = value.map(|value| ResourceRecordSet::simple(self.name.clone(), RecordType::DS, DS_TTL, [value]));
        Self { ds, ..self }
    }

    /// The delegation with the addresses of the servers that lie at or below the zone.
    fn into_sets(self, places: &Places) -> Vec<ResourceRecordSet> {
        let mut sets: Vec<_> = self
            .glue
            .into_iter()
            .map(|set| ResourceRecordSet { ttl: Some(TTL), ..set })
            .collect();
        for server in in_domain(&self.name, &self.delegation) {
            if !sets.iter().any(|set| set.name == server) {
                sets.extend(address_set(&server, places));
            }
        }
        sets.push(self.delegation);
        sets.extend(self.ds);
        sets
    }
}

/// The servers of a delegation whose names lie at or below the zone.
fn in_domain(zone: &DnsName, delegation: &ResourceRecordSet) -> impl Iterator<Item = DnsName> {
    let servers = delegation
        .values
        .iter()
        .filter_map(|value| DnsName::parse_route53(value).ok());
    servers.filter(|server| server.is_at_or_below(zone))
}

/// The specifications of all zones outside Route 53: those given, those of servers' names, and the registries above.
pub(super) fn complete(mut given: Vec<OutsideSpec>, hosted: &BTreeSet<DnsName>) -> Vec<OutsideSpec> {
    for spec in &mut given {
        if spec.servers.is_empty() {
            spec.servers = own_servers(&spec.name);
        }
    }
    let providers = providers(&given, hosted);
    given.extend(providers);
    let known: BTreeSet<DnsName> = given
        .iter()
        .map(|spec| spec.name.clone())
        .chain(hosted.iter().cloned())
        .collect();
    let addresses = address_zones::domains().chain(ROOT_SERVERS.iter().map(|server| name(server)));
    let domains: BTreeSet<DnsName> = addresses
        .flat_map(|domain| at_and_above(&domain).collect::<Vec<_>>())
        .collect();
    let above = known.iter().flat_map(DnsName::ancestors);
    let wanted: BTreeSet<DnsName> = above.chain(domains).filter(is_registry).collect();
    let missing = wanted
        .difference(&known)
        .map(|registry| OutsideSpec::new(registry.clone(), own_servers(registry)));
    given.extend(missing);
    given
}

/// Where all servers stand: those of these zones, and those of hosted zones.
pub(super) fn places(specs: &[OutsideSpec], hosted: &[DnsName]) -> Places {
    let roots = specs
        .iter()
        .find(|spec| spec.name.is_root())
        .map_or(&[][..], |spec| &spec.servers);
    let others = specs.iter().flat_map(|spec| &spec.servers);
    Places::new(roots, others.chain(hosted))
}

/// Zones for the names of servers that lie in no zone: each provider answers for itself.
fn providers(given: &[OutsideSpec], hosted: &BTreeSet<DnsName>) -> Vec<OutsideSpec> {
    let apexes: BTreeSet<&DnsName> = given.iter().map(|spec| &spec.name).chain(hosted).collect();
    let mut found: BTreeMap<DnsName, Vec<DnsName>> = BTreeMap::new();
    for server in given.iter().flat_map(|spec| &spec.servers) {
        let is_placed = awsdns::is_plausible(server)
            || at_and_above(server).any(|above| apexes.contains(&above) && !is_registry(&above));
        let Some(domain) = at_and_above(server).take_while(|above| !is_registry(above)).last() else {
            continue;
        };
        let servers = found.entry(domain).or_default();
        if !is_placed && !servers.contains(server) {
            servers.push(server.clone());
        }
    }
    let found = found.into_iter().filter(|(_, servers)| !servers.is_empty());
    found
        .map(|(domain, servers)| OutsideSpec::new(domain, servers))
        .collect()
}

fn at_and_above(name: &DnsName) -> impl Iterator<Item = DnsName> {
    name.suffixes().map(DnsName::from_suffix)
}

/// Whether names below are registered there: the root, a top-level domain, and some more.
fn is_registry(name: &DnsName) -> bool {
    name.label_count() <= 1 || REGISTRIES.iter().any(|registry| self::name(registry) == *name)
}

fn own_servers(zone: &DnsName) -> Vec<DnsName> {
    if zone.is_root() {
        return ROOT_SERVERS.iter().map(|server| name(server)).collect();
    }
    let below = match is_registry(zone) {
        true => zone.child(b"nic"),
        false => Ok(zone.clone()),
    };
    let labels = match is_registry(zone) {
        true => REGISTRY_SERVERS,
        false => [b"ns1".as_slice(), b"ns2"],
    };
    let below = below.unwrap_or_else(|_| zone.clone());
    labels.iter().filter_map(|label| below.child(label).ok()).collect()
}

fn name(text: &str) -> DnsName {
    text.parse().expect("letters, digits and hyphens make a name")
}

/// Builds the zones: `drafts` with their own record sets, `registered` the hosted zones that no held zone delegates to.
pub(super) fn build(
    mut drafts: Vec<Draft>,
    registered: Vec<Registered>,
    hosted: &BTreeSet<DnsName>,
    (places, misbehaviours): (Places, Vec<Misbehaviour>),
) -> Outside {
    let shadowed: BTreeSet<DnsName> = drafts.iter().map(|draft| draft.spec.name.clone()).collect();
    let address_zones: Vec<OutsideZone> = address_zones::zones()
        .iter()
        .filter(|zone| !shadowed.contains(&zone.name))
        .cloned()
        .collect();
    let all = Apexes {
        hosted,
        outside: shadowed,
    };
    for draft in &mut drafts {
        draft.add_apex();
    }
    add_servers(&mut drafts, &all, &places);
    let mut delegations: Vec<(DnsName, Vec<ResourceRecordSet>)> = Vec::new();
    for zone in &address_zones {
        delegations.push((zone.name.clone(), address_zones::cut(zone)));
    }
    for registered in registered.into_iter().chain(own_delegations(&drafts)) {
        delegations.push((registered.name.clone(), registered.into_sets(&places)));
    }
    for (child, sets) in delegations {
        let parent = all.above(&child);
        for draft in drafts
            .iter_mut()
            .filter(|draft| Some(&draft.spec.name) == parent.as_ref() && draft.takes_in())
        {
            draft.delegate(&child, &sets);
        }
    }
    let zones = drafts.into_iter().map(Draft::finish).chain(address_zones).collect();
    Outside::new(zones, places, misbehaviours)
}

/// A zone outside Route 53 that is being built.
pub(super) struct Draft {
    pub(super) spec: OutsideSpec,
    /// What the zone above says of its servers, in place of their names.
    pub(super) delegation: Vec<String>,
    /// What its apex says of its servers, in place of their names.
    pub(super) apex_ns: Vec<String>,
    signing: ZoneSigning,
    records: Vec<ResourceRecordSet>,
    held: HashSet<(DnsName, RecordType)>,
}

impl Draft {
    /// A zone with the record sets of its file, or of what it copies.
    pub(super) fn new(spec: OutsideSpec, records: Vec<ResourceRecordSet>) -> Self {
        let held = records.iter().map(|set| (set.name.clone(), set.record_type)).collect();
        let signing = ZoneSigning::with_status(&spec.signing, &spec.name, "outside", spec.signatures);
        Self {
            spec,
            signing,
            delegation: Vec::new(),
            apex_ns: Vec::new(),
            records,
            held,
        }
    }

    /// Whether delegations and addresses of servers are entered: a copy that nothing leads to stays as its file says.
    fn takes_in(&self) -> bool {
        self.spec.delegation != DelegationSpec::Absent
    }

    /// Takes in a record set, unless one of this name and type is held.
    fn add(&mut self, set: ResourceRecordSet) {
        if self.held.insert((set.name.clone(), set.record_type)) {
            self.records.push(set);
        }
    }

    fn holds_any(&self, name: &DnsName, types: &[RecordType]) -> bool {
        types
            .iter()
            .any(|record_type| self.held.contains(&(name.clone(), *record_type)))
    }

    fn add_apex(&mut self) {
        let apex = self.spec.name.clone();
        self.add(name_servers(&apex, &self.apex_ns, &self.spec.servers));
        self.add(outside::start_of_authority(&apex, &self.spec.servers));
    }

    /// Takes in a delegation; where its file gives one, that stands.
    fn delegate(&mut self, child: &DnsName, sets: &[ResourceRecordSet]) {
        if !self.holds_any(child, &[RecordType::NS]) {
            sets.iter().for_each(|set| self.add(set.clone()));
        }
    }

    /// The DS value for the zone above, where that is to have one.
    fn ds(&self) -> Option<String> {
        let key = self.signing.key.as_ref();
        key.filter(|_| self.spec.ds == Ds::Held).map(ds_value)
    }

    fn finish(mut self) -> OutsideZone {
        outside::sort(&mut self.records);
        let mut zone = OutsideZone::new(self.spec.name, self.spec.servers, Arc::new(self.records));
        zone.signing = self.signing;
        zone
    }
}

fn name_servers(owner: &DnsName, values: &[String], servers: &[DnsName]) -> ResourceRecordSet {
    match values.is_empty() {
        true => ResourceRecordSet::delegation(owner.clone(), TTL, servers),
        false => ResourceRecordSet::simple(owner.clone(), RecordType::NS, TTL, values.iter().cloned()),
    }
}

/// The names of all zones that are served to the internet, the address zones apart.
struct Apexes<'a> {
    hosted: &'a BTreeSet<DnsName>,
    outside: BTreeSet<DnsName>,
}

impl Apexes<'_> {
    /// The closest zone above a name, where it is outside Route 53.
    fn above(&self, name: &DnsName) -> Option<DnsName> {
        self.outside_among(name.ancestors())
    }

    /// The closest zone at or above a name, where it is outside Route 53.
    fn at_or_above(&self, name: &DnsName) -> Option<DnsName> {
        self.outside_among(at_and_above(name))
    }

    fn outside_among(&self, mut names: impl Iterator<Item = DnsName>) -> Option<DnsName> {
        let closest = names.find(|name| self.hosted.contains(name) || self.outside.contains(name))?;
        (!self.hosted.contains(&closest)).then_some(closest)
    }
}

/// Adds the addresses of servers to the zones in which their names lie.
fn add_servers(drafts: &mut [Draft], apexes: &Apexes<'_>, places: &Places) {
    let servers: BTreeSet<DnsName> = drafts
        .iter()
        .flat_map(|draft| draft.spec.servers.iter().cloned())
        .collect();
    for server in servers {
        let Some(zone) = apexes.at_or_above(&server) else {
            continue;
        };
        let Some(address) = address_set(&server, places) else {
            continue;
        };
        for draft in drafts
            .iter_mut()
            .filter(|draft| draft.spec.name == zone && draft.takes_in())
        {
            if !draft.holds_any(&server, &[RecordType::A, RecordType::AAAA, RecordType::CNAME]) {
                draft.add(address.clone());
            }
        }
    }
}

fn address_set(server: &DnsName, places: &Places) -> Option<ResourceRecordSet> {
    let address = places.address_of(server)?;
    Some(ResourceRecordSet::simple(
        server.clone(),
        RecordType::A,
        TTL,
        [address.to_string()],
    ))
}

/// The delegations of the zones outside Route 53; of several with one name the first that is to be delegated to.
fn own_delegations(drafts: &[Draft]) -> Vec<Registered> {
    let mut seen = BTreeSet::new();
    let delegated = drafts
        .iter()
        .filter(|draft| draft.spec.delegation != DelegationSpec::Absent && !draft.spec.name.is_root());
    delegated
        .filter(|draft| seen.insert(&draft.spec.name))
        .map(|draft| {
            let name = draft.spec.name.clone();
            let delegation = name_servers(&name, &draft.delegation, &draft.spec.servers);
            Registered::new(name, delegation, &draft.records).with_ds(draft.ds())
        })
        .collect()
}
