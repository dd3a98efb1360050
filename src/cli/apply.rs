//! `zonecut apply`: a plan that was saved is shown, and applied if it is still the one that was reviewed.

use color_eyre::eyre::Report;

use crate::model::text::printable;
use crate::plan::Plan;
use crate::plan::file::hash;

use super::args::ApplyArgs;
use super::change::{Bench, Treatment, View, read_plan};
use super::console::Console;
use super::desk::now;
use super::exit::{Exit, Stop};
use super::live::Asking;
use super::settings::Settings;

/// Applies a saved plan where that is confirmed.
pub async fn run(args: &ApplyArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let settings = &settings.clone().with_live(&args.live);
    let plan = read_plan(&args.plan)?;
    is_meant(&plan, args.plan_hash.as_deref())?;
    let only_shown = args.dry_run || args.words_of.is_some();
    if !only_shown && plan.is_expired(now()) {
        return Err(Stop::new(
            Exit::Refused,
            "the plan is too old: what it was made of may have changed",
        )
        .next("make it anew, with the command it was made by")
        .into());
    }
    let bench = match only_shown {
        true => Bench::for_plan(settings, console, &args.consent).await?,
        // What it rests on is looked at again before anything is sent, beside all accounts as for a new plan.
        false => Bench::open(settings, console, &args.consent, Asking::Nobody).await?,
    };
    let treatment = Treatment {
        view: View {
            dry_run: args.dry_run,
            out: None,
            words_of: args.words_of.as_deref(),
        },
        consent: &args.consent,
        detailed: false,
        same_as: None,
        file: Some(&args.plan),
        since: None,
    };
    bench.treat(plan, &treatment).await
}

/// Refuses a plan that is not the one whose hash a person saw.
fn is_meant(plan: &Plan, wanted: Option<&str>) -> Result<(), Stop> {
    let hash = hash(plan);
    match wanted {
        Some(wanted) if !hash.is_meant_by(wanted) => Err(Stop::new(
            Exit::Refused,
            format!(
                "this is not the plan {}: its hash is {}",
                printable(wanted),
                hash.short()
            ),
        )
        .next("review it: zonecut apply FILE -n")),
        _ => Ok(()),
    }
}
