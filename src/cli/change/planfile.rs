//! Plan files: written whole for their owner alone, read only if they are small and unchanged.

use std::io::Read as _;
use std::path::Path;

use color_eyre::eyre::Report;

use crate::cli::crash::{create_private_dir, state_dir};
use crate::cli::exit::{Exit, Stop};
use crate::cli::output::{printable_path, replace};
use crate::plan::Plan;
use crate::plan::file::{self, FileError, MAX_OCTETS};

/// Saves a plan, for its owner alone.
pub fn write(path: &Path, plan: &Plan) -> Result<(), Report> {
    let text = file::write(plan);
    if text.len() > MAX_OCTETS {
        let what = format!("the plan has {} octets, more than {MAX_OCTETS}", text.len());
        return Err(Stop::new(Exit::Refused, what)
            .next("make several plans of it, each for a part of the record sets")
            .into());
    }
    replace(path, text.as_bytes())
}

/// Saves a plan beside those that were applied before, for what is taken away; gives the place, or why it was not saved.
pub fn keep(plan: &Plan) -> Result<String, String> {
    let failed = |why: String| format!("the plan was not saved: {why}");
    let directory = state_dir().ok_or_else(|| failed("there is no directory for it".to_owned()))?;
    let directory = directory.join("plans");
    create_private_dir(&directory).map_err(|error| failed(error.to_string()))?;
    let path = directory.join(format!("{}.json", plan.id));
    replace(&path, file::write(plan).as_bytes()).map_err(|report| failed(report.to_string()))?;
    Ok(printable_path(&path))
}

/// That a plan was saved, and how it is applied.
pub fn saved(path: &Path, plan: &Plan) -> String {
    format!(
        "saved as {}; to apply it: {}",
        printable_path(path),
        command(path, plan)
    )
}

/// The command that applies a saved plan as it was reviewed.
pub fn command(path: &Path, plan: &Plan) -> String {
    let path = path.to_string_lossy();
    let (subject, hash) = (plan.subject.to_string(), file::hash(plan));
    let words = [
        "zonecut",
        "apply",
        &path,
        "--confirm",
        &subject,
        "--plan-hash",
        hash.short(),
    ];
    crate::report::shell::line(words)
}

/// Reads a plan; one that is no plan, or was edited, is refused.
pub fn read(path: &Path) -> Result<Plan, Report> {
    let shown = printable_path(path);
    let failed = |error: std::io::Error| Stop::new(Exit::Failed, format!("failed to read {shown}: {error}"));
    let file = std::fs::File::open(path).map_err(failed)?;
    let mut octets = Vec::new();
    // One octet more than is allowed tells a file that is too large.
    let limit = u64::try_from(MAX_OCTETS).unwrap_or(u64::MAX).saturating_add(1);
    file.take(limit).read_to_end(&mut octets).map_err(failed)?;
    let text = String::from_utf8(octets).map_err(|_| FileError::Format("it is not UTF-8".to_owned()));
    let plan = text.and_then(|text| file::read(&text));
    plan.map_err(|error| {
        Stop::new(Exit::Refused, format!("{shown} cannot be applied: {error}"))
            .next("make the plan anew, with the command it was made by")
            .into()
    })
}
