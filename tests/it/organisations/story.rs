//! The stories of `tests/scenarios`: each a small world and exactly what is wrong with it.
//!
//! Beside the world's own tables a story has `fires`, `nearly` and `silent` (codes it is told for), `[[unread]]`, `[[served]]`,
//! `unasked`, `[[expect]]` and `[[status]]`.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use serde::Deserialize;
use zonecut::findings::{RULES, rule};
use zonecut::model::account::AccountIx;
use zonecut::model::name::DnsName;
use zonecut::sim::world::{Expectation, World};

use super::reading::{AccountTrouble, Found, Scan, Troubles, ZoneTrouble, keyed};
use super::served;

/// One story.
struct Story {
    file: String,
    world: World,
    script: Script,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Script {
    /// Codes that the story shows firing.
    #[serde(default)]
    fires: BTreeSet<String>,
    /// Codes that come close and do not fire.
    #[serde(default)]
    nearly: BTreeSet<String>,
    /// Codes that would fire, and are silent or unknown because something is unread.
    #[serde(default)]
    silent: BTreeSet<String>,
    #[serde(default)]
    unread: Vec<Unread>,
    #[serde(default)]
    served: Vec<served::Script>,
    /// Names whose servers are not asked.
    #[serde(default)]
    unasked: BTreeSet<String>,
    #[serde(default)]
    expect: Vec<Expect>,
    #[serde(default)]
    status: Vec<StatusLine>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unread {
    account: Option<String>,
    zone: Option<String>,
    /// `failed` if not said; `not-yet`, `cached`, `delegation-set`, `signing`.
    how: Option<String>,
    /// The owners of record sets that got lost (of a zone), or the handles of zones that did (of an account).
    lacks: Option<Vec<String>>,
}

/// A finding that must be there.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    code: String,
    name: String,
    zone: Option<String>,
    cause: Option<String>,
    confidence: Option<String>,
    severity: Option<String>,
}

impl From<&Expectation> for Expect {
    fn from(expectation: &Expectation) -> Self {
        Self {
            code: expectation.code.clone(),
            name: expectation.name.clone(),
            zone: expectation.zone.clone(),
            cause: expectation.cause.clone(),
            confidence: expectation.confidence.clone(),
            severity: expectation.severity.clone(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct StatusLine {
    /// A name in the tree, for the status of its cut.
    name: Option<String>,
    /// A handle, for the status of a zone.
    zone: Option<String>,
    is: String,
}

const OWN_KEYS: [&str; 8] = [
    "fires", "nearly", "silent", "unread", "served", "unasked", "expect", "status",
];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios")
}

fn stories() -> Vec<Story> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder())
        .expect("the folder of stories")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "toml"))
        .collect();
    files.sort();
    files.iter().map(|path| story(path)).collect()
}

fn story(path: &Path) -> Story {
    let file = path.file_name().expect("a file").to_string_lossy().into_owned();
    let text = std::fs::read_to_string(path).expect("a story");
    let mut world: toml::Table = text.parse().unwrap_or_else(|why| panic!("{file}: {why}"));
    let mut script = toml::Table::new();
    for key in OWN_KEYS {
        if let Some(value) = world.remove(key) {
            script.insert(key.to_owned(), value);
        }
    }
    let world = toml::to_string(&world).expect("it was TOML");
    Story {
        world: World::from_toml(&world).unwrap_or_else(|why| panic!("{file}: {why}")),
        script: script.try_into().unwrap_or_else(|why| panic!("{file}: {why}")),
        file,
    }
}

impl Story {
    fn troubles(&self) -> Troubles {
        let mut troubles = Troubles::default();
        for unread in &self.script.unread {
            match (&unread.account, &unread.zone) {
                (Some(account), None) => self.trouble_account(account, unread, &mut troubles),
                (None, Some(zone)) => self.trouble_zone(zone, unread, &mut troubles),
                _ => panic!("{}: unread names an account or a zone", self.file),
            }
        }
        troubles
    }

    fn trouble_account(&self, name: &str, unread: &Unread, troubles: &mut Troubles) {
        let place = self.world.accounts().iter().position(|account| account.name == name);
        let place = place.unwrap_or_else(|| panic!("{}: no account {name}", self.file));
        let keys = || unread.lacks.iter().flatten().map(|handle| self.key(handle)).collect();
        let trouble = match unread.how.as_deref() {
            None if unread.lacks.is_some() => AccountTrouble::Lacks(keys()),
            None | Some("failed") => AccountTrouble::Failed,
            Some("not-yet") => AccountTrouble::NotYet,
            Some("cached") => AccountTrouble::Cached,
            Some(how) => panic!("{}: an account is not unread by {how}", self.file),
        };
        troubles
            .accounts
            .insert(AccountIx(u32::try_from(place).expect("few")), trouble);
    }

    fn trouble_zone(&self, handle: &str, unread: &Unread, troubles: &mut Troubles) {
        let key = self.key(handle);
        let owners = || unread.lacks.iter().flatten().map(|owner| name(owner)).collect();
        let trouble = match unread.how.as_deref() {
            None if unread.lacks.is_some() => ZoneTrouble::Lacks(owners()),
            None | Some("failed") => ZoneTrouble::Failed,
            Some("not-yet") => ZoneTrouble::NotYet,
            Some("cached") => ZoneTrouble::Cached,
            Some("delegation-set") => return troubles.delegation_sets.push(key),
            Some("signing") => return troubles.signing.push(key),
            Some(how) => panic!("{}: a zone is not unread by {how}", self.file),
        };
        troubles.zones.insert(key, trouble);
    }

    fn key(&self, handle: &str) -> zonecut::model::zone::ZoneKey {
        let found = keyed(&self.world).find(|(_, zone)| &*zone.key == handle);
        found.unwrap_or_else(|| panic!("{}: no zone {handle}", self.file)).0
    }

    /// What is found while something is unread and unasked.
    fn as_told(&self) -> Scan {
        self.scan(&self.troubles(), &self.script.unasked)
    }

    /// What is found once everything is read and asked.
    fn in_full(&self) -> Scan {
        self.scan(&Troubles::default(), &BTreeSet::new())
    }

    fn scan(&self, troubles: &Troubles, unasked: &BTreeSet<String>) -> Scan {
        let mut scan = Scan::of(&self.world, troubles);
        let asked = self
            .script
            .served
            .iter()
            .filter(|script| !unasked.contains(&script.name));
        asked.for_each(|script| served::serve(&mut scan, script));
        scan
    }

    /// What differs between what is expected and what is found, a line each.
    fn differences(&self) -> Vec<String> {
        let scan = self.as_told();
        let mut differences = compare(&self.script.expect, scan.found());
        differences.extend(
            self.script
                .status
                .iter()
                .filter_map(|line| self.status_difference(line, &scan)),
        );
        differences
    }

    fn status_difference(&self, line: &StatusLine, scan: &Scan) -> Option<String> {
        let (what, status) = match (&line.name, &line.zone) {
            (Some(text), None) => {
                let verdict = scan.survey.cut(&name(text));
                let verdict = verdict.unwrap_or_else(|| panic!("{}: nothing at {text}", self.file));
                (text, verdict.status)
            }
            (None, Some(handle)) => {
                let (index, _) = scan.inventory.find(&self.key(handle)).expect("a zone that is listed");
                (handle, scan.survey.zone_status(&scan.inventory, index))
            }
            _ => panic!("{}: a status is that of a name or of a zone", self.file),
        };
        (status.word() != line.is).then(|| format!("{what} is {status}, not {}", line.is))
    }
}

fn name(text: &str) -> DnsName {
    DnsName::parse_route53(text).unwrap_or_else(|why| panic!("{text}: {why}"))
}

/// What differs, a line each.
pub fn compare(expected: &[Expect], mut found: Vec<Found>) -> Vec<String> {
    let mut differences = Vec::new();
    let mut expected: Vec<&Expect> = expected.iter().collect();
    expected.sort_by_key(|expect| expect.zone.is_none());
    for expect in expected {
        let is_it = |found: &Found| {
            let zone = expect.zone.as_ref();
            found.code == expect.code
                && name(&found.name) == name(&expect.name)
                && zone.is_none_or(|zone| found.zones == [zone.clone()])
        };
        match found.iter().position(is_it) {
            None => differences.push(format!("lacking: {expect:?}")),
            Some(place) => differences.extend(contradiction(expect, &found.remove(place))),
        }
    }
    differences.extend(found.iter().map(|found| format!("beyond: {found:?}")));
    differences
}

fn contradiction(expect: &Expect, found: &Found) -> Option<String> {
    let confidence_fits = match &expect.confidence {
        Some(confidence) => *confidence == found.confidence,
        None => found.confidence != "unknown",
    };
    let severity_fits = expect.severity.as_ref().is_none_or(|s| *s == found.severity);
    let fits = confidence_fits && severity_fits && expect.cause == found.cause;
    (!fits).then(|| format!("other than expected: {found:?}, expected {expect:?}"))
}

#[test]
fn every_story_ends_as_it_is_told() {
    let mut failures = Vec::new();
    for story in stories() {
        for difference in story.differences() {
            failures.push(format!("{}: {difference}", story.file));
        }
    }
    assert!(failures.is_empty(), "\n{}\n", failures.join("\n"));
}

#[test]
fn every_story_tells_what_it_says_it_tells() {
    for Story { file, script, .. } in stories() {
        let known = |code: &str| {
            let mut expected = script.expect.iter();
            expected.any(|e| e.code == code && e.confidence.as_deref() != Some("unknown"))
        };
        for code in script.fires.iter().chain(&script.nearly).chain(&script.silent) {
            assert!(rule(code).is_some(), "{file}: {code} is no rule");
        }
        for code in &script.fires {
            assert!(known(code), "{file}: {code} does not fire");
        }
        for code in script.nearly.iter().chain(&script.silent) {
            assert!(!known(code), "{file}: {code} fires");
        }
        for code in &script.nearly {
            let listed = script.expect.iter().any(|e| e.code == *code);
            assert!(!listed, "{file}: {code} is listed");
        }
        assert!(
            script.silent.is_empty() || !script.unread.is_empty() || !script.unasked.is_empty(),
            "{file}: nothing is unread or unasked"
        );
    }
}

#[test]
fn what_is_silent_for_want_of_data_fires_once_it_is_read() {
    for story in stories() {
        let read = story.in_full().found();
        let silent = story.script.silent.iter().filter(|code| *code != "unread-account");
        for code in silent {
            let fires = read.iter().any(|f| f.code == *code && f.confidence != "unknown");
            assert!(fires, "{}: {code} does not fire when everything is read", story.file);
        }
    }
}

#[test]
fn every_rule_has_a_story_in_which_it_fires_nearly_fires_and_stays_silent() {
    let mut told: BTreeMap<String, [usize; 3]> = BTreeMap::new();
    for Story { script, .. } in stories() {
        for (column, codes) in [&script.fires, &script.nearly, &script.silent].into_iter().enumerate() {
            for code in codes {
                told.entry(code.clone()).or_default()[column] += 1;
            }
        }
    }
    let lacking: Vec<String> = RULES
        .iter()
        .filter(|rule| told.get(rule.code).is_none_or(|columns| columns.contains(&0)))
        .map(|rule| format!("{}: {:?}", rule.code, told.get(rule.code)))
        .collect();
    assert!(lacking.is_empty(), "fires, nearly, silent:\n{}", lacking.join("\n"));
}
