//! `zonecut tree`: the zones and delegations of all accounts.

use color_eyre::eyre::Report;

use crate::engine::wants::Audit;
use crate::report::basis::Selection;
use crate::report::tree::TreeReport;
use crate::report::{Document, Format, csv, json, plain, table, text};

use super::args::TreeArgs;
use super::check::{expect_something, formulas, read_name};
use super::console::Console;
use super::exit::Exit;
use super::gather::gather;
use super::live::Asking;
use super::output::{self, Output};
use super::settings::Settings;

/// Reads all accounts and prints the tree.
pub async fn run(args: &TreeArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let format = output::format(&settings.global, Document::Tree)?;
    let names = args.name.iter().map(|name| read_name(name));
    let selection = Selection(names.collect::<Result<_, _>>()?);
    let output = Output::open(&settings.global, settings.config.ui.glyphs)?;
    let gathered = gather(settings, console, Audit::WhereNeeded, Asking::Nobody).await?;
    expect_something(&gathered, &selection)?;
    let report = TreeReport::of(&gathered.basis(), &selection);
    let written = match format {
        Format::Json => json::write(&report),
        Format::Plain => plain::write(&table::tree(&report)),
        Format::Csv => csv::write(&table::tree(&report), formulas(settings)),
        _ => text::tree(&report, output.style),
    };
    if format != Format::Text {
        gathered.warn(console);
    }
    output.write(&written, format, gathered.mask().as_ref())?;
    Ok(gathered.exit())
}
