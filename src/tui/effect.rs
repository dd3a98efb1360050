//! What an update asks the outside for. [`Effect::Apply`] alone changes anything in AWS, and whoever performs it asks the lock again.

use jiff::Timestamp;

use super::screens::mfa::Code;
use super::works::Applying;
use crate::engine::command::Command;
use crate::model::account::AccountIx;
use crate::model::dns::Question;
use crate::model::name::DnsName;
use crate::model::zone::ZoneKey;
use crate::plan::{Plan, Wish};

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
    /// A plan is to be made of a wish. Nothing is written.
    Draft {
        /// Which of the drafts that were asked for.
        number: u64,
        /// The wish.
        wish: Box<Wish>,
    },
    /// A plan that a person said yes to is to be applied.
    Apply {
        /// The plan.
        plan: Box<Plan>,
        /// Whether it was begun before.
        how: Applying,
    },
    /// The apply ends after the call that is under way.
    StopApplying,
    /// A plan is saved as a file.
    SavePlan(Box<Plan>),
    /// What the owner of the zone above is asked for is read anew.
    ReadRequest {
        /// The name to be delegated.
        name: DnsName,
        /// Its zone.
        zone: ZoneKey,
    },
    /// A request is saved as a file.
    SaveRequest {
        /// The name that it is about.
        name: DnsName,
        /// The text.
        text: String,
    },
    /// The reusable delegation sets of an account are read.
    ReadSets(AccountIx),
    /// The journal is read.
    ReadJournal,
    /// These accounts may be written to until then.
    Unlock {
        /// The accounts.
        accounts: Vec<AccountIx>,
        /// The end.
        until: Timestamp,
    },
    /// Nothing may be written any more.
    Lock,
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
