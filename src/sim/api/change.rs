//! `ChangeResourceRecordSets`: all changes of a batch, or none.
//!
//! `CREATE` is refused over an existing record set, `DELETE` unless it states the record set exactly: together a compare-and-swap.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::check;
use super::operation::{Change, ChangeAction};
use super::protection;
use super::{ApiError, Call, ChangeInfo};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::sim::record::ResourceRecordSet;
use crate::sim::world::{HostedZone, World};

/// The most `ResourceRecord` elements of one request; each counts twice in an UPSERT.
const RECORDS_PER_REQUEST: usize = 1_000;
/// The most characters of values of one request; each counts twice in an UPSERT.
const CHARACTERS_PER_REQUEST: usize = 32_000;

impl World {
    /// `ChangeResourceRecordSets`.
    pub fn change_record_sets(
        &mut self,
        call: Call,
        zone: &str,
        comment: Option<&str>,
        changes: &[Change],
    ) -> Result<ChangeInfo, ApiError> {
        let faults = self.caller(call)?.faults.clone();
        let zone = self.changeable_zone(call, zone)?;
        if zone
            .changed
            .is_some_and(|before| call.now < before + faults.prior_request())
        {
            return Err(ApiError::prior_request_not_complete());
        }
        check_request(changes)?;
        let protected = protection::complaints(zone, changes);
        if !protected.is_empty() {
            return Err(ApiError::invalid_batch(protected));
        }
        let mut batch = Batch::new(zone);
        batch.apply(changes);
        let records = batch.finish(changes)?;
        let id = zone.id.clone();
        self.zone_mut(call, &id)?.replace_records(call.now, records);
        Ok(self.record_change(call, comment.map(str::to_owned)))
    }
}

/// What is wrong with a request whatever the zone holds.
fn check_request(changes: &[Change]) -> Result<(), ApiError> {
    if changes.is_empty() {
        return Err(ApiError::invalid_input("The batch must hold at least one change"));
    }
    changes.iter().try_for_each(check::shape)?;
    let weight = |change: &Change| match change.action {
        ChangeAction::Upsert => 2,
        ChangeAction::Create | ChangeAction::Delete => 1,
    };
    let records: usize = changes.iter().map(|c| weight(c) * c.set.record_count()).sum();
    let characters: usize = changes
        .iter()
        .map(|c| weight(c) * c.set.values.iter().map(|value| value.chars().count()).sum::<usize>())
        .sum();
    if changes.len() > RECORDS_PER_REQUEST || records > RECORDS_PER_REQUEST {
        let text = format!("Number of records limit of {RECORDS_PER_REQUEST} exceeded.");
        return Err(ApiError::invalid_batch(vec![text]));
    }
    if characters > CHARACTERS_PER_REQUEST {
        let text = format!("Number of characters limit of {CHARACTERS_PER_REQUEST} exceeded.");
        return Err(ApiError::invalid_batch(vec![text]));
    }
    Ok(())
}

type Key = (DnsName, RecordType, Option<String>);

fn key(set: &ResourceRecordSet) -> Key {
    (
        set.name.clone(),
        set.record_type,
        set.set_identifier().map(str::to_owned),
    )
}

/// A batch at work on a copy of the zone's record sets.
struct Batch<'a> {
    zone: &'a HostedZone,
    records: Arc<Vec<ResourceRecordSet>>,
    complaints: Vec<String>,
}

impl<'a> Batch<'a> {
    fn new(zone: &'a HostedZone) -> Self {
        Self {
            zone,
            records: zone.snapshot(),
            complaints: Vec::new(),
        }
    }

    fn apply(&mut self, changes: &[Change]) {
        let mut seen: HashMap<Key, ChangeAction> = HashMap::new();
        for change in changes {
            let before = seen.insert(key(&change.set), change.action);
            match (before, change.action) {
                (None, _) | (Some(ChangeAction::Delete), ChangeAction::Create) => self.apply_one(change),
                _ => self.complaints.push(format!(
                    "The request contains an invalid set of changes for a resource record set '{} {}'",
                    change.set.record_type,
                    change.set.name.to_route53()
                )),
            }
        }
    }

    fn apply_one(&mut self, change: &Change) {
        if change.action != ChangeAction::Delete {
            self.complaints.extend(check::content(&change.set, &self.zone.name));
        }
        let set = &stored(&change.set);
        let found = self.records.binary_search_by(|stored| stored.listing_order(set));
        match (change.action, found) {
            (ChangeAction::Create, Ok(_)) => self.complain("create", set, "but it already exists"),
            (ChangeAction::Delete, Err(_)) => self.complain("delete", set, "but it was not found"),
            (ChangeAction::Delete, Ok(place)) => self.delete(place, set),
            (ChangeAction::Create | ChangeAction::Upsert, Err(place)) => {
                Arc::make_mut(&mut self.records).insert(place, set.clone());
            }
            (ChangeAction::Upsert, Ok(place)) => {
                if let Some(stored) = Arc::make_mut(&mut self.records).get_mut(place) {
                    *stored = set.clone();
                }
            }
        }
    }

    fn delete(&mut self, place: usize, set: &ResourceRecordSet) {
        let same = self
            .records
            .get(place)
            .is_some_and(|stored| check::is_same(stored, set));
        match same {
            true => {
                Arc::make_mut(&mut self.records).remove(place);
            }
            false => self.complain("delete", set, "but the values provided do not match the current values"),
        }
    }

    fn complain(&mut self, verb: &str, set: &ResourceRecordSet, why: &str) {
        let identifier = match set.set_identifier() {
            Some(text) => format!(", set-identifier='{text}'"),
            None => String::new(),
        };
        self.complaints.push(format!(
            "Tried to {verb} resource record set [name='{}', type='{}'{identifier}] {why}",
            set.name.to_route53(),
            set.record_type
        ));
    }

    /// The record sets after the batch, if they are what a zone may hold.
    fn finish(mut self, changes: &[Change]) -> Result<Vec<ResourceRecordSet>, ApiError> {
        if self.complaints.is_empty() {
            let mut names = HashSet::new();
            for change in changes {
                if names.insert(&change.set.name) {
                    self.complaints
                        .extend(check::neighbours(&self.records, &change.set.name, &self.zone.name));
                }
                self.check_alias(change);
            }
            self.check_size();
        }
        match self.complaints.is_empty() {
            true => Ok(Arc::unwrap_or_clone(self.records)),
            false => Err(ApiError::invalid_batch(self.complaints)),
        }
    }

    fn check_size(&mut self) {
        let limit = super::dnssec::RECORD_SETS_PER_ZONE;
        if self.records.len() > limit && self.records.len() > self.zone.records().len() {
            self.complaints
                .push(format!("The zone would hold more than {limit} resource record sets"));
        }
    }

    /// An alias into its own zone must point to a record set that is there.
    fn check_alias(&mut self, change: &Change) {
        let Some(alias) = change
            .set
            .alias
            .as_ref()
            .filter(|_| change.action != ChangeAction::Delete)
        else {
            return;
        };
        if *alias.zone_id != *self.zone.id.as_str() {
            return;
        }
        let record_type = change.set.record_type;
        let found = DnsName::parse_route53(&alias.target).is_ok_and(|target| {
            let place = crate::sim::world::place(&self.records, &target, Some(record_type), None);
            let set = self.records.get(place);
            set.is_some_and(|set| set.name == target && set.record_type == record_type)
        });
        if !found {
            self.complaints.push(format!(
                "Tried to create an alias that targets {}, type {record_type} in zone {}, but that target was not found",
                alias.target, self.zone.id
            ));
        }
    }
}

/// A record set as it is kept: the name of an alias's target in lower case and with its final dot, whatever way it was given.
fn stored(given: &ResourceRecordSet) -> ResourceRecordSet {
    let mut set = given.clone();
    if let Some(alias) = &mut set.alias
        && let Ok(target) = DnsName::parse_route53(&alias.target)
    {
        alias.target = target.to_route53().into();
    }
    set
}
