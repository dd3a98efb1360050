//! What can be copied of the selection. What is masked on the screen is masked here too.

use serde_json::json;

use super::action::Action;
use super::known::Known;
use super::mark::Mark;
use super::privacy::{Privacy, mask_accounts};
use super::screens::{trace, wizard};
use super::state::{State, Target, View};
use crate::findings::Finding;
use crate::model::account::Problem;
use crate::model::name::DnsName;

/// The actions that copy something.
pub const COPIES: [Action; 14] = [
    Action::CopyName,
    Action::CopyZoneId,
    Action::CopyAccountId,
    Action::CopyArn,
    Action::CopyNameServers,
    Action::CopyMarkdown,
    Action::CopyJson,
    Action::CopyCommand,
    Action::CopyAws,
    Action::CopyHcl,
    Action::CopyCdk,
    Action::CopyRequest,
    Action::CopyPolicy,
    Action::Console,
];

/// Whether an action copies something.
pub fn is_copy(action: Action) -> bool {
    COPIES.contains(&action)
}

/// What an action copies; none where there is nothing of the kind.
pub fn text(state: &State, known: Known<'_>, action: Action) -> Option<String> {
    let target = state.target(known);
    if let Some(text) = wizard::copy_text(state, action) {
        return Some(match state.look.privacy {
            Privacy::Shown => text,
            Privacy::Masked => mask_accounts(&text, known.inventory.accounts()),
        });
    }
    match action {
        Action::CopyName => target.name.as_ref().map(DnsName::to_string),
        Action::CopyZoneId => target.zone.as_ref().map(|key| state.look.zone_id(&key.id)),
        Action::CopyAccountId => account_id(state, known, &target),
        Action::CopyArn => target
            .zone
            .as_ref()
            .map(|key| state.look.zone_id(&key.id))
            .map(|id| format!("arn:aws:route53:::hostedzone/{id}")),
        Action::Console => target
            .zone
            .as_ref()
            .map(|key| state.look.zone_id(&key.id))
            .map(|id| format!("https://console.aws.amazon.com/route53/v2/hostedzones#ListRecordSets/{id}")),
        Action::CopyNameServers => name_servers(known, &target),
        Action::CopyMarkdown if is_trace(state) => trace::as_markdown(state, known),
        Action::CopyMarkdown => markdown(state, known, &target),
        Action::CopyJson => json(state, known, &target),
        Action::CopyCommand => command(state, known, &target),
        _ => None,
    }
}

fn is_trace(state: &State) -> bool {
    state.zone.is_none() && state.view == View::Trace
}

/// What `Y` shows where nothing was copied yet.
pub fn standard(state: &State, known: Known<'_>) -> Option<String> {
    let all = [Action::CopyMarkdown, Action::CopyCommand, Action::CopyName];
    all.into_iter().find_map(|action| text(state, known, action))
}

fn account_id(state: &State, known: Known<'_>, target: &Target) -> Option<String> {
    let account = known.account(target.account?)?;
    Some(state.look.account_id(Some(account.id?)))
}

fn name_servers(known: Known<'_>, target: &Target) -> Option<String> {
    let verdict = known.survey.cut(target.name.as_ref()?)?;
    let own = target.zone.as_ref().and_then(|key| {
        let (zone, _) = known.zone(key)?;
        verdict
            .cut
            .servers(known.inventory, zone)
            .names()
            .map(<[DnsName]>::to_vec)
    });
    let names = own.or_else(|| verdict.cut.delegation.as_ref().map(|d| d.name_servers.to_vec()))?;
    Some(lines(names.iter().map(DnsName::to_string)))
}

fn lines(lines: impl Iterator<Item = String>) -> String {
    lines.collect::<Vec<_>>().join("\n")
}

/// The findings the selection is about: in the problems the one under the cursor, elsewhere all of the zone.
fn findings<'a>(state: &State, known: Known<'a>, target: &Target) -> Vec<&'a Finding> {
    if state.zone.is_none() && state.view == View::Problems {
        return state.problems.selected(known).into_iter().collect();
    }
    if let Some((zone, _)) = target.zone.as_ref().and_then(|key| known.zone(key)) {
        return known.survey.findings_of(known.inventory, zone);
    }
    let verdict = target.name.as_ref().and_then(|name| known.survey.cut(name));
    verdict.map_or_else(Vec::new, |verdict| verdict.findings.iter().collect())
}

fn mark(state: &State, known: Known<'_>, target: &Target) -> Option<Mark> {
    if let Some((zone, _)) = target.zone.as_ref().and_then(|key| known.zone(key)) {
        return Some(Mark::of_zone(known, &state.progress, zone));
    }
    known.survey.cut(target.name.as_ref()?).map(Mark::of_cut)
}

fn markdown(state: &State, known: Known<'_>, target: &Target) -> Option<String> {
    let look = &state.look;
    let name = target.name.as_ref()?;
    let mark = mark(state, known, target)?;
    let mut text = format!("### {}: {}\n\n", escape(&name.to_string()), mark.word);
    if let Some(key) = &target.zone {
        let account = known.account_name(look, key.account);
        let id = account_id(state, known, target).unwrap_or_default();
        text.push_str(&format!(
            "- zone {} in {} {id}\n",
            look.zone_id(&key.id),
            escape(&account)
        ));
    }
    for finding in findings(state, known, target) {
        text.push_str(&format!(
            "- **{}** ({}, {})\n",
            finding.code(),
            finding.severity.word(),
            finding.confidence.word()
        ));
        for evidence in &finding.evidence {
            let evidence = look.prose(evidence, known.inventory.accounts());
            text.push_str(&format!("  - {}\n", escape(&evidence)));
        }
        if !finding.fix.is_empty() {
            let fix = look.prose(&finding.fix, known.inventory.accounts());
            text.push_str(&format!("  - to mend it: {}\n", escape(&fix)));
        }
    }
    Some(text)
}

/// Text from outside must not become a link, an image or a tag in a ticket.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '(' | ')' | '<' | '>' | '!' | '|'
        ) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    // A bare address would be made a link.
    escaped.replace("://", ":\\/\\/")
}

fn json(state: &State, known: Known<'_>, target: &Target) -> Option<String> {
    let look = &state.look;
    let name = target.name.as_ref()?;
    let accounts = known.inventory.accounts();
    let findings: Vec<serde_json::Value> = findings(state, known, target)
        .into_iter()
        .map(|finding| {
            let prose = |text: &String| look.prose(text, accounts);
            json!({
                "code": finding.code(),
                "severity": finding.severity.word(),
                "confidence": finding.confidence.word(),
                "cause": finding.cause,
                "evidence": finding.evidence.iter().map(prose).collect::<Vec<_>>(),
                "fix": prose(&finding.fix),
            })
        })
        .collect();
    let zone = target.zone.as_ref();
    let value = json!({
        "name": name.to_string(),
        "id": zone.map(|key| look.zone_id(&key.id)),
        "account": account_id(state, known, target),
        "account_name": zone.map(|key| known.account_name(look, key.account)),
        "status": mark(state, known, target).map(|mark| mark.status.word()),
        "findings": findings,
    });
    serde_json::to_string_pretty(&value).ok()
}

/// The command that mends what is wrong with the account or the zone.
fn command(state: &State, known: Known<'_>, target: &Target) -> Option<String> {
    let zone = target.zone.as_ref().and_then(|key| known.zone(key));
    let of_zone = zone.and_then(|(_, entry)| entry.records.as_ref()?.problem());
    let of_account = target.account.and_then(|place| known.account(place)?.status.problem());
    let remedy = |problem: &Problem| problem.remedy.clone();
    let remedy = of_zone.and_then(remedy).or_else(|| of_account.and_then(remedy))?;
    // A command that is masked would be of no use, so it is given as it is only where nothing is masked.
    Some(match state.look.privacy {
        Privacy::Shown => remedy.printable(),
        Privacy::Masked => state.look.outside(&remedy, 4_000),
    })
}
