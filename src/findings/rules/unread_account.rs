//! What could not be read, said where it matters.

use crate::findings::context::Context;
use crate::findings::finding::{Confidence, Finding, Ground, Rule, Severity, Subject, Topic, ZoneRef};
use crate::findings::status::Status;
use crate::model::account::Problem;
use crate::model::inventory::{Inventory, ZoneEntry, ZoneIx};

/// The rule.
pub static RULE: Rule = Rule {
    code: "unread-account",
    title: "An account or a zone could not be read",
    explanation: "Something could not be read, or only in part: a login has expired, an action is not allowed, the rate limit held, or answers did not add up. What is there may be right or wrong; every verdict that rests on an absence is unknown while this lasts.",
    fix: "Do what the message says: log in again, attach the read policy (zonecut iam-policy --read), or scan again.",
    false_positives: "None: it says what is not known.",
    severity: Severity::Notice,
    status: Status::NoAccess,
    topic: Topic::Coverage,
    ground: Ground::Configured,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let children = context.cut.children.iter();
    children
        .filter_map(|zone| {
            let problem = problem_of(context.zone(*zone)?)?;
            let mut finding = context.finding_in(&RULE, *zone);
            finding.confidence = Confidence::Certain;
            tell(&mut finding, &context.describe(*zone), problem);
            Some(finding)
        })
        .collect()
}

/// The accounts that could not be read in full.
pub fn of_accounts(inventory: &Inventory) -> Vec<Finding> {
    let problems = inventory
        .accounts_with_places()
        .filter_map(|(place, account)| Some((place, account, account.status.problem()?)));
    problems
        .map(|(place, account, problem)| {
            let mut finding = blank(Subject::Account(place));
            tell(&mut finding, &account.name.printable(), problem);
            finding
        })
        .collect()
}

/// A private zone that could not be read in full; private zones have no cut to be found at.
pub fn of_private_zone(index: ZoneIx, entry: &ZoneEntry) -> Option<Finding> {
    let problem = problem_of(entry)?;
    let mut finding = blank(Subject::Name(entry.zone.name.clone()));
    finding.children.push(ZoneRef::of(index, entry));
    tell(
        &mut finding,
        &format!("{} ({})", entry.zone.name, entry.zone.key.id),
        problem,
    );
    Some(finding)
}

fn problem_of(entry: &ZoneEntry) -> Option<&Problem> {
    let records = entry.records.as_ref().and_then(|held| held.problem());
    records
        .or_else(|| entry.delegation_set.as_ref().and_then(|held| held.problem()))
        .or_else(|| entry.signing.as_ref().and_then(|held| held.problem()))
}

fn tell(finding: &mut Finding, what: &str, problem: &Problem) {
    finding
        .evidence
        .push(format!("{what}: {}", problem.message.printable()));
    finding.fix = match &problem.remedy {
        Some(remedy) => remedy.printable(),
        None => "scan again; the log has the details".to_owned(),
    };
}

fn blank(subject: Subject) -> Finding {
    Finding {
        rule: &RULE,
        severity: RULE.severity,
        subject,
        confidence: Confidence::Certain,
        cause: None,
        parent: None,
        children: Vec::new(),
        evidence: Vec::new(),
        fix: String::new(),
    }
}
