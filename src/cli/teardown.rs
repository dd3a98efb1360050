//! `zonecut teardown`: a delegation is taken out, then its zone.

use color_eyre::eyre::Report;

use crate::model::text::Untrusted;
use crate::plan::journal::History;
use crate::plan::wish::{Contents, Patience, Teardown, Want};

use super::args::TeardownArgs;
use super::change::{Bench, name, zone_id};
use super::console::Console;
use super::exit::Exit;
use super::history::read;
use super::journal::Notes;
use super::live::Asking;
use super::settings::Settings;

/// Plans a teardown, and applies it where that is confirmed.
pub async fn run(args: &TeardownArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let settings = &settings.clone().with_live(&args.plan.live);
    let want = Want::Teardown(Teardown {
        name: name(&args.name)?,
        zone: args.zone.as_deref().map(zone_id).transpose()?,
        patience: patience(args.reason.as_deref()),
        contents: match args.delete_records {
            true => Contents::Delete,
            false => Contents::MustBeEmpty,
        },
    });
    let bench = Bench::open(settings, console, &args.plan.consent, Asking::Nobody).await?;
    // A log that cannot be read is told of when it is to be written to.
    let reading = Notes::of(&bench.reach).and_then(|notes| read(&notes)).ok();
    let bench = match reading {
        Some(reading) => bench.after(History::of(&reading.entries)),
        None => bench,
    };
    bench.carry_out(want, &args.plan).await
}

/// A wait is kept unless there is a reason not to.
pub fn patience(reason: Option<&str>) -> Patience {
    match reason {
        None => Patience::Wait,
        Some(reason) => Patience::Now(Untrusted::from(reason)),
    }
}
