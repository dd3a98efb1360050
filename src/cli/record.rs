//! `zonecut record`: one record set of a zone is created, changed or deleted.

use color_eyre::eyre::Report;

use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::plan::entry;
use crate::plan::exact::{Content, ExactSet};
use crate::plan::wish::{Edit, Records, Want, ZoneChoice};

use super::args::{PlanArgs, RecordAction, RecordArgs, RecordRemoveArgs, RecordSetArgs};
use super::change::{Bench, name};
use super::console::Console;
use super::exit::{Exit, Stop};
use super::live::Asking;
use super::settings::Settings;

/// Plans the change of one record set, and applies it where that is confirmed.
pub async fn run(args: &RecordArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let (zone, edit, plan) = match &args.action {
        RecordAction::Add(args) => (&args.zone, Edit::Add(set(args)?), &args.plan),
        RecordAction::Set(args) => (&args.zone, Edit::Put(set(args)?), &args.plan),
        RecordAction::Remove(args) => (&args.zone, remove(args)?, &args.plan),
    };
    carry_out(zone, edit, plan, settings, console).await
}

async fn carry_out(
    zone: &str,
    edit: Edit,
    args: &PlanArgs,
    settings: &Settings,
    console: &Console,
) -> Result<Exit, Report> {
    let settings = &settings.clone().with_live(&args.live);
    let bench = Bench::open(settings, console, &args.consent, Asking::Nobody).await?;
    let want = Want::Records(Records {
        zone: ZoneChoice::Id(bench.zone(zone)?),
        edits: vec![edit],
    });
    bench.carry_out(want, args).await
}

fn record_type(word: &str) -> Result<RecordType, Stop> {
    entry::record_type(word).map_err(Stop::usage)
}

fn set(args: &RecordSetArgs) -> Result<ExactSet, Stop> {
    let (owner, record_type) = (name(&args.name)?, record_type(&args.record_type)?);
    let values = args
        .values
        .iter()
        .map(|value| Untrusted::from(value.as_str()))
        .collect();
    let mut set = ExactSet::simple(owner, record_type, args.ttl, values);
    if let (Some(target), Some(zone)) = (&args.alias, &args.alias_zone) {
        set.ttl = None;
        set.content = Content::Alias {
            target: Untrusted::from(target.as_str()),
            zone: Untrusted::from(zone.as_str()),
            evaluates_health: args.evaluate_health,
        };
    }
    Ok(set)
}

fn remove(args: &RecordRemoveArgs) -> Result<Edit, Stop> {
    Ok(Edit::Remove {
        name: name(&args.name)?,
        record_type: record_type(&args.record_type)?,
        identifier: args.set_identifier.as_deref().map(Untrusted::from),
    })
}
