//! What is hidden from a scan takes verdicts away, and never adds one: nothing is accused, and nothing is cleared.

use std::collections::BTreeMap;

use fastrand::Rng;
use zonecut::findings::{Confidence, CutVerdict, Finding, Status, Subject};
use zonecut::model::account::AccountIx;
use zonecut::model::name::DnsName;
use zonecut::model::zone::ZoneKey;
use zonecut::sim::world::World;

use super::generate::Organisation;
use super::reading::{AccountTrouble, Scan, Troubles, ZoneTrouble, keyed};

fn troubles(rng: &mut Rng, world: &World) -> Troubles {
    let mut troubles = Troubles::default();
    let keys: Vec<ZoneKey> = keyed(world).map(|(key, _)| key).collect();
    for _ in 0..rng.usize(1..=4) {
        let key = keys[rng.usize(0..keys.len())].clone();
        let account = AccountIx(rng.u32(0..u32::try_from(world.accounts().len()).expect("few")));
        match rng.u8(0..9) {
            0 => drop(troubles.accounts.insert(account, AccountTrouble::Failed)),
            1 => drop(troubles.accounts.insert(account, AccountTrouble::NotYet)),
            2 => drop(troubles.accounts.insert(account, AccountTrouble::Cached)),
            3 => {
                let lost = keys.iter().filter(|_| rng.bool()).cloned().collect();
                troubles.accounts.insert(account, AccountTrouble::Lacks(lost));
            }
            4 => drop(troubles.zones.insert(key, ZoneTrouble::Failed)),
            5 => drop(troubles.zones.insert(key, ZoneTrouble::NotYet)),
            6 => {
                let (_, zone) = keyed(world).find(|(other, _)| *other == key).expect("a zone");
                let lost = zone.records().iter().map(|set| set.name.clone()).filter(|_| rng.bool());
                let lost = ZoneTrouble::Lacks(lost.collect());
                troubles.zones.insert(key, lost);
            }
            7 => troubles.delegation_sets.push(key),
            _ => troubles.signing.push(key),
        }
    }
    troubles
}

fn name_of(finding: &Finding) -> Option<&DnsName> {
    match &finding.subject {
        Subject::Name(name) => Some(name),
        Subject::Account(_) => None,
    }
}

/// A verdict in short.
fn told(verdict: &CutVerdict) -> String {
    let findings: Vec<String> = verdict
        .findings
        .iter()
        .map(|f| format!("{} {}", f.code(), f.confidence.word()))
        .collect();
    format!("{} {findings:?} {:?}", verdict.status, verdict.cut)
}

/// Why a finding of the part may stand although the whole does not have it.
fn may_stand(finding: &Finding, whole: &Scan, part: &Scan) -> bool {
    let Some(name) = name_of(finding) else { return true };
    let in_whole = whole
        .survey
        .findings()
        .any(|f| f.code() == finding.code() && name_of(f) == Some(name) && f.is_known());
    if in_whole || finding.code() == "unread-account" {
        return true;
    }
    let missing = ["missing-delegation", "cname-at-cut", "wildcard-shadows-child"];
    let is_cut_off = whole
        .survey
        .cut(name)
        .is_some_and(|verdict| verdict.cut.broken_above.is_some());
    if missing.contains(&finding.code()) && is_cut_off {
        // The zone above it, which is not delegated to, is not seen; the record sets of the one further up were read.
        return true;
    }
    let comes_from_further_up = |name: &DnsName| {
        whole.survey.cut(name).is_some_and(|verdict| {
            let holder = verdict
                .cut
                .delegation
                .as_ref()
                .and_then(|d| whole.inventory.zone(d.zone));
            holder.is_some_and(|holder| Some(&holder.zone.name) != verdict.cut.closest.as_ref())
        })
    };
    let comes_from_further_up =
        comes_from_further_up(name) || name.ancestors().any(|name| comes_from_further_up(&name));
    if missing.contains(&finding.code()) && comes_from_further_up {
        // The zone above is not delegated to, and one further up, which is not seen, delegates past it. The finding says that
        // the closest enclosing zone, which was read in full, holds no NS record set: that stands.
        return true;
    }
    // Another zone of the parent's name is not seen, and neither is a delegation that says which of them is served; or that
    // delegation names both, and the record sets of the one that is seen lack what they lack.
    let closest = part.survey.cut(name).and_then(|verdict| verdict.cut.closest.clone());
    closest.is_some_and(|closest| {
        let twins = |scan: &Scan| scan.survey.cut(&closest).map_or(0, |v| v.cut.children.len());
        let upper = part.survey.cut(&closest).expect("a zone has a cut");
        twins(whole) > twins(part) && (upper.cut.delegation.is_none() || missing.contains(&finding.code()))
    })
}

#[test]
fn what_is_unread_accuses_nobody() {
    for seed in 0..400 {
        let organisation = Organisation::of(seed);
        let whole = Scan::of(&organisation.world, &Troubles::default());
        let troubles = troubles(&mut Rng::with_seed(seed ^ 0xbad), &organisation.world);
        let part = Scan::of(&organisation.world, &troubles);
        for finding in part.survey.findings().filter(|f| f.confidence != Confidence::Unknown) {
            assert!(
                may_stand(finding, &whole, &part),
                "organisation {seed} with {:?}\nwithout {troubles:?}\n{}\nbefore {}\nafter {}",
                organisation.kinds,
                finding.code(),
                name_of(finding)
                    .and_then(|name| whole.survey.cut(name))
                    .map(told)
                    .unwrap_or_default(),
                name_of(finding)
                    .and_then(|name| part.survey.cut(name))
                    .map(told)
                    .unwrap_or_default(),
            );
        }
    }
}

/// Whether all that is wrong with a cut lies in what vanished, so that nothing that is left could show it.
fn is_out_of_sight(before: &CutVerdict, whole: &Scan, after: &CutVerdict, part: &Scan) -> bool {
    let key = |scan: &Scan, zone| scan.inventory.zone(zone).map(|entry| entry.zone.key.clone());
    let looked_at: Vec<ZoneKey> = after
        .cut
        .parents
        .iter()
        .chain(&after.cut.children)
        .filter_map(|zone| key(part, *zone))
        .collect();
    let blames = before.findings.iter().filter(|f| f.status() != Status::Unverified);
    let lost_the_chain = before.cut.parent_anchor != after.cut.parent_anchor;
    let mut parents = before.cut.parents.iter().filter_map(|zone| key(whole, *zone));
    let lost_the_live_parent = parents.any(|zone| !looked_at.contains(&zone));
    let is_hidden = |finding: &Finding| {
        let mut zones = finding
            .parent
            .iter()
            .chain(&finding.children)
            .filter_map(|zone| key(whole, zone.index));
        zones.any(|zone| !looked_at.contains(&zone))
            || (lost_the_chain && finding.code() == "ds-in-unsigned-parent")
            || (lost_the_live_parent && finding.code() == "delegation-in-dead-parent")
    };
    before.status == Status::CutOff || blames.into_iter().all(is_hidden)
}

#[test]
fn what_is_unread_clears_nobody() {
    for seed in 0..400 {
        let organisation = Organisation::of(seed);
        let whole = Scan::of(&organisation.world, &Troubles::default());
        let troubles = troubles(&mut Rng::with_seed(seed ^ 0xc1ea2), &organisation.world);
        let part = Scan::of(&organisation.world, &troubles);
        for after in part.survey.cuts().filter(|verdict| verdict.status == Status::Ok) {
            let before = whole.survey.cut(&after.cut.name).expect("it is there in full");
            assert!(
                before.status == Status::Ok || is_out_of_sight(before, &whole, after, &part),
                "organisation {seed} with {:?}\nwithout {troubles:?}\nbefore {}\nafter {}",
                organisation.kinds,
                told(before),
                told(after),
            );
        }
    }
}

#[test]
fn what_was_not_read_in_full_is_not_ok() {
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    for seed in 0..300 {
        let organisation = Organisation::of(seed);
        let troubles = troubles(&mut Rng::with_seed(seed ^ 0x0ff), &organisation.world);
        let part = Scan::of(&organisation.world, &troubles);
        for (index, entry) in part.inventory.iter().filter(|(_, entry)| entry.is_public()) {
            let status = part.survey.zone_status(&part.inventory, index);
            if !entry.is_read() {
                *seen.entry(status.word()).or_default() += 1;
                let cached = entry.records.as_ref().is_some_and(|held| held.problem().is_none());
                assert!(
                    status != Status::Ok || cached,
                    "organisation {seed}: {} is ok",
                    entry.zone.name
                );
            }
        }
    }
    for word in ["partial", "no-access", "unknown"] {
        assert!(seen.contains_key(word), "{word} does not occur: {seen:?}");
    }
}
