//! Documents as Markdown, for issues and chat. Text from outside cannot become markup, a link or an image.

mod trace;

pub use trace::trace;

use super::check::CheckReport;
use super::privacy::Mask;
use super::text::count;

/// Writes the findings; what a mask hides is hidden before it is escaped, for afterwards it would not be recognised.
pub fn check(report: &CheckReport, mask: Option<&Mask>) -> String {
    let escape = |text: &str| match mask {
        Some(mask) => escape(&mask.hide(text)),
        None => escape(text),
    };
    let mut out = String::from("# zonecut check\n\n");
    let head = &report.head;
    let counted = report.counted().count();
    out.push_str(&format!(
        "{} at or above {}; {} of {} read; {}.\n\n",
        count(counted, "problem"),
        report.fail_on.word(),
        head.accounts_read(),
        count(head.accounts.len(), "account"),
        head.generated_at,
    ));
    if let Some(endpoint) = &head.endpoint_override {
        let warning = head.backdrop.warning(&escape(&endpoint.printable()));
        out.push_str(&format!("**{warning}**\n\n"));
    }
    if let Some(gap) = head.live.gap() {
        out.push_str(&format!("**Live DNS:** {gap}.\n\n"));
    }
    if !head.complete {
        out.push_str("**Incomplete:** what rests on an absence is unknown until everything is read.\n\n");
    }
    if !report.findings.is_empty() {
        out.push_str("| severity | finding | name | account | what was seen | fix |\n|---|---|---|---|---|---|\n");
    }
    for line in &report.findings {
        let note = match (line.cause, line.confidence) {
            (Some(cause), _) => format!(" (follows from {cause})"),
            (None, "unknown") => " (unknown)".to_owned(),
            _ => String::new(),
        };
        let cells = [
            format!("{}{note}", line.severity),
            line.code.to_owned(),
            escape(&line.name.printable()),
            escape(&line.account_name.printable()),
            escape(&line.evidence.join("; ")),
            escape(&line.fix),
        ];
        out.push_str(&format!("| {} |\n", cells.join(" | ")));
    }
    out
}

/// Escapes every character that Markdown or its automatic links could act on.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        let acts = c.is_ascii_punctuation() && !matches!(c, ',' | ';' | '-' | '.' | '\'' | '"');
        if acts {
            out.push('\\');
        }
        out.push(c);
    }
    // GitHub makes links of bare `www.` and mail addresses; `@` is escaped above.
    out.replace("www.", "www\\.").replace("WWW.", "WWW\\.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_from_outside_becomes_markup() {
        for (text, shown) in [
            (
                "![x](https://evil.example/?q)",
                r"\!\[x\]\(https\:\/\/evil.example\/\?q\)",
            ),
            ("<img src=x>", r"\<img src\=x\>"),
            ("a|b`c`*d*_e_\\", r"a\|b\`c\`\*d\*\_e\_\\"),
            ("www.example.com", r"www\.example.com"),
            ("&lt;b&gt;", r"\&lt;b\&gt;"),
        ] {
            assert_eq!(escape(text), shown);
        }
    }
}
