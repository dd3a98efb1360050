//! What should be seen from outside once a plan is applied.

use std::collections::BTreeSet;

use super::find_out::{Place, places};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::zone::ZoneId;
use crate::plan::Goal;
use crate::plan::exact::{Content, ExactSet};
use crate::plan::journal::{Run, Written};
use crate::plan::step::ZoneTarget;
use crate::plan::value;

/// Something that should be seen from outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// The servers of a zone answer for it with authority, and its own NS record set names them.
    Serving {
        /// The zone.
        zone: DnsName,
        /// Its servers.
        servers: Vec<DnsName>,
    },
    /// The parent's servers refer to these servers, and each of them serves the zone.
    Cut {
        /// The name.
        name: DnsName,
        /// The zone above, and its servers.
        parent: (DnsName, Vec<DnsName>),
        /// The servers that it refers to.
        servers: Vec<DnsName>,
        /// Whether the zone is to name them too.
        apex: Apex,
    },
    /// The parent's servers refer to these servers again, whatever those do: they stood there before, and may have been why
    /// the plan was made that is taken back.
    Referral {
        /// The name.
        name: DnsName,
        /// The zone above, and its servers.
        parent: (DnsName, Vec<DnsName>),
        /// The servers that it refers to.
        servers: Vec<DnsName>,
    },
    /// The parent's servers refer to nobody.
    NoCut {
        /// The name.
        name: DnsName,
        /// The zone above, and its servers.
        parent: (DnsName, Vec<DnsName>),
    },
    /// The servers of a zone have a record set, or have it no longer.
    Records {
        /// The zone, and its servers.
        zone: (DnsName, Vec<DnsName>),
        /// The owner.
        name: DnsName,
        /// The type.
        record_type: RecordType,
        /// What should be answered.
        answer: Answer,
    },
}

/// What a zone is to say of its own servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Apex {
    /// The same as the parent.
    TheSame,
    /// Whatever it says: servers were taken out of the parent alone, and the zone is another's.
    Whatever,
}

/// What should be answered of a name and type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// These records and no others, their data as octets in canonical form, to be kept for so many seconds.
    Exactly(BTreeSet<Vec<u8>>, u32),
    /// The same, unless a cut lies above: they stood there before, seen or not.
    Again(BTreeSet<Vec<u8>>, u32),
    /// Anything but these records: a wildcard may answer instead.
    Without(BTreeSet<Vec<u8>>),
    /// Any records: those of an alias, or of one of several record sets that are chosen among.
    Some,
}

/// Whether what a plan brings is to work.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Brings {
    /// It is.
    WhatWorks,
    /// It takes a plan back: it is to be as it was.
    WhatWas,
}

impl Expected {
    /// What should be seen once all that was made is in sync.
    pub fn of(run: &Run) -> Vec<Self> {
        let mut expected: Vec<(Key, Self)> = Vec::new();
        let brings = match run.plan.goal {
            Goal::Undo { .. } => Brings::WhatWas,
            _ => Brings::WhatWorks,
        };
        for written in run.written() {
            if let Written::Change {
                zone, target, values, ..
            } = written
            {
                let servers = run.servers(target).unwrap_or_default().to_vec();
                for place in places(values) {
                    let key = (zone.clone(), place.name.clone(), place.record_type);
                    expected.retain(|(other, _)| *other != key);
                    let one = of_place(target, &servers, &place, brings);
                    expected.extend(one.map(|one| (key, one)));
                }
            }
        }
        let gone: Vec<&DnsName> = run
            .written()
            .filter_map(|written| match written {
                Written::ZoneGone { target, .. } => Some(target.name()),
                _ => None,
            })
            .collect();
        let mut expected: Vec<Self> = expected.into_iter().map(|(_, one)| one).collect();
        // Nobody answers any more for a zone that is gone.
        expected.retain(|one| match one {
            Self::Records { zone, .. } => !gone.contains(&&zone.0),
            Self::Serving { zone, .. } => !gone.contains(&zone),
            _ => true,
        });
        expected
    }
}

/// What an expectation is about: a zone, which others may share the name of, an owner and a type.
type Key = (ZoneId, DnsName, RecordType);

/// The names that an NS record set gives.
fn names(set: &ExactSet) -> Vec<DnsName> {
    crate::model::record::name_servers(set.values().iter().map(|value| value.expose().as_bytes()))
}

/// Where servers were only taken out, those that are left are another's, who may name whom they will.
fn apex(old: Option<&ExactSet>, new: &[DnsName]) -> Apex {
    let old = old.map(names).unwrap_or_default();
    match old.len() > new.len() && new.iter().all(|server| old.contains(server)) {
        true => Apex::Whatever,
        false => Apex::TheSame,
    }
}

/// Whether what servers answer at a place shows what Route 53 holds there: not of an alias, nor where several are chosen among.
pub(super) fn is_shown(place: &Place) -> bool {
    [&place.old, &place.new]
        .into_iter()
        .flatten()
        .all(|set| data(set).is_some())
}

/// The records of a record set as octets; none where servers answer with something else.
fn data(set: &ExactSet) -> Option<BTreeSet<Vec<u8>>> {
    let Content::Values(values) = &set.content else {
        return None;
    };
    if set.routing.is_some() || set.health_check.is_some() || set.traffic_policy.is_some() {
        return None;
    }
    let octets = values
        .iter()
        .map(|value| value::octets(set.record_type, value.expose()));
    octets.collect()
}

fn of_place(target: &ZoneTarget, servers: &[DnsName], place: &Place, brings: Brings) -> Option<Expected> {
    let zone = (target.name().clone(), servers.to_vec());
    let name = place.name.clone();
    let is_apex = name == zone.0;
    match (place.record_type, &place.new, brings) {
        (RecordType::NS, Some(_), Brings::WhatWorks) if is_apex => Some(Expected::Serving {
            zone: zone.0,
            servers: zone.1,
        }),
        (RecordType::NS, Some(new), Brings::WhatWorks) => Some(Expected::Cut {
            name,
            parent: zone,
            apex: apex(place.old.as_ref(), &names(new)),
            servers: names(new),
        }),
        (RecordType::NS, Some(new), Brings::WhatWas) if !is_apex => Some(Expected::Referral {
            name,
            parent: zone,
            servers: names(new),
        }),
        (RecordType::NS, None, _) if !is_apex => Some(Expected::NoCut { name, parent: zone }),
        (record_type, _, _) => Some(Expected::Records {
            zone,
            name,
            record_type,
            answer: answer(place, brings)?,
        }),
    }
}

/// What should be answered at a place; nothing where that cannot be foretold.
fn answer(place: &Place, brings: Brings) -> Option<Answer> {
    match (&place.old, &place.new) {
        (_, Some(new)) => Some(match (data(new), new.ttl) {
            (Some(data), Some(ttl)) if brings == Brings::WhatWas => Answer::Again(data, ttl),
            (Some(data), Some(ttl)) => Answer::Exactly(data, ttl),
            _ => Answer::Some,
        }),
        (Some(old), None) => data(old).map(Answer::Without),
        (None, None) => None,
    }
}
