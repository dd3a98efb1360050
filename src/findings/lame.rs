//! What the rules on lame servers share: the servers of the delegation that are lame in one way.

use crate::model::served::{Lameness, Outlook, Verdict};

use super::asked::At;
use super::context::Context;
use super::finding::{Finding, Rule, Severity};

/// The finding of a rule on the servers that are lame in a way that fits.
pub fn found(context: &Context<'_>, rule: &'static Rule, fits: impl Fn(Lameness) -> bool) -> Vec<Finding> {
    let Some(asked) = &context.asked else {
        return Vec::new();
    };
    let is_it = |at: &At<'_>| matches!(at.heard.verdict(), Verdict::Lame(how) if fits(how));
    let evidence: Vec<String> = asked
        .addresses_of_both_sides()
        .filter(is_it)
        .map(|at| format!("{} {}", at.describe(), at.does()))
        .collect();
    if evidence.is_empty() {
        return Vec::new();
    }
    vec![Finding {
        evidence,
        fix: context.mend_servers("have it serve the zone"),
        ..context.finding_by_hearing(rule)
    }]
}

/// Likewise; it is critical where no server serves the zone.
pub fn critical_when_all(context: &Context<'_>, rule: &'static Rule, fits: impl Fn(Lameness) -> bool) -> Vec<Finding> {
    let mut found = found(context, rule, fits);
    if context.outlook() == Outlook::Dead {
        found
            .iter_mut()
            .for_each(|finding| finding.severity = Severity::Critical);
    }
    found
}
