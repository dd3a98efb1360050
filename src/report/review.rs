//! One drawing of a plan, as lines that the command line prints and the terminal program styles.
//!
//! [`lines`] gives all of it in reading order; a [`Role`] says what a line is, and its text is fit to print.
//! Invariant: every record set that a plan touches is among the lines, values and TTL included.

mod checks;
mod diff;
mod head;
mod outlook;
mod steps;
mod tally;
#[cfg(test)]
pub(super) mod tests;
mod wrap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::paint::Lines;
use crate::model::text::{Untrusted, printable, printable_ascii};
use crate::plan::{Moment, Plan};

pub use crate::plan::preflight::Outcome;
pub use head::sentence;
pub use tally::Tally;
pub use wrap::wrapped;

/// What a line of a review is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// What the plan is for, in a sentence.
    Title,
    /// The account that the steps after it write to.
    Account,
    /// As whom, and with which profile.
    Principal,
    /// The zone that the step after it is about.
    Zone,
    /// What a step does, where it is no change of record sets.
    Step,
    /// How many record sets of the zone stay as they are.
    Unchanged,
    /// What comes: a record set or a zone, `+`.
    Comes,
    /// What goes, `-`.
    Goes,
    /// The head of a record set that changes, `~`.
    Changes,
    /// A value that stays in a record set that changes.
    Stays,
    /// How many record sets come, change and go.
    Tally,
    /// What must still be so when it is applied.
    Precondition,
    /// What it does to answers.
    Effect,
    /// The same, where answers end or trouble comes to light.
    Loss,
    /// How long until it is so everywhere.
    Settles,
    /// What it costs.
    Cost,
    /// How it is taken back.
    Undo,
    /// From when on it can be taken back with effect everywhere.
    Locked,
    /// What is good to know.
    Note,
    /// The title over the checks, with their sums.
    Checks,
    /// A check, and how it went.
    Check(Outcome),
    /// More about the check before it.
    Detail,
    /// That a person goes on in spite of the check before it, and why.
    Override,
    /// The equal command.
    SameAs,
    /// The hash of the plan.
    Hash,
    /// Until when it may be applied.
    Expires,
    /// Nothing: a gap.
    Gap,
}

/// One line of a review.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it is.
    pub role: Role,
    /// The word before it in capitals, such as `ACCOUNT`; empty on lines that go on, and in the difference.
    pub label: &'static str,
    /// What it says, fit to print; may be longer than a screen is wide, see [`wrapped`].
    pub text: String,
    /// A badge after it, such as `PROD`.
    pub badge: Option<String>,
}

impl Line {
    fn new(role: Role, label: &'static str, text: impl Into<String>) -> Self {
        Self {
            role,
            label,
            text: text.into(),
            badge: None,
        }
    }

    fn bare(role: Role, text: impl Into<String>) -> Self {
        Self::new(role, "", text)
    }

    fn gap() -> Self {
        Self::bare(Role::Gap, "")
    }
}

/// What a review needs to know beside the plan.
#[derive(Debug, Clone)]
pub struct Setting<'a> {
    /// When it is.
    pub now: Moment,
    /// Where the reader's clock stands.
    pub zone: TimeZone,
    /// Which characters the terminal shows; with [`Lines::Ascii`] everything is 7-bit.
    pub glyphs: Lines,
    /// The equal command, as [`super::same_as::command`] gives it.
    pub same_as: Option<&'a str>,
    /// Where it is read.
    pub place: Place,
}

/// Where a review is read: what can be done about it is done there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// As the output of a command, which has flags.
    Command,
    /// On a screen, which has keys and names them itself.
    Screen,
}

impl Setting<'_> {
    /// Text from outside, fit for this terminal.
    fn outside(&self, text: &Untrusted) -> String {
        match self.glyphs {
            Lines::Unicode => text.printable(),
            Lines::Ascii => printable_ascii(text.expose()),
        }
    }

    /// A sentence of ours that may quote such text.
    fn prose(&self, text: &str) -> String {
        match self.glyphs {
            // What a plan file says was written by somebody: no line break and no control character passes.
            Lines::Unicode => printable(text),
            Lines::Ascii if text.is_ascii() => printable(text),
            Lines::Ascii => printable_ascii(text),
        }
    }

    /// A moment on the reader's clock: `14:32`, with the date where that is another day.
    pub fn clock(&self, moment: Moment) -> String {
        clock(moment, self.now, &self.zone)
    }
}

/// A moment on a clock: `14:32`, with the date where it is not on the day of `now`.
pub fn clock(moment: Moment, now: Moment, zone: &TimeZone) -> String {
    let on = |moment: Moment| {
        let seconds = i64::try_from(moment.0).unwrap_or(i64::MAX);
        let at = Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX);
        at.to_zoned(zone.clone())
    };
    let (then, now) = (on(moment), on(now));
    match then.date() == now.date() {
        true => then.strftime("%H:%M").to_string(),
        false => then.strftime("%Y-%m-%d %H:%M").to_string(),
    }
}

/// The whole review.
pub fn lines(plan: &Plan, setting: &Setting<'_>) -> Vec<Line> {
    let mut lines = head::title(plan);
    lines.extend(diff(plan, setting));
    lines.extend(outlook::lines(plan, setting));
    lines.push(Line::gap());
    lines.extend(checks::lines(plan, setting));
    lines.push(Line::gap());
    lines.extend(head::foot(plan, setting));
    lines
}

/// The part of it that says what becomes of accounts, zones and record sets, with its sums.
pub fn diff(plan: &Plan, setting: &Setting<'_>) -> Vec<Line> {
    let mut lines = steps::lines(plan, setting);
    lines.push(Line::gap());
    lines.extend(tally::lines(plan, setting));
    lines
}

/// The checklist alone, for the step of a wizard that shows it.
pub fn checklist(plan: &Plan, setting: &Setting<'_>) -> Vec<Line> {
    checks::lines(plan, setting)
}
