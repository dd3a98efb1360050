//! What a handful of zones answer: a small resolver over record sets as they are and as they will be.
//!
//! Pure, and of one resolution alone: aliases are not followed. Delegations are followed into the zones at hand; where one leads
//! out of them, that is the answer.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;

use crate::model::name::DnsName;
use crate::model::record::{RecordType, name_servers};

use super::exact::{Content, ExactSet};

/// Zones at hand; questions are asked of the first.
#[derive(Debug, Clone)]
pub struct View {
    /// The zones, the upper ones first.
    pub zones: Vec<ViewZone>,
    /// Servers of which it is known that they answer for none of these names.
    pub dead: Vec<DnsName>,
}

/// One of them.
#[derive(Debug, Clone)]
pub struct ViewZone {
    /// Its apex.
    pub name: DnsName,
    /// Its name servers.
    pub servers: Vec<DnsName>,
    sets: BTreeMap<DnsName, Vec<ExactSet>>,
}

/// What is answered by some of the servers that may be asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reply {
    /// There is no such record set.
    Nothing,
    /// Nobody answers.
    Fails,
    /// Servers that are not at hand answer.
    Elsewhere(BTreeSet<DnsName>),
    /// Record sets: type, contents in any order.
    Data(RecordType, BTreeSet<String>),
}

/// A reply and where it comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Heard {
    /// All that may be answered; several where servers disagree.
    pub replies: BTreeSet<Reply>,
    /// The wildcard that answers, where one does.
    pub wildcard: Option<DnsName>,
    /// The cuts on the way, the uppermost first.
    pub cuts: Vec<DnsName>,
}

impl ViewZone {
    /// A zone of these record sets, and of names that exist besides.
    pub fn new(name: DnsName, servers: Vec<DnsName>, sets: &[ExactSet], names: &[DnsName]) -> Self {
        let mut by_name: BTreeMap<DnsName, Vec<ExactSet>> = BTreeMap::new();
        for set in sets {
            by_name.entry(set.name.clone()).or_default().push(set.clone());
        }
        for name in names {
            by_name.entry(name.clone()).or_default();
        }
        Self {
            name,
            servers,
            sets: by_name,
        }
    }

    /// The record sets of a name.
    pub fn at(&self, name: &DnsName) -> &[ExactSet] {
        self.sets.get(name).map_or(&[], |sets| sets)
    }

    /// The names that have record sets.
    pub fn owners(&self) -> impl Iterator<Item = &DnsName> {
        self.sets.keys()
    }

    /// Puts a record set in, in the place of the one that stands there.
    pub fn put(&mut self, set: ExactSet) {
        self.take(&set);
        self.sets.entry(set.name.clone()).or_default().push(set);
    }

    /// Takes out what stands at the place of a record set.
    pub fn take(&mut self, set: &ExactSet) {
        if let Some(sets) = self.sets.get_mut(&set.name) {
            sets.retain(|other| !other.is_of_the_place_of(set));
            if sets.is_empty() {
                self.sets.remove(&set.name);
            }
        }
    }

    /// Whether a name is there: it has record sets, or a name below it has (RFC 4592 section 2.2.2).
    pub fn exists(&self, name: &DnsName) -> bool {
        let from = (Bound::Included(name), Bound::Unbounded);
        let next = self.sets.range::<DnsName, _>(from).next();
        *name == self.name || next.is_some_and(|(other, _)| other.is_at_or_below(name))
    }

    /// The uppermost name below the apex, at or above `name`, that the zone delegates.
    fn cut(&self, name: &DnsName) -> Option<&ExactSet> {
        let mut names: Vec<DnsName> = std::iter::once(name.clone()).chain(name.ancestors()).collect();
        names.retain(|other| other.is_below(&self.name));
        let mut sets = names.iter().rev().filter_map(|name| {
            let mut sets = self.at(name).iter();
            sets.find(|set| is_ns(set))
        });
        sets.next()
    }
}

impl View {
    /// What is answered for a name and a type.
    pub fn ask(&self, name: &DnsName, record_type: RecordType) -> Heard {
        match self.zones.first() {
            Some(zone) => self.ask_zone(zone, name, record_type),
            None => Heard::of(Reply::Nothing),
        }
    }

    /// Whether one of the zones delegates a name.
    pub fn delegates(&self, name: &DnsName) -> bool {
        let holds = |zone: &ViewZone| zone.name != *name && zone.at(name).iter().any(is_ns);
        self.zones.iter().any(holds)
    }

    fn ask_zone(&self, zone: &ViewZone, name: &DnsName, record_type: RecordType) -> Heard {
        match zone.cut(name) {
            // The parent answers for the DS of a name that it delegates (RFC 4035 section 3.1.4.1).
            Some(cut) if record_type != RecordType::DS || cut.name != *name => self.follow(cut, name, record_type),
            _ => look_up(zone, name, record_type),
        }
    }

    /// Every server of a delegation may be asked; the zones at hand are below it, so this comes to an end.
    fn follow(&self, cut: &ExactSet, name: &DnsName, record_type: RecordType) -> Heard {
        let mut heard = Heard::silence();
        let mut elsewhere = BTreeSet::new();
        for server in name_servers(cut.values().iter().map(|value| value.expose().as_bytes())) {
            let mut zones = self.zones.iter();
            match zones.find(|zone| zone.name == cut.name && zone.servers.contains(&server)) {
                Some(zone) => heard.add(self.ask_zone(zone, name, record_type)),
                None if self.dead.contains(&server) => heard.add(Heard::of(Reply::Fails)),
                None => {
                    elsewhere.insert(server);
                }
            }
        }
        if !elsewhere.is_empty() {
            heard.add(Heard::of(Reply::Elsewhere(elsewhere)));
        }
        if heard.replies.is_empty() {
            heard.add(Heard::of(Reply::Fails));
        }
        heard.cuts.insert(0, cut.name.clone());
        heard
    }
}

fn is_ns(set: &ExactSet) -> bool {
    set.record_type == RecordType::NS
}

fn look_up(zone: &ViewZone, name: &DnsName, record_type: RecordType) -> Heard {
    if !name.is_at_or_below(&zone.name) {
        return Heard::of(Reply::Nothing);
    }
    if zone.exists(name) {
        return Heard::of(pick(zone.at(name), record_type));
    }
    let encloser = name.ancestors().find(|ancestor| zone.exists(ancestor));
    let wildcard = encloser.and_then(|encloser| encloser.child(b"*").ok());
    match wildcard.filter(|wildcard| !zone.at(wildcard).is_empty()) {
        Some(wildcard) => Heard {
            wildcard: Some(wildcard.clone()),
            ..Heard::of(pick(zone.at(&wildcard), record_type))
        },
        None => Heard::of(Reply::Nothing),
    }
}

fn pick(sets: &[ExactSet], record_type: RecordType) -> Reply {
    let of = |wanted: RecordType| {
        let contents: BTreeSet<String> = sets
            .iter()
            .filter(|set| set.record_type == wanted)
            .map(content)
            .collect();
        (!contents.is_empty()).then_some(Reply::Data(wanted, contents))
    };
    of(record_type)
        .or_else(|| of(RecordType::CNAME))
        .unwrap_or(Reply::Nothing)
}

/// What a record set says, but for its TTL and the order of its values.
fn content(set: &ExactSet) -> String {
    let what = match &set.content {
        Content::Values(values) => {
            let mut values: Vec<&str> = values.iter().map(|value| value.expose()).collect();
            values.sort_unstable();
            values.join("\n")
        }
        Content::Alias {
            target,
            zone,
            evaluates_health,
        } => {
            format!("alias {} {} {evaluates_health}", target.expose(), zone.expose())
        }
    };
    match (&set.routing, &set.health_check) {
        (None, None) => what,
        (routing, health_check) => format!("{what}\n{routing:?} {health_check:?}"),
    }
}

impl Heard {
    fn of(reply: Reply) -> Self {
        Self {
            replies: BTreeSet::from([reply]),
            wildcard: None,
            cuts: Vec::new(),
        }
    }

    fn silence() -> Self {
        Self {
            replies: BTreeSet::new(),
            wildcard: None,
            cuts: Vec::new(),
        }
    }

    fn add(&mut self, other: Self) {
        self.replies.extend(other.replies);
        self.wildcard = self.wildcard.take().or(other.wildcard);
        if other.cuts.len() > self.cuts.len() {
            self.cuts = other.cuts;
        }
    }

    /// Whether some of it is data.
    pub fn has_data(&self) -> bool {
        self.replies.iter().any(|reply| matches!(reply, Reply::Data(..)))
    }

    /// Whether servers that are not at hand answer, or nobody does.
    pub fn leads_out(&self) -> bool {
        let leads_out = |reply: &Reply| matches!(reply, Reply::Fails | Reply::Elsewhere(_));
        self.replies.iter().any(leads_out)
    }

    /// The type of the record set that answers: that of an alias, where one does.
    pub fn answering(&self) -> Option<RecordType> {
        self.replies.iter().find_map(|reply| match reply {
            Reply::Data(record_type, _) => Some(*record_type),
            _ => None,
        })
    }
}
