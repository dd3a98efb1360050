//! What an apply tells, as lines of the screen that watches it.

use jiff::Timestamp;

use crate::engine::apply::{End, Event, Reason};
use crate::plan::journal::{Proof, Seen, SeenVerdict, Side};
use crate::plan::step::Step;
use crate::plan::{Moment, Plan, Refusal};
use crate::tui::works::{Deed, DeedMark, DeedPlace, Over, Tiding};

/// Where the lines of steps begin; those before are about the accounts and the journal.
const STEPS: usize = 100;

/// Turns what an apply tells into lines.
pub struct Tidings<'a> {
    /// The plan.
    pub plan: &'a Plan,
    /// The time.
    pub now: Timestamp,
}

impl Tidings<'_> {
    fn deed(&self, place: usize, mark: DeedMark, text: impl Into<String>) -> Tiding {
        Tiding::Deed(Deed {
            place: DeedPlace::Step(place),
            mark,
            at: self.now,
            text: text.into(),
        })
    }

    fn of_step(&self, step: usize, mark: DeedMark, more: &str) -> Tiding {
        let what = self.plan.steps.get(step).map_or_else(String::new, words);
        self.deed(STEPS + step, mark, format!("{what}{more}"))
    }

    /// The lines of an event.
    pub fn of(&self, event: &Event) -> Vec<Tiding> {
        use DeedMark::{Good, UnderWay, Waiting};
        vec![match event {
            Event::Identified { party, caller } => {
                let name = self
                    .plan
                    .parties
                    .get(*party)
                    .map_or_else(String::new, |party| party.name.printable());
                let text = format!("{name} is {}, as {}", caller.account, caller.arn.printable());
                self.deed(*party, Good, text)
            }
            Event::Noted => self.deed(STEPS - 1, Good, "the intent is in the journal"),
            Event::Begun { step } => self.of_step(*step, UnderWay, ""),
            Event::Throttled { step, seconds } => self.of_step(
                *step,
                Waiting,
                &format!(": Route 53 asks to wait {seconds} s; nothing of it was made"),
            ),
            Event::Accepted { step, change } => {
                let change = change
                    .as_ref()
                    .map_or_else(String::new, |change| format!("  {}", change.printable()));
                self.of_step(*step, UnderWay, &format!(": accepted{change}"))
            }
            Event::ReadingBack { step, why } => {
                self.of_step(*step, Waiting, &format!(": it is read back what came of it ({why})"))
            }
            Event::Adopted { step } => self.of_step(*step, Good, ": found to have been made"),
            Event::Pending { step, seconds } => self.of_step(*step, UnderWay, &format!(": PENDING for {seconds} s")),
            Event::InSync { step } => self.of_step(*step, Good, ": INSYNC on all Route 53 servers"),
            Event::Holding { step, until } => self.of_step(*step, UnderWay, &format!(", until {} UTC", clock(*until))),
            Event::Over { step } => match self.plan.steps.get(*step) {
                Some(Step::Hold { skipped: Some(_), .. }) => self.of_step(*step, Waiting, ""),
                _ => self.of_step(*step, Good, ": done"),
            },
            Event::Saw { seen, .. } => return self.seen(seen),
        }]
    }

    fn seen(&self, seen: &[Seen]) -> Vec<Tiding> {
        let line = |seen: &Seen| {
            let who = seen.who.clone();
            Tiding::Deed(Deed {
                place: match seen.side {
                    Side::Parent => DeedPlace::Parent(who),
                    Side::Child => DeedPlace::Child(who),
                    Side::Resolver => DeedPlace::Resolver(who),
                },
                mark: match seen.verdict {
                    SeenVerdict::Good => DeedMark::Good,
                    SeenVerdict::Other | SeenVerdict::Unknown => DeedMark::Waiting,
                },
                at: self.now,
                text: seen.saying.clone(),
            })
        };
        seen.iter().map(line).collect()
    }

    /// The lines of the end.
    pub fn of_end(&self, end: End) -> Vec<Tiding> {
        match end {
            End::Applied(proof) => self.proven(&proof),
            End::AlreadyApplied => vec![Tiding::Over(Over::Verified(
                "it had been applied before; nothing was sent".to_owned(),
            ))],
            End::Refused(reason) => vec![Tiding::Over(Over::Refused(stopped(reason)))],
            End::Outdated(reason) | End::Open { reason, .. } => vec![Tiding::Over(Over::Open(stopped(reason)))],
        }
    }

    fn proven(&self, proof: &Proof) -> Vec<Tiding> {
        let mut tidings = self.seen(&proof.lines);
        let second = i64::try_from(proof.good_everywhere.0).unwrap_or(i64::MAX);
        tidings.extend(Timestamp::from_second(second).ok().map(Tiding::GoodBy));
        let subject = &self.plan.subject;
        tidings.push(Tiding::Over(match proof.is_good() {
            true => Over::Verified(format!("every server that was asked says of {subject} what it should")),
            false => Over::Unproven("not every server says what it should, or was not asked; see below".to_owned()),
        }));
        tidings
    }
}

/// Why it went no further, with what is not as the plan knew it.
fn stopped(reason: Reason) -> Refusal {
    reason.refusal.conflicts(reason.conflicts)
}

/// What a step does, in a few words.
fn words(step: &Step) -> String {
    match step {
        Step::CreateSet { .. } => "CreateReusableDelegationSet".to_owned(),
        Step::CreateZone { name, .. } => format!("CreateHostedZone {name}"),
        Step::AwaitServers { zone, .. } => format!("every name server of {} answers with authority", zone.name()),
        Step::Change { zone, .. } => format!("ChangeResourceRecordSets in {}", zone.name()),
        Step::Hold { why, skipped: None, .. } => format!("waits: {}", crate::model::text::printable(why)),
        Step::Hold {
            why,
            skipped: Some(reason),
            ..
        } => format!(
            "does not wait ({}), because: {}",
            crate::model::text::printable(why),
            reason.printable()
        ),
        Step::DeleteZone { zone, .. } => format!("DeleteHostedZone {}", zone.name()),
        Step::DeleteSet { .. } => "DeleteReusableDelegationSet".to_owned(),
    }
}

fn clock(at: Moment) -> String {
    let second = i64::try_from(at.0).unwrap_or(i64::MAX);
    Timestamp::from_second(second).map_or_else(|_| String::new(), |at| at.strftime("%Y-%m-%d %H:%M").to_string())
}
