//! What became of a plan, for people: what was seen afterwards, when it is so everywhere, and how to go on or back.

use crate::report::columns::{Cell, Row, align};
use crate::report::paint::Style;
use crate::report::plan::{OutcomeLine, ProofLine};

use crate::plan::conflict::Conflict;
use crate::plan::exact::{Content, ExactSet};

use super::paint;

/// Writes what became of a plan.
pub fn ending(outcome: &OutcomeLine, style: Style) -> String {
    let rows: Vec<Row> = outcome.proof.iter().map(|line| row(line, style)).collect();
    let mut out = align(&rows);
    let color = match outcome.state {
        "done" | "unchanged" => style.good(),
        "refused" => style.bad(),
        _ => style.caution(),
    };
    out.push_str(&paint(&style.prose(&outcome.saying), color));
    out.push('\n');
    for line in &outcome.next {
        out.push_str(&format!("{}\n", style.prose(line)));
    }
    out
}

fn row(line: &ProofLine, style: Style) -> Row {
    let color = match line.verdict {
        "good" => style.good(),
        "other" => style.caution(),
        _ => None,
    };
    vec![
        line.side.into(),
        style.prose(&line.who).into(),
        Cell::painted(line.verdict, color),
        style.prose(&line.saying).into(),
    ]
}

/// What is not as a plan knew it: what was there, what the plan wants, what is there now.
pub fn conflict(conflict: &Conflict) -> Vec<String> {
    let side = |word: &str, set: &Option<ExactSet>| {
        format!("  {word}: {}", set.as_ref().map_or_else(|| "nothing".to_owned(), shown))
    };
    vec![
        format!("{} {} in zone {}:", conflict.name, conflict.record_type, conflict.zone),
        side("it was", &conflict.old),
        side("you want", &conflict.yours),
        side("it is now", &conflict.theirs),
    ]
}

fn shown(set: &ExactSet) -> String {
    let ttl = set.ttl.map_or_else(String::new, |ttl| format!("{ttl} "));
    let values = match &set.content {
        Content::Values(values) => values
            .iter()
            .map(|value| value.printable())
            .collect::<Vec<_>>()
            .join(", "),
        Content::Alias { target, .. } => format!("alias of {}", target.printable()),
    };
    format!("{ttl}{values}")
}
