//! `zonecut zone`: everything known of the zones of one name or id.

use color_eyre::eyre::Report;

use crate::engine::wants::Audit;
use crate::model::inventory::{Inventory, ZoneIx};
use crate::model::name::DnsName;
use crate::model::text::printable;
use crate::report::zone::ZoneReport;
use crate::report::{Document, Format, json, plain, table, text};

use super::args::ZoneArgs;
use super::console::Console;
use super::exit::{Exit, Stop};
use super::gather::{Gathered, gather};
use super::live::Asking;
use super::output::{self, Output};
use super::settings::Settings;

/// Reads all accounts and prints the zones of a name or id.
pub async fn run(args: &ZoneArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let format = output::format(&settings.global, Document::Zone)?;
    let output = Output::open(&settings.global, settings.config.ui.glyphs)?;
    let gathered = gather(settings, console, Audit::WhereNeeded, Asking::Nobody).await?;
    let zones = find(gathered.inventory(), &args.zone);
    if zones.is_empty() {
        return Err(unknown(&args.zone, &gathered).into());
    }
    let report = ZoneReport::of(&gathered.basis(), &zones);
    let written = match format {
        Format::Json => json::write(&report),
        Format::Plain => plain::write(&table::zone_records(&report)),
        _ => text::zone(&report, output.style),
    };
    if format != Format::Text {
        gathered.warn(console);
    }
    output.write(&written, format, gathered.mask().as_ref())?;
    Ok(gathered.exit())
}

/// The zones of an id, else of a name.
fn find(inventory: &Inventory, word: &str) -> Vec<ZoneIx> {
    let id = word.strip_prefix("/hostedzone/").unwrap_or(word);
    let by_id = inventory.iter().filter(|(_, entry)| entry.zone.key.id.as_str() == id);
    let zones: Vec<ZoneIx> = by_id.map(|(index, _)| index).collect();
    let (true, Ok(name)) = (zones.is_empty(), DnsName::parse_input(word)) else {
        return zones;
    };
    let by_name = inventory.iter().filter(|(_, entry)| entry.zone.name == name);
    by_name.map(|(index, _)| index).collect()
}

fn unknown(word: &str, gathered: &Gathered) -> Stop {
    let stop = Stop::new(
        gathered.exit_of_absence(),
        format!("no hosted zone has the name or id {}", printable(word)),
    );
    let enclosing = DnsName::parse_input(word).ok().and_then(|name| {
        let zones = gathered.inventory().iter().map(|(_, entry)| &entry.zone.name);
        zones
            .filter(|zone| name.is_at_or_below(zone))
            .max_by_key(|zone| zone.as_wire().len())
            .cloned()
    });
    let stop = match enclosing {
        Some(zone) => stop.next(format!("the closest one is {zone}: zonecut zone {zone}")),
        None => stop,
    };
    if gathered.is_complete() {
        stop
    } else {
        stop.next("not everything could be read: zonecut accounts")
    }
}
