//! Whether a plan is applied: its name is given with the command, or a person at the terminal says yes.

use super::asked::{not_it, yes};
use super::{Bench, Shown, Treatment, planfile};
use crate::cli::console::Input;
use crate::cli::exit::{Exit, Stop};
use crate::plan::consent::Consent;
use crate::plan::friction;
use crate::plan::{Goal, Plan};
use crate::report::review::Tally;
use crate::report::shell;
use color_eyre::eyre::Report;

/// What is done with a plan.
pub enum Decision {
    /// It is applied.
    Apply,
    /// It is shown, and that is the result.
    Show(Exit),
    /// It is shown, and why it is not applied.
    Stop(Stop),
}

/// Decides, and asks where somebody can be asked.
pub async fn decide(
    bench: &Bench<'_>,
    plan: &Plan,
    treatment: &Treatment<'_>,
    shown: &Shown,
    consent: &mut Consent,
) -> Result<Decision, Report> {
    let is_wanted = treatment.consent.confirm.is_some();
    if let Some(stop) = in_the_way(plan) {
        return Ok(Decision::Stop(stop));
    }
    if treatment.view.dry_run || (treatment.view.out.is_some() && !is_wanted) {
        return Ok(Decision::Show(exit_of_showing(plan, treatment)));
    }
    if let Some(stop) = read_only(bench) {
        return Ok(Decision::Stop(stop));
    }
    if let Some(typed) = &treatment.consent.confirm {
        return Ok(
            match friction::is_typed(&plan.subject, typed) || is_account(plan, typed) {
                true => Decision::Apply,
                false => Decision::Stop(not_it(plan)),
            },
        );
    }
    if !shown.is_text() || bench.console.input() != Input::Terminal {
        return Ok(Decision::Stop(unconfirmed(plan, treatment)));
    }
    shown.print_unless_printed(bench, plan)?;
    Ok(match yes(bench.console, plan, consent).await {
        Ok(()) => Decision::Apply,
        Err(stop) => Decision::Stop(stop),
    })
}

/// A reusable delegation set is of no name: the plan is about its account, which has one.
fn is_account(plan: &Plan, typed: &str) -> bool {
    let [party] = plan.parties.as_slice() else { return false };
    plan.goal == Goal::DelegationSet && plan.subject.to_string() == party.id.to_string() && party.name.expose() == typed
}

fn exit_of_showing(plan: &Plan, treatment: &Treatment<'_>) -> Exit {
    match treatment.detailed && !Tally::of(plan).is_empty() {
        true => Exit::Findings,
        false => Exit::Done,
    }
}

/// The checks that keep it from being applied, and how those can be passed that can.
fn in_the_way(plan: &Plan) -> Option<Stop> {
    let stops: Vec<&crate::plan::Check> = plan.preflight.in_the_way().collect();
    if stops.is_empty() {
        return None;
    }
    let titles: Vec<String> = stops
        .iter()
        .map(|check| crate::model::text::printable(&check.title))
        .collect();
    let what = format!("stopped by {}; nothing was changed", titles.join(", "));
    let mut stop = Stop::new(Exit::Refused, what);
    for check in stops {
        let printable = crate::model::text::printable;
        let (code, saying) = (printable(&plan.preflight.call(check)), printable(&check.saying));
        stop = stop.next(match check.firmness {
            crate::plan::preflight::Firmness::Overridable => {
                format!("{code}: {saying}; to go on in spite of it: --override {code}=REASON")
            }
            crate::plan::preflight::Firmness::Firm => format!("{code}: {saying}; nobody may go on in spite of it"),
        });
    }
    Some(stop)
}

fn read_only(bench: &Bench<'_>) -> Option<Stop> {
    bench.settings.global.read_only.then(|| {
        Stop::new(Exit::Refused, "--read-only refuses every change; nothing was changed")
            .next("leave it out to apply the plan, or add -n to see it")
    })
}

/// Nobody is there to be asked: the exact commands that apply it.
fn unconfirmed(plan: &Plan, treatment: &Treatment<'_>) -> Stop {
    let stop = Stop::new(Exit::Refused, "not confirmed, so nothing was changed");
    let subject = plan.subject.to_string();
    let confirm = shell::line(["--confirm", &subject]);
    match (&treatment.same_as, treatment.view.out.or(treatment.file)) {
        (_, Some(path)) => stop.next(format!("to apply it: {}", planfile::command(path, plan))),
        (Some(command), None) => {
            // What stands after `--` are values, so the option goes before them.
            let command = match command.split_once(" -- ") {
                Some((options, values)) => format!("{options} {confirm} -- {values}"),
                None => format!("{command} {confirm}"),
            };
            stop.next(format!("to apply it: {command}"))
        }
        (None, None) => stop.next(format!("to apply it, add {confirm}")),
    }
}
