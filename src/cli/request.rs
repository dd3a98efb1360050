//! `zonecut request`: what the owner of the zone above is asked for, as text that survives a ticket.

use color_eyre::eyre::Report;

use crate::aws::Accounts;
use crate::engine::wants::Audit;
use crate::model::dnssec::{DsValue, ServeSignature};
use crate::model::inventory::ZoneEntry;
use crate::model::name::DnsName;
use crate::model::text::printable;
use crate::model::zone::{Visibility, ZoneId, ZoneKey};
use crate::plan::Refusal;
use crate::plan::request::{self, Request};
use crate::ports::{ApiError, Desk as _, Exact as _, Route53 as _};

use super::args::RequestArgs;
use super::change::{name, zone_id};
use super::console::Console;
use super::desk::{Desk, Hand};
use super::exit::{Exit, Stop};
use super::gather::{self, Gathered, Reach};
use super::live::Asking;
use super::mfa::TerminalPrompt;
use super::output::Output;
use super::settings::Settings;

/// Writes the request for a name that one of the accounts has the zone of.
pub async fn run(args: &RequestArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let is_text = settings.global.format.as_deref().is_none_or(|format| format == "text");
    if settings.global.json || settings.global.plain || !is_text {
        return Err(Stop::usage("a request is text that survives a ticket, and has no other format").into());
    }
    let child = name(&args.child)?;
    let wanted = args.zone.as_deref().map(zone_id).transpose()?;
    let output = Output::open(&settings.global, settings.config.ui.glyphs)?;
    let reach = Reach::find(settings, TerminalPrompt::on(console)).await?;
    let gathered = gather::gather_plainly(&reach, settings, console, Audit::WhereNeeded, Asking::Nobody).await?;
    let entry = zone(&gathered, &child, wanted.as_ref())?;
    let desk = Desk::of(settings, &reach, Hand::Planning)?;
    let request = read(&desk.accounts, &child, &entry.zone.key).await;
    let mut request = request.map_err(|refusal| Stop::new(Exit::Failed, refusal.what))?;
    request.ds = keys(&reach, entry, console).await;
    output.print(&request::write(&request))?;
    console.hint(&format!(
        "Give this text to the owner of the zone above {child}, who runs: zonecut accept FILE"
    ));
    Ok(Exit::Done)
}

fn zone<'a>(gathered: &'a Gathered, child: &DnsName, wanted: Option<&ZoneId>) -> Result<&'a ZoneEntry, Stop> {
    let inventory = gathered.inventory();
    let zones = inventory.public_zones(child.as_wire()).iter();
    let entries = zones.filter_map(|zone| inventory.zone(*zone));
    let found: Vec<&ZoneEntry> = entries
        .filter(|entry| entry.zone.visibility == Visibility::Public)
        .filter(|entry| wanted.is_none_or(|id| entry.zone.key.id == *id))
        .collect();
    match found.as_slice() {
        [only] => Ok(only),
        [] => Err(Stop::new(
            gathered.exit_of_absence(),
            format!("no account that was read has a public zone {child}"),
        )
        .next(format!(
            "create it first: zonecut delegate {child} --create-in ACCOUNT, or by whatever makes your zones"
        ))),
        several => {
            let ids: Vec<&str> = several.iter().map(|entry| entry.zone.key.id.as_str()).collect();
            let what = format!("{} public zones are called {child}", several.len());
            Err(Stop::new(Exit::Refused, what).next(format!("name one with --zone: {}", ids.join(", "))))
        }
    }
}

/// The DS of each key that the zone is signed with, as AWS states it; none where it is not signed, or that cannot be read.
async fn keys(reach: &Reach, entry: &ZoneEntry, console: &Console) -> Vec<DsValue> {
    let key = &entry.zone.key;
    let Some(client) = reach.clients().into_iter().find(|client| client.place() == key.account) else {
        return Vec::new();
    };
    match client.signing(&key.id).await {
        Ok(signing) if signing.status == ServeSignature::NotSigning => Vec::new(),
        Ok(signing) => {
            let published = signing.keys.into_iter().filter(|key| key.published);
            let ds = published.map(|key| DsValue {
                tag: key.tag,
                algorithm: key.algorithm,
                digest_type: 2,
                digest: key.digest_sha256,
            });
            ds.collect()
        }
        Err(error) => {
            let why = crate::model::text::printable(&error.to_string());
            console.warn(&format!(
                "the request names no DS: whether the zone is signed could not be read: {why}"
            ));
            Vec::new()
        }
    }
}

/// Reads the zone's name servers and its account anew: they are what the request rests on.
pub async fn read(accounts: &Accounts, child: &DnsName, key: &ZoneKey) -> Result<Request, Refusal> {
    let failed = |error: ApiError| Refusal::new(format!("failed to read the zone: {}", printable(&error.to_string())));
    let reader = accounts
        .reader(key.account)
        .ok_or_else(|| Refusal::new("the zone's account cannot be read"))?;
    let caller = reader.caller().await.map_err(failed)?;
    let detail = reader.zone(&key.id).await.map_err(failed)?;
    let set = detail
        .delegation_set
        .ok_or_else(|| Refusal::new(format!("Route 53 names no name servers of {}", key.id)))?;
    Ok(Request {
        name: child.clone(),
        name_servers: set.name_servers,
        zone: key.id.clone(),
        account: caller.account,
        ds: Vec::new(),
    })
}
