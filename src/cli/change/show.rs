//! How a plan is shown: as text, as a document, or in the words of another tool.

use std::cell::Cell;
use std::path::Path;

use color_eyre::eyre::Report;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Bench, Treatment};
use crate::cli::desk::now;
use crate::cli::output::{self, Output};
use crate::model::text::printable;
use crate::plan::{Plan, Refusal};
use crate::report::plan::{Circumstances, OutcomeLine, PlanReport, UnchangedReport};
use crate::report::privacy::Mask;
use crate::report::review::{self, Place, Setting};
use crate::report::{Document, Format, json, plain, plan as document, render, text};

/// No review is wider than this, however wide the terminal is.
const WIDEST: usize = 110;

/// What is done with a plan besides applying it.
#[derive(Debug, Clone, Copy, Default)]
pub struct View<'a> {
    /// Whether it is only shown.
    pub dry_run: bool,
    /// Where it is saved.
    pub out: Option<&'a Path>,
    /// The tool in whose words it is printed.
    pub words_of: Option<&'a str>,
}

/// A plan on its way to the reader.
pub struct Shown {
    format: Format,
    same_as: Option<String>,
    mask: Option<Mask>,
    is_printed: Cell<bool>,
}

impl Shown {
    /// Chooses how it is shown.
    pub fn new(bench: &Bench<'_>, plan: &Plan, treatment: &Treatment<'_>) -> Result<Self, Report> {
        let ids = plan.steps.iter().filter_map(zone_of);
        Ok(Self {
            format: output::format(&bench.settings.global, Document::Plan)?,
            same_as: treatment.same_as.clone(),
            mask: bench.gathered.mask().map(|mask| mask.with_zones(ids)),
            is_printed: Cell::new(false),
        })
    }

    /// Whether the review is text for a person.
    pub fn is_text(&self) -> bool {
        self.format == Format::Text
    }

    /// Prints the review or the document, once.
    pub fn print_unless_printed(&self, bench: &Bench<'_>, plan: &Plan) -> Result<(), Report> {
        match self.is_printed.replace(true) {
            true => Ok(()),
            false => self.print(bench, plan, None),
        }
    }

    /// Prints what became of a plan: after its review as text, with it as a document.
    pub fn print_outcome(&self, bench: &Bench<'_>, plan: &Plan, outcome: OutcomeLine) -> Result<(), Report> {
        if !self.is_text() {
            return self.print(bench, plan, Some(outcome));
        }
        self.print_unless_printed(bench, plan)?;
        let output = self.output(bench)?;
        let ending = text::ending(&outcome, output.style);
        output.write(&format!("\n{ending}"), self.format, self.mask.as_ref())
    }

    fn print(&self, bench: &Bench<'_>, plan: &Plan, outcome: Option<OutcomeLine>) -> Result<(), Report> {
        let output = self.output(bench)?;
        let written = match self.format {
            Format::Text => {
                let lines = review::lines(plan, &self.setting(&output));
                text::review(&lines, columns(), output.style)
            }
            Format::Plain => plain::write(&document::table(plan)),
            Format::Markdown => self.masked(&render::ticket(plan, &self.setting(&output))),
            _ => self.document(bench, plan, outcome),
        };
        output.write(&written, self.format, self.mask.as_ref())
    }

    fn document(&self, bench: &Bench<'_>, plan: &Plan, outcome: Option<OutcomeLine>) -> String {
        let endpoint = bench.reach.endpoint_override();
        let confirm = plan.subject.to_string();
        let told = Circumstances {
            complete: bench.gathered.is_complete(),
            at: Timestamp::now(),
            endpoint_override: endpoint.as_deref(),
            confirm: &confirm,
            same_as: self.same_as.as_deref(),
        };
        let mut report = PlanReport::of(plan, &told);
        report.outcome = outcome;
        json::write(&report)
    }

    /// Prints the plan in the words of another tool.
    pub fn print_as(&self, bench: &Bench<'_>, plan: &Plan, tool: &str) -> Result<(), Report> {
        let output = self.output(bench)?;
        let written = match render::of_word(tool, plan) {
            Some(written) => written,
            None => render::ticket(plan, &self.setting(&output)),
        };
        output.write(&written, Format::Text, self.mask.as_ref())
    }

    fn setting(&self, output: &Output) -> Setting<'_> {
        setting(output, self.same_as.as_deref())
    }

    fn masked(&self, text: &str) -> String {
        self.mask
            .as_ref()
            .map_or_else(|| text.to_owned(), |mask| mask.hide(text))
    }

    fn output(&self, bench: &Bench<'_>) -> Result<Output, Report> {
        Output::open(&bench.settings.global, bench.settings.config.ui.glyphs)
    }
}

/// Prints that all is as it was asked for.
pub fn unchanged(bench: &Bench<'_>, refusal: &Refusal, view: &View<'_>) -> Result<(), Report> {
    let format = match view.words_of {
        Some(_) => Format::Text,
        None => output::format(&bench.settings.global, Document::Plan)?,
    };
    let output = Output::open(&bench.settings.global, bench.settings.config.ui.glyphs)?;
    let endpoint = bench.reach.endpoint_override();
    let complete = bench.gathered.is_complete();
    let report = UnchangedReport::of(refusal, complete, Timestamp::now(), endpoint.as_deref());
    let written = match format {
        // No record, for there is no change.
        Format::Plain => String::new(),
        Format::Text | Format::Markdown => text::ending(&report.outcome, output.style),
        _ => json::write(&report),
    };
    output.write(&written, format, bench.gathered.mask().as_ref())?;
    if let Some(path) = view.out {
        let path = printable(&path.to_string_lossy());
        bench
            .console
            .hint(&format!("{path} was not written: there is no change to save"));
    }
    Ok(())
}

/// Prints the checklist of a plan on stderr, a line for each check.
pub fn checks(bench: &Bench<'_>, plan: &Plan) -> Result<(), Report> {
    let output = Output::open(&bench.settings.global, bench.settings.config.ui.glyphs)?;
    let lines = review::checklist(plan, &setting(&output, None));
    let written = text::review(&lines, columns(), crate::report::Style::default());
    written.lines().for_each(|line| bench.console.line(line));
    Ok(())
}

fn zone_of(step: &crate::plan::Step) -> Option<String> {
    use crate::plan::Step;
    match step {
        Step::Change { zone, .. } | Step::AwaitServers { zone, .. } | Step::DeleteZone { zone, .. } => {
            zone.id().map(ToString::to_string)
        }
        Step::CreateSet { zone, .. } => zone.as_ref().map(ToString::to_string),
        Step::CreateZone { .. } | Step::Hold { .. } | Step::DeleteSet { .. } => None,
    }
}

/// What a review needs to know on this machine.
pub fn setting<'a>(output: &Output, same_as: Option<&'a str>) -> Setting<'a> {
    Setting {
        now: now(),
        zone: TimeZone::system(),
        glyphs: output.style.lines,
        same_as,
        place: Place::Command,
    }
}

/// How wide the terminal is, as far as it says so.
pub fn columns() -> usize {
    let told = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    let size = || crate::tui::columns().map(usize::from);
    told.or_else(size)
        .filter(|columns| *columns >= 40)
        .unwrap_or(WIDEST)
        .min(WIDEST)
}
