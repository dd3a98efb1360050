//! The problems: causes, the gravest first, with what follows from each folded under it; beside them the evidence.
//!
//! Invariant: the order stays until it is asked for again; what is new comes in where it belongs, without moving the cursor's line.

mod draw;
mod marks;

use std::collections::{BTreeMap, BTreeSet, HashSet};

pub use draw::{draw, headline, list_height, tone};

use super::tree::nodes::{RowId, severity_word};
use super::zone;
use crate::findings::{Finding, Severity, Subject};
use crate::model::account::AccountIx;
use crate::model::zone::ZoneKey;
use crate::tui::action::Action;
use crate::tui::cursor::Cursor;
use crate::tui::effect::Effect;
use crate::tui::filter::{self, Field, Matching};
use crate::tui::filter_line::FilterLine;
use crate::tui::known::{self, Known};
use crate::tui::state::{State, Target};

/// What tells one finding from others.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FindingId {
    subject: Subject,
    code: &'static str,
    zone: Option<ZoneKey>,
}

impl FindingId {
    /// The identity of a finding.
    pub fn of(finding: &Finding) -> Self {
        let zone = match finding.children.as_slice() {
            [only] => Some(ZoneKey {
                account: only.account,
                id: only.id.clone(),
            }),
            _ => None,
        };
        Self {
            subject: finding.subject.clone(),
            code: finding.code(),
            zone,
        }
    }

    /// The code of the finding.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The finding, as long as it stands.
    pub fn find<'a>(&self, known: Known<'a>) -> Option<&'a Finding> {
        if let Subject::Name(name) = &self.subject
            && let Some(verdict) = known.survey.cut(name)
            && let Some(found) = verdict.findings.iter().find(|finding| Self::of(finding) == *self)
        {
            return Some(found);
        }
        known.survey.findings().find(|finding| Self::of(finding) == *self)
    }
}

/// What the list is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sort {
    /// The gravest first.
    #[default]
    Severity,
    /// By name, in tree order.
    Name,
    /// By account.
    Account,
    /// By kind.
    Code,
}

impl Sort {
    fn next(self) -> Self {
        match self {
            Self::Severity => Self::Name,
            Self::Name => Self::Account,
            Self::Account => Self::Code,
            Self::Code => Self::Severity,
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Severity => "severity",
            Self::Name => "name",
            Self::Account => "account",
            Self::Code => "code",
        }
    }
}

#[derive(Debug, Clone)]
struct Problem {
    id: FindingId,
    severity: Severity,
    counts: bool,
    account: Option<AccountIx>,
    symptoms: Vec<FindingId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Row {
    Cause(usize),
    Symptom(usize, usize),
}

/// What the list remembers.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    /// What is typed to filter it.
    pub line: FilterLine,
    sort: Sort,
    all: Vec<Problem>,
    /// How many of them count, by severity.
    counts: BTreeMap<Severity, usize>,
    rows: Vec<Row>,
    unfolded: HashSet<FindingId>,
    cursor: Cursor,
    selected: Option<FindingId>,
    scroll: usize,
    /// What is marked to be mended.
    marked: BTreeSet<FindingId>,
    /// What was marked last, for a range.
    anchor: Option<FindingId>,
    /// Whether the cursor was put where it is by a person; until then it stays at the top.
    is_held: bool,
}

impl Problems {
    /// Gathers them anew from what is known.
    pub fn refresh(&mut self, known: Known<'_>) {
        if !self.is_held {
            self.all.clear();
            self.selected = None;
            self.cursor = Cursor::default();
        }
        let mut fresh = gather(known);
        fresh.sort_by(|a, b| compare(known, self.sort, a, b));
        self.all = merge(std::mem::take(&mut self.all), fresh, |a, b| {
            compare(known, self.sort, a, b)
        });
        self.counts.clear();
        for problem in self.all.iter().filter(|problem| problem.counts) {
            *self.counts.entry(problem.severity).or_default() += 1;
        }
        self.lay_out(known);
    }

    /// Lays the rows out anew.
    pub fn lay_out(&mut self, known: Known<'_>) {
        let mut matching = Matching::default();
        self.rows.clear();
        for (place, problem) in self.all.iter().enumerate() {
            if !self.line.filter().is_empty() && !passes(known, &self.line, problem, &mut matching) {
                continue;
            }
            self.rows.push(Row::Cause(place));
            if self.unfolded.contains(&problem.id) {
                self.rows
                    .extend((0..problem.symptoms.len()).map(|symptom| Row::Symptom(place, symptom)));
            }
        }
        let line = self.rows.iter().position(|row| self.id(*row) == self.selected.as_ref());
        if let Some(line) = line {
            self.cursor.follow(line);
        }
        self.note_selected();
    }

    fn id(&self, row: Row) -> Option<&FindingId> {
        match row {
            Row::Cause(place) => self.all.get(place).map(|problem| &problem.id),
            Row::Symptom(place, symptom) => self.all.get(place)?.symptoms.get(symptom),
        }
    }

    fn note_selected(&mut self) {
        let row = self.rows.get(self.cursor.at).copied();
        self.selected = row.and_then(|row| self.id(row)).cloned();
    }

    /// Keeps the cursor in view.
    pub fn settle(&mut self, height: usize) {
        self.cursor.settle(self.rows.len(), height);
        self.note_selected();
    }

    /// The finding under the cursor.
    pub fn selected<'a>(&self, known: Known<'a>) -> Option<&'a Finding> {
        self.selected.as_ref()?.find(known)
    }

    /// Puts the cursor on a finding.
    pub fn reveal(&mut self, known: Known<'_>, id: &FindingId) {
        self.line.clear();
        self.is_held = true;
        self.selected = Some(id.clone());
        self.lay_out(known);
    }

    /// What an action would be about.
    pub fn target(&self, known: Known<'_>) -> Target {
        let Some(finding) = self.selected(known) else {
            return Target::default();
        };
        let zone = finding.children.first().map(|child| ZoneKey {
            account: child.account,
            id: child.id.clone(),
        });
        let account = match &finding.subject {
            Subject::Account(place) => Some(*place),
            Subject::Name(_) => zone.as_ref().map(|zone| zone.account),
        };
        Target {
            name: finding.name().cloned(),
            zone,
            account,
        }
    }

    fn step(&mut self, by: isize) {
        self.cursor.step(by, self.rows.len());
        self.scroll = 0;
        self.note_selected();
    }

    fn unfold(&mut self, known: Known<'_>, unfold: Fold) {
        let cause = match self.rows.get(self.cursor.at) {
            Some(Row::Cause(place) | Row::Symptom(place, _)) => self.all.get(*place),
            None => None,
        };
        let Some(id) = cause.map(|problem| problem.id.clone()) else {
            return;
        };
        match unfold {
            Fold::Open => _ = self.unfolded.insert(id),
            Fold::Closed => {
                self.unfolded.remove(&id);
                self.selected = Some(id);
            }
        }
        self.lay_out(known);
    }
}

#[derive(Clone, Copy)]
enum Fold {
    Open,
    Closed,
}

/// The causes, each with what follows from it.
fn gather(known: Known<'_>) -> Vec<Problem> {
    let mut problems: Vec<Problem> = Vec::new();
    for finding in known.survey.findings() {
        let id = FindingId::of(finding);
        let cause = finding.cause.and_then(|code| {
            let of_same_name = |problem: &&mut Problem| problem.id.code == code && problem.id.subject == id.subject;
            // The cause of a cut stands right before what follows from it.
            problems.iter_mut().rev().take(8).find(of_same_name)
        });
        if let Some(cause) = cause {
            cause.symptoms.push(id);
            continue;
        }
        let account = match &finding.subject {
            Subject::Account(place) => Some(*place),
            Subject::Name(_) => finding
                .children
                .first()
                .or(finding.parent.as_ref())
                .map(|zone| zone.account),
        };
        problems.push(Problem {
            severity: finding.severity,
            counts: known::counts(known, finding),
            account,
            symptoms: Vec::new(),
            id,
        });
    }
    problems
}

fn compare(known: Known<'_>, sort: Sort, a: &Problem, b: &Problem) -> std::cmp::Ordering {
    let account = |problem: &Problem| {
        problem
            .account
            .and_then(|place| known.account(place))
            .map(|a| a.name.clone())
    };
    let own = match sort {
        Sort::Severity => (!a.counts, std::cmp::Reverse(a.severity)).cmp(&(!b.counts, std::cmp::Reverse(b.severity))),
        Sort::Name => std::cmp::Ordering::Equal,
        Sort::Account => account(a).cmp(&account(b)),
        Sort::Code => a.id.code.cmp(b.id.code),
    };
    own.then_with(|| a.id.cmp(&b.id))
}

/// Keeps the order of what was there; each new one is put before the first that it precedes.
fn merge(
    old: Vec<Problem>,
    fresh: Vec<Problem>,
    compare: impl Fn(&Problem, &Problem) -> std::cmp::Ordering,
) -> Vec<Problem> {
    if old.is_empty() {
        return fresh;
    }
    let was: HashSet<&FindingId> = old.iter().map(|problem| &problem.id).collect();
    let (new, stays): (Vec<Problem>, Vec<Problem>) = fresh.into_iter().partition(|problem| !was.contains(&problem.id));
    let mut by_id: std::collections::HashMap<FindingId, Problem> =
        stays.into_iter().map(|problem| (problem.id.clone(), problem)).collect();
    let mut new = new.into_iter().peekable();
    let mut merged = Vec::new();
    for problem in old.iter().filter_map(|problem| by_id.remove(&problem.id)) {
        while let Some(next) = new.next_if(|next| compare(next, &problem).is_lt()) {
            merged.push(next);
        }
        merged.push(problem);
    }
    merged.extend(new);
    merged
}

struct Filtered<'a> {
    text: String,
    finding: &'a Finding,
    account: Option<AccountIx>,
    known: Known<'a>,
}

fn passes(known: Known<'_>, line: &FilterLine, problem: &Problem, matching: &mut Matching) -> bool {
    let Some(finding) = problem.id.find(known) else {
        return false;
    };
    let name = finding.name().map_or_else(String::new, ToString::to_string);
    let account = problem.account.and_then(|place| known.account(place));
    let account = account.map_or("", |account| account.name.expose());
    let subject = Filtered {
        text: format!("{} {name} {account}", finding.code()).to_lowercase(),
        finding,
        account: problem.account,
        known,
    };
    line.filter().matches(&subject, matching)
}

impl filter::Subject for Filtered<'_> {
    fn text(&self) -> &str {
        &self.text
    }

    fn field(&self, field: Field, wanted: &str) -> bool {
        let account = self.account.and_then(|place| self.known.account(place));
        match field {
            Field::Status => self.finding.rule.status.word().starts_with(wanted),
            Field::Severity => self.finding.severity.word().starts_with(severity_word(wanted)),
            Field::Account => account.is_some_and(|account| {
                let by_id = account.id.is_some_and(|id| id.as_str().contains(wanted));
                by_id || account.name.expose().to_lowercase().contains(wanted)
            }),
            Field::Env => account.is_some_and(|account| {
                let label = account.env_label.as_ref().map(|label| label.expose().to_lowercase());
                let prod = account.env == crate::model::account::Env::Prod && "prod".starts_with(wanted);
                prod || label.is_some_and(|label| label.starts_with(wanted))
            }),
            Field::NameServer => self.finding.evidence.iter().any(|line| line.contains(wanted)),
            Field::Type => self.finding.code().starts_with(wanted),
        }
    }
}

/// Does what an action asks of the list.
pub fn perform(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let page = isize::try_from(list_height(state)).unwrap_or(1).max(1);
    let problems = &mut state.problems;
    problems.is_held = true;
    match action {
        Action::Down | Action::NextProblem | Action::NextMatch => problems.step(1),
        Action::Up | Action::PreviousProblem | Action::PreviousMatch => problems.step(-1),
        Action::First => problems.step(isize::MIN),
        Action::Last => problems.step(isize::MAX),
        Action::HalfDown => problems.step(page / 2),
        Action::HalfUp => problems.step(-page / 2),
        Action::PageDown => problems.step(page),
        Action::PageUp => problems.step(-page),
        Action::Open => problems.unfold(known, Fold::Open),
        Action::Close => problems.unfold(known, Fold::Closed),
        Action::NextTab => {
            let scroll = problems.scroll.saturating_add(5);
            state.problems.scroll = scroll.min(draw::furthest(state, known));
        }
        Action::PreviousTab => problems.scroll = problems.scroll.saturating_sub(5),
        Action::Filter => problems.line.begin(),
        Action::Sort => {
            problems.sort = problems.sort.next();
            problems.all.clear();
            problems.refresh(known);
            let word = problems.sort.word();
            state.say(format!("sorted by {word}"));
        }
        Action::Enter => return open(state, known),
        Action::Mark => {
            problems.toggle_mark();
            problems.step(1);
        }
        Action::MarkRange => {
            let passed = problems.mark_range(known);
            if passed > 0 {
                state.say(format!("passed over {passed} that no write of zonecut mends"));
            }
        }
        _ => {}
    }
    Vec::new()
}

fn open(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let target = state.problems.target(known);
    match (target.zone, target.name, target.account) {
        (Some(zone), _, _) => zone::open(state, known, RowId::Zone(zone)),
        (None, Some(name), _) => zone::open(state, known, RowId::Cut(name)),
        (None, None, Some(place)) => {
            super::accounts::open(state, Some(place));
            Vec::new()
        }
        _ => Vec::new(),
    }
}
