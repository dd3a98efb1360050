//! `zonecut delegate` without a name, on a terminal: the walk of `plan::guide` as numbered questions, one line for each fact.
//!
//! Invariant: the steps, the choices and the consent are those of the terminal program; only the asking differs.

use color_eyre::eyre::Report;

use crate::model::account::AccountIx;
use crate::model::inventory::{Inventory, ZoneIx};
use crate::model::text::{Untrusted, printable};
use crate::plan::guide::places::{self, ChildPlace};
use crate::plan::guide::{Draft, Guide, Stage};
use crate::plan::preflight::{Check, Firmness, Override};
use crate::plan::wish::{ChildZone, FIRST_TTL, Hidden};
use crate::ports::{Desk as _, Exact as _};
use crate::report::same_as;

use super::args::PlanArgs;
use super::change::{Bench, name, overrides, refused};
use super::console::Console;
use super::exit::{Exit, Stop};
use super::live::Asking;
use super::question::ask;
use super::settings::Settings;

/// Where an answer leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Turn {
    Onward,
    Back,
    /// The step is gone through once more.
    Again,
}

/// What was answered to a question that has choices.
enum Chosen {
    Number(usize),
    Back,
}

/// Asks for a delegation step by step; an empty answer takes what stands in brackets.
pub async fn run(args: &PlanArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let bench = Bench::open(settings, console, &args.consent, Asking::Nobody).await?;
    console.line("An empty answer takes what stands in brackets; b goes back by a step, Ctrl-C ends it. Nothing is changed before the last step.");
    let mut guide = Guide::delegate(None);
    overrides(args).into_iter().for_each(|over| guide.go_on(over));
    while guide.stage() != Stage::Review {
        announce(console, &guide);
        let turn = match guide.stage() {
            Stage::Child => choose_child(&bench, &mut guide).await?,
            Stage::Parent => choose_parent(&bench, &mut guide).await?,
            Stage::Checks => look_at_checks(&bench, &mut guide).await?,
            _ => choose_options(console, &mut guide).await?,
        };
        match turn {
            Turn::Onward => {
                if let Err(hindrance) = guide.forward() {
                    console.line(&printable(&hindrance));
                }
            }
            Turn::Back => {
                guide.back();
            }
            Turn::Again => {}
        }
    }
    announce(console, &guide);
    let plan = drafted(&bench, &mut guide).await?.clone();
    let command = guide.wish().and_then(|wish| same_as::command(&wish));
    bench.end_walk(plan, command, args, guide.consent_mut()).await
}

fn announce(console: &Console, guide: &Guide) {
    let (number, of) = (guide.number(), guide.stages().len());
    let what = match guide.stage() {
        Stage::Child => "the name, and the zone to delegate to",
        Stage::Entry => "the record set",
        Stage::Parent => "the zone to delegate from",
        Stage::Checks => "checks",
        Stage::Options => "options",
        Stage::Review => "review",
        Stage::Request => "the request to the owner of the zone above",
        Stage::Apply => "apply and verify",
    };
    console.line(&format!("\nStep {number} of {of}: {what}"));
}

fn ended() -> Stop {
    Stop::new(Exit::Refused, "no answer; nothing was changed")
}

async fn answer(console: &Console, question: &str) -> Result<String, Stop> {
    ask(console, question).await.ok_or_else(ended)
}

fn is_back(text: &str) -> bool {
    ["b", "back"].contains(&text.to_ascii_lowercase().as_str())
}

/// One of numbered choices; an empty answer is the first.
async fn choose(console: &Console, question: &str, choices: &[String]) -> Result<Chosen, Stop> {
    for (number, choice) in (1..).zip(choices) {
        console.line(&format!("  {number}. {choice}"));
    }
    loop {
        let text = answer(console, &format!("{question} [1] ")).await?;
        if is_back(&text) {
            return Ok(Chosen::Back);
        }
        let chosen = if text.is_empty() { Ok(1) } else { text.parse::<usize>() };
        match chosen {
            Ok(number) if (1..=choices.len()).contains(&number) => return Ok(Chosen::Number(number - 1)),
            _ => console.line(&format!("Answer with a number from 1 to {}.", choices.len())),
        }
    }
}

async fn choose_child(bench: &Bench<'_>, guide: &mut Guide) -> Result<Turn, Report> {
    let console = bench.console;
    let text = answer(console, "Which name shall be delegated? ").await?;
    if text.is_empty() {
        return Err(ended().into());
    }
    let child = match name(&text) {
        Ok(child) => child,
        Err(stop) => {
            console.line(&stop.message);
            return Ok(Turn::Again);
        }
    };
    guide.name(Some(child.clone()));
    let inventory = bench.gathered.inventory();
    let places = places::children(inventory, &child);
    if places.is_empty() {
        let what = "no account could be read, so there is no zone to delegate to";
        return Err(Stop::new(Exit::Refused, what).into());
    }
    let choices: Vec<String> = places.iter().map(|place| told(inventory, *place)).collect();
    let chosen = match choose(console, &format!("Delegate {child} to which?"), &choices).await? {
        Chosen::Number(number) => places.get(number).copied(),
        Chosen::Back => return Ok(Turn::Again),
    };
    let Some(to) = target(bench, chosen).await? else {
        return Ok(Turn::Again);
    };
    guide.child(to);
    Ok(Turn::Onward)
}

fn told(inventory: &Inventory, place: ChildPlace) -> String {
    match place {
        ChildPlace::Existing(zone) => format!("its zone {}", zone_told(inventory, zone)),
        ChildPlace::Create(account) => format!("a new zone in {}", account_told(inventory, account)),
    }
}

fn zone_told(inventory: &Inventory, zone: ZoneIx) -> String {
    inventory.zone(zone).map_or_else(String::new, |entry| {
        let key = &entry.zone.key;
        format!(
            "{} {} in {}",
            entry.zone.name,
            key.id,
            account_told(inventory, key.account)
        )
    })
}

fn account_told(inventory: &Inventory, account: AccountIx) -> String {
    let account = inventory.account(account);
    account.map_or_else(|| "an unknown account".to_owned(), |account| account.name.printable())
}

/// What is delegated to; a new zone may have the name servers of a reusable delegation set.
async fn target(bench: &Bench<'_>, place: Option<ChildPlace>) -> Result<Option<ChildZone>, Stop> {
    let inventory = bench.gathered.inventory();
    match place {
        Some(ChildPlace::Existing(zone)) => Ok(inventory
            .zone(zone)
            .map(|entry| ChildZone::Existing(entry.zone.key.id.clone()))),
        Some(ChildPlace::Create(account)) => {
            let Some(known) = inventory.account(account) else {
                return Ok(None);
            };
            let Some(delegation_set) = choose_set(bench, account).await? else {
                return Ok(None);
            };
            Ok(Some(ChildZone::Create {
                account: known.name.clone(),
                delegation_set: delegation_set.id,
            }))
        }
        None => Ok(None),
    }
}

/// The name servers of a new zone.
struct NewServers {
    /// The reusable delegation set; none where Route 53 assigns others.
    id: Option<Untrusted>,
}

async fn choose_set(bench: &Bench<'_>, account: AccountIx) -> Result<Option<NewServers>, Stop> {
    let reader = bench.desk.accounts.reader(account);
    let sets = match reader {
        Some(reader) => reader.reusable_sets().await.unwrap_or_default(),
        None => Vec::new(),
    };
    if sets.is_empty() {
        return Ok(Some(NewServers { id: None }));
    }
    let with = sets.iter().map(|set| {
        let servers: Vec<String> = set.name_servers.iter().map(ToString::to_string).collect();
        format!(
            "those of the reusable set {}: {}",
            set.id.printable(),
            servers.join(", ")
        )
    });
    let first = "name servers that Route 53 assigns".to_owned();
    let choices: Vec<String> = std::iter::once(first).chain(with).collect();
    Ok(
        match choose(bench.console, "Which name servers shall it have?", &choices).await? {
            Chosen::Back => None,
            Chosen::Number(number) => {
                let set = number.checked_sub(1).and_then(|place| sets.get(place));
                Some(NewServers {
                    id: set.map(|set| set.id.clone()),
                })
            }
        },
    )
}

async fn choose_parent(bench: &Bench<'_>, guide: &mut Guide) -> Result<Turn, Report> {
    let inventory = bench.gathered.inventory();
    let child = guide.delegation().and_then(|chosen| chosen.name.clone());
    let child = child.ok_or_else(ended)?;
    let zones = places::parents(inventory, &child);
    if zones.is_empty() {
        let stop = Stop::new(Exit::Refused, format!("no zone above {child} is in the accounts"));
        let next = format!("ask its owner: zonecut request {child} writes what they need");
        return Err(stop.next(next).into());
    }
    let choices: Vec<String> = zones.iter().map(|zone| zone_told(inventory, *zone)).collect();
    let chosen = match choose(bench.console, "Delegate it from which?", &choices).await? {
        Chosen::Number(number) => zones.get(number),
        Chosen::Back => return Ok(Turn::Back),
    };
    let entry = chosen.and_then(|zone| inventory.zone(*zone));
    guide.parent(entry.map(|entry| entry.zone.key.id.clone()));
    Ok(Turn::Onward)
}

/// The plan of what is wished for now.
async fn drafted<'g>(bench: &Bench<'_>, guide: &'g mut Guide) -> Result<&'g crate::plan::Plan, Stop> {
    if guide.wants_draft()
        && let Some((number, wish)) = guide.ask()
    {
        let outcome = bench.draft(&wish).await;
        guide.drafted(number, outcome);
    }
    match guide.draft() {
        Draft::Ready(plan) => Ok(plan),
        Draft::Refused(refusal) => Err(refused(refusal.clone())),
        Draft::None | Draft::UnderWay => Err(ended()),
    }
}

async fn look_at_checks(bench: &Bench<'_>, guide: &mut Guide) -> Result<Turn, Report> {
    let plan = drafted(bench, guide).await?;
    bench.show_checks(plan)?;
    let stops: Vec<Check> = plan.preflight.in_the_way().cloned().collect();
    let Some(first) = stops.first() else {
        let text = answer(bench.console, "Go on? [yes] ").await?;
        return Ok(if is_back(&text) { Turn::Back } else { Turn::Onward });
    };
    let said = format!("{}: {}", printable(&first.title), printable(&first.saying));
    if first.firmness == Firmness::Firm {
        bench.console.line(&format!("{said}. Nobody may go on in spite of it."));
        answer(bench.console, "Back to the step before [b] ").await?;
        return Ok(Turn::Back);
    }
    bench.console.line(&format!("{said}."));
    let question = "To go on in spite of it, say why; it stays in the log. Nothing goes back: ";
    let reason = answer(bench.console, question).await?;
    if reason.is_empty() || is_back(&reason) {
        return Ok(Turn::Back);
    }
    guide.go_on(Override {
        check: first.key(),
        reason: Untrusted::from(reason.as_str()),
    });
    Ok(Turn::Again)
}

async fn choose_options(console: &Console, guide: &mut Guide) -> Result<Turn, Report> {
    let text = answer(console, &format!("TTL of the delegation in seconds [{FIRST_TTL}] ")).await?;
    match text.parse() {
        Ok(ttl) => guide.ttl(ttl),
        Err(_) if text.is_empty() => guide.ttl(FIRST_TTL),
        Err(_) if is_back(&text) => return Ok(Turn::Back),
        Err(_) => {
            console.line("Answer with a number of seconds.");
            return Ok(Turn::Again);
        }
    }
    let choices = [
        "leave record sets that the delegation hides where they are".to_owned(),
        "copy them into the new zone first".to_owned(),
    ];
    match choose(console, "Record sets that would be hidden:", &choices).await? {
        Chosen::Number(0) => guide.hidden(Hidden::Leave),
        Chosen::Number(_) => guide.hidden(Hidden::Copy),
        Chosen::Back => return Ok(Turn::Again),
    }
    Ok(Turn::Onward)
}
