//! `zonecut accept`: a name is delegated as a request asks for it, once its name servers were seen to answer for it.

use std::io::Read as _;
use std::path::Path;

use color_eyre::eyre::Report;

use crate::model::text::Untrusted;
use crate::plan::request::{self, MAX_OCTETS};
use crate::plan::wish::{ChildZone, Delegate, Hidden, Want};

use super::args::AcceptArgs;
use super::change::Bench;
use super::console::Console;
use super::exit::{Exit, Stop};
use super::live::Asking;
use super::output::printable_path;
use super::settings::Settings;

/// Plans the delegation that a request asks for, and applies it where that is confirmed.
pub async fn run(args: &AcceptArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let settings = &settings.clone().with_live(&args.plan.live);
    let shown = printable_path(&args.file);
    let text = read(&args.file).map_err(|error| Stop::new(Exit::Failed, format!("failed to read {shown}: {error}")))?;
    let request = request::read(&text).map_err(|error| {
        Stop::new(Exit::Refused, format!("{shown} cannot be accepted: {error}"))
            .next("ask for it anew: zonecut request NAME writes it")
    })?;
    console.hint(&format!(
        "zone {} of account {} asks for {}",
        request.zone, request.account, request.name
    ));
    let bench = Bench::open(settings, console, &args.plan.consent, Asking::Nobody).await?;
    let parent = args.parent.as_deref().map(|parent| bench.zone(parent)).transpose()?;
    let want = Want::Delegate(Delegate {
        child: request.name,
        parent,
        to: ChildZone::Requested {
            name_servers: request.name_servers,
            account: Some(Untrusted::from(request.account.as_str())),
            zone: Some(request.zone),
            ds: request.ds,
        },
        ttl: args.ttl,
        hidden: Hidden::Leave,
    });
    bench.carry_out(want, &args.plan).await
}

fn read(path: &Path) -> std::io::Result<String> {
    let limit = u64::try_from(MAX_OCTETS).unwrap_or(u64::MAX).saturating_add(1);
    let mut octets = Vec::new();
    match path == Path::new("-") {
        true => std::io::stdin().lock().take(limit).read_to_end(&mut octets)?,
        false => std::fs::File::open(path)?.take(limit).read_to_end(&mut octets)?,
    };
    Ok(String::from_utf8_lossy(&octets).into_owned())
}
