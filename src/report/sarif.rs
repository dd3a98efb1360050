//! `zonecut check` as SARIF 2.1.0 (OASIS), for code scanning. Messages are plain text only, never `message.markdown`.

use serde_json::{Value, json};

use crate::findings::{Confidence, RULES, Rule, Severity};

use super::check::{CheckReport, FindingLine};

/// Writes the findings.
pub fn check(report: &CheckReport) -> String {
    let head = &report.head;
    let notifications: Vec<Value> = head
        .accounts
        .iter()
        .filter(|account| !account.is_read())
        .map(|account| {
            let error = account
                .error
                .as_ref()
                .map_or_else(|| account.status.to_owned(), |e| e.printable());
            json!({
                "level": "warning",
                "message": {"text": format!("{} was not read: {error}", account.name.printable())},
            })
        })
        .collect();
    let document = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": {"driver": {
                "name": "zonecut",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": RULES.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
            }},
            "invocations": [{
                "executionSuccessful": head.accounts_read() > 0,
                "endTimeUtc": head.generated_at,
                "toolExecutionNotifications": notifications,
            }],
            "properties": {"complete": head.complete, "endpoint_override": head.endpoint_override, "live": head.live},
            "results": report.findings.iter().map(result).collect::<Vec<_>>(),
        }],
    });
    super::json::write(&document)
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.explanation},
        "help": {"text": format!("{}\n\n{}", rule.fix, rule.false_positives)},
        "defaultConfiguration": {"level": level(rule.severity)},
    })
}

fn result(line: &FindingLine) -> Value {
    let name = line.name.printable();
    let zones: Vec<&str> = line.children.iter().map(|child| child.id.as_str()).collect();
    // Section 3.27.10: what is not a failure has no level.
    let (kind, shown_level) = match (line.sureness, line.cause) {
        (Confidence::Unknown, _) => ("review", "none"),
        (_, Some(_)) => ("fail", "note"),
        (_, None) => ("fail", level(line.grade)),
    };
    json!({
        "ruleId": line.code,
        "ruleIndex": RULES.iter().position(|rule| rule.code == line.code),
        "level": shown_level,
        "kind": kind,
        "message": {"text": format!("{name}: {}. Fix: {}", line.evidence.join("; "), line.fix)},
        "locations": [{
            "physicalLocation": {"artifactLocation": {"uri": format!("dns/{}", uri(&name))}},
            "logicalLocations": [{"fullyQualifiedName": name, "kind": "resource"}],
        }],
        "partialFingerprints": {"zonecutFinding/v1": format!("{} {name} {}", line.code, zones.join(" "))},
        "properties": {
            "severity": line.severity,
            "status": line.status,
            "confidence": line.confidence,
            "cause": line.cause,
        },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Notice | Severity::Info => "note",
    }
}

/// Writes `~` for what a URI path segment does not hold as it is (RFC 3986 section 3.3); the logical location has the name.
///
/// A percent sign and two digits would join what follows, and hide an id or an address from `--privacy`.
fn uri(name: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    name.chars().map(|c| if plain(&c) { c } else { '~' }).collect()
}
