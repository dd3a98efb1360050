//! `zonecut trace`: from the root to the answer, and the first step that is broken.

use std::time::Duration;

use color_eyre::eyre::Report;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::report::text::Clock;
use crate::report::trace::TraceReport;
use crate::report::{Document, Format, json, markdown, plain, table, text};

use super::args::{From, TraceArgs};
use super::console::Console;
use super::exit::Exit;
use super::output::{self, Output};
use super::settings::Settings;
use super::traced::{Scene, Traced, exit, question};

/// Traces a name and prints the way; with `--repeat`, again and again until a signal ends it.
pub async fn run(args: &TraceArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let settings = &settings.clone().with_live(&args.live);
    let format = output::format(&settings.global, Document::Trace)?;
    let question = question(&args.name, args.record_type.as_deref())?;
    // What cannot be written is refused before anything is asked.
    let mut output = Output::open(&settings.global, settings.config.ui.glyphs)?;
    let ahead = (args.from == From::Root).then_some(&question);
    let mut scene = Scene::open(settings, console, &args.resolver, ahead).await?;
    if format != Format::Text {
        scene.gathered.warn(console);
    }
    loop {
        let traced = scene.trace(&question, args.from).await;
        print(&scene, &traced, output, format)?;
        let Some(every) = args.repeat else {
            return Ok(exit(&traced.diagnosis));
        };
        tokio::time::sleep(Duration::from_secs(every.get())).await;
        output = Output::open(&settings.global, settings.config.ui.glyphs)?;
        if format == Format::Text {
            console.hint("");
        }
    }
}

fn print(scene: &Scene, traced: &Traced, output: Output, format: Format) -> Result<(), Report> {
    let report = TraceReport::of(&scene.gathered.basis(), &traced.trace, &traced.diagnosis);
    let mask = scene.gathered.mask();
    let written = match format {
        Format::Json => json::write(&report),
        Format::Plain => plain::write(&table::trace(&report)),
        Format::Markdown => markdown::trace(&report, mask.as_ref()),
        _ => text::trace(&report, &clock(), output.style),
    };
    output.write(&written, format, mask.as_ref())
}

/// The reader's clock.
pub fn clock() -> Clock {
    Clock {
        now: Timestamp::now(),
        zone: TimeZone::system(),
    }
}
