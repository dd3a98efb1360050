//! What is told on stderr while a plan is applied, a line each.

use crate::engine::apply::Event;
use crate::model::text::printable;
use crate::plan::journal::SeenVerdict;
use crate::plan::step::Step;
use crate::plan::{Moment, Plan};

/// An event in words; none where it says nothing new to a person.
pub fn words(plan: &Plan, event: &Event) -> Option<String> {
    let of = plan.steps.len();
    Some(match event {
        Event::Identified { party, caller } => {
            let name = plan.parties.get(*party).map(|party| party.name.printable());
            let name = name.unwrap_or_default();
            format!("{name} is {}, as {}", caller.account, caller.arn.printable())
        }
        Event::Noted => format!("noted in the log as change {}", plan.id.short()),
        Event::Begun { step } => format!("step {} of {of}: {}", step + 1, doing(plan, *step)),
        Event::Throttled { seconds, .. } => format!("  Route 53 asks to wait; again in {seconds} s"),
        Event::Accepted { change: Some(id), .. } => {
            let id = id.printable();
            format!("  accepted as {}", id.strip_prefix("/change/").unwrap_or(&id))
        }
        Event::Accepted { change: None, .. } => "  accepted".to_owned(),
        Event::ReadingBack { why, .. } => format!("  not known whether it was made ({}); reading back", printable(why)),
        Event::Adopted { .. } => "  it was made before; going on from there".to_owned(),
        Event::Pending { seconds, .. } => format!("  not on all servers of Route 53 yet, after {seconds} s"),
        Event::InSync { .. } => "  on all servers of Route 53".to_owned(),
        Event::Saw { seen, step: Some(_) } => {
            let good = seen.iter().filter(|seen| seen.verdict == SeenVerdict::Good).count();
            format!("  {good} of {} servers answer as they should", seen.len())
        }
        Event::Holding { until, .. } => format!("  waiting until {}", clock(*until)),
        Event::Saw { step: None, .. } | Event::Over { .. } => return None,
    })
}

/// What a step does, in a few words.
fn doing(plan: &Plan, step: usize) -> String {
    let Some(step) = plan.steps.get(step) else {
        return "nothing that is known".to_owned();
    };
    match step {
        Step::CreateSet { .. } => "creating a reusable delegation set".to_owned(),
        Step::CreateZone { name, .. } => format!("creating the hosted zone {name}"),
        Step::AwaitServers { zone, .. } => format!("waiting for the name servers of {}", zone.name()),
        Step::Change { zone, batch, .. } => {
            let count = crate::report::text::count(batch.changes().len(), "record set");
            format!("changing {count} of {}", zone.name())
        }
        Step::Hold { why, .. } => printable(why),
        Step::DeleteZone { zone, .. } => format!("deleting the hosted zone {}", zone.name()),
        Step::DeleteSet { id, .. } => format!("deleting the reusable delegation set {}", id.printable()),
    }
}

fn clock(moment: Moment) -> String {
    crate::report::review::clock(moment, crate::cli::desk::now(), &jiff::tz::TimeZone::system())
}
