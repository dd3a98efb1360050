//! `zonecut resume`: a change that was interrupted goes on where it stopped.

use color_eyre::eyre::Report;

use crate::engine::apply;
use crate::plan::journal::{History, Run};

use super::args::ResumeArgs;
use super::change::{Bench, Treatment, View};
use super::console::Console;
use super::desk::now;
use super::exit::Exit;
use super::exit::Stop;
use super::history::{find, read};
use super::journal::{Notes, operator};
use super::live::Asking;
use super::settings::Settings;

/// Goes on with a change where that is confirmed.
pub async fn run(args: &ResumeArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let settings = &settings.clone().with_live(&args.live);
    let history = History::of(&read(&Notes::kept()?)?.entries);
    let run = find(&history, &args.id)?.clone();
    if let Some(reason) = &args.give_up {
        return give_up(&run, reason, console);
    }
    console.hint(&format!(
        "change {} of {} is {}; {}",
        run.plan.id.short(),
        run.plan.subject,
        crate::report::log::state(run.standing()),
        run.advice()
    ));
    if !run.is_open() {
        return Ok(Exit::Done);
    }
    let bench = match run.plan.is_expired(now()) {
        // What is left of it is looked at again before it goes on, beside all accounts as for a new plan.
        true => Bench::open(settings, console, &args.consent, Asking::Nobody).await?,
        false => Bench::for_plan(settings, console, &args.consent).await?,
    };
    let treatment = Treatment {
        view: View {
            dry_run: args.dry_run,
            ..View::default()
        },
        consent: &args.consent,
        detailed: false,
        same_as: Some(format!("zonecut resume {}", run.plan.id.short())),
        file: None,
        since: None,
    };
    bench.resume(run.plan, &treatment).await
}

/// Nobody goes on with it; what was made of it is said, for it stays.
fn give_up(run: &Run, reason: &str, console: &Console) -> Result<Exit, Report> {
    let short = run.plan.id.short();
    let given_up = apply::give_up(&Notes::kept()?, &run.plan.id, operator(), reason.into(), now());
    if let Err(refusal) = given_up {
        return Err(Stop::new(Exit::Refused, refusal.what)
            .next(refusal.next.unwrap_or_default())
            .into());
    }
    let made = run.written().count();
    console.hint(&match (made, run.unsettled()) {
        (0, None) => format!("change {short} is given up; nothing of it was made"),
        (_, None) => format!("change {short} is given up; {made} of its steps were made, and stay as they are"),
        (_, Some(step)) => format!(
            "change {short} is given up; {made} of its steps were made, step {} may have been, and all stays as it is",
            step + 1
        ),
    });
    Ok(Exit::Done)
}
