//! What is checked before a plan may be applied, and what a person overrode.
//!
//! Invariant: what could not be checked counts as a stop.

use serde::{Deserialize, Serialize};

use super::live::LiveZone;
use super::text;
use crate::model::name::DnsName;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;

/// All checks of a plan, in the order in which they are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Preflight(pub Vec<Check>);

/// One thing that was checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What was checked, in lower case with hyphens; stable.
    pub code: String,
    /// What it is about: several checks of a plan may have one code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub about: Option<About>,
    /// The same for people: `Child answers`.
    pub title: String,
    /// How it went.
    pub outcome: Outcome,
    /// What was seen, a sentence fit to print.
    pub saying: String,
    /// More lines, each fit to print: record sets that would be hidden, for one.
    #[serde(default)]
    pub details: Vec<String>,
    /// Whether a person may go on in spite of it.
    pub firmness: Firmness,
    /// That a person did.
    #[serde(default)]
    pub overridden: Option<Override>,
}

/// What a check is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The name: of the zone, where it is about one.
    #[serde(with = "text::one")]
    pub name: DnsName,
    /// The zone, where it is about one.
    #[serde(default, skip_serializing_if = "Option::is_none", with = "text::optional")]
    pub zone: Option<ZoneId>,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All is well.
    Ok,
    /// A person must have seen it.
    Warn,
    /// The plan is not applied.
    Stop,
    /// It could not be checked, so the plan is not applied.
    Unchecked,
}

/// Whether a person may go on in spite of a check.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Firmness {
    /// Never.
    Firm,
    /// With a reason, which stays in the journal.
    Overridable,
}

/// That a person goes on in spite of one check, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// The check: its code, and where that is not enough `CODE@NAME` or `CODE@ZONE_ID`.
    pub check: String,
    /// Why.
    #[serde(with = "text::one")]
    pub reason: Untrusted,
}

impl Outcome {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warn => "warn",
            Self::Stop => "stop",
            Self::Unchecked => "could not check",
        }
    }

    /// Whether it stands against applying.
    pub fn is_stop(self) -> bool {
        matches!(self, Self::Stop | Self::Unchecked)
    }
}

impl Check {
    /// A check that went so; a person may go on in spite of it unless [`Self::firm`] says otherwise.
    pub fn new(code: &str, title: &str, outcome: Outcome, saying: impl Into<String>) -> Self {
        Self {
            code: code.to_owned(),
            about: None,
            title: title.to_owned(),
            outcome,
            saying: saying.into(),
            details: Vec::new(),
            firmness: Firmness::Overridable,
            overridden: None,
        }
    }

    /// The same, with more lines.
    pub fn with(mut self, details: impl IntoIterator<Item = String>) -> Self {
        self.details.extend(details);
        self
    }

    /// The same, and nobody may go on in spite of it.
    pub fn firm(mut self) -> Self {
        self.firmness = Firmness::Firm;
        self
    }

    /// The same, about a zone.
    pub fn of_zone(mut self, zone: &LiveZone) -> Self {
        self.about = Some(About {
            name: zone.name.clone(),
            zone: Some(zone.id.clone()),
        });
        self
    }

    /// The same, about a name where it is not said yet what it is about.
    pub fn of_name(mut self, name: &DnsName) -> Self {
        self.about.get_or_insert_with(|| About {
            name: name.clone(),
            zone: None,
        });
        self
    }

    /// What tells it from all others of a plan, however often that is drafted.
    pub fn key(&self) -> String {
        match &self.about {
            Some(About { zone: Some(zone), .. }) => format!("{}@{zone}", self.code),
            Some(About { name, zone: None }) => format!("{}@{name}", self.code),
            None => self.code.clone(),
        }
    }

    /// Whether two are about the same; of plans of before it is not known what their checks are about.
    pub fn is_about_that_of(&self, other: &Self) -> bool {
        self.about.is_none() || other.about.is_none() || self.about == other.about
    }

    /// Whether a person means it: by its code, or by its code and what it is about.
    fn is_meant_by(&self, text: &str) -> bool {
        let Some((code, thing)) = text.split_once('@') else {
            return self.code == text;
        };
        let is_it = |about: &About| {
            about.zone.as_ref().is_some_and(|zone| zone.as_str() == thing)
                || DnsName::parse_input(thing).is_ok_and(|name| name == about.name)
        };
        self.code == code && self.about.as_ref().is_some_and(is_it)
    }

    /// Whether it keeps the plan from being applied.
    pub fn is_in_the_way(&self) -> bool {
        self.outcome.is_stop() && (self.overridden.is_none() || self.firmness == Firmness::Firm)
    }
}

impl Preflight {
    /// The checks that keep the plan from being applied.
    pub fn in_the_way(&self) -> impl Iterator<Item = &Check> {
        self.0.iter().filter(|check| check.is_in_the_way())
    }

    /// Checks of which it is not said what they are about are about this name.
    pub fn concern(&mut self, name: &DnsName) {
        let checks = std::mem::take(&mut self.0).into_iter();
        self.0 = checks.map(|check| check.of_name(name)).collect();
    }

    /// The checks in the way that a person may mean who goes on in spite of one, by their keys.
    pub fn meant_by(&self, text: &str) -> Vec<&Check> {
        let mut meant: Vec<&Check> = Vec::new();
        let overridable = self
            .in_the_way()
            .filter(|check| check.firmness == Firmness::Overridable);
        for check in overridable.filter(|check| check.is_meant_by(text)) {
            if meant.iter().all(|other| other.key() != check.key()) {
                meant.push(check);
            }
        }
        meant
    }

    /// How a person calls a check: by its code as long as no other of the code is in the way.
    pub fn call(&self, check: &Check) -> String {
        let others = || {
            let of_code = self.in_the_way().filter(|other| other.code == check.code);
            of_code.filter(|other| other.about != check.about)
        };
        let of_name = check.about.as_ref().map(|about| &about.name);
        let shares_name = |other: &Check| other.about.as_ref().map(|about| &about.name) == of_name;
        match of_name {
            Some(name) if others().next().is_some() && !others().any(shares_name) => format!("{}@{name}", check.code),
            _ if others().next().is_some() => check.key(),
            _ => check.code.clone(),
        }
    }

    /// Notes that a person goes on in spite of some checks, each of which means one; those that mean none that stands in the
    /// way, or several, are given back.
    pub fn set_aside(&mut self, overrides: &[Override]) -> Vec<Override> {
        let before = self.clone();
        let mut idle = Vec::new();
        for wanted in overrides {
            match before.meant_by(&wanted.check).as_slice() {
                [one] => self.pass(&one.key(), &wanted.reason),
                _ => idle.push(wanted.clone()),
            }
        }
        idle
    }

    fn pass(&mut self, key: &str, reason: &Untrusted) {
        let checks = self
            .0
            .iter_mut()
            .filter(|check| check.key() == key && check.is_in_the_way());
        for check in checks.filter(|check| check.firmness == Firmness::Overridable) {
            check.overridden = Some(Override {
                check: key.to_owned(),
                reason: reason.clone(),
            });
        }
    }

    /// The checks that a person must acknowledge.
    pub fn warnings(&self) -> impl Iterator<Item = &Check> {
        self.0.iter().filter(|check| check.outcome == Outcome::Warn)
    }

    /// How many went so.
    pub fn count(&self, outcome: Outcome) -> usize {
        self.0.iter().filter(|check| check.outcome == outcome).count()
    }
}
