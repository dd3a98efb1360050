//! What the journal holds, as the list of changes shows it.

use jiff::Timestamp;

use crate::plan::journal::{History, Run, Standing as RunStanding};
use crate::plan::{Moment, Refusal};
use crate::ports::{Damage, Journal, JournalError};
use crate::tui::works::{Change, Journaled, Standing};

use crate::cli::journal::Notes;
use crate::cli::output::printable_path;

/// What the journal tells of plans.
pub fn history(journal: &Notes) -> Result<History, JournalError> {
    Ok(History::of(&journal.read()?.entries))
}

/// Reads the journal.
pub fn read(journal: &Notes) -> Result<Journaled, Refusal> {
    let reading = journal
        .read()
        .map_err(|error: JournalError| Refusal::new(error.to_string()))?;
    let history = History::of(&reading.entries);
    let damage: Vec<String> = reading.damage.iter().map(Damage::saying).collect();
    Ok(Journaled {
        changes: history.runs().iter().rev().map(change).collect(),
        place: match journal {
            Notes::Files(files) => printable_path(files.path()),
            Notes::Memory(_) => "in memory, as long as the demo lasts".to_owned(),
        },
        trouble: (!damage.is_empty()).then(|| damage.join("; ")),
    })
}

fn change(run: &Run) -> Change {
    Change {
        plan: run.plan.clone(),
        at: timestamp(run.begun),
        who: run.operator.user.printable(),
        standing: standing(run),
        undo: undo(run),
    }
}

fn standing(run: &Run) -> Standing {
    let why = || {
        run.stopped
            .as_ref()
            .map_or_else(String::new, |stopped| stopped.why.clone())
    };
    match run.standing() {
        RunStanding::Open | RunStanding::Partial => {
            let made = run.written().count();
            let steps = run.plan.steps.iter().filter(|step| step.is_write()).count();
            let why = run
                .stopped
                .as_ref()
                .map_or_else(String::new, |stopped| format!(": {}", stopped.why));
            Standing::Open(format!("{made} of {steps} changes were made{why}"))
        }
        RunStanding::Done if run.proof.as_ref().is_some_and(|proof| proof.is_good()) => Standing::Verified,
        RunStanding::Done => Standing::Unproven,
        RunStanding::Undone => Standing::Undone,
        RunStanding::Refused => Standing::Refused(why()),
        RunStanding::Abandoned => Standing::Refused("somebody gave it up".to_owned()),
    }
}

/// Whether it can be taken back, as far as the journal tells; what changed since shows when the undo is drafted.
fn undo(run: &Run) -> Result<(), String> {
    match run.standing() {
        RunStanding::Undone => Err("it was taken back already".to_owned()),
        RunStanding::Refused => Err("nothing of it was changed".to_owned()),
        RunStanding::Abandoned => Err("somebody gave it up".to_owned()),
        _ if run.written().next().is_none() => Err("nothing of it was made".to_owned()),
        _ => Ok(()),
    }
}

fn timestamp(at: Moment) -> Timestamp {
    let second = i64::try_from(at.0).unwrap_or(i64::MAX);
    Timestamp::from_second(second).unwrap_or(Timestamp::MAX)
}
