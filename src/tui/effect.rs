//! What an update asks the outside for. Nothing in here can change anything in AWS: scans read, the rest stays on this machine.

use super::screens::mfa::Code;
use crate::engine::command::Command;
use crate::model::dns::Question;

/// What an update asks the outside for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// Something for the scan.
    Scan(Command),
    /// A name to be traced; whatever trace is under way is given up.
    Trace(Question),
    /// A text for the clipboard.
    Copy(String),
    /// The answer to a question; without a code its account is skipped.
    Answer {
        /// The question.
        number: u64,
        /// The code.
        code: Option<Code>,
    },
    /// The whole screen is drawn again.
    Redraw,
    /// The program is suspended until it is continued.
    Suspend,
    /// The program ends.
    Quit(Farewell),
}

/// How the program ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Farewell {
    /// Quietly.
    Plain,
    /// With the screen left behind as text.
    Screen,
    /// With what was chosen at the first start.
    Chosen(Choice),
}

/// What was chosen at the first start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Choice {
    /// These of the candidates, by their place in the list.
    Accounts(Vec<usize>),
    /// The demo.
    Demo,
}
