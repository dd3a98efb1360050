//! What a trace means, joined with what the accounts hold: each step with its owner, the first step that is broken, and
//! what mends it.
//!
//! Invariant: silence is never called broken, and what was not read is never called absent.

mod behind;
mod holder;
mod server;
mod standing;
mod trust;
mod verdict;

use crate::model::dns::{Leg, Question, Trace};
use crate::model::inventory::Inventory;
use crate::model::name::DnsName;

use super::context::Context;
use super::finding::{Confidence, Finding, Topic};
use super::rules::{self, missing_delegation};
use super::status::Status;
use super::survey::Survey;

pub use behind::{Behind, Place};
pub use holder::Holder;
pub use server::{ByName, Server, State, clock_words};
pub use standing::Standing;
pub use trust::Trusted;
pub use verdict::{Outlook, Verdict};

/// A trace, joined with what the accounts hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnosis {
    /// The zones on the way, and the one that should have been, in order.
    pub steps: Vec<Step>,
    /// The record sets that the accounts hold of the names on the way.
    pub behind: Vec<Behind>,
    /// The chain of trust: the zones from above, then the record sets; empty where no trust anchor leads there.
    pub chain: Vec<Trusted>,
    /// What it comes to.
    pub verdict: Verdict,
}

/// One zone on the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The zone.
    pub zone: DnsName,
    /// What its servers were asked; none where nobody refers to it.
    pub question: Option<Question>,
    /// The leg of the walk; none where the walk did not get here.
    pub leg: Option<usize>,
    /// Who has the zone.
    pub holder: Holder,
    /// Its servers, in the order of names; one line for each address.
    pub servers: Vec<Server>,
    /// What they say together, in a few words.
    pub says: String,
    /// How it stands.
    pub standing: Standing,
    /// What is wrong with its cut, the cause first, as far as it is known and of any weight.
    pub findings: Vec<Finding>,
    /// What a resolver that validates refuses of it.
    pub refused: Option<Trusted>,
}

impl Diagnosis {
    /// Joins a trace with what the accounts hold.
    pub fn of(trace: &Trace, inventory: &Inventory, survey: &Survey) -> Self {
        let judge = Judge {
            trace,
            inventory,
            survey,
            chain: trust::all(trace),
        };
        let mut steps = Vec::new();
        for place in 0..trace.walk.legs.len() {
            steps.extend(judge.step(place));
            steps.extend(judge.missing_below(place));
        }
        let behind = behind::all(&judge, &steps);
        let verdict = verdict::of(&judge, &steps, &behind);
        Self {
            steps,
            behind,
            chain: judge.chain,
            verdict,
        }
    }

    /// The step at which it is broken or degraded, if any is.
    pub fn faulty(&self) -> Option<&Step> {
        self.steps.get(self.verdict.step?)
    }
}

/// All that a diagnosis is made from.
pub(super) struct Judge<'a> {
    trace: &'a Trace,
    inventory: &'a Inventory,
    survey: &'a Survey,
    chain: Vec<Trusted>,
}

impl Judge<'_> {
    fn step(&self, place: usize) -> Option<Step> {
        let leg = self.trace.walk.legs.get(place)?;
        let holder = self.holder(leg);
        let servers = server::all(leg);
        let findings = self.findings(&leg.zone);
        let is_ours = self.is_ours(place, &holder);
        let refused = self.refused(place, leg);
        let standing = Standing::of(leg, &servers, is_ours).with(&findings);
        let standing = match refused {
            Some(_) => Standing::Broken,
            None => standing,
        };
        Some(Step {
            zone: leg.zone.clone(),
            question: Some(leg.question.clone()),
            leg: Some(place),
            holder,
            says: server::together(&servers),
            servers,
            standing,
            findings,
            refused,
        })
    }

    /// What a resolver that validates refuses of a step: the zone, or what was heard of it.
    fn refused(&self, place: usize, leg: &Leg) -> Option<Trusted> {
        let is_step = |zone: &DnsName| self.trace.walk.legs.iter().any(|leg| leg.zone == *zone);
        let ends = self.trace.ends().any(|(end, _)| end == place);
        let is_here = |one: &&Trusted| match one.leg {
            Some(leg) => leg == place,
            // A zone that was passed unseen stands for the end of the way that leads through it.
            None if ends && !is_step(&one.name) => leg.question.name.is_at_or_below(&one.name),
            None => one.name == leg.zone,
        };
        let mut broken = self.chain.iter().filter(|one| one.trust.is_broken());
        broken.find(is_here).cloned()
    }

    /// Whether a step is the organisation's to care for: it has the zone, or the one above, or the way ends there.
    fn is_ours(&self, place: usize, holder: &Holder) -> bool {
        let is_held = |name: &DnsName| !self.inventory.public_zones(name.as_wire()).is_empty();
        let above = self.trace.zone_above(place);
        let ends = self.trace.ends().any(|(end, _)| end == place);
        ends || !matches!(holder, Holder::Nobody | Holder::Unknown) || above.is_some_and(is_held)
    }

    /// What is wrong with the cut at a name, as far as it is known and worth a word.
    fn findings(&self, name: &DnsName) -> Vec<Finding> {
        let Some(verdict) = self.survey.cut(name) else {
            return Vec::new();
        };
        let speaks =
            |finding: &&Finding| finding.rule.topic != Topic::Coverage && finding.confidence != Confidence::Unknown;
        verdict.findings.iter().filter(speaks).cloned().collect()
    }

    /// The zone that the accounts hold below the last one on the way to a name, and that nobody refers to.
    fn missing_below(&self, place: usize) -> Option<Step> {
        let (_, leg) = self.trace.ends().find(|(end, _)| *end == place)?;
        if !leg.heard.iter().any(|heard| server::is_useful(&heard.outcome)) {
            return None;
        }
        let name = &leg.question.name;
        let between = std::iter::once(name.clone()).chain(name.ancestors());
        let held: Vec<DnsName> = between
            .take_while(|zone| zone.is_below(&leg.zone))
            .filter(|zone| !self.inventory.public_zones(zone.as_wire()).is_empty())
            .collect();
        let zone = held.into_iter().next_back()?;
        let findings = self.findings(&zone);
        let cause = findings
            .iter()
            .find(|finding| finding.rule.status == Status::Missing || *finding.rule == missing_delegation::RULE);
        cause?;
        let cut = &self.survey.cut(&zone)?.cut;
        let context = Context::new(cut, self.inventory);
        let zones = cut.children.iter().filter_map(|zone| context.zone_ref(*zone));
        Some(Step {
            holder: Holder::of_undelegated(zones.collect()),
            zone,
            question: None,
            leg: None,
            servers: Vec::new(),
            says: format!("not delegated by {}", leg.zone),
            standing: Standing::Broken,
            findings,
            refused: None,
        })
    }
}

/// Whether a finding keeps resolvers that validate from the names below.
fn breaks_validation(finding: &Finding) -> bool {
    finding.rule.status == Status::Bogus && finding.severity == super::Severity::Critical
}

/// Whether a finding speaks against a server that is delegated to, or against the whole delegation.
fn speaks_of_servers(finding: &Finding) -> bool {
    matches!(finding.rule.status, Status::Dangling | Status::Lame) || *finding.rule == rules::self_delegation::RULE
}
