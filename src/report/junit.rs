//! `zonecut check` as JUnit XML: a test case for each account and each finding; what counts is a failure, what is unread an error.

use super::check::{CheckReport, FindingLine};
use super::head::AccountState;

/// Writes the findings.
pub fn check(report: &CheckReport) -> String {
    let accounts = &report.head.accounts;
    let failures = report.counted().count();
    let errors = accounts.iter().filter(|account| !account.is_read()).count();
    let skipped = report.findings.len() - failures;
    let tests = accounts.len() + report.findings.len();
    let counts = format!("tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"");
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Jenkins' schema knows no skipped cases of a whole run.
    out.push_str(&format!("<testsuites name=\"zonecut check\" {counts}>\n"));
    out.push_str(&format!(
        "  <testsuite name=\"zonecut check\" timestamp=\"{}\" {counts} skipped=\"{skipped}\">\n",
        escape(&report.head.generated_at)
    ));
    for account in accounts {
        out.push_str(&account_case(account));
    }
    for line in &report.findings {
        out.push_str(&finding_case(line, report));
    }
    out.push_str("  </testsuite>\n</testsuites>\n");
    out
}

fn account_case(account: &AccountState) -> String {
    let name = escape(&account.name.printable());
    if account.is_read() {
        return format!("    <testcase classname=\"account\" name=\"{name}\"/>\n");
    }
    let error = account
        .error
        .as_ref()
        .map_or_else(|| account.status.to_owned(), |e| e.printable());
    format!(
        "    <testcase classname=\"account\" name=\"{name}\">\n      <error type=\"{}\" message=\"{}\"/>\n    </testcase>\n",
        account.status,
        escape(&error)
    )
}

fn finding_case(line: &FindingLine, report: &CheckReport) -> String {
    let message = escape(line.evidence.first().map_or(line.title, String::as_str));
    let body = escape(&format!("{}\n\nfix: {}", line.evidence.join("\n"), line.fix));
    let outcome = if line.counts(report.fail_on) {
        format!(
            "<failure type=\"{}\" message=\"{message}\">{body}</failure>",
            line.severity
        )
    } else {
        let why = match line.cause {
            Some(cause) => format!("{}: follows from {cause}", line.severity),
            None => format!("{}, {}", line.severity, line.confidence),
        };
        format!("<skipped message=\"{}\"/>", escape(&why))
    };
    format!(
        "    <testcase classname=\"{}\" name=\"{}\">\n      {outcome}\n    </testcase>\n",
        line.code,
        escape(&line.name.printable())
    )
}

/// Escapes text for XML 1.0. The text is fit to print, so it holds no control character but our own line breaks.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&apos;")
}
