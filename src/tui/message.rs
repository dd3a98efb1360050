//! What the outside tells an update.

use crossterm::event::{KeyEvent, MouseEvent};
use jiff::Timestamp;

use super::screens::mfa::Question;
use super::works::{Journaled, Tiding};
use crate::engine::progress::Progress as ScanProgress;
use crate::model::account::AccountIx;
use crate::model::dns::Trace;
use crate::plan::cut::ReusableSet;
use crate::plan::request::Request;
use crate::plan::{Plan, Refusal};

/// What the outside tells.
#[derive(Debug, Clone)]
pub enum Message {
    /// A key was pressed.
    Key(KeyEvent),
    /// A text was pasted.
    Paste(String),
    /// The mouse did something.
    Mouse(MouseEvent),
    /// The window has this many columns and rows now.
    Resize(u16, u16),
    /// Time goes on; while a scan runs, this is when the screen catches up with it.
    Tick {
        /// The time.
        now: Timestamp,
        /// How far the scan is.
        progress: ScanProgress,
        /// Whether something was learned since the last time.
        news: News,
    },
    /// An account waits for the code of a multi-factor device.
    Asked(Question),
    /// Nobody waits for the answer to this question any more.
    Withdrawn(u64),
    /// With `auto_refresh`: what is on the screen is due to be read again.
    Due,
    /// Something was heard of a name that is traced.
    Traced {
        /// All that was heard so far.
        trace: Box<Trace>,
        /// Whether that is all.
        progress: Progress,
    },
    /// Names cannot be traced: there is nobody to ask servers.
    Untraceable,
    /// A draft was made, or refused.
    Drafted {
        /// Which of those that were asked for.
        number: u64,
        /// The plan.
        outcome: Box<Result<Plan, Refusal>>,
    },
    /// Something was heard of the change that is being applied.
    Applied(Box<Tiding>),
    /// A plan was saved there, or was not.
    Saved(Result<String, Refusal>),
    /// What the owner of the zone above is asked for, and the partition of the account; or why it is not known.
    Requested(Box<Result<(Request, &'static str), Refusal>>),
    /// The reusable delegation sets of an account, or why they are not known.
    Sets {
        /// The account.
        account: AccountIx,
        /// The sets.
        outcome: Box<Result<Vec<ReusableSet>, Refusal>>,
    },
    /// What the journal holds.
    Journal(Box<Result<Journaled, Refusal>>),
    /// A text was handed to the clipboard, or was not.
    Copied(Copied),
}

/// How far a trace is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// More will be heard.
    UnderWay,
    /// That is all.
    Done,
}

/// Whether something was learned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// Nothing.
    None,
    /// Something: what is derived from it has to be derived again.
    Some,
}

/// What became of copying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Copied {
    /// The clipboard has it, as far as one can know; by which way.
    By {
        /// How many bytes.
        bytes: usize,
        /// The way.
        way: &'static str,
    },
    /// It was too large for every way there is.
    TooLarge {
        /// How many bytes.
        bytes: usize,
    },
}
