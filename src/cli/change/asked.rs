//! The yes of a person at the terminal: each warning acknowledged, the name typed, a pause where much may be lost.
//!
//! Invariant: the same ladder as in the terminal program (`plan::friction`, `plan::consent`), and an empty answer changes nothing.

use std::time::Duration;

use jiff::Timestamp;

use super::planfile;
use crate::cli::console::Console;
use crate::cli::exit::{Exit, Stop};
use crate::cli::question::ask;
use crate::model::text::printable;
use crate::plan::Plan;
use crate::plan::consent::{Consent, Missing};
use crate::plan::friction::Friction;

/// How often it is looked whether the pause is over.
const LOOK: Duration = Duration::from_millis(100);

/// Asks for all that the plan's ladder asks for, once its review was printed.
pub async fn yes(console: &Console, plan: &Plan, consent: &mut Consent) -> Result<(), Stop> {
    let friction = Friction::of(plan);
    consent.see(Timestamp::now());
    for check in plan.preflight.warnings() {
        if consent.has_acknowledged(check) {
            continue;
        }
        console.line(&format!(
            "\nwarns: {}: {}",
            printable(&check.title),
            printable(&check.saying)
        ));
        if !agrees(console, "I know this [y/N] ").await? {
            return Err(unsaid());
        }
        consent.toggle(check, Timestamp::now());
    }
    match friction.name() {
        None if agrees(console, "\nApply this? [y/N] ").await? => {}
        None => return Err(unsaid()),
        Some(name) => {
            let question = format!("\nTo apply this, type {name}; anything else changes nothing: ");
            let typed = ask(console, &question).await.unwrap_or_default();
            consent.type_text(&typed, Timestamp::now());
            match friction.is_met_by(&typed) {
                true => {}
                false if typed.is_empty() => return Err(unsaid()),
                false => return Err(not_it(plan)),
            }
        }
    }
    if friction.saves() {
        let path =
            planfile::keep(plan).map_err(|why| Stop::new(Exit::Failed, format!("{why}; nothing was changed")))?;
        console.hint(&format!("saved as {path}"));
    }
    armed(console, plan, &friction, consent).await
}

/// Waits out the pause, in which Ctrl-C still changes nothing.
async fn armed(console: &Console, plan: &Plan, friction: &Friction, consent: &Consent) -> Result<(), Stop> {
    let mut is_told = false;
    loop {
        match consent.missing(plan, friction, Timestamp::now()).first() {
            None => return Ok(()),
            Some(Missing::NotArmed) => {
                if !is_told {
                    console.hint(&format!(
                        "applying in {} s; until then Ctrl-C changes nothing",
                        friction.pause()
                    ));
                    is_told = true;
                }
                tokio::time::sleep(LOOK).await;
            }
            Some(Missing::Expired) => {
                let stop = Stop::new(Exit::Refused, "the plan has become too old; nothing was changed");
                return Err(stop.next("make it anew, with the same command"));
            }
            Some(missing) => {
                let what = format!("not confirmed: {}; nothing was changed", missing.words());
                return Err(Stop::new(Exit::Refused, what));
            }
        }
    }
}

async fn agrees(console: &Console, question: &str) -> Result<bool, Stop> {
    let answer = ask(console, question).await.ok_or_else(unsaid)?;
    Ok(["y", "yes"].contains(&answer.to_ascii_lowercase().as_str()))
}

fn unsaid() -> Stop {
    Stop::new(Exit::Refused, "not confirmed; nothing was changed")
}

/// That another name was given than that of the plan.
pub fn not_it(plan: &Plan) -> Stop {
    let subject = &plan.subject;
    let what = format!("that is not the name this plan is about, {subject}; nothing was changed");
    Stop::new(Exit::Refused, what)
}
