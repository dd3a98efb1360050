//! The verdict on one cut, and what of it the cuts below take.

use crate::findings::context::Context;
use crate::findings::finding::{Confidence, Finding, Topic};
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
    findings.sort_by_key(|f| {
        let rank = RULES.iter().position(|rule| rule.code == f.code());
        let is_gap = f.rule.topic == Topic::Coverage;
        let unknown = f.confidence == Confidence::Unknown;
        (is_gap, unknown, f.rule.topic, std::cmp::Reverse(f.severity), rank)
    });
    let Some((cause, others)) = findings.split_first_mut() else {
        return;
    };
    for other in others {
        if other.rule.topic != Topic::Coverage && other.code() != cause.code() {
            other.cause = Some(cause.code());
        }
    }
}
