//! A second writer: somebody who creates, deletes and replaces record sets at the same names, as the console or other tools would.
//!
//! All it does follows from its seed, and goes through the operations of Route 53: what those refuse, it has not done.

use std::time::Duration;

use super::api::{Answer, Call, Change, ChangeAction, Operation};
use super::record::ResourceRecordSet;
use super::service::Turn;
use super::world::World;
use crate::model::account::AccountId;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::zone::ZoneId;

/// A second writer of one zone.
#[derive(Debug, Clone)]
pub struct Rival {
    random: fastrand::Rng,
    account: AccountId,
    zone: ZoneId,
    names: Vec<DnsName>,
    share: f64,
    deeds: Vec<Deed>,
}

/// One thing that a second writer did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Around which call it was done.
    pub turn: Turn,
    /// The name at which it was done.
    pub name: DnsName,
    /// The record sets that it removed.
    pub removed: Vec<ResourceRecordSet>,
    /// The record sets that it wrote.
    pub written: Vec<ResourceRecordSet>,
    /// What the name held afterwards.
    pub left: Vec<ResourceRecordSet>,
}

impl Rival {
    /// A writer of a zone of an account, at these names, who acts in this share of moments before and after calls.
    pub fn new(seed: u64, account: AccountId, zone: ZoneId, names: Vec<DnsName>, share: f64) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
            account,
            zone,
            names,
            share,
            deeds: Vec::new(),
        }
    }

    /// All that it did, in order.
    pub fn deeds(&self) -> &[Deed] {
        &self.deeds
    }

    /// Acts, or lets the moment pass.
    pub fn act(&mut self, world: &mut World, turn: &Turn) {
        if self.random.f64() < self.share {
            self.do_something(world, turn);
        }
    }

    fn do_something(&mut self, world: &mut World, turn: &Turn) {
        let Some(name) = self.random.choice(self.names.clone()) else {
            return;
        };
        let Some(held) = self.held(world, &name) else {
            return;
        };
        let (removed, written) = self.intend(&name, &held);
        let change = |action| {
            move |set: &ResourceRecordSet| Change {
                action,
                set: set.clone(),
            }
        };
        let changes: Vec<Change> = removed
            .iter()
            .map(change(ChangeAction::Delete))
            .chain(written.iter().map(change(ChangeAction::Create)))
            .collect();
        if self.send(world, turn.at, changes) {
            self.deeds.push(Deed {
                turn: *turn,
                left: self.held(world, &name).unwrap_or_default(),
                name,
                removed,
                written,
            });
        }
    }

    /// What to remove and what to write at a name: something new, another value, another TTL, or nothing in its place.
    fn intend(
        &mut self,
        name: &DnsName,
        held: &[ResourceRecordSet],
    ) -> (Vec<ResourceRecordSet>, Vec<ResourceRecordSet>) {
        let Some(old) = self.random.choice(held).cloned() else {
            return (Vec::new(), vec![self.something(name)]);
        };
        let new = match self.random.u8(0..4) {
            0 => None,
            1 => Some(self.something(name)),
            2 => Some(ResourceRecordSet {
                ttl: old.ttl.map(|ttl| ttl.saturating_add(1)),
                ..old.clone()
            }),
            _ => Some(ResourceRecordSet::simple(
                name.clone(),
                RecordType::NS,
                300,
                self.servers(),
            )),
        };
        (vec![old], new.into_iter().collect())
    }

    fn something(&mut self, name: &DnsName) -> ResourceRecordSet {
        let ttl = self.random.choice([60, 300, 172_800]).unwrap_or(300);
        match self.random.u8(0..3) {
            0 => {
                let address = format!("203.0.113.{}", self.random.u8(..));
                ResourceRecordSet::simple(name.clone(), RecordType::A, ttl, [address])
            }
            _ => ResourceRecordSet::simple(name.clone(), RecordType::NS, ttl, self.servers()),
        }
    }

    fn servers(&mut self) -> Vec<String> {
        let number = self.random.u16(..);
        (1..=2)
            .map(|place| format!("ns{place}.rival-{number}.example."))
            .collect()
    }

    /// What the zone holds at a name; none where the zone is gone, or where the name is its apex, which is left alone.
    fn held(&self, world: &World, name: &DnsName) -> Option<Vec<ResourceRecordSet>> {
        let zone = world.account(self.account)?.zone(&self.zone)?;
        (zone.name != *name).then(|| zone.at(name).to_vec())
    }

    /// Sends a batch as the account's owner; says whether it was accepted.
    fn send(&self, world: &mut World, now: Duration, changes: Vec<Change>) -> bool {
        let Some(account) = world.account_place(self.account) else {
            return false;
        };
        let operation = Operation::ChangeResourceRecordSets {
            zone: self.zone.to_string(),
            comment: Some("a second writer".into()),
            changes,
        };
        matches!(world.answer(Call { account, now }, &operation), Ok(Answer::Change(_)))
    }
}
