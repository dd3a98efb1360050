//! What was checked, a line each under the sums.

use super::{Line, Lines, Outcome, Place, Role, Setting};
use crate::plan::Plan;
use crate::plan::preflight::{Check, Firmness};

/// No title makes the column wider than this.
const WIDEST: usize = 24;
/// Checks that are older, in seconds, say of when they are.
const FRESH: u64 = 60;

pub(super) fn lines(plan: &Plan, setting: &Setting<'_>) -> Vec<Line> {
    let checks = &plan.preflight;
    if checks.0.is_empty() {
        return Vec::new();
    }
    let outcomes = [Outcome::Ok, Outcome::Warn, Outcome::Stop, Outcome::Unchecked];
    let sums: Vec<String> = outcomes
        .into_iter()
        .filter(|outcome| *outcome != Outcome::Unchecked || checks.count(*outcome) > 0)
        .map(|outcome| format!("{} {}", checks.count(outcome), outcome.word()))
        .collect();
    let mut sums = sums.join(", ");
    if setting.now.0.saturating_sub(plan.made.0) > FRESH {
        sums.push_str(&format!(", as of {}", setting.clock(plan.made)));
    }
    let mut lines = vec![Line::new(Role::Checks, "CHECKS", sums)];
    let widths = checks.0.iter().map(|check| check.title.chars().count());
    let width = widths.max().unwrap_or(0).min(WIDEST);
    for check in &checks.0 {
        lines.extend(check_lines(check, &checks.call(check), width, setting));
    }
    lines
}

/// The mark of an outcome; the word for it stands in the sums, and colour is never alone.
pub(crate) fn mark(outcome: Outcome, glyphs: Lines) -> char {
    match (outcome, glyphs) {
        (Outcome::Ok, Lines::Unicode) => '✓',
        (Outcome::Ok, Lines::Ascii) => '.',
        (Outcome::Warn, _) => '!',
        (Outcome::Stop, Lines::Unicode) => '✗',
        (Outcome::Stop, Lines::Ascii) => 'X',
        (Outcome::Unchecked, _) => '?',
    }
}

fn check_lines(check: &Check, called: &str, width: usize, setting: &Setting<'_>) -> Vec<Line> {
    let mark = mark(check.outcome, setting.glyphs);
    let title = setting.prose(&check.title);
    let saying = setting.prose(&check.saying);
    let text = format!("{mark} {title:width$}  {saying}");
    let mut lines = vec![Line::bare(Role::Check(check.outcome), text.trim_end())];
    let details = check
        .details
        .iter()
        .map(|detail| format!("    {}", setting.prose(detail)));
    lines.extend(details.map(|text| Line::bare(Role::Detail, text)));
    lines.extend(way_out(check, called, setting).map(|text| Line::bare(Role::Override, format!("    {text}"))));
    lines
}

/// That a check was overridden, or how it can be.
fn way_out(check: &Check, called: &str, setting: &Setting<'_>) -> Option<String> {
    match (&check.overridden, check.firmness) {
        (Some(over), Firmness::Overridable) => Some(format!("overridden: {}", setting.outside(&over.reason))),
        (None, Firmness::Overridable) if check.outcome.is_stop() => Some(match setting.place {
            Place::Command => format!("to go on in spite of it: --override {}=REASON", setting.prose(called)),
            Place::Screen => "one may go on in spite of it, for a reason".to_owned(),
        }),
        _ => None,
    }
}
