//! `zonecut log`: what was changed with zonecut on this machine. Offline: it reads the journal, and nothing else.

use color_eyre::eyre::Report;
use jiff::Timestamp;

use crate::model::account::AccountIx;
use crate::model::text::printable;
use crate::plan::journal::{History, Run};
use crate::ports::{DamageKind, Journal as _, Reading};
use crate::report::log::LogReport;
use crate::report::privacy::Mask;
use crate::report::{Document, Format, json, log, plain, review, text};

use super::args::LogArgs;
use super::change::setting;
use super::console::Console;
use super::exit::{Exit, Stop};
use super::journal::Notes;
use super::output::{self, Output};
use super::settings::Settings;

/// Prints the log, one change of it, or whether it is whole.
pub fn run(args: &LogArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let format = output::format(&settings.global, Document::Log)?;
    if settings.global.demo.is_some() {
        console.hint("the demo is gone after each run, and so is its log; this is the one of this machine");
    }
    let reading = read(&Notes::kept()?)?;
    let history = History::of(&reading.entries);
    let damage: Vec<String> = reading
        .damage
        .iter()
        .map(|damage| printable(&damage.saying()))
        .collect();
    let output = Output::open(&settings.global, settings.config.ui.glyphs)?;
    if args.verify {
        return verify(&reading, &history, &damage, output);
    }
    let mask = settings.global.privacy.then(|| mask(&history));
    let runs: Vec<&Run> = match &args.id {
        Some(id) => vec![find(&history, id)?],
        None => history.runs().iter().collect(),
    };
    let report = LogReport::of(runs.iter().copied(), damage, Timestamp::now());
    let written = match format {
        Format::Json => json::write(&report),
        Format::Plain => plain::write(&log::table(&report)),
        _ => match (&args.id, runs.first()) {
            (Some(_), Some(run)) => one(run, &report, &output),
            _ => text::log(&report, output.style),
        },
    };
    output.write(&written, format, mask.as_ref())?;
    Ok(Exit::Done)
}

/// Reads the journal.
pub fn read(notes: &Notes) -> Result<Reading, Stop> {
    notes
        .read()
        .map_err(|error| Stop::new(Exit::Failed, printable(&error.to_string())))
}

/// The change that a person names by the first digits of its id.
pub fn find<'a>(history: &'a History, id: &str) -> Result<&'a Run, Stop> {
    history.named(&id.to_ascii_lowercase()).ok_or_else(|| {
        Stop::new(
            Exit::Refused,
            format!("no one change of the log begins with {}", printable(id)),
        )
        .next("zonecut log prints them; at least four digits name one")
    })
}

/// One change in full: its review, then how it stands.
fn one(run: &Run, report: &LogReport<'_>, output: &Output) -> String {
    let lines = review::lines(&run.plan, &setting(output, None));
    let mut out = text::review(&lines, super::change::columns(), output.style);
    out.push('\n');
    out.push_str(&text::log(report, output.style));
    for change in &report.changes {
        if let Some(outcome) = &change.outcome {
            out.push_str(&text::ending(outcome, output.style));
        }
    }
    out
}

/// A torn last line is no forgery: nothing was ever done because of it.
fn verify(reading: &Reading, history: &History, damage: &[String], output: Output) -> Result<Exit, Report> {
    let is_torn = |kind: &DamageKind| matches!(kind, DamageKind::Torn);
    let first = reading.damage.iter().find(|damage| !is_torn(&damage.kind));
    if let Some(first) = first {
        let stop = Stop::new(
            Exit::Failed,
            format!("the log was changed, or is damaged; first at record {}", first.seq),
        );
        return Err(damage.iter().cloned().fold(stop, Stop::next).into());
    }
    let (records, changes) = (reading.entries.len(), history.runs().len());
    let noun = |count: usize, one: &'static str, many: &'static str| if count == 1 { one } else { many };
    let mut text = format!(
        "{records} {} of {changes} {}, each following on the one before\n",
        noun(records, "record", "records"),
        noun(changes, "change", "changes")
    );
    damage.iter().for_each(|line| text.push_str(&format!("{line}\n")));
    output.print(&text)?;
    Ok(Exit::Done)
}

/// What is hidden: the accounts that the plans name.
fn mask(history: &History) -> Mask {
    let parties = history.runs().iter().flat_map(|run| &run.plan.parties);
    let mut names: Vec<String> = parties
        .flat_map(|party| [Some(&party.name), party.profile.as_ref()])
        .flatten()
        .map(|name| name.printable())
        .collect();
    names.sort();
    names.dedup();
    Mask::of_accounts((0..).map(AccountIx).zip(names))
}
