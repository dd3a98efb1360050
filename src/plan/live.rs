//! What was read of the zones that a plan is about, right before it was made.
//!
//! Invariant: a thing that could not be read is an error with its reason, never an empty list.

use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;

use super::exact::ExactSet;
use super::step::ZoneTarget;
use super::{Moment, Party, PartyIx, PlanId};

/// What was read, or why it was not, in a sentence fit to print.
pub type Seen<T> = Result<T, String>;

/// What every plan is made from: whose accounts take part, when, and what the plan is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// The id of the plan.
    pub id: PlanId,
    /// When it is made.
    pub now: Moment,
    /// The accounts that take part, each as it named itself just now.
    pub parties: Vec<Party>,
}

/// A hosted zone, read just now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveZone {
    /// The account it is in.
    pub party: PartyIx,
    /// Its id.
    pub id: ZoneId,
    /// Its apex.
    pub name: DnsName,
    /// The caller reference it was created with.
    pub reference: Untrusted,
    /// How many record sets it has.
    pub record_sets: u64,
    /// Its delegation set, sorted.
    pub name_servers: Vec<DnsName>,
    /// The AWS service that made it and alone may change it.
    pub linked_service: Option<Untrusted>,
    /// The state of accelerated recovery, as Route 53 words it.
    pub recovery: Option<Untrusted>,
    /// Its tags.
    pub tags: Seen<Vec<(Untrusted, Untrusted)>>,
    /// Its record sets, as far as they were read.
    pub sets: Extract,
}

/// Record sets of a zone, as far as they were read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extract {
    /// Those that were read, in tree order.
    pub sets: Vec<ExactSet>,
    /// Further names of which it is known that they exist.
    pub names: Vec<DnsName>,
    /// Record sets that could not be understood, each with why, fit to print.
    pub unreadable: Vec<String>,
    /// How much of the zone it is.
    pub extent: Extent,
}

/// How much of a zone was read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Extent {
    /// What is at and below some names, and what decides about them above.
    #[default]
    Part,
    /// All of it.
    Whole,
}

impl LiveZone {
    /// The zone as a step refers to it.
    pub fn target(&self) -> ZoneTarget {
        ZoneTarget::Held {
            id: self.id.clone(),
            name: self.name.clone(),
            reference: self.reference.clone(),
            name_servers: self.name_servers.clone(),
            record_sets: self.record_sets,
        }
    }

    /// `example.com (Z01C3EXAMPLE9)`.
    pub fn describe(&self) -> String {
        format!("{} ({})", self.name, self.id)
    }

    /// For how many seconds resolvers remember that a name of the zone is not there (RFC 2308): the smaller of the TTL of its
    /// SOA record and of that record's last number; Route 53's own 900 where it was not read.
    pub fn negative_ttl(&self) -> u32 {
        let soa = self.sets.find(&self.name, RecordType::SOA);
        let minimum = soa
            .and_then(|soa| {
                soa.values()
                    .first()?
                    .expose()
                    .split_ascii_whitespace()
                    .last()?
                    .parse()
                    .ok()
            })
            .unwrap_or(900);
        soa.and_then(|soa| soa.ttl).unwrap_or(900).min(minimum)
    }
}

impl Extract {
    /// All record sets of a zone.
    pub fn whole(mut sets: Vec<ExactSet>) -> Self {
        sets.sort_by(|a, b| a.name.cmp(&b.name));
        Self {
            sets,
            names: Vec::new(),
            unreadable: Vec::new(),
            extent: Extent::Whole,
        }
    }

    /// The record set of a name and a type; the first one where a routing policy makes several.
    pub fn find(&self, name: &DnsName, record_type: RecordType) -> Option<&ExactSet> {
        self.at(name).find(|set| set.record_type == record_type)
    }

    /// The record sets of a name.
    pub fn at<'a, 'n>(&'a self, name: &'n DnsName) -> impl Iterator<Item = &'a ExactSet> + use<'a, 'n> {
        self.sets.iter().filter(move |set| set.name == *name)
    }

    /// The record sets at and below a name.
    pub fn subtree<'a, 'n>(&'a self, name: &'n DnsName) -> impl Iterator<Item = &'a ExactSet> + use<'a, 'n> {
        self.sets.iter().filter(move |set| set.name.is_at_or_below(name))
    }

    /// The names strictly between the apex and a name that the zone delegates away: the topmost one.
    pub fn cut_above(&self, apex: &DnsName, name: &DnsName) -> Option<DnsName> {
        let is_between =
            |set: &&ExactSet| set.record_type == RecordType::NS && set.name.is_below(apex) && name.is_below(&set.name);
        let cuts = self.sets.iter().filter(is_between);
        cuts.map(|set| set.name.clone()).min_by_key(DnsName::label_count)
    }
}
