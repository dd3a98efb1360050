//! `zonecut who`: who owns each cut on the way to a name.

use color_eyre::eyre::Report;

use crate::model::dns::Question;
use crate::model::record::RecordType;
use crate::report::who::WhoReport;
use crate::report::{Document, Format, json, plain, table, text};

use super::args::{From, WhoArgs};
use super::check::read_name;
use super::console::Console;
use super::exit::Exit;
use super::output::{self, Output};
use super::settings::Settings;
use super::traced::Scene;

/// Prints the owner of each cut.
pub async fn run(args: &WhoArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let settings = &settings.clone().with_live(&args.live);
    let format = output::format(&settings.global, Document::Who)?;
    let question = Question {
        name: read_name(&args.name)?,
        record_type: RecordType::SOA,
    };
    let output = Output::open(&settings.global, settings.config.ui.glyphs)?;
    let mut scene = Scene::open(settings, console, &[], None).await?.without_resolvers();
    let traced = scene.trace(&question, From::Root).await;
    let report = WhoReport::of(&scene.gathered.basis(), &question.name, &traced.diagnosis);
    let written = match format {
        Format::Json => json::write(&report),
        Format::Plain => plain::write(&table::who(&report)),
        _ => text::who(&report, output.style),
    };
    if format != Format::Text {
        scene.gathered.warn(console);
    }
    output.write(&written, format, scene.gathered.mask().as_ref())?;
    Ok(if report.is_unsure() {
        Exit::Incomplete
    } else {
        Exit::Done
    })
}
