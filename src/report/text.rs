//! The text format, for people: aligned columns, words for every state, a legend and the next step after the result.

mod accounts;
mod check;
mod ending;
mod log;
mod review;
mod scan;
mod sets;
mod trace;
mod tree;
mod who;
mod zone;

pub use accounts::accounts;
pub use check::check;
pub use ending::{conflict, ending};
pub use log::log;
pub use review::review;
pub use scan::scan;
pub use sets::sets;
pub use trace::{Clock, owner, owners, telling, trace, trace_line};
pub use tree::tree;
pub use who::who;
pub use zone::zone;

use super::columns::Cell;
use super::head::Head;
use super::paint::Style;

/// A number and its noun: `1 zone`, `2 zones`.
pub fn count(number: usize, noun: &str) -> String {
    match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    }
}

/// A word, or `-` where there is none.
fn or_dash(text: String) -> String {
    if text.is_empty() { "-".to_owned() } else { text }
}

/// The lines that say how far the result can be trusted: what was not read, and where requests really went.
fn coverage(head: &Head, style: Style) -> String {
    let mut out = String::new();
    let total = head.accounts.len();
    let read = head.accounts_read();
    let mut line = format!("{read} of {} read", count(total, "account"));
    if !head.complete && read == total && head.live.gap().is_none() {
        line.push_str(", but not every zone of them");
    }
    out.push_str(&line);
    out.push('\n');
    for account in head.accounts.iter().filter(|account| !account.is_read()) {
        let error = match &account.error {
            Some(error) => style.outside(error),
            None => account.status.to_owned(),
        };
        out.push_str(&format!("  {}: {error}\n", style.outside(&account.name)));
        if let Some(remedy) = &account.remedy {
            out.push_str(&format!("    run: {}\n", style.outside(remedy)));
        }
    }
    if head.live.state == "asked" {
        out.push_str(&format!(
            "the servers of {} asked\n",
            count(head.live.cuts, "delegation")
        ));
    }
    if let Some(gap) = head.live.gap() {
        out.push_str(&format!("{gap}\n"));
    }
    if let Some(endpoint) = &head.endpoint_override {
        let warning = head.backdrop.warning(&style.outside(endpoint));
        out.push_str(&paint(&warning, style.alarm()));
        out.push('\n');
    }
    out
}

/// A text in a colour, where there is one.
fn paint(text: &str, color: Option<&'static str>) -> String {
    super::columns::align(&[vec![Cell::painted(text, color)]])
        .trim_end()
        .to_owned()
}
