//! Several public zones of one name.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;

/// The rule.
pub static RULE: Rule = Rule {
    code: "duplicate-zone",
    title: "Several public zones have this name",
    explanation: "More than one public zone has this name, in one account or in several. At most one of them is delegated to; changes to the others have no effect, and sooner or later somebody changes the wrong one.",
    fix: "Keep the zone that is delegated to. Compare its records with those of the others, merge what is needed, and delete the others.",
    false_positives: "A migration in progress. One public and one private zone of a name is split horizon and not reported.",
    severity: Severity::Warning,
    status: Status::Shadow,
    topic: Topic::Cause,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let cut = context.cut;
    if cut.children.len() < 2 {
        return Vec::new();
    }
    let mut finding = context.finding(&RULE);
    for zone in &cut.children {
        let role = if cut.served.contains(zone) {
            "delegated to"
        } else {
            "not delegated to"
        };
        finding.evidence.push(format!("{}: {role}", context.describe(*zone)));
    }
    finding.fix = match &*cut.served {
        [served] => format!("keep {}; merge and delete the others", context.describe(*served)),
        _ => "choose one zone, merge the others into it, delegate to it, and delete the others".to_owned(),
    };
    vec![finding]
}
