//! `zonecut verify`: asks again and again until every server on both sides of a cut says what it should, or time is up.

use std::time::Duration;

use color_eyre::eyre::Report;
use tokio::time::{Instant, sleep};

use crate::findings::trace::Outlook;
use crate::model::dns::{End, Question, Resolved};
use crate::model::inventory::Inventory;
use crate::model::name::DnsName;
use crate::model::text::printable;
use crate::report::trace::TraceReport;
use crate::report::{Document, Format, json, markdown, plain, table, text};

use super::args::{From, VerifyArgs};
use super::console::Console;
use super::exit::Exit;
use super::output::{self, Output};
use super::progress::Waiting;
use super::settings::Settings;
use super::trace::clock;
use super::traced::{Scene, Traced, question};

const EVERY: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// Waits until a name is served as it should be, and prints the last trace.
pub async fn run(args: &VerifyArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let settings = &settings.clone().with_live(&args.live);
    let format = output::format(&settings.global, Document::Trace)?;
    let patience = settings.global.timeout.map_or(PATIENCE, |timeout| timeout.0);
    let asked = question(&args.name, args.record_type.as_deref())?;
    let output = Output::open(&settings.global, settings.config.ui.glyphs)?;
    let mut scene = Scene::open(settings, console, &args.resolver, None).await?;
    let asked = match args.record_type {
        None if is_cut(scene.gathered.inventory(), &scene, &asked.name) => Question {
            record_type: crate::model::record::RecordType::SOA,
            ..asked
        },
        _ => asked,
    };
    let (traced, ending) = wait(&mut scene, &asked, patience, console).await;
    let report = TraceReport::of(&scene.gathered.basis(), &traced.trace, &traced.diagnosis);
    let mask = scene.gathered.mask();
    let written = match format {
        Format::Json => json::write(&report),
        Format::Plain => plain::write(&table::trace(&report)),
        Format::Markdown => markdown::trace(&report, mask.as_ref()),
        _ => text::trace(&report, &clock(), output.style),
    };
    if format != Format::Text {
        scene.gathered.warn(console);
    }
    output.write(&written, format, mask.as_ref())?;
    Ok(ending)
}

/// Whether a zone begins at a name, as far as the accounts say.
fn is_cut(inventory: &Inventory, scene: &Scene, name: &DnsName) -> bool {
    !inventory.public_zones(name.as_wire()).is_empty() || scene.gathered.basis().survey.cut(name).is_some()
}

/// Traces until all is well or time is up: from the zone above while it waits, and at last from the root.
async fn wait(scene: &mut Scene, asked: &Question, patience: Duration, console: &Console) -> (Traced, Exit) {
    let end = Instant::now() + patience;
    let mut line = Waiting::new(console);
    loop {
        let mut traced = scene.trace(asked, From::Parent).await;
        if complaint(&traced).is_none() {
            traced = scene.trace(asked, From::Root).await;
        }
        let Some(complaint) = complaint(&traced) else {
            return (traced, Exit::Done);
        };
        let left = end.saturating_duration_since(Instant::now());
        if left.is_zero() {
            let ending = match traced.diagnosis.verdict.outlook {
                Outlook::Unknown => Exit::Incomplete,
                _ => Exit::Unverified,
            };
            return (traced, ending);
        }
        line.show(&format!("{complaint}; {} left", words(left)));
        sleep(EVERY.min(left)).await;
    }
}

/// What is not as it should be yet; none where every server answers and every resolver that answers says the same.
fn complaint(traced: &Traced) -> Option<String> {
    let verdict = &traced.diagnosis.verdict;
    if verdict.outlook != Outlook::Resolves {
        return Some(printable(&verdict.sentence));
    }
    let answered = matches!(traced.trace.walk.end, End::Answer(_));
    let lags = |said: &Resolved| !matches!(said, Resolved::Answer { .. }) && answered;
    let mut resolvers = traced.trace.resolvers.iter();
    let behind = resolvers.find(|one| one.said.as_ref().map_or(true, lags))?;
    Some(format!("the resolver {} does not say so yet", behind.resolver))
}

fn words(left: Duration) -> String {
    match left.as_secs() {
        seconds @ 0..60 => format!("{seconds} s"),
        seconds => format!("{} min", seconds.div_ceil(60)),
    }
}
