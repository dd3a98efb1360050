//! The reusable delegation sets of the account that a zone would be created in: read when the eye comes to the account.

use ratatui::text::Line;

use super::items::{self, Item};
use super::{Stage, Wizard};
use crate::model::account::AccountIx;
use crate::model::name::DnsName;
use crate::model::text::Untrusted;
use crate::plan::Refusal;
use crate::plan::cut::ReusableSet;
use crate::plan::guide::places::ChildPlace;
use crate::tui::effect::Effect;
use crate::tui::known::Known;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::page::Page;

/// What is known of the sets of an account.
#[derive(Debug, Clone)]
pub enum Sets {
    /// They are being read.
    Reading,
    /// These.
    Known(Vec<ReusableSet>),
    /// They could not be read; why.
    Unknown(String),
}

/// The account that the focus is on, where a zone would be created in it.
fn looked_at(item: &Item) -> Option<AccountIx> {
    match item {
        Item::Child(ChildPlace::Create(account)) | Item::Set(account, _) => Some(*account),
        _ => None,
    }
}

/// Asks for the sets of the account that the focus came to, once.
pub(super) fn ask(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let Some(wizard) = &mut state.wizard else {
        return Vec::new();
    };
    if wizard.guide.stage() != Stage::Child {
        return Vec::new();
    }
    let items = items::of(wizard, known);
    let Some(account) = items.get(wizard.focus).and_then(looked_at) else {
        return Vec::new();
    };
    if wizard.sets.contains_key(&account) {
        return Vec::new();
    }
    wizard.sets.insert(account, Sets::Reading);
    vec![Effect::ReadSets(account)]
}

/// Takes in what was read.
pub(super) fn hear(
    wizard: &mut Wizard,
    known: Known<'_>,
    account: AccountIx,
    outcome: Result<Vec<ReusableSet>, Refusal>,
) {
    let focused = items::of(wizard, known).get(wizard.focus).cloned();
    let sets = match outcome {
        Ok(sets) => Sets::Known(sets),
        Err(refusal) => Sets::Unknown(refusal.what),
    };
    wizard.sets.insert(account, sets);
    // Rows came in above the focus: it stays on what it was on.
    if let Some(focused) = focused {
        let items = items::of(wizard, known);
        wizard.focus_on(&items, |item| *item == focused);
    }
}

/// The rows of the sets of an account.
pub(super) fn items(wizard: &Wizard, account: AccountIx) -> Vec<Item> {
    match wizard.sets.get(&account) {
        Some(Sets::Known(sets)) => sets.iter().map(|set| Item::Set(account, set.id.clone())).collect(),
        _ => Vec::new(),
    }
}

fn find<'a>(wizard: &'a Wizard, account: AccountIx, id: &Untrusted) -> Option<&'a ReusableSet> {
    match wizard.sets.get(&account)? {
        Sets::Known(sets) => sets.iter().find(|set| set.id == *id),
        _ => None,
    }
}

fn servers(set: &ReusableSet) -> String {
    let names: Vec<String> = set.name_servers.iter().map(DnsName::to_string).collect();
    names.join(" ")
}

/// The row of a set.
pub(super) fn text(state: &State, wizard: &Wizard, account: AccountIx, id: &Untrusted) -> String {
    let servers = find(wizard, account, id).map_or_else(String::new, servers);
    format!("with its delegation set {}: {servers}", state.look.outside(id, 40))
}

/// What there is to say of the sets of the account that the focus is on: below the rows, so that none of them moves.
pub(super) fn note(
    state: &State,
    known: Known<'_>,
    wizard: &Wizard,
    items: &[Item],
    width: usize,
) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    let item = items.get(wizard.focus);
    if wizard.guide.stage() != Stage::Child {
        return page.lines;
    }
    let Some(account) = item.and_then(looked_at) else {
        return page.lines;
    };
    let set = match item {
        Some(Item::Set(_, id)) => find(wizard, account, id),
        _ => None,
    };
    let name = known.account_name(&state.look, account);
    let text = match (set, wizard.sets.get(&account)) {
        (Some(set), _) => format!(
            "The name servers of the zone would be {}: known before it is there, and shared with the set's other zones.",
            servers(set)
        ),
        (None, Some(Sets::Known(sets))) if sets.is_empty() => {
            format!(
                "{name} has no reusable delegation set: Route 53 picks the name servers. zonecut sets create makes one."
            )
        }
        (None, Some(Sets::Known(_))) => {
            "Route 53 picks the name servers; or choose a delegation set, whose name servers are known beforehand."
                .to_owned()
        }
        (None, Some(Sets::Unknown(why))) => {
            let why = state.look.prose(why, known.inventory.accounts());
            format!("Whether {name} has reusable delegation sets is not known: {why}")
        }
        (None, _) => format!(
            "{} The reusable delegation sets of {name} are being read.",
            state.spinner()
        ),
    };
    page.text(2, &text, Tone::Dim);
    page.lines
}
