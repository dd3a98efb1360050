//! The verdict on one cut, and what of it the cuts below take.

use crate::findings::context::Context;
use crate::findings::finding::{Confidence, Finding, Rule, Severity, Topic};
use crate::findings::rules::{self, RULES};
use crate::findings::status::Status;
use crate::model::cut::{Anchor, Cut, Detour, Lead};
use crate::model::inventory::{Inventory, ZoneIx};
use crate::model::name::DnsName;

use super::status::status;

/// What is known of one cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CutVerdict {
    /// The cut.
    pub cut: Cut,
    /// What is wrong with it, the cause first.
    pub findings: Vec<Finding>,
    /// What it comes to.
    pub status: Status,
    /// Whether it fails to lead to the zones held at its name, so that what is below is cut off.
    pub is_broken: bool,
}

impl CutVerdict {
    /// Judges a cut by all rules.
    pub(super) fn on(cut: Cut, inventory: &Inventory) -> Self {
        let context = Context::new(&cut, inventory);
        let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| (rule.check)(&context)).collect();
        name_the_cause(&mut findings);
        let is_broken = findings.iter().any(|finding| rules::breaks(finding, &cut));
        let status = status(&context, &findings);
        Self {
            cut,
            findings,
            status,
            is_broken,
        }
    }

    /// What the cuts below take from this one; where it changes, they have to be judged again.
    pub(super) fn told_below(&self) -> ToldBelow<'_> {
        let cut = &self.cut;
        ToldBelow {
            is_broken: self.is_broken,
            broken_above: cut.broken_above.as_ref(),
            shadowed: &cut.shadowed,
            lead: cut.lead,
            anchor: cut.anchor(),
            detours: &cut.detours,
        }
    }
}

/// What cuts below take from one above.
#[derive(PartialEq, Eq)]
pub(super) struct ToldBelow<'a> {
    is_broken: bool,
    broken_above: Option<&'a DnsName>,
    shadowed: &'a [ZoneIx],
    lead: Lead,
    anchor: Anchor,
    detours: &'a [Detour],
}

/// Sorts a cut's findings so that the cause comes first, and lets the others name it.
fn name_the_cause(findings: &mut [Finding]) {
    if findings.len() < 2 {
        return;
    }
    sort(findings);
    let Some(first) = findings.first().filter(|first| !first.rule.topic.stands_apart()) else {
        return;
    };
    // What servers do, where it is graver than every cause, stands before them, and is not the reason for them.
    let is_effect = |f: &&Finding| f.rule.topic == Topic::Effect;
    let cause = findings.iter().find(|f| is_cause(f));
    let cause = cause.or_else(|| findings.iter().find(|f| !is_effect(f) && !f.rule.topic.stands_apart()));
    let explanations = [cause.unwrap_or(first), findings.iter().find(is_effect).unwrap_or(first)].map(Explanation::by);
    for other in findings {
        let mut fitting = explanations.into_iter().filter(|explanation| explanation.covers(other));
        other.cause = fitting.next().map(|explanation| explanation.rule.code);
    }
}

fn sort(findings: &mut [Finding]) {
    let causes = || findings.iter().filter(|f| is_cause(f));
    let gravest_cause = causes().map(|f| f.severity).max();
    let is_explained = causes().any(|f| rules::explains_servers(f.rule));
    findings.sort_by_key(|f| {
        let rank = RULES.iter().position(|rule| rule.code == f.code());
        let unknown = f.confidence == Confidence::Unknown;
        let topic = match f.rule.topic {
            Topic::Effect if Some(f.severity) > gravest_cause && !is_explained => Topic::Cause,
            topic => topic,
        };
        (
            f.rule.topic.stands_apart(),
            unknown,
            topic,
            std::cmp::Reverse(f.severity),
            rank,
        )
    });
}

fn is_cause(finding: &Finding) -> bool {
    finding.rule.topic == Topic::Cause && finding.is_known()
}

/// A finding that may explain others.
#[derive(Clone, Copy)]
struct Explanation {
    rule: &'static Rule,
    severity: Severity,
}

impl Explanation {
    fn by(finding: &Finding) -> Self {
        Self {
            rule: finding.rule,
            severity: finding.severity,
        }
    }

    fn covers(&self, other: &Finding) -> bool {
        let is_as_grave = self.severity >= other.severity || rules::explains_servers(self.rule);
        let is_as_grave = other.rule.topic != Topic::Effect || is_as_grave;
        let is_consequence = self.rule.topic != Topic::Effect || other.rule.topic == Topic::Effect;
        self.rule.code != other.code() && !other.rule.topic.stands_apart() && is_as_grave && is_consequence
    }
}
