//! What would be changed, as lines of this screen, and how much is asked before it is.

use jiff::tz::TimeZone;
use ratatui::text::{Line, Span};

use super::{Wizard, handover};
use crate::model::account::Env;
use crate::plan::consent::moment;
use crate::plan::exact::ExactSet;
use crate::plan::guide::Stage;
use crate::plan::step::Step;
use crate::plan::{Goal, Plan, Refusal};
use crate::report::paint::Lines;
use crate::report::review::{self, Outcome, Place, Role, Setting, Tally, wrapped};
use crate::report::{render, same_as};
use crate::tui::action::Action;
use crate::tui::glyphs::GlyphSet;
use crate::tui::known::Known;
use crate::tui::look::wrap;
use crate::tui::state::{State, View};
use crate::tui::theme::Tone;
use crate::tui::widgets::page::Page;

/// Why the plan cannot be applied though it may be looked at: an account is locked.
pub(super) fn locked(state: &State, known: Known<'_>) -> Option<String> {
    let plan = state.wizard.as_ref()?.guide.plan()?;
    state.lock.pass(plan, known.inventory, state.now).err()
}

/// The equal command, where there is one.
fn command(wizard: &Wizard) -> Option<String> {
    same_as::command(&wizard.guide.wish()?)
}

fn setting<'a>(state: &State, same_as: Option<&'a str>) -> Setting<'a> {
    Setting {
        now: moment(state.now),
        zone: TimeZone::UTC,
        glyphs: match state.look.glyphs {
            GlyphSet::Unicode => Lines::Unicode,
            GlyphSet::Ascii => Lines::Ascii,
        },
        same_as,
        place: Place::Screen,
    }
}

/// Where a plan writes to, account by account with its zones, and the sums of what it does there.
pub fn places_and_sums(state: &State, known: Known<'_>, plan: &Plan) -> (String, String) {
    let mut places: Vec<(String, Vec<String>)> = Vec::new();
    for step in plan.steps.iter().filter(|step| step.is_write()) {
        let Some(party) = step.party().and_then(|party| plan.party(party)) else {
            continue;
        };
        let prod = if party.env == Env::NonProd { "" } else { " PROD" };
        let account = format!("{} {}{prod}", party.name.printable(), party.id);
        let at = places
            .iter()
            .position(|(other, _)| *other == account)
            .unwrap_or(places.len());
        if at == places.len() {
            places.push((account, Vec::new()));
        }
        let zone = match step {
            Step::Change { zone, .. } | Step::DeleteZone { zone, .. } => Some(zone.name().to_string()),
            Step::CreateZone { name, .. } => Some(name.to_string()),
            _ => None,
        };
        if let (Some((_, zones)), Some(zone)) = (places.get_mut(at), zone)
            && !zones.contains(&zone)
        {
            zones.push(zone);
        }
    }
    let words = |(account, zones): &(String, Vec<String>)| match zones.is_empty() {
        true => account.clone(),
        false => format!("{account}, zone {}", zones.join(" and ")),
    };
    let places: Vec<String> = places.iter().map(words).collect();
    let places = state.look.prose(&places.join("; "), known.inventory.accounts());
    (places, Tally::of(plan).words())
}

/// What stays in view however far the text is scrolled: where it is written to, and the sums.
pub(super) fn pinned(state: &State, known: Known<'_>, plan: &Plan, width: usize) -> Vec<String> {
    let (places, sums) = places_and_sums(state, known, plan);
    wrap(&format!("{places}: {sums}"), width)
}

/// The review, no wider than so many columns.
pub(super) fn lines(state: &State, known: Known<'_>, wizard: &Wizard, plan: &Plan, width: usize) -> Vec<Line<'static>> {
    let command = command(wizard);
    let setting = setting(state, command.as_deref());
    styled(state, known, review::lines(plan, &setting), width)
}

/// What was checked, no wider than so many columns.
pub(super) fn checks(state: &State, known: Known<'_>, plan: &Plan, width: usize) -> Vec<Line<'static>> {
    styled(state, known, review::checklist(plan, &setting(state, None)), width)
}

/// What becomes of record sets, no wider than so many columns: for the list of changes.
pub fn diff(state: &State, known: Known<'_>, plan: &Plan, width: usize) -> Vec<Line<'static>> {
    styled(state, known, review::diff(plan, &setting(state, None)), width)
}

fn styled(state: &State, known: Known<'_>, lines: Vec<review::Line>, width: usize) -> Vec<Line<'static>> {
    let accounts = known.inventory.accounts();
    let look = &state.look;
    let mut styled = Vec::new();
    for line in lines {
        let style = look.style(tone(line.role));
        for (number, piece) in wrapped(&line, width.max(20)).into_iter().enumerate() {
            let piece = look.prose(&piece, accounts);
            let label = line.label;
            match piece.strip_prefix(label).filter(|_| number == 0 && !label.is_empty()) {
                Some(rest) => styled.push(Line::from(vec![
                    Span::styled(label, look.style(Tone::Dim)),
                    Span::styled(rest.to_owned(), style),
                ])),
                None => styled.push(Line::styled(piece, style)),
            }
        }
    }
    styled
}

fn tone(role: Role) -> Tone {
    match role {
        Role::Comes => Tone::Comes,
        Role::Goes | Role::Check(Outcome::Stop | Outcome::Unchecked) => Tone::Broken,
        Role::Changes | Role::Loss | Role::Locked | Role::Override | Role::Check(Outcome::Warn) => Tone::Warn,
        Role::Unchanged | Role::Stays | Role::Detail | Role::Check(Outcome::Ok) => Tone::Dim,
        Role::Title | Role::Tally => Tone::Heading,
        _ => Tone::Plain,
    }
}

/// What is not as a plan knew it: what was there, what the plan wants, what is there now.
pub(super) fn conflicts(page: &mut Page<'_>, refusal: &Refusal) {
    let shown = |set: &Option<ExactSet>| match set {
        None => "nothing".to_owned(),
        Some(set) => {
            let values: Vec<String> = set.values().iter().map(|value| value.printable()).collect();
            let ttl = set.ttl.map_or_else(|| "alias".to_owned(), |ttl| ttl.to_string());
            format!("{ttl} {}", values.join(" "))
        }
    };
    for conflict in &refusal.conflicts {
        page.gap();
        page.text(0, &format!("{} {}", conflict.name, conflict.record_type), Tone::Heading);
        for (label, set) in [
            ("BEFORE", &conflict.old),
            ("THE PLAN", &conflict.yours),
            ("NOW", &conflict.theirs),
        ] {
            let text = page.state.look.prose(&shown(set), page.known.inventory.accounts());
            page.field(label, &text);
        }
    }
}

/// What an action copies of the change on the screen.
pub fn copy_text(state: &State, action: Action) -> Option<String> {
    let plan = match state.wizard_on_screen() {
        Some(wizard) if wizard.guide.stage() == Stage::Request => return handover::copy_text(wizard, action),
        Some(wizard) if action == Action::CopyCommand => return command(wizard),
        Some(wizard) => wizard.guide.plan()?,
        None if state.zone.is_none() && state.view == View::Changes => &state.changes.selected()?.plan,
        None => return None,
    };
    match action {
        Action::CopyAws => Some(render::aws_cli(plan)),
        Action::CopyHcl => Some(render::hcl(plan)),
        Action::CopyCdk => Some(render::cdk(plan)),
        Action::CopyMarkdown => Some(render::ticket(plan, &setting(state, None))),
        Action::CopyCommand => Some(format!("zonecut undo {}", plan.id.short())),
        _ => None,
    }
}

/// What a plan is for, in a word or two.
pub fn goal_words(plan: &Plan) -> String {
    match &plan.goal {
        Goal::Delegate => "delegate".to_owned(),
        Goal::Repair { finding } => format!("fix {finding}"),
        Goal::Teardown => "take out".to_owned(),
        Goal::Records => "record sets".to_owned(),
        Goal::DelegationSet => "delegation set".to_owned(),
        Goal::Undo { of, .. } => format!("undo {}", of.short()),
    }
}
