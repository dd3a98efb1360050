//! A server that resolves for anybody.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::dns::{Outcome, Reply};

/// The rule.
pub static RULE: Rule = Rule {
    code: "recursion-offered",
    title: "A server of the delegation resolves for anybody",
    explanation: "A name server of the delegation offers recursion and answered for a name that is none of its own. An open resolver can be used to attack others, its cache can be poisoned, and what it says of the zone may come from that cache.",
    fix: "Switch recursion off, or serve the zone from a server of its own.",
    false_positives: "A server that offers recursion to this network alone looks the same from here.",
    severity: Severity::Warning,
    status: Status::Drift,
    topic: Topic::Remark,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let addresses = context.asked.iter().flat_map(|asked| asked.addresses_of_both_sides());
    let resolves = |reply: &Reply| match reply {
        Reply::Answer(_) | Reply::Alias(_) => true,
        Reply::NotAuthoritative(records) => !records.is_empty(),
        _ => false,
    };
    let evidence: Vec<String> = addresses
        .filter(|at| {
            let foreign = at.heard.foreign.as_ref().and_then(Outcome::probe);
            foreign.is_some_and(|probe| resolves(&probe.reply))
        })
        .map(|at| format!("{} resolved a name that is none of its own", at.describe()))
        .collect();
    context.heard(&RULE, context.mend_servers("switch recursion off"), evidence)
}
