//! `zonecut check`: every finding, the cause before what follows from it.

use serde::Serialize;

use crate::config::FailOn;
use crate::findings::{Confidence, Finding, Severity};
use crate::plan::repair;

use super::basis::{Basis, Selection};
use super::head::Head;
use super::outside::Outside;
use super::tree::{ZoneName, ZonePlace, environment};

/// The findings.
#[derive(Debug, Clone, Serialize)]
pub struct CheckReport {
    /// How complete it is.
    #[serde(flatten)]
    pub head: Head,
    /// The findings that nobody accepted: those of accounts, then those of names in tree order.
    pub findings: Vec<FindingLine>,
    /// From which severity on a finding counts.
    #[serde(skip)]
    pub fail_on: FailOn,
    /// How many findings were left out because somebody accepted them.
    #[serde(skip)]
    pub accepted: usize,
}

/// One finding.
#[derive(Debug, Clone, Serialize)]
pub struct FindingLine {
    /// The stable code.
    pub code: &'static str,
    /// How bad it is.
    pub severity: &'static str,
    /// The name it is found at, or the account's name.
    pub name: Outside,
    /// The status it leads to.
    pub status: &'static str,
    /// How sure it is.
    pub confidence: &'static str,
    /// The code of the finding that explains it.
    pub cause: Option<&'static str>,
    /// The zone that delegates, or should.
    pub parent: Option<ZoneName>,
    /// The zones of the name that it concerns.
    pub children: Vec<ZonePlace>,
    /// What was seen.
    pub evidence: Vec<String>,
    /// What the code means.
    pub explanation: &'static str,
    /// What mends it here.
    pub fix: String,
    /// The ways in which `zonecut fix` mends it, the first of which is taken where none is named; none where it does not.
    pub ways: Vec<String>,
    /// What the code is called.
    #[serde(skip)]
    pub title: &'static str,
    /// How bad it is, to compare.
    #[serde(skip)]
    pub grade: Severity,
    /// How sure it is, to compare.
    #[serde(skip)]
    pub sureness: Confidence,
    /// The account to speak of beside it.
    #[serde(skip)]
    pub account_name: Outside,
    /// The environment of that account.
    #[serde(skip)]
    pub env: Outside,
}

impl CheckReport {
    /// The findings at the selected names, without those that `accepts` takes.
    pub fn of(
        basis: &Basis<'_>,
        selection: &Selection,
        fail_on: FailOn,
        mut accepts: impl FnMut(&FindingLine) -> bool,
    ) -> Self {
        let selected = |finding: &&Finding| match finding.name() {
            Some(name) => selection.holds(name),
            None => true,
        };
        let mut accepted = 0;
        let mut findings = Vec::new();
        for finding in basis.survey.findings().filter(selected) {
            let line = FindingLine::of(basis, finding);
            if accepts(&line) {
                accepted += 1;
            } else {
                findings.push(line);
            }
        }
        if accepted > 0 {
            name_causes_anew(&mut findings);
        }
        Self {
            head: Head::of(basis),
            findings,
            fail_on,
            accepted,
        }
    }

    /// The findings that make the command end with 3.
    pub fn counted(&self) -> impl Iterator<Item = &FindingLine> {
        self.findings.iter().filter(|line| line.counts(self.fail_on))
    }
}

impl FindingLine {
    /// One finding, as documents tell it.
    pub fn of(basis: &Basis<'_>, finding: &Finding) -> Self {
        let account = basis.account_of(finding);
        Self {
            code: finding.code(),
            severity: finding.severity.word(),
            name: basis.subject(finding),
            status: finding.status().word(),
            confidence: finding.confidence.word(),
            cause: finding.cause,
            parent: finding.parent.as_ref().map(|zone| ZoneName::of(zone, basis)),
            children: finding.children.iter().map(|zone| ZonePlace::of(zone, basis)).collect(),
            evidence: finding.evidence.clone(),
            explanation: finding.rule.explanation,
            fix: finding.fix.clone(),
            ways: repair::ways(finding, basis.survey, basis.inventory)
                .into_iter()
                .map(|way| way.word)
                .collect(),
            title: finding.rule.title,
            grade: finding.severity,
            sureness: finding.confidence,
            account_name: account.map_or_else(|| Outside::from(""), |a| Outside::from(&a.name)),
            env: account.map_or_else(|| Outside::from(""), environment),
        }
    }

    /// Whether it is a problem of its own that is known: neither follows from another nor rests on what was not read.
    pub fn stands_alone(&self) -> bool {
        self.cause.is_none() && self.sureness != Confidence::Unknown
    }

    /// Whether it makes `check` end with 3.
    pub fn counts(&self, fail_on: FailOn) -> bool {
        self.stands_alone() && threshold(fail_on).is_some_and(|least| self.grade >= least)
    }
}

/// Where a cause was accepted, the first finding that is left at the name takes its place: nothing hides behind what is accepted.
fn name_causes_anew(findings: &mut [FindingLine]) {
    for at_name in findings.chunk_by_mut(|a, b| a.name == b.name) {
        let is_left =
            |code: &str, lines: &[FindingLine]| lines.iter().any(|line| line.code == code && line.cause.is_none());
        let lost = at_name
            .iter()
            .position(|line| line.cause.is_some_and(|cause| !is_left(cause, at_name)));
        let Some((heir, others)) = lost.and_then(|lost| at_name.get_mut(lost..)?.split_first_mut()) else {
            continue;
        };
        let gone = heir.cause.take();
        for line in others.iter_mut().filter(|line| line.cause == gone) {
            line.cause = (line.code != heir.code).then_some(heir.code);
        }
    }
}

/// The least severity that counts; none where nothing does.
pub fn threshold(fail_on: FailOn) -> Option<Severity> {
    match fail_on {
        FailOn::Critical => Some(Severity::Critical),
        FailOn::Error => Some(Severity::Error),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Notice => Some(Severity::Notice),
        FailOn::Info => Some(Severity::Info),
        FailOn::None => None,
    }
}
