//! Finds out what came of the last step of a change before that is taken back: a process may have died with the answer missing.
//!
//! Invariant: it reads, and notes what it found; nothing is sent that changes anything.

use std::sync::Arc;

use crate::aws::Accounts;
use crate::engine::apply::{Applier, Brake, NobodyAsked};
use crate::plan::journal::History;
use crate::plan::{PlanId, Refusal};
use crate::ports::{Journal as _, JournalError};

use super::desk::now;
use super::journal::Notes;

/// What the journal tells, once it is known of every step of a plan what came of it.
pub async fn settled(accounts: Accounts, notes: Notes, of: &PlanId, history: History) -> Result<History, Refusal> {
    let is_known = |history: &History| history.run(of).is_none_or(|run| run.unsettled().is_none());
    if is_known(&history) {
        return Ok(history);
    }
    let applier = Applier::new(accounts, notes.clone(), NobodyAsked, Arc::new(now));
    let mut ignore = |_| {};
    applier.settle(of, &Brake::default(), &mut ignore).await?;
    let reading = notes
        .read()
        .map_err(|error: JournalError| Refusal::new(error.to_string()))?;
    Ok(History::of(&reading.entries))
}
