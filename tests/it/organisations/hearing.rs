//! What servers say of random organisations: silence accuses nobody, health is not blamed, and what they say agrees with
//! what is configured wherever the simulated organisation is served as it is configured.

use std::collections::BTreeSet;

use zonecut::findings::{Finding, Severity, Status, Survey};
use zonecut::model::awsdns::{is_awsdns, is_plausible};
use zonecut::model::cut::Cut;
use zonecut::model::name::DnsName;

use super::generate::Organisation;
use super::reading::{Scan, Troubles};
use super::served::{Script, serve, serve_all};

fn cuts(scan: &Scan) -> Vec<Cut> {
    scan.survey.cuts().map(|verdict| verdict.cut.clone()).collect()
}

fn lines(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

fn codes(scan: &Scan, counts: impl Fn(&Finding) -> bool) -> BTreeSet<(String, String)> {
    let found = scan.survey.findings().filter(|f| counts(f));
    found
        .filter_map(|f| Some((f.name()?.to_string(), f.code().to_owned())))
        .collect()
}

#[test]
fn silence_makes_nothing_critical_dangling_or_lame() {
    for (number, (parent, child)) in [
        ("*: silent", "*: silent"),
        ("*: unasked", "*: unasked"),
        ("*: refers", "*: silent"),
        ("*: refers", "*: unasked"),
        ("*: refused", "*: unfound"),
        ("*: unreachable", "*: no-route at=2600::1"),
    ]
    .into_iter()
    .enumerate()
    {
        for seed in (0..48).skip(number).step_by(6) {
            let organisation = Organisation::of(seed);
            let mut scan = Scan::of(&organisation.world, &Troubles::default());
            let is_grave = |f: &Finding| {
                f.is_known()
                    && (f.severity == Severity::Critical
                        || f.status() == Status::Dangling
                        || f.code().starts_with("lame"))
            };
            let before = codes(&scan, is_grave);
            let script = |cut: &Cut| {
                let child = match cut.name_servers().is_empty() {
                    true => Vec::new(),
                    false => lines(&[child]),
                };
                Script::of(&cut.name, lines(&[parent]), child)
            };
            let scripts: Vec<Script> = cuts(&scan).iter().map(script).collect();
            serve_all(&mut scan, &scripts);
            let after = codes(&scan, is_grave);
            let accused: Vec<_> = after.difference(&before).collect();
            assert!(
                accused.is_empty(),
                "organisation {seed}, {parent} and {child}: {accused:?}"
            );
        }
    }
}

/// What the servers of a cut say where everything is served as it is configured; none where the name is not got to.
fn as_configured(scan: &Scan, cut: &Cut) -> Option<Script> {
    let is_reached = cut.broken_above.is_none() && cut.beyond.is_none();
    let is_led_to_by_nobody = cut.parents.is_empty() && cut.children.len() != 1;
    if !is_reached || is_led_to_by_nobody || cut.parents.len() > 1 {
        return None;
    }
    let sets: Vec<&DnsName> = cut
        .children
        .iter()
        .filter_map(|zone| cut.servers(&scan.inventory, *zone).names())
        .flatten()
        .collect();
    let apexes = cut
        .children
        .iter()
        .filter_map(|zone| scan.inventory.zone(*zone)?.apex.as_ref());
    let named: BTreeSet<&DnsName> = apexes
        .flat_map(|apex| apex.name_servers.iter())
        .chain(cut.name_servers())
        .collect();
    let says = |name: &DnsName| {
        if sets.contains(&name) || !is_awsdns(name) {
            "serves"
        } else if is_plausible(name) {
            "refused"
        } else {
            "nowhere"
        }
    };
    let child = named.iter().map(|name| format!("{name}: {}", says(name))).collect();
    let parent = match (cut.parents.is_empty(), cut.delegation.is_some()) {
        (true, _) => "*: refers ns=@set",
        (false, true) => "*: refers",
        (false, false) => "*: nodata",
    };
    let script = Script::of(&cut.name, lines(&[parent]), child);
    Some(match cut.parents.is_empty() {
        true => script.below("registry.example"),
        false => script,
    })
}

#[test]
fn a_healthy_organisation_that_is_served_as_it_is_configured_is_healthy() {
    for seed in 0..40 {
        let organisation = Organisation::healthy(seed);
        let mut scan = Scan::of(&organisation.world, &Troubles::default());
        let scripts: Vec<Script> = cuts(&scan).iter().filter_map(|cut| as_configured(&scan, cut)).collect();
        assert!(!scripts.is_empty(), "organisation {seed} is empty");
        serve_all(&mut scan, &scripts);
        let found = codes(&scan, |f| f.code() != "delegated-elsewhere");
        assert!(found.is_empty(), "organisation {seed}: {found:?}");
        let doubted: Vec<_> = scan
            .survey
            .cuts()
            .filter(|verdict| !matches!(verdict.status, Status::Ok | Status::External))
            .map(|verdict| format!("{} {}", verdict.cut.name, verdict.status))
            .collect();
        assert!(doubted.is_empty(), "organisation {seed}: {doubted:?}");
    }
}

#[test]
fn what_servers_say_agrees_with_what_is_configured() {
    for seed in 0..50 {
        let organisation = Organisation::of(seed);
        let mut scan = Scan::of(&organisation.world, &Troubles::default());
        let before = codes(&scan, Finding::is_known);
        for cut in cuts(&scan) {
            if let Some(script) = as_configured(&scan, &cut) {
                serve(&mut scan, &script);
            }
        }
        let fresh = Survey::of(&mut scan.inventory.clone());
        assert!(
            fresh.cuts().eq(scan.survey.cuts()),
            "organisation {seed} is not up to date"
        );
        let after = codes(&scan, Finding::is_known);
        let lost = |(name, code): &&(String, String)| {
            let turned = match code.as_str() {
                "unverified-delegation" => "dangling-delegation",
                code => code,
            };
            !after.contains(&(name.clone(), code.clone())) && !after.contains(&(name.clone(), turned.to_owned()))
        };
        let lost: Vec<_> = before.iter().filter(lost).collect();
        assert!(
            lost.is_empty(),
            "organisation {seed} with {:?}: {lost:?}\n{after:?}",
            organisation.kinds
        );
    }
}
