//! A zone that asks for another DS than it has.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::signed::is_wish_for_none;
use crate::findings::status::Status;
use crate::model::dnssec::DsValue;

/// The rule.
pub static RULE: Rule = Rule {
    code: "cds-pending",
    title: "The zone asks for another DS than the parent has",
    explanation: "The zone publishes a CDS record set (RFC 7344), by which it says what its DS is to be, and the DS that the servers of the parent have is not that. Where nobody takes over CDS records by itself, as Route 53 does not, somebody has to.",
    fix: "Make the DS record set in the parent equal to the CDS record set, once it is known that the zone's provider means it.",
    false_positives: "A roll of keys that is under way: the parent follows later. Sound DNSSEC may be needed to believe a CDS, and is not looked at here.",
    severity: Severity::Info,
    status: Status::Drift,
    topic: Topic::Remark,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some((at, wished, there)) = context.signed.as_ref().and_then(|signed| signed.pending()) else {
        return Vec::new();
    };
    let wish = match is_wish_for_none(wished) {
        true => "that the DS be taken out".to_owned(),
        false => format!("a DS with key tag {}", tags(wished)),
    };
    let has = match there {
        [] => "no DS".to_owned(),
        there => format!("a DS with key tag {}", tags(there)),
    };
    let parent = context.describe_parent();
    vec![Finding {
        evidence: vec![
            format!("{} asks for {wish}", at.describe()),
            format!("{parent} has {has}"),
        ],
        fix: format!(
            "make the DS record set {} in {parent} what the zone asks for",
            context.cut.name
        ),
        ..context.finding_by_hearing(&RULE)
    }]
}

fn tags(values: &[DsValue]) -> String {
    let tags: Vec<String> = values.iter().map(|value| value.tag.to_string()).collect();
    tags.join(", ")
}
