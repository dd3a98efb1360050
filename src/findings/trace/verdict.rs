//! What a trace comes to: the first step that is broken, why, what mends it and who can do that.

use crate::findings::context::list;
use crate::findings::finding::{Finding, Severity, ZoneRef};
use crate::findings::status::Status;
use crate::model::dns::{End, Resolved, Unasked};
use crate::model::dnssec::{Bogus, Trust};
use crate::model::name::DnsName;
use crate::model::served::{Liveness, Off, Verdict as Word};

use super::server::{ByName, Server, State};
use super::standing::differ;
use super::{Behind, Holder, Judge, Place, Standing, Step, Trusted, breaks_validation};

/// What a trace comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// In one word.
    pub outlook: Outlook,
    /// The step it is about, where it is about one.
    pub step: Option<usize>,
    /// In a sentence, fit to print.
    pub sentence: String,
    /// What was seen, a sentence each, fit to print.
    pub why: Vec<String>,
    /// What mends it, fit to print.
    pub fix: Option<String>,
    /// The zone to be changed for that, and so whose account it takes.
    pub who: Option<ZoneRef>,
    /// What else there is to know, a sentence each, fit to print.
    pub notes: Vec<String>,
}

/// What a trace comes to, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outlook {
    /// The name resolves, and nothing on the way is wrong.
    Resolves,
    /// It resolves, and some servers on the way do not do their work.
    Degraded,
    /// There is nothing of the type at the name; nothing on the way is wrong.
    Absent,
    /// It cannot be told from here.
    Unknown,
    /// It does not resolve, because a step on the way is broken.
    Broken,
}

impl Outlook {
    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Resolves => "resolves",
            Self::Degraded => "degraded",
            Self::Absent => "absent",
            Self::Unknown => "unknown",
            Self::Broken => "broken",
        }
    }
}

/// Judges the steps of a trace.
pub(super) fn of(judge: &Judge<'_>, steps: &[Step], behind: &[Behind]) -> Verdict {
    if let Liveness::Off(why) = judge.inventory.liveness() {
        return judge.unaskable(why);
    }
    let mut verdict = judge_steps(judge, steps, behind);
    verdict
        .notes
        .extend(behind.iter().filter_map(|behind| judge.note(behind)));
    verdict.notes.extend(judge.notes_on_resolvers());
    verdict
}

fn judge_steps(judge: &Judge<'_>, steps: &[Step], behind: &[Behind]) -> Verdict {
    let first = |standing| steps.iter().position(|step| step.standing == standing);
    let answered = matches!(judge.trace.walk.end, End::Answer(_));
    if let Some(place) = first(Standing::Broken) {
        return judge.at_step(Outlook::Broken, place, steps);
    }
    if let Some(verdict) = judge.of_aliases(steps) {
        return verdict;
    }
    if let Some(place) = first(Standing::Unknown).filter(|_| !answered) {
        return judge.at_step(Outlook::Unknown, place, steps);
    }
    if !answered {
        return judge.absent(steps, behind);
    }
    match first(Standing::Degraded) {
        Some(place) => judge.at_step(Outlook::Degraded, place, steps),
        None => plain(
            Outlook::Resolves,
            format!("resolves: every server on the way answers for {}", asked(judge)),
        ),
    }
}

fn off(why: Off) -> &'static str {
    match why {
        Off::Intercepted => "somebody on this network answers in the place of every name server",
        Off::Blocked => "no name server can be reached from here on port 53",
        Off::Unwanted => "name servers are not to be asked",
    }
}

fn plain(outlook: Outlook, sentence: String) -> Verdict {
    Verdict {
        outlook,
        step: None,
        sentence,
        why: Vec::new(),
        fix: None,
        who: None,
        notes: Vec::new(),
    }
}

fn asked<'a>(judge: &Judge<'a>) -> &'a DnsName {
    &judge.trace.walk.question.name
}

impl Judge<'_> {
    /// No server can be asked from here: nothing is concluded, and resolvers over HTTPS are what is left to hear.
    fn unaskable(&self, why: Off) -> Verdict {
        let mut verdict = plain(Outlook::Unknown, format!("not known: {}", off(why)));
        let asks_resolvers = self.trace.resolvers.iter().any(|one| one.resolver.is_over_https());
        match (why, asks_resolvers) {
            (Off::Unwanted, _) => {}
            (_, true) => verdict
                .notes
                .push("what resolvers over HTTPS say is shown instead: their word, not that of the servers".to_owned()),
            (_, false) => {
                verdict.fix = Some(
                    "trace from another network, or name a resolver over HTTPS, to hear that at least: [dns] doh = \
                     [\"https://…/dns-query\"], or --resolver https://…/dns-query"
                        .to_owned(),
                );
            }
        }
        verdict
    }

    fn at_step(&self, outlook: Outlook, place: usize, steps: &[Step]) -> Verdict {
        let Some(step) = steps.get(place) else {
            return plain(outlook, outlook.word().to_owned());
        };
        let what = what(self, step);
        let word = match outlook {
            Outlook::Unknown => "not known",
            outlook => outlook.word(),
        };
        let refused = refused(step);
        let cause = cause(step).filter(|_| refused.is_none());
        let above = self.holder_above(step, steps);
        let (fix, who) = match (cause.filter(|cause| !cause.fix.is_empty()), refused) {
            (Some(cause), _) => (Some(cause.fix.clone()), of_fix(cause)),
            (None, Some(refused)) => (refused.fix(), whose(refused, step, above)),
            (None, None) => self.mend(step, above),
        };
        let mut why: Vec<String> = cause.map_or_else(Vec::new, |cause| {
            let title = format!("{}: {}", cause.code(), cause.rule.title);
            std::iter::once(title).chain(cause.evidence.iter().cloned()).collect()
        });
        why.extend(complaints(step));
        Verdict {
            outlook,
            step: Some(place),
            sentence: format!("{word} at cut {place} ({}): {what}", shown(&step.zone)),
            why,
            fix,
            who,
            notes: Vec::new(),
        }
    }

    /// Who has the zone that refers to a step.
    fn holder_above<'s>(&self, step: &Step, steps: &'s [Step]) -> Option<&'s Step> {
        let above = steps
            .iter()
            .filter(|above| above.leg.is_some() && step.zone.is_below(&above.zone));
        above.max_by_key(|above| above.zone.label_count())
    }

    /// What mends a step of which no rule says it.
    fn mend(&self, step: &Step, above: Option<&Step>) -> (Option<String>, Option<ZoneRef>) {
        let bad = names(step, |server| {
            matches!(server.state, State::Asked(Word::Lame(_)) | State::Nowhere(_))
        });
        let silent = names(step, |server| {
            matches!(server.state, State::Asked(Word::Unresponsive(_)))
        });
        let holder = above.and_then(|above| above.holder.answering());
        let whom = match (holder, above) {
            (Some(zone), _) => format!("in {}", self.describe(zone)),
            (None, Some(above)) if above.zone.label_count() > 0 && self.is_held(&above.zone) => {
                format!("in {}", above.zone)
            }
            (None, Some(above)) if above.zone.label_count() <= 1 => "at its registrar".to_owned(),
            (None, Some(above)) => format!("in {}, which is in none of the accounts that were read", above.zone),
            (None, None) => "in the zone above".to_owned(),
        };
        let zone = &step.zone;
        if !bad.is_empty() {
            let fix = format!(
                "make {} serve {}, or replace {} in the name servers of {zone} {whom}",
                list(&bad),
                shown(zone),
                if bad.len() == 1 { "it" } else { "them" },
            );
            return (Some(fix), holder.cloned());
        }
        if !silent.is_empty() {
            let fix = format!(
                "trace again from another network; if {} stays silent there too, it is down",
                list(&silent)
            );
            return (Some(fix), step.holder.answering().cloned());
        }
        (None, None)
    }

    fn is_held(&self, name: &DnsName) -> bool {
        !self.inventory.public_zones(name.as_wire()).is_empty()
    }

    /// Aliases that lead nowhere, and walks that were not ended.
    fn of_aliases(&self, steps: &[Step]) -> Option<Verdict> {
        let last = steps.iter().rposition(|step| step.leg.is_some());
        let alias = self.trace.walk.aliases.last();
        let owner = alias.map_or_else(String::new, |alias| format!("{} {}", alias.owner, alias.record_type));
        let (outlook, what) = match &self.trace.walk.end {
            End::AliasLoop(name) => (Outlook::Broken, format!("{owner} leads back to {name}")),
            End::TooManyAliases => (
                Outlook::Broken,
                format!("more aliases than resolvers follow; the last is {owner}"),
            ),
            End::AliasTooLong => (Outlook::Broken, format!("{owner} makes a name that is too long")),
            End::TooDeep => (
                Outlook::Unknown,
                "more zones below each other than are followed".to_owned(),
            ),
            End::Unasked(Unasked::NoTime) => (Outlook::Unknown, "no time was left".to_owned()),
            End::Unasked(_) => (Outlook::Unknown, "more queries would have been needed".to_owned()),
            _ => return None,
        };
        let place = last.unwrap_or(0);
        let step = steps.get(place)?;
        let word = match outlook {
            Outlook::Unknown => "not known",
            outlook => outlook.word(),
        };
        let who = step.holder.answering().cloned();
        let fix = (outlook == Outlook::Broken).then(|| match &who {
            Some(zone) => format!("change the record set {owner} in {}", self.describe(zone)),
            None => format!("change the record set {owner}"),
        });
        Some(Verdict {
            step: Some(place),
            fix,
            who,
            ..plain(
                outlook,
                format!("{word} at cut {place} ({}): {what}", shown(&step.zone)),
            )
        })
    }

    /// There is nothing of the type at the name, and nothing on the way is broken.
    fn absent(&self, steps: &[Step], behind: &[Behind]) -> Verdict {
        let place = steps.iter().rposition(|step| step.leg.is_some());
        let step = place.and_then(|place| steps.get(place));
        let question = step.and_then(|step| step.question.as_ref());
        let name = question.map_or_else(|| asked(self).clone(), |question| question.name.clone());
        let what = match &self.trace.walk.end {
            End::NoData(_) => format!("{name} has no {} records", self.trace.walk.question.record_type),
            _ => format!("{name} does not exist"),
        };
        let by = match step.and_then(|step| step.holder.answering()) {
            Some(zone) => self.describe(zone),
            None => step.map_or_else(String::new, |step| shown(&step.zone)),
        };
        let mut verdict = plain(Outlook::Absent, format!("{what}: so says {by}"));
        verdict.step = place;
        let unseen = behind.iter().find(|behind| {
            behind.name == name && matches!(behind.place, Place::Hidden(_) | Place::Shadowed | Place::Unreached)
        });
        if let Some(unseen) = unseen {
            let types: Vec<&str> = unseen.records.iter().map(|set| set.record_type.as_str()).collect();
            verdict.fix = Some(format!(
                "copy {name} {} from {} into the zone that answers, {by}",
                types.join(", "),
                self.describe(&unseen.zone)
            ));
        }
        verdict.who = step.and_then(|step| step.holder.answering()).cloned();
        verdict
    }

    /// What is to be known of record sets that nobody sees, or that only some see.
    fn note(&self, behind: &Behind) -> Option<String> {
        let zone = self.describe(&behind.zone);
        let name = &behind.name;
        let mut types: Vec<&str> = behind.records.iter().map(|set| set.record_type.as_str()).collect();
        types.dedup();
        let types = types.join(", ");
        Some(match &behind.place {
            Place::Answering | Place::Perhaps => return None,
            Place::Hidden(cut) => format!("occluded: {name} {types} in {zone} is hidden by the delegation of {cut}"),
            Place::Shadowed => format!("shadowed: {name} {types} is in {zone} too, which is not the zone that answers"),
            Place::Unreached => format!("unreached: {name} {types} is in {zone}, which nobody refers to"),
            Place::Private if behind.records.is_empty() => format!(
                "split horizon: in the VPCs of the private zone {zone} it has no such records, for that zone answers there"
            ),
            Place::Private => format!("split horizon: in the VPCs of the private zone {zone} that one answers instead"),
        })
    }

    /// Resolvers that say something else than the servers do.
    fn notes_on_resolvers(&self) -> Vec<String> {
        let answered = matches!(self.trace.walk.end, End::Answer(_));
        let differs = |said: &Resolved| match said {
            Resolved::Answer { .. } => !answered,
            Resolved::NoData(_) | Resolved::NoName(_) | Resolved::Failed(_) => answered,
            _ => false,
        };
        let resolvers = self.trace.resolvers.iter();
        resolvers
            .filter(|one| one.said.as_ref().is_ok_and(differs))
            .map(|one| match one.said {
                Ok(Resolved::Failed(_)) => format!(
                    "the resolver {} fails, though the servers answer: it may not believe their signatures",
                    one.resolver
                ),
                _ => format!(
                    "the resolver {} still says something else than the servers",
                    one.resolver
                ),
            })
            .collect()
    }

    fn describe(&self, zone: &ZoneRef) -> String {
        let account = self.inventory.account(zone.account);
        let account = account.map_or_else(String::new, |account| match account.id {
            Some(id) => format!("{} {id}", account.name.printable()),
            None => account.name.printable(),
        });
        format!("{} ({}, {account})", zone.name, zone.id)
    }
}

/// A zone's name, the root by its word.
fn shown(zone: &DnsName) -> String {
    if zone.is_root() {
        "the root".to_owned()
    } else {
        zone.to_string()
    }
}

/// What is the matter with a step, in a few words.
fn what(judge: &Judge<'_>, step: &Step) -> String {
    if step.leg.is_none() {
        return format!(
            "the zone is there, and {}",
            step.says.replace("not delegated by", "nobody refers to it from")
        );
    }
    let counts = ByName::of(&step.servers);
    let all = counts.all();
    let of_all = |count: usize| match (count == all, all) {
        (true, 1) => "its only server".to_owned(),
        (true, _) => format!("all {all} servers"),
        (false, _) => format!("{count} of {all} servers"),
    };
    let be = |count: usize| if count == 1 { "is" } else { "are" };
    let mut parts = Vec::new();
    if counts.lame > 0 {
        parts.push(format!("{} {} lame", of_all(counts.lame), be(counts.lame)));
    }
    if counts.nowhere > 0 {
        let have = if counts.nowhere == 1 { "has" } else { "have" };
        parts.push(format!("{} {have} no address", of_all(counts.nowhere)));
    }
    if counts.unresponsive > 0 {
        let answer = if counts.unresponsive == 1 { "does" } else { "do" };
        parts.push(format!("{} {answer} not answer", of_all(counts.unresponsive)));
    }
    if let Some(finding) = step.findings.iter().find(|finding| breaks_validation(finding)) {
        parts.push(format!("resolvers that validate refuse it, {}", finding.code()));
    }
    if let Some(refused) = refused(step) {
        parts.push(format!("resolvers that validate refuse it: {}", refused.says));
    }
    let leg = step.leg.and_then(|place| judge.trace.walk.legs.get(place));
    if parts.is_empty() && leg.is_some_and(differ) {
        parts.push("its servers do not agree".to_owned());
    }
    if parts.is_empty() {
        parts.extend(cause(step).map(|cause| cause.rule.title.to_owned()));
    }
    if parts.is_empty() {
        parts.push(nobody_asked(&step.servers).to_owned());
    }
    parts.join("; ")
}

/// What resolvers that validate refuse of a step whose servers do their work, where no rule says it.
fn refused(step: &Step) -> Option<&Trusted> {
    let counts = ByName::of(&step.servers);
    let is_told = step.findings.iter().any(breaks_validation) || counts.lame + counts.nowhere > 0;
    step.refused.as_ref().filter(|_| !is_told)
}

/// The zone to be changed where something is refused.
fn whose(refused: &Trusted, step: &Step, above: Option<&Step>) -> Option<ZoneRef> {
    let holder = match refused.trust {
        Trust::Bogus(Bogus::Ds(_) | Bogus::Keys(_)) => above.map(|above| &above.holder),
        _ => Some(&step.holder),
    };
    holder.and_then(Holder::answering).cloned()
}

/// Why it is not known what any of the servers would say.
fn nobody_asked(servers: &[Server]) -> &'static str {
    let is_unrouted = |server: &Server| server.state == State::Asked(Word::Unasked(Unasked::NoIpv6));
    match !servers.is_empty() && servers.iter().all(is_unrouted) {
        true => "none of its servers could be asked: they have IPv6 addresses alone, and there is no IPv6 from here",
        false => "none of its servers could be asked",
    }
}

/// The finding that explains how a step stands.
fn cause(step: &Step) -> Option<&Finding> {
    let explains = |finding: &&Finding| {
        finding.severity > Severity::Info
            && matches!(
                finding.rule.status,
                Status::Missing | Status::Dangling | Status::Lame | Status::Bogus | Status::Unverified
            )
    };
    let bogus = step.findings.iter().find(|finding| breaks_validation(finding));
    match ByName::of(&step.servers) {
        counts if counts.lame + counts.nowhere == 0 && bogus.is_some() => bogus,
        _ => step.findings.iter().find(explains),
    }
}

/// The zone that a finding's fix speaks of, and so whoever can do it.
fn of_fix(finding: &Finding) -> Option<ZoneRef> {
    let zones = || finding.parent.iter().chain(&finding.children);
    let spoken_of = zones().find(|zone| finding.fix.contains(zone.id.as_str()));
    spoken_of.or_else(|| zones().next()).cloned()
}

/// What the servers that do not do their work said.
fn complaints(step: &Step) -> Vec<String> {
    let complains = |server: &&Server| !server.serves() && server.state != State::Waiting && !is_unasked(server);
    let mut said: Vec<(&str, Vec<DnsName>)> = Vec::new();
    for server in step.servers.iter().filter(complains) {
        match said.iter_mut().find(|(says, _)| *says == server.says) {
            Some((_, names)) if !names.contains(&server.name) => names.push(server.name.clone()),
            Some(_) => {}
            None => said.push((&server.says, vec![server.name.clone()])),
        }
    }
    said.into_iter()
        .map(|(says, names)| format!("{}: {says}", list(&names)))
        .collect()
}

fn is_unasked(server: &Server) -> bool {
    matches!(server.state, State::Asked(Word::Unasked(_)) | State::Unsought)
}

fn names(step: &Step, fits: impl Fn(&Server) -> bool) -> Vec<DnsName> {
    let mut names: Vec<DnsName> = step
        .servers
        .iter()
        .filter(|server| fits(server))
        .map(|server| server.name.clone())
        .collect();
    names.dedup();
    names
}

impl Step {
    /// Who has it, in a few words, where it is in none of the accounts.
    pub fn nobody(&self) -> &'static str {
        match self.holder {
            Holder::Unknown => "in no account that was read",
            _ => "in none of the accounts",
        }
    }
}
