//! A plan as Markdown for a ticket: the review in a block in which nothing is markup.

use crate::plan::Plan;
use crate::report::paint::Style;
use crate::report::review::{self, Setting};
use crate::report::text;

/// The ticket.
pub fn ticket(plan: &Plan, setting: &Setting<'_>) -> String {
    let lines = review::lines(plan, setting);
    // Wider than any line: a broken line could begin with what ends the block.
    let body = text::review(&lines, usize::MAX, Style::default());
    let fence = fence(&body);
    format!("{fence}text\n{}{fence}\n", body)
}

/// A fence that is longer than every run of backticks in the text.
fn fence(text: &str) -> String {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    "`".repeat(longest.max(2) + 1)
}
