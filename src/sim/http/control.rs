//! A door for tests in other processes, beside the API and closed unless it was asked for: JSON under `/_zonecut/`.
//!
//! - `GET /_zonecut/`: the clock, the number of calls, the accounts. `PUT /_zonecut/insync` `{"delay_ms": 0}`.
//! - `POST /_zonecut/clock` `{"advance_seconds": 300}`: changes get in sync, sessions end, DNS follows.
//! - `POST /_zonecut/faults` `{"outcome": "reset", "applied": true, "action": "ChangeResourceRecordSets", "account": "111122223333",
//!   "times": 1}`, or with `"call": 7` or `"write": 2` instead of action, account and times. `DELETE /_zonecut/faults` takes them back.
//!   Outcomes: timeout, reset, closed, 500, 502, 503, 504, empty, garbage, cut-length, cut-chunked, cut-until-close.
//! - `PUT /_zonecut/accounts/111122223333/faults`: the account's standing faults, as in a world's file, in the place of those it had.
//! - `GET /_zonecut/counts`, `GET /_zonecut/log`: what was asked, by account and action. `DELETE /_zonecut/log` begins anew,
//!   with call 1; what waited for a number is forgotten.

use std::sync::PoisonError;
use std::time::Duration;

use hyper::Method;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::Shared;
use crate::model::account::AccountId;
use crate::sim::faults::Faults;
use crate::sim::service::{Applied, Count, Injected, LogEntry, Nth, Outcome, Service};

/// The path below which the door is.
pub(super) const PATH: &str = "/_zonecut/";

/// Whether the door is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Control {
    /// Whoever reaches the endpoint may interfere.
    Open,
    /// Nobody may.
    #[default]
    Closed,
}

/// The status and the body of an answer.
pub(super) type Answer = (u16, Value);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    outcome: String,
    applied: bool,
    account: Option<String>,
    action: Option<String>,
    times: Option<u64>,
    call: Option<u64>,
    write: Option<u64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Advance {
    advance_seconds: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Insync {
    delay_ms: u64,
}

/// Answers a request to the door.
pub(super) fn answer(method: &Method, path: &str, body: &str, shared: &Shared) -> Answer {
    if shared.control == Control::Closed {
        return refused(
            403,
            "the control door is closed; start with `zonecut demo --serve --control`",
        );
    }
    let path = path.strip_prefix(PATH).unwrap_or_default();
    let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    act(method.as_str(), &parts, body, shared).unwrap_or_else(|why| refused(400, &why))
}

fn refused(status: u16, why: &str) -> Answer {
    (status, json!({ "error": why }))
}

fn act(method: &str, parts: &[&str], body: &str, shared: &Shared) -> Result<Answer, String> {
    match (method, parts) {
        ("GET", []) => {}
        ("GET", ["counts"]) => return Ok((200, counts(shared))),
        ("GET", ["log"]) => return Ok((200, log(shared))),
        ("DELETE", ["log"]) => with(shared, |service| {
            service.clear_log();
            service.number_anew();
        }),
        ("POST", ["faults"]) => inject(read(body)?, shared)?,
        ("DELETE", ["faults"]) => with(shared, Service::clear_injected),
        ("PUT", ["accounts", account, "faults"]) => stand(account, read(body)?, shared)?,
        ("POST", ["clock"]) => shared.clock.advance(span(&read(body)?)?),
        ("PUT", ["insync"]) => {
            let Insync { delay_ms } = read(body)?;
            with(shared, |service| {
                service.world.insync_delay = Duration::from_millis(delay_ms)
            });
        }
        _ => return Ok(refused(404, "there is no such method and path behind the control door")),
    }
    Ok((200, state(shared)))
}

fn read<T: DeserializeOwned>(body: &str) -> Result<T, String> {
    serde_json::from_str(body).map_err(|why| format!("the body cannot be read: {why}"))
}

fn with<T>(shared: &Shared, work: impl FnOnce(&mut Service) -> T) -> T {
    work(&mut shared.service.lock().unwrap_or_else(PoisonError::into_inner))
}

fn span(advance: &Advance) -> Result<Duration, String> {
    Duration::try_from_secs_f64(advance.advance_seconds).map_err(|why| format!("advance_seconds: {why}"))
}

fn account_id(text: &str) -> Result<AccountId, String> {
    text.parse().map_err(|why| format!("{text:?}: {why}"))
}

fn known_account(text: &str, service: &Service) -> Result<AccountId, String> {
    let id = account_id(text)?;
    match service.world.account(id) {
        Some(_) => Ok(id),
        None => Err(format!("no account of this world has the id {id}")),
    }
}

fn inject(fault: Fault, shared: &Shared) -> Result<(), String> {
    let outcome = Outcome::read(&fault.outcome).ok_or_else(|| {
        let words: Vec<&str> = Outcome::ALL.iter().map(|outcome| outcome.word()).collect();
        format!("outcome is one of {}", words.join(", "))
    })?;
    let applied = if fault.applied { Applied::Yes } else { Applied::No };
    let what = outcome.fault(applied);
    let numbered = match (fault.call, fault.write) {
        (Some(number), None) => Some(Nth::Call(number)),
        (None, Some(number)) => Some(Nth::Write(number)),
        (None, None) => None,
        (Some(_), Some(_)) => return Err("call and write are two ways to say the same; give one".into()),
    };
    with(shared, |service| match numbered {
        Some(_) if fault.account.is_some() || fault.action.is_some() || fault.times.is_some() => {
            Err("a numbered call is one call: it takes no account, action or times".to_owned())
        }
        Some(nth) => {
            service.inject_at(nth, what);
            Ok(())
        }
        None => {
            let account = fault.account.map(|text| known_account(&text, service)).transpose()?;
            service.inject(Injected {
                account,
                action: fault.action.unwrap_or_else(|| "*".into()),
                fault: what,
                times: fault.times.unwrap_or(1),
            });
            Ok(())
        }
    })
}

fn stand(account: &str, faults: Faults, shared: &Shared) -> Result<(), String> {
    with(shared, |service| {
        let id = known_account(account, service)?;
        service.set_faults(id, |standing| *standing = faults);
        Ok(())
    })
}

fn state(shared: &Shared) -> Value {
    let now = shared.clock.now();
    let calendar = shared.clock.calendar().to_string();
    with(shared, |service| {
        let (calls, writes) = service.calls();
        let accounts = service.world.accounts().iter();
        let accounts: Vec<Value> = accounts
            .map(|account| json!({ "id": account.id.to_string(), "name": account.name, "zones": account.zone_count() }))
            .collect();
        json!({
            "now_seconds": now.as_secs_f64(),
            "calendar": calendar,
            "insync_delay_ms": u64::try_from(service.world.insync_delay.as_millis()).unwrap_or(u64::MAX),
            "calls": calls,
            "writes": writes,
            "accounts": accounts,
        })
    })
}

fn counts(shared: &Shared) -> Value {
    let mut rows: Vec<((Option<AccountId>, &'static str), Count)> = with(shared, |service| {
        service.counts().iter().map(|(key, count)| (*key, *count)).collect()
    });
    rows.sort_by_key(|(key, _)| *key);
    rows.into_iter()
        .map(|((account, action), count)| {
            json!({
                "account": account.map(|id| id.to_string()),
                "action": action,
                "write": is_write(action),
                "requests": count.requests,
                "throttled": count.throttled,
                "failed": count.failed,
            })
        })
        .collect()
}

/// Whether an action changes something; STS's do not.
fn is_write(action: &str) -> bool {
    !["List", "Get", "AssumeRole"]
        .iter()
        .any(|word| action.starts_with(word))
}

fn log(shared: &Shared) -> Value {
    with(shared, |service| service.log().map(entry).collect())
}

fn entry(entry: &LogEntry) -> Value {
    json!({
        "at_seconds": entry.at.as_secs_f64(),
        "account": entry.account.map(|id| id.to_string()),
        "action": entry.action,
        "write": entry.write,
        "error": entry.error,
        "delivery": entry.delivery.word(),
    })
}
