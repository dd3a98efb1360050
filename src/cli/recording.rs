//! `check --record` and `check --replay`: what a run learned, kept in a file, and judged again without network and logins.
//!
//! What is chosen when it is judged (names, `--fail-on`, what is accepted, the format) is no part of a recording.

use std::path::Path;

use color_eyre::eyre::Report;

use crate::store::recording::{self, Draft, RecordingError};

use super::args::{CheckArgs, Global};
use super::console::Console;
use super::exit::{Exit, Stop};
use super::gather::Gathered;
use super::output::printable_path;
use super::settings::Settings;

/// Begins a recording, where one is wanted, before anything is read.
pub fn begin(args: &CheckArgs, global: &Global) -> Result<Option<Draft>, Report> {
    refuse_contradictions(args, global)?;
    let Some(path) = &args.record else {
        return Ok(None);
    };
    let draft = Draft::begin(path).map_err(|error| not_written(path, &error))?;
    Ok(Some(draft))
}

/// Keeps everything that is known.
pub fn keep(draft: Draft, gathered: &Gathered, console: &Console) -> Result<(), Report> {
    let path = draft.path().to_owned();
    draft
        .finish(&gathered.circumstances(), gathered.inventory())
        .map_err(|error| not_written(&path, &error))?;
    console.hint(&format!(
        "recorded in {}, which names every account, zone and record set; no credentials are in it",
        printable_path(&path)
    ));
    Ok(())
}

/// What a recording holds.
pub fn replay(path: &Path, settings: &Settings, console: &Console) -> Result<Gathered, Report> {
    let recording = recording::open(path).map_err(|error| not_replayed(path, &error))?;
    let (at, version) = (recording.circumstances.at, recording.circumstances.version.clipped(40));
    let gathered = Gathered::of_recording(recording, settings);
    console.hide(gathered.mask().as_ref());
    console.hint(&format!(
        "replayed from {}, which zonecut {version} recorded at {}",
        printable_path(path),
        crate::report::head::timestamp(at)
    ));
    Ok(gathered)
}

fn refuse_contradictions(args: &CheckArgs, global: &Global) -> Result<(), Stop> {
    if args.replay.is_some() {
        let flags = [
            ("--account", !global.account.is_empty()),
            ("--profile", !global.profile.is_empty()),
            ("--demo", global.demo.is_some()),
            ("--offline", global.offline),
            ("--refresh", global.refresh),
        ];
        if let Some((flag, _)) = flags.iter().find(|(_, is_given)| *is_given) {
            return Err(Stop::usage(format!(
                "{flag} and --replay exclude each other: all that is judged comes from the recording"
            )));
        }
    }
    let Some(path) = &args.record else { return Ok(()) };
    if global.privacy {
        let stop = Stop::usage("--record and --privacy exclude each other: names and addresses are what is recorded");
        return Err(stop.next(
            "record without it, for yourself; what others see is hidden by: zonecut check --replay FILE --privacy",
        ));
    }
    if path == Path::new("-") {
        return Err(Stop::usage(
            "a recording needs a file of its own: stdout is where the result goes",
        ));
    }
    let others = [&global.output, &args.write_baseline, &args.baseline, &global.log_file];
    if others.into_iter().any(|other| other.as_ref() == Some(path)) {
        return Err(Stop::usage(format!(
            "{} cannot be the recording and another file as well",
            printable_path(path)
        )));
    }
    Ok(())
}

fn not_written(path: &Path, error: &RecordingError) -> Stop {
    let shown = printable_path(path);
    match error {
        RecordingError::Taken(what) => Stop::new(Exit::Refused, format!("{shown} is not replaced: it is {what}"))
            .next("name another file for the recording"),
        error => Stop::new(Exit::Failed, format!("failed to record in {shown}: {error}")),
    }
}

fn not_replayed(path: &Path, error: &RecordingError) -> Stop {
    let shown = printable_path(path);
    let anew = "record it anew: zonecut check --record FILE";
    match error {
        RecordingError::System(error) => Stop::new(Exit::Failed, format!("failed to read {shown}: {error}")),
        RecordingError::NoRecording => {
            Stop::usage(format!("{shown} is no recording")).next("make one with: zonecut check --record FILE")
        }
        RecordingError::Version { version, .. } => {
            let stop = Stop::usage(format!("{shown} cannot be replayed: {error}"));
            match version {
                Some(version) => stop.next(format!("replay it with the zonecut that wrote it: version {version}")),
                None => stop.next(anew),
            }
        }
        error => Stop::usage(format!("{shown} cannot be replayed: {error}")).next(anew),
    }
}
