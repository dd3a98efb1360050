//! `zonecut undo`: a change is taken back, by a plan of its own that rests on what was written.
//!
//! What came of a step whose answer is missing is read first; a change of which nothing was made is closed in the log.

use color_eyre::eyre::Report;

use crate::engine::apply::give_up;
use crate::model::text::Untrusted;
use crate::plan::journal::{History, Run, Standing};
use crate::plan::wish::Want;
use crate::plan::{Goal, friction};

use super::args::UndoArgs;
use super::change::{Bench, refused};
use super::console::Console;
use super::desk::now;
use super::exit::{Exit, Stop};
use super::history::{find, read};
use super::journal::{Notes, operator};
use super::live::Asking;
use super::settings::Settings;
use super::settle::settled;
use super::teardown::patience;

/// Plans to take a change back, and does so where that is confirmed.
pub async fn run(args: &UndoArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let settings = &settings.clone().with_live(&args.plan.live);
    let history = History::of(&read(&Notes::kept()?)?.entries);
    let run = match &args.id {
        Some(id) => find(&history, id)?,
        None => latest(&history)?,
    };
    console.hint(&format!(
        "taking back change {}: {}",
        run.plan.id.short(),
        crate::report::review::sentence(&run.plan)
    ));
    let of = run.plan.id.clone();
    if let Some(step) = run.unsettled() {
        console.hint(&format!(
            "step {} was sent and its answer is missing: reading what came of it, for up to a minute",
            step + 1
        ));
    }
    let bench = Bench::open(settings, console, &args.plan.consent, Asking::Nobody).await?;
    let accounts = bench.desk.accounts.clone();
    let history = settled(accounts, Notes::kept()?, &of, history).await.map_err(refused)?;
    if let Some(run) = history.run(&of).filter(|run| made_nothing(run)) {
        return close(run, &bench, args);
    }
    let want = Want::Undo {
        of,
        patience: patience(args.reason.as_deref()),
    };
    bench.after(history).carry_out(want, &args.plan).await
}

/// Whether it was begun, and died before anything was made.
fn made_nothing(run: &Run) -> bool {
    run.is_open() && run.undo.is_none() && run.written().next().is_none()
}

/// There is nothing to take back of it, so it is closed in the log, where that is confirmed.
fn close(run: &Run, bench: &Bench<'_>, args: &UndoArgs) -> Result<Exit, Report> {
    let (short, subject) = (run.plan.id.short(), &run.plan.subject);
    let what = format!("nothing of change {short} was made, so there is nothing to take back");
    let stop = |next: &str| Stop::new(Exit::Refused, what.clone()).next(next.to_owned());
    let closing = format!("to close it in the log: zonecut undo {short} --confirm {subject}");
    match &args.plan.consent.confirm {
        _ if bench.settings.global.read_only => {
            Err(stop("it stays open in the log, for --read-only refuses every change").into())
        }
        None => Err(stop(&closing).into()),
        Some(typed) if !friction::is_typed(subject, typed) => Err(stop(&closing).into()),
        Some(_) => {
            let why = Untrusted::from(args.reason.as_deref().unwrap_or("taken back before anything was made"));
            give_up(&Notes::kept()?, &run.plan.id, operator(), why, now()).map_err(refused)?;
            bench.console.hint(&format!("{what}; it is closed in the log"));
            Ok(Exit::Done)
        }
    }
}

/// The latest that made something and was not taken back; what took another one back is not meant.
fn latest(history: &History) -> Result<&Run, Stop> {
    let fits = |run: &&Run| {
        let made = matches!(run.standing(), Standing::Done | Standing::Partial | Standing::Open);
        made && !matches!(run.plan.goal, Goal::Undo { .. })
    };
    history.runs().iter().rev().find(fits).ok_or_else(|| {
        Stop::new(Exit::Refused, "the log holds no change that could be taken back")
            .next("zonecut log prints all of them")
    })
}
