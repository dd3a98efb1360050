//! `zonecut delegate`: a name is delegated to a zone that is there, or to one that is created for it.

use color_eyre::eyre::Report;

use crate::model::text::Untrusted;
use crate::plan::wish::{ChildZone, Delegate, Hidden, Want};

use super::args::DelegateArgs;
use super::change::{Bench, name, zone_id};
use super::console::{Console, Input};
use super::exit::{Exit, Stop};
use super::live::Asking;
use super::settings::Settings;

/// Plans a delegation, and applies it where that is confirmed.
pub async fn run(args: &DelegateArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let settings = &settings.clone().with_live(&args.plan.live);
    let Some(child) = &args.child else {
        return walk(args, settings, console).await;
    };
    let child = name(child)?;
    let to = target(args)?;
    let bench = Bench::open(settings, console, &args.plan.consent, Asking::Nobody).await?;
    if let Some(account) = &args.create_in {
        bench.expect_account(account)?;
    }
    let parent = args.parent.as_deref().map(|parent| bench.zone(parent)).transpose()?;
    let hidden = match args.copy_hidden {
        true => Hidden::Copy,
        false => Hidden::Leave,
    };
    let want = Want::Delegate(Delegate {
        child,
        parent,
        to,
        ttl: args.ttl,
        hidden,
    });
    bench.carry_out(want, &args.plan).await
}

fn target(args: &DelegateArgs) -> Result<ChildZone, Stop> {
    Ok(match (&args.create_in, &args.zone) {
        (Some(account), _) => ChildZone::Create {
            account: Untrusted::from(account.as_str()),
            delegation_set: args.delegation_set.as_deref().map(set_id),
        },
        (None, Some(zone)) => ChildZone::Existing(zone_id(zone)?),
        (None, None) => ChildZone::Only,
    })
}

/// The id of a reusable delegation set, with or without the prefix that the API gives it.
pub fn set_id(text: &str) -> Untrusted {
    Untrusted::from(text.strip_prefix("/delegationset/").unwrap_or(text))
}

/// Without a name there is somebody to be asked for one, or nothing to do.
async fn walk(args: &DelegateArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    if console.input() != Input::Terminal {
        let stop = Stop::usage("which name shall be delegated is missing");
        return Err(stop
            .next("zonecut delegate CHILD; on a terminal it asks step by step")
            .into());
    }
    super::walk::run(&args.plan, settings, console).await
}
