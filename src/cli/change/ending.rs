//! A plan that was confirmed is applied, told of while that goes on, and its end said.
//!
//! Invariant: the first Ctrl-C ends it after the call that is under way; what was sent is never cancelled.

use std::sync::{Arc, Mutex, PoisonError};

use color_eyre::eyre::Report;

use super::tidings::words;
use super::{Bench, Shown, Treatment};
use crate::cli::desk::{now, prover};
use crate::cli::exit::{Exit, Stop};
use crate::cli::journal::{Notes, operator};
use crate::cli::signals::{Heard, ended};
use crate::engine::apply::{Applier, Brake, Confirmed, End, Event, Reason};
use crate::model::text::printable;
use crate::plan::file::hash;
use crate::plan::journal::Proof;
use crate::plan::{Moment, Plan};
use crate::report::plan::OutcomeLine;
use crate::report::review::sentence;
use crate::report::text;

/// For how many seconds a wait that is part of a plan is kept, where nobody says otherwise.
const PATIENCE: u64 = 15 * 60;

/// Whether a plan is applied from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// It is.
    Anew,
    /// It goes on where it stopped.
    Resumed,
}

/// Applies a plan, and says what became of it.
pub async fn apply(
    bench: &Bench<'_>,
    plan: &Plan,
    treatment: &Treatment<'_>,
    shown: &Shown,
    course: Course,
) -> Result<Exit, Report> {
    if shown.is_text() {
        shown.print_unless_printed(bench, plan)?;
    }
    let end = go(bench, plan, treatment, course).await?;
    let short = plan.id.short();
    conclude(bench, plan, shown, end).map_err(|report| match report.downcast_ref::<std::io::Error>() {
        // Whoever stopped reading wants to hear nothing.
        Some(error) if error.kind() != std::io::ErrorKind::BrokenPipe => report.wrap_err(format!(
            "what became of change {short} could not be printed; zonecut log {short} tells"
        )),
        _ => report,
    })
}

async fn go(bench: &Bench<'_>, plan: &Plan, treatment: &Treatment<'_>, course: Course) -> Result<End, Report> {
    let notes = Notes::of(&bench.reach)?;
    let patience = bench
        .settings
        .global
        .timeout
        .map_or(PATIENCE, |timeout| timeout.0.as_secs());
    let prover = prover(bench.settings, &bench.reach, &bench.desk);
    let applier = Applier::new(bench.desk.accounts.clone(), notes, prover, Arc::new(now)).waiting(patience);
    let (brake, operator) = (Brake::default(), operator());
    let line = Mutex::new(bench.console.clone());
    let mut tell = |event: Event| {
        if let Some(words) = words(plan, &event) {
            line.lock().unwrap_or_else(PoisonError::into_inner).hint(&words);
        }
    };
    let fresh = bench.fresh();
    let applying = async {
        match course {
            Course::Anew => {
                let confirmed = Confirmed {
                    hash: hash(plan),
                    operator,
                    waited: treatment.since.map(|since| since.elapsed().as_secs()),
                };
                match treatment.file {
                    Some(_) => Box::pin(applier.apply_saved(plan, &confirmed, &fresh, &brake, &mut tell)).await,
                    None => Box::pin(applier.apply(plan, &confirmed, &brake, &mut tell)).await,
                }
            }
            Course::Resumed => Box::pin(applier.resume(&plan.id, operator, &fresh, &brake, &mut tell)).await,
        }
    };
    let _heard = Heard::here();
    tokio::pin!(applying);
    loop {
        let exit = ended();
        tokio::select! {
            biased;
            end = &mut applying => return Ok(end),
            exit = exit => {
                if brake.is_pulled() {
                    return Err(left(plan, exit).into());
                }
                brake.pull();
                bench.console.warn("ending after the call that is under way; once more to leave at once");
            }
        }
    }
}

fn left(plan: &Plan, exit: Exit) -> Stop {
    let short = plan.id.short();
    Stop::new(exit, format!("left in the middle; change {short} is open in the log"))
        .next(format!("go on: zonecut resume {short}"))
}

fn conclude(bench: &Bench<'_>, plan: &Plan, shown: &Shown, end: End) -> Result<Exit, Report> {
    match end {
        End::Applied(proof) => {
            let (outcome, exit) = applied(bench, plan, &proof);
            shown.print_outcome(bench, plan, outcome)?;
            Ok(exit)
        }
        End::AlreadyApplied => {
            let outcome = OutcomeLine {
                state: "done",
                saying: format!("Already applied, as change {}: nothing was sent", plan.id.short()),
                next: vec![format!("To take it back: zonecut undo {}", plan.id.short())],
                ..OutcomeLine::default()
            };
            shown.print_outcome(bench, plan, outcome)?;
            Ok(Exit::Done)
        }
        End::Refused(reason) => stopped(bench, plan, shown, &reason, Left::Nothing),
        End::Outdated(reason) => stopped(bench, plan, shown, &reason, Left::Outdated),
        End::Open { reason, until } => stopped(bench, plan, shown, &reason, Left::Open(until)),
    }
}

fn applied(bench: &Bench<'_>, plan: &Plan, proof: &Proof) -> (OutcomeLine, Exit) {
    let short = plan.id.short();
    let by = bench.clock(proof.good_everywhere);
    let (state, exit, seen) = match (proof.is_good(), bench.desk.live.is_some()) {
        // No server serves what was changed: a delegation set, for one.
        _ if proof.lines.is_empty() => ("done", Exit::Done, "nothing of it is served".to_owned()),
        (true, _) => (
            "done",
            Exit::Done,
            format!("every server asked says so; good everywhere by {by}"),
        ),
        (false, true) => (
            "unverified",
            Exit::Unverified,
            format!("in sync at Route 53, but not every server asked says so yet; good everywhere by {by}"),
        ),
        (false, false) => (
            "done",
            Exit::Done,
            format!("in sync at Route 53; no server was asked; good everywhere by {by}"),
        ),
    };
    let mut next = match bench.reach.simulator {
        // The log of the demo goes with it.
        Some(_) => Vec::new(),
        None => vec![format!("To take it back: zonecut undo {short}")],
    };
    if exit == Exit::Unverified {
        next.push(format!("To wait until it is seen: zonecut verify {}", plan.subject));
    }
    let outcome = OutcomeLine {
        state,
        saying: format!("Done: {}. Change {short}: {seen}", sentence(plan)),
        next,
        ..OutcomeLine::default()
    };
    (outcome.with_proof(proof), exit)
}

/// What is left of a plan that went no further.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Left {
    /// Nothing of it was changed.
    Nothing,
    /// It is open, and does not go on as it was confirmed.
    Outdated,
    /// It is open, and may wait until then.
    Open(Option<Moment>),
}

/// Nothing was made, or it is not over: why, what is not as the plan knew it, and what to do.
fn stopped(bench: &Bench<'_>, plan: &Plan, shown: &Shown, reason: &Reason, left: Left) -> Result<Exit, Report> {
    let short = plan.id.short();
    let why = printable(&reason.refusal.what);
    let mut next: Vec<String> = reason.refusal.next.iter().map(|next| printable(next)).collect();
    let (state, exit, saying) = match left {
        Left::Nothing => ("refused", Exit::Refused, format!("{why}; nothing was changed")),
        Left::Outdated => (
            "open",
            Exit::Refused,
            format!("{why}; nothing more was sent, and change {short} is open in the log"),
        ),
        Left::Open(until) => {
            if let Some(until) = until {
                next.push(format!("it waits until {}", bench.clock(until)));
            }
            if !next.iter().any(|line| line.contains("zonecut resume")) {
                next.push(format!("go on: zonecut resume {short}"));
            }
            if !next.iter().any(|line| line.contains("zonecut undo")) {
                next.push(format!("take back: zonecut undo {short}"));
            }
            (
                "open",
                Exit::Unverified,
                format!("{why}; change {short} is open in the log"),
            )
        }
    };
    if !shown.is_text() {
        let outcome = OutcomeLine {
            state,
            saying: saying.clone(),
            conflicts: reason.conflicts.clone(),
            next: next.clone(),
            ..OutcomeLine::default()
        };
        shown.print_outcome(bench, plan, outcome)?;
    }
    let differences = reason.conflicts.iter().flat_map(text::conflict);
    let stop = differences.chain(next).fold(Stop::new(exit, saying), Stop::next);
    Err(stop.into())
}
