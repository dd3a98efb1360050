//! Builds a world from specifications: ids, name servers, keys, the apex record sets, and the delegations in the parents.
//!
//! Everything derived is the same in every run, whatever the order of accounts.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use super::behaviour::{Behaviour, Misbehaviour, ServerSpec};
use super::expand::Handles;
use super::internet::{self, Registered};
use super::outside::{self, OutsideSpec};
use super::places::Places;
use super::signing::{ZoneSigning, ds_value};
use super::spec::{AccountSpec, DelegationSpec, Ds, ZoneSpec};
use super::{Expectation, HostedZone, SimAccount, World, WorldError, derive, line, protection, servers};
use crate::model::account::AccountId;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::zone::{Visibility, ZoneId};
use crate::sim::record::ResourceRecordSet;

/// The TTL of the NS record sets that the builder adds to parents.
pub const DELEGATION_TTL: u32 = 300;
/// The TTL of the NS record set that Route 53 makes at an apex.
pub const APEX_NS_TTL: u32 = 172_800;
/// The TTL of the SOA record set that Route 53 makes.
pub const SOA_TTL: u32 = 900;

/// Collects what a world is to hold.
#[derive(Debug, Clone, Default)]
pub struct WorldBuilder {
    name: String,
    accounts: Vec<AccountSpec>,
    zones: Vec<(AccountHandle, ZoneSpec)>,
    outside: Vec<OutsideSpec>,
    servers: Vec<ServerSpec>,
    expectations: Vec<Expectation>,
}

/// An account of a world that is being built.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct AccountHandle(usize);

/// A zone of which the id, the name servers and the keys are decided.
struct Draft {
    account: usize,
    place: String,
    spec: ZoneSpec,
    id: ZoneId,
    set: Vec<DnsName>,
    signing: ZoneSigning,
    records: Vec<ResourceRecordSet>,
}

impl WorldBuilder {
    /// An empty organisation.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            ..Self::default()
        }
    }

    /// Adds an account.
    pub fn account(&mut self, spec: AccountSpec) -> AccountHandle {
        self.accounts.push(spec);
        AccountHandle(self.accounts.len() - 1)
    }

    /// Adds a zone to an account.
    pub fn zone(&mut self, account: AccountHandle, spec: ZoneSpec) {
        self.zones.push((account, spec));
    }

    /// Adds a zone that is not in Route 53.
    pub fn outside(&mut self, spec: OutsideSpec) {
        self.outside.push(spec);
    }

    /// Lets a server misbehave.
    pub fn server(&mut self, spec: ServerSpec) {
        self.servers.push(spec);
    }

    /// Adds what a checker must find.
    pub fn expect(&mut self, expectation: Expectation) {
        self.expectations.push(expectation);
    }

    /// Decides what is left open and puts everything in its place.
    pub fn build(self) -> Result<World, WorldError> {
        let accounts = accounts(self.accounts)?;
        let mut world = World {
            name: self.name,
            accounts,
            expectations: self.expectations,
            ..World::default()
        };
        let mut drafts = drafts(&world.accounts, self.zones)?;
        assign(&mut world.assignment, &mut drafts);
        let hosted: BTreeSet<DnsName> = public(&drafts).map(|draft| draft.spec.name.clone()).collect();
        let specs = internet::complete(self.outside, &hosted);
        let assigned: Vec<DnsName> = public(&drafts).flat_map(|draft| draft.set.clone()).collect();
        let places = internet::places(&specs, &assigned);
        let handles = handles(&drafts, &places)?;
        for draft in &mut drafts {
            draft.records = records(draft, &handles)?;
        }
        let above: HashSet<DnsName> = specs.iter().map(|spec| spec.name.clone()).collect();
        delegate(&mut drafts, &above, &handles)?;
        let registered = registered(&drafts, &above, &handles)?;
        let outside = specs
            .into_iter()
            .map(|spec| outside_draft(spec, &drafts, &handles))
            .collect::<Result<_, _>>()?;
        let misbehaviours = misbehaviours(&self.servers, &handles)?;
        world.outside = Arc::new(internet::build(outside, registered, &hosted, (places, misbehaviours)));
        for draft in drafts {
            let account = draft.account;
            world.insert(account, draft.finish()?);
        }
        world.accounts.iter_mut().for_each(SimAccount::raise_limit);
        Ok(world)
    }
}

fn content(place: &str, why: impl Into<String>) -> WorldError {
    WorldError::Content {
        place: place.to_owned(),
        why: why.into(),
    }
}

fn accounts(specs: Vec<AccountSpec>) -> Result<Vec<SimAccount>, WorldError> {
    let mut seen = HashSet::new();
    specs
        .into_iter()
        .map(|spec| {
            let place = format!("account {:?}", spec.id);
            let id: AccountId = spec.id.parse().map_err(|why| content(&place, format!("{why}")))?;
            match seen.insert(id) {
                true => SimAccount::new(id, spec).map_err(|why| content(&place, why)),
                false => Err(content(&place, "two accounts have this id")),
            }
        })
        .collect()
}

fn drafts(accounts: &[SimAccount], specs: Vec<(AccountHandle, ZoneSpec)>) -> Result<Vec<Draft>, WorldError> {
    let mut ids = HashSet::new();
    let mut ordinals: HashMap<(usize, DnsName), u32> = HashMap::new();
    let mut drafts = Vec::with_capacity(specs.len());
    for (AccountHandle(account), spec) in specs {
        let owner = accounts
            .get(account)
            .ok_or_else(|| content("builder", "a zone names an account of another builder"))?;
        let place = format!("account {}, zone {}", owner.id, spec.name);
        let ordinal = ordinals.entry((account, spec.name.clone())).or_default();
        *ordinal += 1;
        let id = match &spec.id {
            Some(id) => id.clone(),
            None => derive::identifier("Z", &[owner.id.as_str(), &spec.name.to_string(), &ordinal.to_string()]),
        };
        let id = ZoneId::read(&id).ok_or_else(|| content(&place, format!("{id:?} is no hosted zone id")))?;
        if !ids.insert(id.clone()) {
            return Err(content(&place, format!("two zones have the id {id}")));
        }
        check_signing(&place, &spec)?;
        let set = explicit_set(&place, &spec)?;
        let signing = ZoneSigning::with_status(&spec.signing, &spec.name, id.as_str(), spec.signatures);
        drafts.push(Draft {
            account,
            place,
            spec,
            id,
            set,
            signing,
            records: Vec::new(),
        });
    }
    Ok(drafts)
}

fn check_signing(place: &str, spec: &ZoneSpec) -> Result<(), WorldError> {
    let words = [
        "SIGNING",
        "NOT_SIGNING",
        "DELETING",
        "ACTION_NEEDED",
        "INTERNAL_FAILURE",
    ];
    match words.contains(&spec.signing.as_str()) {
        true => Ok(()),
        false => Err(content(place, format!("signing is one of {}", words.join(", ")))),
    }
}

fn explicit_set(place: &str, spec: &ZoneSpec) -> Result<Vec<DnsName>, WorldError> {
    if spec.visibility == Visibility::Private {
        return Ok(servers::of_private_zones());
    }
    spec.delegation_set
        .iter()
        .flatten()
        .map(|text| DnsName::parse_route53(text).map_err(|why| content(place, format!("name server {text:?}: {why}"))))
        .collect()
}

/// Gives name servers to the public zones, ancestors first, so that none shares one with an ancestor or a twin.
fn assign(assignment: &mut servers::Assignment, drafts: &mut [Draft]) {
    let explicit: HashSet<DnsName> = drafts.iter().flat_map(|draft| draft.set.iter().cloned()).collect();
    let mut order: Vec<usize> = (0..drafts.len()).collect();
    order.sort_by_cached_key(|index| {
        drafts
            .get(*index)
            .map(|draft| (draft.spec.name.clone(), draft.account, draft.id.clone()))
    });
    let mut taken: HashMap<DnsName, Vec<DnsName>> = HashMap::new();
    for index in order {
        let Some(draft) = drafts.get_mut(index) else { continue };
        if draft.spec.visibility == Visibility::Private {
            continue;
        }
        if draft.set.is_empty() {
            let above: Vec<&DnsName> = draft
                .spec
                .name
                .suffixes()
                .filter_map(|suffix| taken.get(suffix))
                .flatten()
                .collect();
            draft.set = assignment.draw(|server| explicit.contains(server) || above.contains(&server));
        }
        taken
            .entry(draft.spec.name.clone())
            .or_default()
            .extend(draft.set.iter().cloned());
    }
}

fn handles(drafts: &[Draft], places: &Places) -> Result<Handles, WorldError> {
    let mut handles = Handles::new(places.clone());
    let mut given = HashSet::new();
    for draft in drafts {
        if let Some(key) = &draft.spec.key
            && !given.insert(key)
        {
            return Err(content(&draft.place, format!("two zones have the key {key:?}")));
        }
        handles.enter(&draft.key(), &draft.set, &draft.signing);
    }
    Ok(handles)
}

fn records(draft: &mut Draft, handles: &Handles) -> Result<Vec<ResourceRecordSet>, WorldError> {
    let mut sets = std::mem::take(&mut draft.spec.sets);
    sets.append(&mut read_lines(
        &draft.place,
        &draft.spec.name,
        &draft.spec.lines,
        handles,
    )?);
    apex(draft, handles, &mut sets)?;
    Ok(sets)
}

fn read_lines(
    place: &str,
    zone: &DnsName,
    lines: &[String],
    handles: &Handles,
) -> Result<Vec<ResourceRecordSet>, WorldError> {
    let mut merged = Merged::default();
    for text in lines {
        let place = || format!("{place}, record {text:?}");
        let read = line::read(text, zone, &|value| handles.expand(value)).map_err(|why| content(&place(), why))?;
        for set in read {
            merged.add(set).map_err(|why| content(&place(), why))?;
        }
    }
    Ok(merged.sets)
}

/// A zone outside Route 53 with the record sets that its file gives, or those of the hosted zone that it is a copy of.
fn outside_draft(spec: OutsideSpec, drafts: &[Draft], handles: &Handles) -> Result<internet::Draft, WorldError> {
    let place = format!("outside zone {}", spec.name);
    let values = |texts: &[String]| expanded(texts, handles).map_err(|why| content(&place, why));
    let mut records = read_lines(&place, &spec.name, &spec.lines, handles)?;
    if let Some(stranger) = records.iter().find(|set| !set.name.is_at_or_below(&spec.name)) {
        return Err(content(&place, format!("{} does not lie in the zone", stranger.name)));
    }
    if let Some(key) = &spec.copy_of {
        let original = public(drafts).find(|draft| draft.key() == *key && draft.spec.name == spec.name);
        let original = original.ok_or_else(|| {
            content(
                &place,
                format!("copy_of: no hosted zone of this name has the key {key:?}"),
            )
        })?;
        let own = |set: &&ResourceRecordSet| {
            let same = |own: &ResourceRecordSet| own.name == set.name && own.record_type == set.record_type;
            !records.iter().any(same)
        };
        let copied: Vec<_> = original.records.iter().filter(own).cloned().collect();
        records.extend(copied);
    }
    let delegation = match &spec.delegation {
        DelegationSpec::Values(texts) => values(texts)?,
        DelegationSpec::Own | DelegationSpec::Absent => Vec::new(),
    };
    let apex_ns = values(spec.apex_ns.as_deref().unwrap_or_default())?;
    let mut draft = internet::Draft::new(spec, records);
    draft.delegation = delegation;
    draft.apex_ns = apex_ns;
    Ok(draft)
}

fn misbehaviours(specs: &[ServerSpec], handles: &Handles) -> Result<Vec<Misbehaviour>, WorldError> {
    let mut misbehaviours = Vec::new();
    for spec in specs {
        let place = format!("server {:?}", spec.name);
        let names = handles.expand(&spec.name).map_err(|why| content(&place, why))?;
        for (name, word) in names
            .iter()
            .flat_map(|name| spec.behaviour.iter().map(move |word| (name, word)))
        {
            let server = DnsName::parse_route53(name).map_err(|why| content(&place, format!("{why}")))?;
            let behaviour = Behaviour::read(word).map_err(|why| content(&place, why))?;
            if behaviour.is_of_sockets() && spec.zone.is_some() {
                return Err(content(
                    &place,
                    format!("{word} is the whole server's; it takes no zone"),
                ));
            }
            if !handles.knows_server(&server) {
                return Err(content(&place, format!("{server} is no name server of this world")));
            }
            misbehaviours.push(Misbehaviour {
                server,
                zone: spec.zone.clone(),
                behaviour,
            });
        }
    }
    Ok(misbehaviours)
}

fn public(drafts: &[Draft]) -> impl Iterator<Item = &Draft> {
    drafts
        .iter()
        .filter(|draft| draft.spec.visibility == Visibility::Public)
}

/// The hosted zones that are delegated to from outside Route 53. Of several with one name it is the one that the file gives
/// no key of its own, else the first.
fn registered(drafts: &[Draft], outside: &HashSet<DnsName>, handles: &Handles) -> Result<Vec<Registered>, WorldError> {
    let hosted: HashSet<&DnsName> = public(drafts).map(|draft| &draft.spec.name).collect();
    let is_top = |draft: &&Draft| {
        let above = draft
            .spec
            .name
            .ancestors()
            .find(|above| hosted.contains(above) || outside.contains(above));
        draft.spec.delegation != DelegationSpec::Absent && above.is_some_and(|above| !hosted.contains(&above))
    };
    let mut tops: Vec<&Draft> = public(drafts).filter(is_top).collect();
    tops.sort_by_key(|draft| draft.spec.key.is_some());
    let mut seen = HashSet::new();
    let mut registered = Vec::new();
    for draft in tops.into_iter().filter(|draft| seen.insert(&draft.spec.name)) {
        if let Some(delegation) = delegation_of(draft, handles)? {
            let zone = Registered::new(draft.spec.name.clone(), delegation, &draft.records);
            registered.push(zone.with_ds(draft.ds()));
        }
    }
    Ok(registered)
}

/// Lines of one owner, type and set identifier become one record set.
#[derive(Default)]
struct Merged {
    sets: Vec<ResourceRecordSet>,
    places: HashMap<(DnsName, RecordType, Option<String>), usize>,
}

impl Merged {
    fn add(&mut self, set: ResourceRecordSet) -> Result<(), String> {
        let key = (
            set.name.clone(),
            set.record_type,
            set.set_identifier().map(str::to_owned),
        );
        let known = self.places.get(&key).and_then(|place| self.sets.get_mut(*place));
        match known {
            None => {
                self.places.insert(key, self.sets.len());
                self.sets.push(set);
            }
            Some(known) if known.ttl == set.ttl && known.alias.is_none() && known.routing == set.routing => {
                known.values.extend(set.values);
            }
            Some(_) => return Err("another line of this owner and type has another TTL, policy or an alias".into()),
        }
        Ok(())
    }
}

/// Adds the NS and SOA record sets that Route 53 makes with a zone, unless the zone brings its own.
fn apex(draft: &Draft, handles: &Handles, sets: &mut Vec<ResourceRecordSet>) -> Result<(), WorldError> {
    let name = &draft.spec.name;
    let brings = |sets: &[ResourceRecordSet], record_type| {
        sets.iter()
            .any(|set| set.record_type == record_type && set.name == *name)
    };
    if !brings(sets, RecordType::NS) {
        sets.push(apex_ns(draft, handles)?);
    } else if draft.spec.apex_ns.is_some() {
        return Err(content(&draft.place, "apex_ns and a record line both give the apex NS"));
    }
    if !brings(sets, RecordType::SOA) {
        sets.push(apex_soa(name, &draft.set));
    }
    Ok(())
}

fn apex_ns(draft: &Draft, handles: &Handles) -> Result<ResourceRecordSet, WorldError> {
    let name = draft.spec.name.clone();
    let Some(texts) = &draft.spec.apex_ns else {
        return Ok(ResourceRecordSet::delegation(name, APEX_NS_TTL, &draft.set));
    };
    let values = expanded(texts, handles).map_err(|why| content(&draft.place, format!("apex_ns: {why}")))?;
    Ok(ResourceRecordSet::simple(name, RecordType::NS, APEX_NS_TTL, values))
}

/// The record sets that Route 53 makes with a zone, in the order of listings.
pub(super) fn apex_records(name: &DnsName, set: &[DnsName]) -> Vec<ResourceRecordSet> {
    vec![
        ResourceRecordSet::delegation(name.clone(), APEX_NS_TTL, set),
        apex_soa(name, set),
    ]
}

fn apex_soa(name: &DnsName, set: &[DnsName]) -> ResourceRecordSet {
    let primary = set.first().cloned().unwrap_or_else(DnsName::root);
    let value = format!("{primary}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400");
    ResourceRecordSet::simple(name.clone(), RecordType::SOA, SOA_TTL, [value])
}

fn expanded(texts: &[String], handles: &Handles) -> Result<Vec<String>, String> {
    let parts: Vec<Vec<String>> = texts
        .iter()
        .map(|text| handles.expand(text))
        .collect::<Result<_, _>>()?;
    Ok(parts.concat())
}

/// Puts the NS record sets of the delegated zones into their parents.
fn delegate(drafts: &mut [Draft], outside: &HashSet<DnsName>, handles: &Handles) -> Result<(), WorldError> {
    let mut public: HashMap<DnsName, Vec<usize>> = HashMap::new();
    for (index, draft) in drafts.iter().enumerate() {
        if draft.spec.visibility == Visibility::Public {
            public.entry(draft.spec.name.clone()).or_default().push(index);
        }
    }
    let mut additions = Vec::new();
    let mut delegated = HashMap::new();
    for draft in drafts.iter() {
        let Some(parent) = parent_of(draft, drafts, &public, outside)? else {
            continue;
        };
        let Some(set) = delegation_of(draft, handles)? else {
            continue;
        };
        if let Some(twin) = delegated.insert((parent, draft.spec.name.clone()), &draft.place) {
            let why = format!("{twin} is delegated too; set delegate = false on one of the two");
            return Err(content(&draft.place, why));
        }
        let ds = draft
            .ds()
            .map(|value| ResourceRecordSet::simple(draft.spec.name.clone(), RecordType::DS, DELEGATION_TTL, [value]));
        additions.push((parent, set));
        additions.extend(ds.map(|ds| (parent, ds)));
    }
    for (parent, set) in additions {
        if let Some(parent) = drafts.get_mut(parent) {
            parent.records.push(set);
        }
    }
    Ok(())
}

fn delegation_of(draft: &Draft, handles: &Handles) -> Result<Option<ResourceRecordSet>, WorldError> {
    let name = draft.spec.name.clone();
    Ok(match &draft.spec.delegation {
        _ if draft.spec.visibility == Visibility::Private => None,
        DelegationSpec::Absent => None,
        DelegationSpec::Own => Some(ResourceRecordSet::delegation(name, DELEGATION_TTL, &draft.set)),
        DelegationSpec::Values(texts) => {
            let values =
                expanded(texts, handles).map_err(|why| content(&draft.place, format!("delegate_ns: {why}")))?;
            Some(ResourceRecordSet::simple(name, RecordType::NS, DELEGATION_TTL, values))
        }
    })
}

/// The closest enclosing public zone: of several with one name the one that is named, else the one that is delegated to.
fn parent_of(
    draft: &Draft,
    drafts: &[Draft],
    public: &HashMap<DnsName, Vec<usize>>,
    outside: &HashSet<DnsName>,
) -> Result<Option<usize>, WorldError> {
    let above = draft.spec.name.suffixes().skip(1);
    let mut above = above.map(|suffix| (public.get(suffix), outside.contains(suffix)));
    let Some((Some(candidates), _)) = above.find(|(hosted, is_outside)| hosted.is_some() || *is_outside) else {
        return Ok(None);
    };
    let candidate = |wanted: &dyn Fn(&Draft) -> bool| {
        candidates
            .iter()
            .copied()
            .find(|index| drafts.get(*index).is_some_and(wanted))
    };
    match &draft.spec.delegate_in {
        Some(key) => candidate(&|parent| parent.key() == *key).map(Some).ok_or_else(|| {
            content(
                &draft.place,
                format!("delegate_in: {key:?} is no closest enclosing zone"),
            )
        }),
        None => {
            let live = candidate(&|parent| parent.spec.delegation != DelegationSpec::Absent);
            Ok(live.or_else(|| candidates.first().copied()))
        }
    }
}

impl Draft {
    /// The DS value for the zone above, where that is to have one.
    fn ds(&self) -> Option<String> {
        let key = self.signing.key.as_ref();
        key.filter(|_| self.spec.ds == Ds::Held).map(ds_value)
    }

    fn key(&self) -> String {
        self.spec.key.clone().unwrap_or_else(|| self.spec.name.to_string())
    }

    fn finish(self) -> Result<HostedZone, WorldError> {
        let mut records = self.records;
        outside::sort(&mut records);
        if let Some(twice) = records.windows(2).find_map(twin) {
            return Err(content(&self.place, format!("two record sets are {twice}")));
        }
        if let Some(stranger) = records.iter().find(|set| !set.name.is_at_or_below(&self.spec.name)) {
            return Err(content(
                &self.place,
                format!("{} does not lie in the zone", stranger.name),
            ));
        }
        let key = self.spec.key.unwrap_or_else(|| self.spec.name.to_string());
        let mut zone = HostedZone::made_by_route53(self.id, self.spec.name, self.set);
        zone.caller_reference = derive::identifier("", &["caller-reference", zone.id.as_str()]).into();
        zone.key = key.into();
        zone.visibility = self.spec.visibility;
        zone.vpcs = self.spec.vpcs;
        zone.comment = self.spec.comment.into();
        zone.linked_service = self.spec.linked_service.map(Into::into);
        zone.signing = self.signing;
        zone.tags = self.spec.tags;
        zone.protections =
            protection::read_all(&self.spec.protected, &zone.name).map_err(|why| content(&self.place, why))?;
        zone.recovery = super::zone::recovery(self.spec.recovery).map_err(|why| content(&self.place, why))?;
        zone.deny = self.spec.deny;
        zone.records = std::sync::Arc::new(records);
        Ok(zone)
    }
}

fn twin(pair: &[ResourceRecordSet]) -> Option<String> {
    match pair {
        [one, other] if one.listing_order(other).is_eq() => Some(format!("{} {}", one.name, one.record_type)),
        _ => None,
    }
}
