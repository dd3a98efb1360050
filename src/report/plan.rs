//! `zonecut delegate`, `fix`, `apply` and the others: the plan, what it comes to, and what became of it.

use jiff::Timestamp;
use serde::Serialize;

use super::head::{SCHEMA, timestamp};
use super::review::{Tally, sentence};
use crate::model::text::printable;
use crate::plan::batch::{Change, Wanted};
use crate::plan::conflict::Conflict;
use crate::plan::exact::{Content, ExactSet};
use crate::plan::file::hash;
use crate::plan::journal::{Proof, SeenVerdict, Side};
use crate::plan::step::Step;
use crate::plan::{Moment, Plan, Refusal};

use super::table::Table;

/// A plan as a document.
#[derive(Debug, Clone, Serialize)]
pub struct PlanReport<'a> {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Whether everything was read that was to be, and every check could be made.
    pub complete: bool,
    /// RFC 3339, UTC, whole seconds.
    pub generated_at: String,
    /// The URL that requests went to instead of AWS.
    pub endpoint_override: Option<&'a str>,
    /// What it is for, in a sentence.
    pub title: String,
    /// SHA-256 over the plan, as `--plan-hash` takes it.
    pub hash: String,
    /// When it was made.
    pub made_at: String,
    /// From when on it is refused.
    pub expires_at: String,
    /// How much it changes.
    pub tally: Tally,
    /// The codes of the checks that keep it from being applied.
    pub in_the_way: Vec<String>,
    /// The text that `--confirm` takes.
    pub confirm: String,
    /// The equal command.
    pub same_as: Option<&'a str>,
    /// The plan, as its file holds it.
    pub plan: &'a Plan,
    /// What became of it; none where it was not applied.
    pub outcome: Option<OutcomeLine>,
}

/// That nothing has to be done, as a document: what it shares with [`PlanReport`] is called the same.
#[derive(Debug, Clone, Serialize)]
pub struct UnchangedReport<'a> {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Whether everything was read that was to be.
    pub complete: bool,
    /// RFC 3339, UTC, whole seconds.
    pub generated_at: String,
    /// The URL that requests went to instead of AWS.
    pub endpoint_override: Option<&'a str>,
    /// Never there.
    pub plan: Option<()>,
    /// Its state is `unchanged`.
    pub outcome: OutcomeLine,
}

impl<'a> UnchangedReport<'a> {
    /// The document that says why there is no plan.
    pub fn of(refusal: &Refusal, complete: bool, at: Timestamp, endpoint_override: Option<&'a str>) -> Self {
        Self {
            schema: SCHEMA,
            complete,
            generated_at: timestamp(at),
            endpoint_override,
            plan: None,
            outcome: OutcomeLine {
                state: "unchanged",
                saying: format!("no changes: {}", printable(&refusal.what)),
                next: refusal.next.as_deref().map(printable).into_iter().collect(),
                ..OutcomeLine::default()
            },
        }
    }
}

/// What became of a plan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct OutcomeLine {
    /// In a word: `done`, `unverified`, `open`, `refused`; `unchanged` where there was nothing to do.
    pub state: &'static str,
    /// In a sentence fit to print.
    pub saying: String,
    /// From when on nobody remembers what was there before.
    pub good_everywhere_at: Option<String>,
    /// What servers and resolvers said afterwards.
    pub proof: Vec<ProofLine>,
    /// What is not as the plan knew it, in three versions.
    pub conflicts: Vec<Conflict>,
    /// What to do: the command that takes it back, or goes on with it.
    pub next: Vec<String>,
}

/// What one server said afterwards.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ProofLine {
    /// On which side of the cut it stands: `parent`, `child`, `resolver`.
    pub side: &'static str,
    /// Who was asked.
    pub who: String,
    /// `good`, `other`, `unknown`.
    pub verdict: &'static str,
    /// What was said.
    pub saying: String,
}

impl OutcomeLine {
    /// The same with what was seen from outside.
    pub fn with_proof(mut self, proof: &Proof) -> Self {
        self.good_everywhere_at = Some(time(proof.good_everywhere));
        let line = |seen: &crate::plan::journal::Seen| ProofLine {
            side: match seen.side {
                Side::Parent => "parent",
                Side::Child => "child",
                Side::Resolver => "resolver",
            },
            who: seen.who.clone(),
            verdict: match seen.verdict {
                SeenVerdict::Good => "good",
                SeenVerdict::Other => "other",
                SeenVerdict::Unknown => "unknown",
            },
            saying: seen.saying.clone(),
        };
        self.proof = proof.lines.iter().map(line).collect();
        self
    }
}

/// How and when a plan was made.
#[derive(Debug, Clone)]
pub struct Circumstances<'a> {
    /// Whether everything was read that was to be.
    pub complete: bool,
    /// When the document is made.
    pub at: Timestamp,
    /// The URL that requests go to instead of AWS.
    pub endpoint_override: Option<&'a str>,
    /// The text that confirms it.
    pub confirm: &'a str,
    /// The equal command.
    pub same_as: Option<&'a str>,
}

impl<'a> PlanReport<'a> {
    /// The document of a plan that was not applied.
    pub fn of(plan: &'a Plan, told: &Circumstances<'a>) -> Self {
        let checks = &plan.preflight;
        let unchecked = checks.count(super::review::Outcome::Unchecked) > 0;
        Self {
            schema: SCHEMA,
            complete: told.complete && !unchecked,
            generated_at: timestamp(told.at),
            endpoint_override: told.endpoint_override,
            title: sentence(plan),
            hash: hash(plan).as_str().to_owned(),
            made_at: time(plan.made),
            expires_at: time(plan.expires),
            tally: Tally::of(plan),
            in_the_way: checks.in_the_way().map(|check| checks.call(check)).collect(),
            confirm: told.confirm.to_owned(),
            same_as: told.same_as,
            plan,
            outcome: None,
        }
    }
}

/// A moment as documents write it.
pub fn time(moment: Moment) -> String {
    let seconds = i64::try_from(moment.0).unwrap_or(i64::MAX);
    timestamp(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX))
}

/// A record for each record set, zone and delegation set that comes or goes; one that changes goes and comes.
pub fn table(plan: &Plan) -> Table {
    let mut rows = Vec::new();
    for (_, step) in plan.steps() {
        let party = step.party().and_then(|party| plan.party(party));
        let account = party.map_or_else(|| "-".to_owned(), |party| party.id.to_string());
        for (sign, cells) in changes(step) {
            let mut row = vec![sign.to_owned(), account.clone()];
            row.extend(cells);
            rows.push(row);
        }
    }
    Table {
        header: &["change", "account", "zone", "zone_id", "name", "type", "ttl", "values"],
        rows,
    }
}

fn changes(step: &Step) -> Vec<(&'static str, Vec<String>)> {
    let dash = || "-".to_owned();
    let whole = |name: String, id: String, kind: &str| vec![name, id, dash(), kind.to_owned(), dash(), dash()];
    match step {
        Step::Change { zone, batch, .. } => {
            let id = zone.id().map_or_else(dash, ToString::to_string);
            let row = |cells: [String; 4]| [vec![zone.name().to_string(), id.clone()], cells.to_vec()].concat();
            let sides = batch.changes().iter().flat_map(|change| {
                let old = change.old().map(|old| ("-", row(set_cells(old))));
                let new = change.wanted().map(|new| ("+", row(wanted_cells(change, new))));
                old.into_iter().chain(new)
            });
            sides.collect()
        }
        Step::CreateZone { name, .. } => vec![("+", whole(name.to_string(), dash(), "zone"))],
        Step::DeleteZone { zone, .. } => {
            let id = zone.id().map_or_else(dash, ToString::to_string);
            vec![("-", whole(zone.name().to_string(), id, "zone"))]
        }
        Step::CreateSet { .. } => vec![("+", whole(dash(), dash(), "delegation-set"))],
        Step::DeleteSet { id, .. } => vec![("-", whole(dash(), id.printable(), "delegation-set"))],
        Step::AwaitServers { .. } | Step::Hold { .. } => Vec::new(),
    }
}

fn wanted_cells(change: &Change, new: &Wanted) -> [String; 4] {
    match new {
        Wanted::Set(set) => set_cells(set),
        Wanted::Servers { ttl, .. } => [
            change.name().to_string(),
            "NS".to_owned(),
            ttl.to_string(),
            "the name servers of the new zone".to_owned(),
        ],
    }
}

fn set_cells(set: &ExactSet) -> [String; 4] {
    let values = match &set.content {
        Content::Values(values) => values
            .iter()
            .map(|value| value.printable())
            .collect::<Vec<_>>()
            .join(" "),
        Content::Alias { target, .. } => format!("alias {}", target.printable()),
    };
    let ttl = set.ttl.map_or_else(|| "-".to_owned(), |ttl| ttl.to_string());
    [set.name.to_string(), set.record_type.to_string(), ttl, values]
}
