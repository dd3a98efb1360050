//! Turns: each call has a number, and whatever somebody else does to the world is done before or after it, never during it.
//!
//! A fault can be put in front of the call of a number, so that every call of a run can be made to fail in turn.

use std::collections::BTreeMap;
use std::time::Duration;

use super::{Asked, CallFault, Reply, Service, Token};
use crate::model::account::AccountId;
use crate::sim::world::World;

/// A call, as those see it who act before or after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// Which call it is, from 1.
    pub call: u64,
    /// Which mutating call it is, from 1; how many there were, where it is none.
    pub writes: u64,
    /// Whether it comes or is over.
    pub side: Side,
    /// When it came, by the world's clock.
    pub at: Duration,
    /// Whose credentials it bears; none where they are nobody's.
    pub account: Option<AccountId>,
    /// The action.
    pub action: &'static str,
    /// Whether the action is one that changes something.
    pub write: bool,
}

/// On which side of a call a moment is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// It has come and nothing of it has been looked at.
    Before,
    /// It is over, applied or not; its answer has not been sent.
    After,
}

/// What is done to the world around each call.
pub type Between = Box<dyn FnMut(&mut World, &Turn) + Send>;

/// A place in the row of calls, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Nth {
    /// Among all calls, STS's included.
    Call(u64),
    /// Among the mutating ones.
    Write(u64),
}

#[derive(Default)]
pub(super) struct Turns {
    calls: u64,
    writes: u64,
    current: Option<Turn>,
    between: Option<Between>,
    faults: BTreeMap<Nth, CallFault>,
}

impl std::fmt::Debug for Turns {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Turns")
            .field("calls", &self.calls)
            .field("writes", &self.writes)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

impl Turns {
    /// The fault that was put in front of the call that is running.
    pub(super) fn take_fault(&mut self) -> Option<CallFault> {
        let turn = self.current?;
        let of_write = turn.write.then_some(Nth::Write(turn.writes));
        let found = [Some(Nth::Call(turn.call)), of_write];
        found.into_iter().flatten().find_map(|nth| self.faults.remove(&nth))
    }

    pub(super) fn clear_faults(&mut self) {
        self.faults.clear();
    }
}

impl Service {
    /// Lets somebody act before and after each call from now on, in the place of whoever did.
    pub fn between_calls(&mut self, between: Between) {
        self.turns.between = Some(between);
    }

    /// Lets nobody act between calls any more.
    pub fn leave_calls_alone(&mut self) {
        self.turns.between = None;
    }

    /// Puts a fault in front of the call of a number.
    pub fn inject_at(&mut self, nth: Nth, fault: CallFault) {
        self.turns.faults.insert(nth, fault);
    }

    /// Numbers the calls from 1 again, and forgets the faults that waited for a number.
    pub fn number_anew(&mut self) {
        (self.turns.calls, self.turns.writes) = (0, 0);
        self.turns.faults.clear();
    }

    /// How many calls came since they were numbered anew, and how many of them were mutating.
    pub fn calls(&self) -> (u64, u64) {
        (self.turns.calls, self.turns.writes)
    }

    /// Runs a call with what others do before and after it.
    pub(super) fn turn<T>(
        &mut self,
        asked: Asked,
        token: &Token<'_>,
        work: impl FnOnce(&mut Self) -> Reply<T>,
    ) -> Reply<T> {
        self.turns.calls += 1;
        self.turns.writes += u64::from(asked.write);
        let turn = Turn {
            call: self.turns.calls,
            writes: self.turns.writes,
            side: Side::Before,
            at: asked.at,
            account: self.account_of(token),
            action: asked.action,
            write: asked.write,
        };
        self.let_others_act(turn);
        self.turns.current = Some(turn);
        let reply = work(self);
        self.turns.current = None;
        self.let_others_act(Turn {
            side: Side::After,
            ..turn
        });
        reply
    }

    fn let_others_act(&mut self, turn: Turn) {
        if let Some(between) = &mut self.turns.between {
            between(&mut self.world, &turn);
        }
    }

    fn account_of(&self, token: &Token<'_>) -> Option<AccountId> {
        let principal = self.principals.get(token.access_key?)?;
        let account = self.world.accounts().get(principal.account)?;
        Some(account.id)
    }
}
