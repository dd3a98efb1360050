//! Whoever drafts changes, applies them and remembers them, as the terminal program sees it.
//!
//! Invariant: nothing here can be asked to write without a [`Pass`], and only an unlocked [`Lock`](super::lock::Lock) makes one.

use std::pin::Pin;

use jiff::Timestamp;

use super::lock::Pass;
use crate::findings::Survey;
use crate::model::account::AccountIx;
use crate::model::inventory::Inventory;
use crate::model::name::DnsName;
use crate::model::zone::ZoneKey;
use crate::plan::cut::ReusableSet;
use crate::plan::request::Request;
use crate::plan::{Plan, Refusal, Wish};

/// Something that will be there in a while.
pub type Soon<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Takes what is heard of an apply.
pub type TellTiding = Box<dyn FnMut(Tiding) + Send>;

/// Whoever drafts changes, applies them and remembers them.
pub trait Works: Send + Sync {
    /// Makes a plan of a wish, by reading anew what it rests on. Nothing is written.
    fn draft(&self, wish: Wish, inventory: Inventory, survey: Survey) -> Soon<Result<Plan, Refusal>>;

    /// Applies a plan, or goes on with one that was begun, and tells of it to its end; the last that is told is [`Tiding::Over`].
    fn apply(&self, plan: Plan, course: Course, pass: Pass, tell: TellTiding) -> Soon<()>;

    /// Ends an apply after the call that is under way.
    fn stop(&self);

    /// Saves a plan; tells where.
    fn save(&self, plan: &Plan) -> Result<String, Refusal>;

    /// What the owner of the zone above is asked for, read anew, and the partition of the zone's account.
    fn request(&self, name: DnsName, zone: ZoneKey) -> Soon<Result<(Request, &'static str), Refusal>>;

    /// Saves a request to delegate a name; tells where.
    fn save_request(&self, name: &DnsName, text: &str) -> Result<String, Refusal>;

    /// The reusable delegation sets of an account, read anew.
    fn sets(&self, account: AccountIx) -> Soon<Result<Vec<ReusableSet>, Refusal>>;

    /// All changes that the journal holds, the newest first.
    fn changes(&self) -> Soon<Result<Journaled, Refusal>>;
}

/// How a plan is applied, with what was read of the accounts where what it rests on may have to be looked at again.
#[derive(Debug, Clone)]
pub enum Course {
    /// From its start.
    Anew,
    /// It goes on where it stopped.
    Resumed(Box<Picture>),
}

/// What was read of the accounts.
#[derive(Debug, Clone)]
pub struct Picture {
    /// The accounts.
    pub inventory: Inventory,
    /// The verdicts on them.
    pub survey: Survey,
}

/// Whether a plan is applied from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Applying {
    /// It is.
    Anew,
    /// It goes on where it stopped.
    Resumed,
}

/// What is heard of an apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tiding {
    /// Something was done, or is being done. A deed of the same place replaces the one before.
    Deed(Deed),
    /// When it is good everywhere.
    GoodBy(Timestamp),
    /// It is over.
    Over(Over),
}

/// One line of an apply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Where it stands.
    pub place: DeedPlace,
    /// How it went so far.
    pub mark: DeedMark,
    /// Since when it is so.
    pub at: Timestamp,
    /// What it is, fit to print.
    pub text: String,
}

/// Where a line of an apply stands.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeedPlace {
    /// Among the steps, in this order.
    Step(usize),
    /// What a server of the parent says.
    Parent(String),
    /// What a server of the child says.
    Child(String),
    /// What a resolver says.
    Resolver(String),
}

/// How it went so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DeedMark {
    /// It goes on.
    UnderWay,
    /// It is as it should be.
    Good,
    /// It is not, yet.
    Waiting,
    /// It failed.
    Bad,
}

/// How an apply ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Over {
    /// Everything was sent, is in sync, and was seen from outside.
    Verified(String),
    /// Everything was sent; what was seen from outside is not all as it should be, or was not seen; why.
    Unproven(String),
    /// Nothing was changed; why.
    Refused(Refusal),
    /// Something was sent, and it is not finished; why. The change is open.
    Open(Refusal),
}

/// What the journal holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journaled {
    /// The changes, the newest first.
    pub changes: Vec<Change>,
    /// Where it is, fit to print.
    pub place: String,
    /// What is wrong with it, fit to print.
    pub trouble: Option<String>,
}

/// A change that the journal holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// The plan.
    pub plan: Plan,
    /// When it was begun.
    pub at: Timestamp,
    /// Who began it, fit to print.
    pub who: String,
    /// What became of it.
    pub standing: Standing,
    /// Whether it can be taken back; why not.
    pub undo: Result<(), String>,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// It is being applied, or was left in the middle; how far it is, fit to print.
    Open(String),
    /// It was sent and seen from outside.
    Verified,
    /// It was sent, and not seen from outside.
    Unproven,
    /// It was taken back.
    Undone,
    /// Nothing of it was changed; why, fit to print.
    Refused(String),
}

impl Standing {
    /// The word for it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Verified => "verified",
            Self::Unproven => "unproven",
            Self::Undone => "undone",
            Self::Refused(_) => "refused",
        }
    }

    /// Whether it waits to be gone on with, or taken back.
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Open(_))
    }
}
