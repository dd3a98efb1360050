//! Drafts plans: reads exactly what is to be changed, asks the name servers, and hands both to the pure planners.
//!
//! Invariant: nothing is changed here, and nothing that could not be read or asked counts as well.

mod accounts;
mod again;
mod cuts;
mod edits;
mod others;
mod read;
mod repairs;
mod undoing;

use crate::engine::check::Checker;
use crate::findings::Survey;
use crate::model::inventory::Inventory;
use crate::model::text::printable;
use crate::plan::journal::History;
use crate::plan::live::Occasion;
use crate::plan::preflight::Override;
use crate::plan::wish::{Want, Wish};
use crate::plan::{Moment, Plan, PlanId, Refusal};
use crate::ports::{Desk, Dns};

use accounts::Accounts;

pub use again::Afresh;

/// What a draft rests on besides what it reads itself.
pub struct Sources<'a, D, N> {
    /// The accounts.
    pub desk: &'a D,
    /// Everything that was read of them before.
    pub inventory: &'a Inventory,
    /// The verdicts on it.
    pub survey: &'a Survey,
    /// Whoever asks name servers; none where nobody is asked, which leaves checks unchecked.
    pub checker: Option<&'a Checker<N>>,
    /// What the journal says of plans that were applied; none where it is not known, and nothing can be taken back.
    pub history: Option<&'a History>,
}

/// Makes the plan that a person wishes for, or says why there is none.
pub async fn draft<D: Desk, N: Dns>(
    sources: &Sources<'_, D, N>,
    wish: &Wish,
    now: Moment,
    id: PlanId,
) -> Result<Plan, Refusal> {
    let mut drafting = Drafting::new(sources, now, id);
    let mut plan = match &wish.want {
        Want::Delegate(want) => drafting.delegate(want).await?,
        Want::Repair(want) => drafting.repair(want).await?,
        Want::Teardown(want) => drafting.teardown(want).await?,
        Want::Records(want) => drafting.records(want).await?,
        Want::DelegationSet(want) => drafting.delegation_set(want).await?,
        Want::Undo { of, patience } => drafting.undo(of, patience).await?,
    };
    if let Some(history) = sources.history {
        history.permits(&plan)?;
    }
    plan.preflight.concern(&plan.subject);
    set_aside(&mut plan, &wish.overrides)?;
    Ok(plan)
}

/// One draft under way.
struct Drafting<'a, D: Desk, N> {
    sources: &'a Sources<'a, D, N>,
    accounts: Accounts<'a, D>,
    occasion: Occasion,
}

impl<'a, D: Desk, N: Dns> Drafting<'a, D, N> {
    fn new(sources: &'a Sources<'a, D, N>, now: Moment, id: PlanId) -> Self {
        Self {
            sources,
            accounts: Accounts::new(sources),
            occasion: Occasion {
                id,
                now,
                parties: Vec::new(),
            },
        }
    }
}

/// Notes the checks that a person goes on in spite of; one that is not in the way is a mistake that is told.
fn set_aside(plan: &mut Plan, overrides: &[Override]) -> Result<(), Refusal> {
    if let Some(empty) = overrides.iter().find(|wanted| wanted.reason.expose().trim().is_empty()) {
        let check = printable(&empty.check);
        return Err(Refusal::new(format!(
            "going on in spite of the check {check} needs a reason"
        )));
    }
    let before = plan.preflight.clone();
    let idle = plan.preflight.set_aside(overrides);
    let Some(first) = idle.first() else {
        return Ok(());
    };
    let check = printable(&first.check);
    if let several @ [_, _, ..] = before.meant_by(&first.check).as_slice() {
        let each: Vec<String> = several
            .iter()
            .map(|check| format!("--override {}=REASON", before.call(check)))
            .collect();
        let what = format!(
            "{} checks {check} stand in the way, and each is passed by itself",
            several.len()
        );
        return Err(Refusal::new(what).next(each.join(" ")));
    }
    let found = plan.preflight.0.iter().find(|other| other.code == first.check);
    let why = match found {
        Some(found) if found.outcome.is_stop() => "nobody may go on in spite of it",
        Some(_) => "it does not stand in the way",
        None => "this plan has no such check",
    };
    let stops: Vec<String> = before.in_the_way().map(|check| before.call(check)).collect();
    let next = match stops.as_slice() {
        [] => "leave the override out".to_owned(),
        stops => format!("what stands in the way: {}", stops.join(", ")),
    };
    Err(Refusal::new(format!("the check {check} cannot be set aside: {why}")).next(next))
}

#[cfg(test)]
mod tests {
    use super::set_aside;
    use crate::model::name::DnsName;
    use crate::model::zone::ZoneId;
    use crate::plan::live::Occasion;
    use crate::plan::preflight::{About, Check, Outcome, Override};
    use crate::plan::{Goal, Moment, Outlook, PlanId};

    fn stop(name: &str, id: &str) -> Check {
        Check {
            about: Some(About {
                name: DnsName::parse_input(name).unwrap(),
                zone: ZoneId::read(id),
            }),
            ..Check::new("blast-radius", "Share of the zone", Outcome::Stop, "much")
        }
    }

    #[test]
    fn an_override_that_several_checks_may_mean_is_refused_with_what_each_is_called() {
        let occasion = Occasion {
            id: PlanId::new([3; 16]),
            now: Moment(1_000),
            parties: Vec::new(),
        };
        let checks = vec![stop("example.com", "Z0000001"), stop("dev.example.com", "Z0000002")];
        let subject = DnsName::parse_input("dev.example.com").unwrap();
        let mut plan = occasion.plan(Goal::Delegate, subject, Vec::new(), checks.into(), Outlook::default());
        let over = |check: &str| Override {
            check: check.to_owned(),
            reason: "looked at".into(),
        };
        let refusal = set_aside(&mut plan, &[over("blast-radius")]).expect_err("which one?");
        assert_eq!(
            refusal.next.as_deref(),
            Some("--override blast-radius@example.com=REASON --override blast-radius@dev.example.com=REASON")
        );
        assert_eq!(plan.preflight.in_the_way().count(), 2);
        set_aside(&mut plan, &[over("blast-radius@dev.example.com")]).unwrap();
        let left: Vec<String> = plan.preflight.in_the_way().map(Check::key).collect();
        assert_eq!(left, ["blast-radius@Z0000001"]);
    }
}
