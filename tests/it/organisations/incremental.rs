//! However facts come in, the survey that is kept up to date equals one that is made from scratch.

use std::sync::Arc;

use fastrand::Rng;
use zonecut::findings::{CutVerdict, Finding, Survey};
use zonecut::model::account::{AccountIx, AccountStatus};
use zonecut::model::inventory::{Fact, Inventory, Reading};
use zonecut::model::zone::ZoneKey;
use zonecut::sim::world::World;

use super::generate::Organisation;
use super::random::found;
use super::reading::{AccountTrouble, Scan, Troubles, Want, ZoneTrouble, accounts, answer, facts, keyed, wants};

/// A scan of which the facts come in a random order, with failures, second readings and removals.
struct Turmoil<'a> {
    rng: Rng,
    world: &'a World,
    keys: Vec<ZoneKey>,
    inventory: Inventory,
    survey: Survey,
}

impl Turmoil<'_> {
    fn step(&mut self) {
        match self.rng.u8(0..10) {
            0 => self.rescan_account(AccountTrouble::Failed),
            1 => {
                let lost = self.some_keys();
                self.rescan_account(AccountTrouble::Lacks(lost));
            }
            2 => self.rescan_account(AccountTrouble::Cached),
            3 => self.reread(ZoneTrouble::Failed),
            4 => {
                let key = self.key();
                let (_, zone) = keyed(self.world).find(|(other, _)| *other == key).expect("a zone");
                let owners = zone.records().iter().map(|set| set.name.clone());
                let lost = owners.filter(|_| self.rng.bool()).collect();
                self.reread_zone(key, Some(ZoneTrouble::Lacks(lost)));
            }
            5 => self.remove_some(),
            6 | 7 => self.answer_some(),
            _ => {
                let key = self.key();
                self.reread_zone(key, None);
            }
        }
    }

    fn key(&mut self) -> ZoneKey {
        self.keys[self.rng.usize(0..self.keys.len())].clone()
    }

    fn some_keys(&mut self) -> Vec<ZoneKey> {
        let keys = self.keys.clone();
        keys.into_iter().filter(|_| self.rng.u8(0..4) == 0).collect()
    }

    fn account(&mut self) -> AccountIx {
        AccountIx(
            self.rng
                .u32(0..u32::try_from(self.world.accounts().len()).expect("few")),
        )
    }

    fn rescan_account(&mut self, trouble: AccountTrouble) {
        let account = self.account();
        let mut troubles = Troubles::default();
        if self.rng.bool() {
            troubles.accounts.insert(account, trouble);
        }
        let of_account = facts(self.world, &troubles)
            .into_iter()
            .filter(|fact| account_of(fact) == account);
        for fact in of_account {
            self.inventory.apply(fact);
        }
    }

    fn reread(&mut self, trouble: ZoneTrouble) {
        let key = self.key();
        self.reread_zone(key, Some(trouble));
    }

    fn reread_zone(&mut self, key: ZoneKey, trouble: Option<ZoneTrouble>) {
        let mut troubles = Troubles::default();
        troubles.zones.extend(trouble.map(|trouble| (key.clone(), trouble)));
        let is_it = |fact: &Fact| matches!(fact, Fact::Records { zone, .. } if *zone == key);
        for fact in facts(self.world, &troubles).into_iter().filter(is_it) {
            self.inventory.apply(fact);
        }
    }

    fn remove_some(&mut self) {
        let account = self.account();
        let gone = self.some_keys();
        let left = self
            .keys
            .iter()
            .filter(|key| key.account == account && !gone.contains(key));
        self.inventory.apply(Fact::ZonesListed {
            account,
            ids: left.map(|key| key.id.clone()).collect(),
        });
    }

    fn answer_some(&mut self) {
        let mut troubles = Troubles::default();
        if self.rng.u8(0..4) == 0 {
            troubles.delegation_sets.clone_from(&self.keys);
            troubles.signing.clone_from(&self.keys);
        }
        for want in wants(&self.survey, &self.inventory) {
            if self.rng.bool() {
                self.inventory.apply(answer(self.world, &troubles, &want));
            }
        }
    }

    /// Everything is read after all.
    fn settle(&mut self) {
        let troubles = Troubles::default();
        for place in 0..self.world.accounts().len() {
            let account = AccountIx(u32::try_from(place).expect("few"));
            let ids = self
                .keys
                .iter()
                .filter(|key| key.account == account)
                .map(|key| key.id.clone());
            self.inventory.apply(Fact::ZonesListed {
                account,
                ids: ids.collect(),
            });
        }
        for fact in facts(self.world, &troubles) {
            self.inventory.apply(fact);
        }
        self.survey.refresh(&mut self.inventory);
        let failed: Vec<Want> = self
            .inventory
            .iter()
            .flat_map(|(_, entry)| {
                let key = &entry.zone.key;
                let set = entry.delegation_set.as_ref().filter(|held| !held.is_whole());
                let signing = entry.signing.as_ref().filter(|held| !held.is_whole());
                let set = set.map(|_| Want::DelegationSet(key.clone()));
                set.into_iter().chain(signing.map(|_| Want::Signing(key.clone())))
            })
            .collect();
        let mut wanted = failed;
        wanted.extend(wants(&self.survey, &self.inventory));
        while !wanted.is_empty() {
            for want in &wanted {
                self.inventory.apply(answer(self.world, &troubles, want));
            }
            self.survey.refresh(&mut self.inventory);
            wanted = wants(&self.survey, &self.inventory);
        }
    }

    fn assert_equals_a_fresh_survey(&self, when: &str) {
        let fresh = Survey::of(&mut self.inventory.clone());
        let kept: Vec<&CutVerdict> = self.survey.cuts().collect();
        let made: Vec<&CutVerdict> = fresh.cuts().collect();
        for (kept, made) in kept.iter().zip(&made) {
            assert!(kept == made, "{when}: kept {kept:#?}\nmade {made:#?}");
        }
        assert_eq!(kept.len(), made.len(), "{when}");
        let all = |survey: &Survey| survey.findings().cloned().collect::<Vec<Finding>>();
        assert_eq!(all(&self.survey), all(&fresh), "{when}");
    }
}

fn account_of(fact: &Fact) -> AccountIx {
    match fact {
        Fact::Status { account, .. }
        | Fact::Identified { account, .. }
        | Fact::Zones { account, .. }
        | Fact::ZonesListed { account, .. } => *account,
        Fact::Records { zone, .. } | Fact::DelegationSet { zone, .. } | Fact::Signing { zone, .. } => zone.account,
        Fact::Served(_) | Fact::Liveness(_) => unreachable!("no account says what is served"),
    }
}

#[test]
fn a_survey_kept_up_to_date_equals_one_made_from_scratch() {
    for seed in 0..150 {
        let organisation = Organisation::of(seed);
        let world = &organisation.world;
        let mut turmoil = Turmoil {
            rng: Rng::with_seed(seed ^ 0x5eed),
            world,
            keys: keyed(world).map(|(key, _)| key).collect(),
            inventory: Inventory::new(accounts(world)),
            survey: Survey::default(),
        };
        for batch in 0..25 {
            for _ in 0..turmoil.rng.usize(1..6) {
                turmoil.step();
            }
            turmoil.survey.refresh(&mut turmoil.inventory);
            turmoil.assert_equals_a_fresh_survey(&format!("organisation {seed}, batch {batch}"));
        }
        turmoil.settle();
        turmoil.assert_equals_a_fresh_survey(&format!("organisation {seed}, at the end"));
        let scan = Scan::settled(turmoil.inventory, turmoil.survey, world);
        assert_eq!(found(&scan), organisation.expected, "organisation {seed}");
    }
}

/// What was learned in another order is the same, but for the places of zones in the inventory.
#[test]
fn the_order_in_which_accounts_answer_does_not_matter() {
    for seed in 0..100 {
        let world = Organisation::of(seed).world;
        let troubles = Troubles::default();
        let mut all = facts(&world, &troubles);
        let forward = Scan::of(&world, &troubles).found();
        let mut inventory = Inventory::new(accounts(&world));
        all.reverse();
        all.sort_by_key(|fact| matches!(fact, Fact::Records { .. }));
        for fact in all {
            inventory.apply(fact);
        }
        let survey = Survey::of(&mut inventory);
        let mut scan = Scan::settled(inventory, survey, &world);
        while scan.ask(&world, &troubles) {}
        assert_eq!(scan.found(), forward, "organisation {seed}");
    }
}

#[test]
fn an_inventory_can_be_surveyed_twice() {
    let world = Organisation::of(1).world;
    let mut scan = Scan::of(&world, &Troubles::default());
    let again = Survey::of(&mut scan.inventory);
    assert_eq!(again.len(), scan.survey.len());
    assert!(!again.is_empty());
}

#[test]
fn an_account_that_gives_way_leaves_no_verdict_behind() {
    let world = Organisation::of(2).world;
    let mut scan = Scan::of(&world, &Troubles::default());
    for place in 0..world.accounts().len() {
        let account = AccountIx(u32::try_from(place).expect("few"));
        scan.inventory.apply(Fact::ZonesListed {
            account,
            ids: Vec::new(),
        });
        scan.inventory.apply(Fact::Status {
            account,
            status: AccountStatus::Complete,
        });
    }
    scan.survey.refresh(&mut scan.inventory);
    assert!(scan.survey.is_empty());
    assert_eq!(scan.survey.findings().count(), 0);
    let reading = Reading::Whole(Arc::default());
    let (key, _) = keyed(&world).next().expect("a zone");
    let origin = zonecut::model::inventory::Origin {
        source: zonecut::model::inventory::Source::Live,
        at: jiff::Timestamp::UNIX_EPOCH,
    };
    // An answer that comes late is about nothing.
    scan.inventory.apply(Fact::Records {
        zone: key,
        reading,
        origin,
    });
    scan.survey.refresh(&mut scan.inventory);
    assert!(scan.survey.is_empty());
}
