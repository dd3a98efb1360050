//! `zonecut scan`: reads everything anew and prints a summary.

use color_eyre::eyre::Report;

use crate::engine::wants::Audit;
use crate::report::scan::ScanReport;
use crate::report::{Document, Format, json, plain, table, text};

use super::console::Console;
use super::exit::Exit;
use super::gather::gather;
use super::live::Asking;
use super::output::{self, Output};
use super::settings::Settings;

/// Reads all accounts and prints what was read.
pub async fn run(settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let format = output::format(&settings.global, Document::Scan)?;
    let output = Output::open(&settings.global, settings.config.ui.glyphs)?;
    let gathered = gather(settings, console, Audit::WhereNeeded, Asking::Nobody).await?;
    let report = ScanReport::of(&gathered.basis(), &gathered.progress);
    let written = match format {
        Format::Json => json::write(&report),
        Format::Plain => plain::write(&table::scan(&report)),
        _ => text::scan(&report, output.style),
    };
    if format != Format::Text {
        gathered.warn(console);
    }
    output.write(&written, format, gathered.mask().as_ref())?;
    Ok(gathered.exit())
}
