//! `zonecut log`: what was changed on this machine, the newest first, and how each change stands.

use jiff::Timestamp;
use serde::Serialize;

use super::head::{SCHEMA, timestamp};
use super::outside::Outside;
use super::plan::{OutcomeLine, time};
use super::review::{Tally, sentence};
use super::table::Table;
use crate::plan::Plan;
use crate::plan::file::hash;
use crate::plan::journal::{Phase, Run, Standing};

/// The log.
#[derive(Debug, Clone, Serialize)]
pub struct LogReport<'a> {
    /// [`SCHEMA`].
    pub schema: u32,
    /// Whether every line could be read and follows on the one before it.
    pub complete: bool,
    /// RFC 3339, UTC, whole seconds.
    pub generated_at: String,
    /// What is wrong with it, a sentence each.
    pub damage: Vec<String>,
    /// The changes, the newest first.
    pub changes: Vec<ChangeLine<'a>>,
}

/// One change.
#[derive(Debug, Clone, Serialize)]
pub struct ChangeLine<'a> {
    /// Its id.
    pub id: String,
    /// What it is for, in a sentence.
    pub title: String,
    /// The name that it is about.
    pub subject: String,
    /// When it was begun.
    pub begun_at: String,
    /// When anything was last noted of it.
    pub touched_at: String,
    /// Who began it.
    pub operator: OperatorLine,
    /// The accounts that took part.
    pub accounts: Vec<AccountName>,
    /// `open`, `done`, `undone`, `refused`, `partial`, `abandoned`.
    pub state: &'static str,
    /// How many of its steps are over.
    pub steps_done: usize,
    /// How many it has.
    pub steps: usize,
    /// How much it changes.
    pub tally: Tally,
    /// The hash of its plan.
    pub hash: String,
    /// Why it went no further.
    pub stopped: Option<String>,
    /// The change that takes it back.
    pub undone_by: Option<String>,
    /// What was seen from outside.
    pub outcome: Option<OutcomeLine>,
    /// The plan.
    pub plan: &'a Plan,
}

/// Who applied a plan, and how.
#[derive(Debug, Clone, Serialize)]
pub struct OperatorLine {
    /// The user of the machine.
    pub user: Outside,
    /// The machine.
    pub host: Outside,
    /// The command.
    pub command: Outside,
    /// The version of zonecut.
    pub version: String,
}

/// An account by id and name.
#[derive(Debug, Clone, Serialize)]
pub struct AccountName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Outside,
}

impl<'a> LogReport<'a> {
    /// The document of these changes, the oldest first.
    pub fn of(runs: impl DoubleEndedIterator<Item = &'a Run>, damage: Vec<String>, at: Timestamp) -> Self {
        Self {
            schema: SCHEMA,
            complete: damage.is_empty(),
            generated_at: timestamp(at),
            damage,
            changes: runs.rev().map(ChangeLine::of).collect(),
        }
    }
}

impl<'a> ChangeLine<'a> {
    fn of(run: &'a Run) -> Self {
        let plan = &run.plan;
        let operator = &run.operator;
        let account = |party: &crate::plan::Party| AccountName {
            id: party.id.to_string(),
            name: Outside::from(&party.name),
        };
        let over = |phase: &&Phase| matches!(phase, Phase::Over { .. });
        Self {
            id: plan.id.to_string(),
            title: sentence(plan),
            subject: plan.subject.to_string(),
            begun_at: time(run.begun),
            touched_at: time(run.touched),
            operator: OperatorLine {
                user: Outside::from(&operator.user),
                host: Outside::from(&operator.host),
                command: Outside::from(&operator.command),
                version: operator.version.clone(),
            },
            accounts: plan.parties.iter().map(account).collect(),
            state: state(run.standing()),
            steps_done: run.phases.iter().filter(over).count(),
            steps: plan.steps.len(),
            tally: Tally::of(plan),
            hash: hash(plan).as_str().to_owned(),
            stopped: run.stopped.as_ref().map(|stopped| stopped.why.clone()),
            undone_by: run.undo.as_ref().map(|(by, _)| by.to_string()),
            outcome: outcome(run),
            plan,
        }
    }

    /// The first digits of the id, as people name it.
    pub fn short(&self) -> &str {
        self.plan.id.short()
    }
}

/// The word for how a change stands.
pub fn state(standing: Standing) -> &'static str {
    match standing {
        Standing::Open => "open",
        Standing::Done => "done",
        Standing::Undone => "undone",
        Standing::Refused => "refused",
        Standing::Partial => "partial",
        Standing::Abandoned => "abandoned",
    }
}

fn outcome(run: &Run) -> Option<OutcomeLine> {
    let proof = run.proof.as_ref()?;
    let (state, saying) = match proof.is_good() {
        true => ("done", "every server that was asked said what it should"),
        false => ("unverified", "not every server that was asked said what it should"),
    };
    let outcome = OutcomeLine {
        state,
        saying: saying.to_owned(),
        ..OutcomeLine::default()
    };
    Some(outcome.with_proof(proof))
}

/// A record for each change.
pub fn table(report: &LogReport<'_>) -> Table {
    let rows = report.changes.iter().map(|change| {
        vec![
            change.id.clone(),
            change.begun_at.clone(),
            change.operator.user.printable(),
            accounts(change),
            change.subject.clone(),
            change.state.to_owned(),
            change.title.clone(),
        ]
    });
    Table {
        header: &["id", "begun_at", "user", "accounts", "subject", "state", "title"],
        rows: rows.collect(),
    }
}

/// The accounts that took part, by name.
pub fn accounts(change: &ChangeLine<'_>) -> String {
    let names: Vec<String> = change.accounts.iter().map(|account| account.name.printable()).collect();
    names.join(" ")
}
