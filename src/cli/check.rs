//! `zonecut check`: what is wrong, and an exit code that says whether anything is.

use color_eyre::eyre::Report;

use crate::config::FailOn;
use crate::engine::wants::Audit;
use crate::model::name::DnsName;
use crate::model::text::printable;
use crate::report::basis::Selection;
use crate::report::check::CheckReport;
use crate::report::csv::Formulas;
use crate::report::privacy::Mask;
use crate::report::{Document, Format, Style, csv, json, junit, markdown, plain, sarif, table, text};

use super::accepted::{self, Accepted};
use super::args::CheckArgs;
use super::console::Console;
use super::exit::{Exit, Stop};
use super::gather::{self, Gathered};
use super::live::Asking;
use super::output::{self, Output};
use super::recording;
use super::settings::Settings;
use super::signals;

/// Reads all accounts and prints what is wrong.
pub async fn run(args: &CheckArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let mut settings = settings.clone().with_live(&args.live);
    settings.config.dns.live &= !args.no_live;
    let settings = &settings;
    let format = output::format(&settings.global, Document::Check)?;
    let selection = Selection(
        args.names
            .iter()
            .map(|name| read_name(name))
            .collect::<Result<_, _>>()?,
    );
    let today = jiff::Zoned::now().date();
    let (accepted, notes) = Accepted::load(&settings.config.ignore, args.baseline.as_deref(), today)?;
    notes.iter().for_each(|note| console.warn(note));
    let output = Output::open(&settings.global, settings.config.ui.glyphs)?;
    let draft = recording::begin(args, &settings.global)?;
    let audit = if args.audit {
        Audit::Everything
    } else {
        Audit::WhereNeeded
    };
    // A baseline and a recording hold everything, whatever is spoken of.
    let is_about_all = selection.0.is_empty() || args.write_baseline.is_some() || draft.is_some();
    let asking = match is_about_all {
        true => Asking::Servers,
        false => Asking::Around(selection.0.clone()),
    };
    // What is recorded is kept when a signal ends it, so that is for this command to hear.
    let _heard = draft.as_ref().map(|_| signals::Heard::here());
    let gathered = match (&args.replay, &draft) {
        (Some(path), _) => recording::replay(path, settings, console)?,
        (None, Some(_)) => gather::read(settings, console, audit, asking, signals::ended()).await?,
        (None, None) => gather::read(settings, console, audit, asking, std::future::pending()).await?,
    };
    if let Some(draft) = draft {
        recording::keep(draft, &gathered, console)?;
    }
    if let Some(exit) = gathered.ended_by {
        return Err(Stop::silent(exit).into());
    }
    gathered.refuse_without_credentials()?;
    expect_something(&gathered, &selection)?;
    let fail_on = args.fail_on.unwrap_or(settings.config.check.fail_on);
    let basis = gathered.basis();
    let report = CheckReport::of(&basis, &selection, fail_on, |line| accepted.holds(line));
    if let Some(path) = &args.write_baseline {
        let all = CheckReport::of(&basis, &selection, FailOn::None, |_| false);
        accepted::write(path, &all.findings, &all.head.generated_at)?;
        console.hint(&format!(
            "{} written to {}",
            text::count(all.findings.len(), "finding"),
            output::printable_path(path)
        ));
    }
    if format != Format::Text {
        gathered.warn(console);
        if report.accepted > 0 {
            console.hint(&format!(
                "{} left out as accepted",
                text::count(report.accepted, "finding")
            ));
        }
    }
    let formulas = formulas(settings);
    let mask = gathered.mask();
    let written = render(&report, format, output.style, formulas, mask.as_ref());
    output.write(&written, format, mask.as_ref())?;
    Ok(match report.counted().next() {
        Some(_) => Exit::Findings,
        None => gathered.exit(),
    })
}

/// Writes the findings in a format.
fn render(report: &CheckReport, format: Format, style: Style, formulas: Formulas, mask: Option<&Mask>) -> String {
    match format {
        Format::Text => text::check(report, style),
        Format::Json => json::write(report),
        Format::Plain => plain::write(&table::check(report)),
        Format::Csv => csv::write(&table::check(report), formulas),
        Format::Markdown => markdown::check(report, mask),
        Format::Sarif => sarif::check(report),
        Format::Junit => junit::check(report),
    }
}

/// Whether CSV cells that look like formulas are defused.
pub fn formulas(settings: &Settings) -> Formulas {
    if settings.global.csv_raw {
        Formulas::Raw
    } else {
        Formulas::Defused
    }
}

/// A name from the command line.
pub fn read_name(text: &str) -> Result<DnsName, Stop> {
    DnsName::parse_input(text).map_err(|error| Stop::usage(format!("{} is no domain name: {error}", printable(text))))
}

/// Nothing wrong below a name at which nothing is held would be a false all-clear.
pub fn expect_something(gathered: &Gathered, selection: &Selection) -> Result<(), Stop> {
    let basis = gathered.basis();
    for name in &selection.0 {
        let zones = basis
            .inventory
            .iter()
            .any(|(_, entry)| entry.zone.name.is_at_or_below(name));
        if zones || basis.survey.cut(name).is_some() || basis.survey.below(name).next().is_some() {
            continue;
        }
        let mut stop = Stop::new(
            gathered.exit_of_absence(),
            format!("no zone or delegation is known at or below {name}"),
        );
        let enclosing = basis
            .inventory
            .iter()
            .filter(|(_, entry)| name.is_at_or_below(&entry.zone.name))
            .max_by_key(|(_, entry)| entry.zone.name.as_wire().len());
        if let Some((_, entry)) = enclosing {
            stop = stop.next(format!("it lies in the zone {0}: zonecut zone {0}", entry.zone.name));
        }
        if !gathered.is_complete() {
            stop = stop.next("not everything could be read: zonecut accounts");
        }
        return Err(stop);
    }
    Ok(())
}
