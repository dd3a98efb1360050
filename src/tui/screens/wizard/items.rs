//! What can be chosen, typed and pressed at each step, in the order in which tab goes through it.

use super::{Wizard, sets};
use crate::model::account::AccountIx;
use crate::model::inventory::ZoneIx;
use crate::model::text::Untrusted;
use crate::plan::entry::Place;
use crate::plan::friction::Friction;
use crate::plan::guide::places::{self, ChildPlace};
use crate::plan::guide::{Aim, Stage};
use crate::plan::preflight::Check;
use crate::plan::wish::{ChildZone, Contents, Hidden, Patience, Want};
use crate::tui::known::Known;

/// Something that can be chosen, typed or pressed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    /// The name that is delegated.
    Name,
    /// A text of the record set.
    Entry(Place),
    /// A zone to delegate to.
    Child(ChildPlace),
    /// A zone that is created in an account, with one of its reusable delegation sets.
    Set(AccountIx, Untrusted),
    /// A zone to delegate from.
    Parent(ZoneIx),
    /// The zone above is somebody else's to write.
    Owner,
    /// The TTL.
    Ttl,
    /// What becomes of hidden record sets.
    Hidden(Hidden),
    /// What becomes of record sets that the zone still holds.
    Contents(Contents),
    /// Whether a wait is kept.
    Patience(Patience),
    /// Why a check is overridden, or a wait is not kept.
    Reason,
    /// A warning is known.
    Acknowledge(Box<Check>),
    /// The text that is typed to confirm.
    Phrase,
    /// A button.
    Button(Button),
}

/// A button.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Button {
    /// One step back.
    Back,
    /// One step on.
    Next,
    /// Leaves; nothing is changed.
    Cancel,
    /// Saves the plan.
    Save,
    /// Copies it as HCL instead.
    CopyHcl,
    /// Applies it.
    Apply,
}

/// All of this step.
pub fn of(wizard: &Wizard, known: Known<'_>) -> Vec<Item> {
    match wizard.guide.stage() {
        Stage::Child => child(wizard, known),
        Stage::Entry => entry(wizard),
        Stage::Parent => parent(wizard, known),
        Stage::Checks => checks(wizard),
        Stage::Options => options(wizard),
        Stage::Review => of_review(wizard),
        Stage::Request => buttons(&[Button::Back]).collect(),
        Stage::Apply => Vec::new(),
    }
}

fn buttons(buttons: &[Button]) -> impl Iterator<Item = Item> {
    buttons.iter().copied().map(Item::Button)
}

fn child(wizard: &Wizard, known: Known<'_>) -> Vec<Item> {
    let name = wizard
        .guide
        .delegation()
        .and_then(|delegation| delegation.name.as_ref());
    let places = name.map_or_else(Vec::new, |name| places::children(known.inventory, name));
    let with_sets = |place: ChildPlace| {
        let sets = match place {
            ChildPlace::Create(account) => sets::items(wizard, account),
            ChildPlace::Existing(_) => Vec::new(),
        };
        [Item::Child(place)].into_iter().chain(sets)
    };
    let items = [Item::Name].into_iter().chain(places.into_iter().flat_map(with_sets));
    items.chain(buttons(&[Button::Next])).collect()
}

fn entry(wizard: &Wizard) -> Vec<Item> {
    let items = wizard.form.as_ref().map_or_else(Vec::new, super::Form::items);
    let items = items.into_iter();
    items.chain(buttons(&[Button::Cancel, Button::Next])).collect()
}

fn parent(wizard: &Wizard, known: Known<'_>) -> Vec<Item> {
    let name = wizard
        .guide
        .delegation()
        .and_then(|delegation| delegation.name.as_ref());
    let zones = name.map_or_else(Vec::new, |name| parents(known, name));
    let items = zones.into_iter().map(Item::Parent).chain([Item::Owner]);
    items.chain(buttons(&[Button::Back, Button::Next])).collect()
}

/// Those that the internet uses come first.
fn parents(known: Known<'_>, name: &crate::model::name::DnsName) -> Vec<ZoneIx> {
    let mut zones = places::parents(known.inventory, name);
    let is_shadow = |zone: &ZoneIx| known.survey.zone_status(known.inventory, *zone) == crate::findings::Status::Shadow;
    zones.sort_by_key(is_shadow);
    zones
}

fn checks(wizard: &Wizard) -> Vec<Item> {
    let reason = wizard.overriding.is_some().then_some(Item::Reason);
    let items = reason.into_iter();
    items
        .chain(buttons(&[Button::Back, Button::CopyHcl, Button::Next]))
        .collect()
}

fn options(wizard: &Wizard) -> Vec<Item> {
    let items = match wizard.guide.aim() {
        Aim::Delegate(_) => vec![Item::Ttl, Item::Hidden(Hidden::Leave), Item::Hidden(Hidden::Copy)],
        Aim::Whole(Want::Teardown(_)) => vec![
            Item::Contents(Contents::MustBeEmpty),
            Item::Contents(Contents::Delete),
            Item::Patience(Patience::Wait),
            Item::Reason,
        ],
        Aim::Whole(Want::Undo { .. }) => vec![Item::Patience(Patience::Wait), Item::Reason],
        Aim::Entry(_) | Aim::Whole(_) => Vec::new(),
    };
    items
        .into_iter()
        .chain(buttons(&[Button::Back, Button::Next]))
        .collect()
}

/// Those of the review.
pub(super) fn of_review(wizard: &Wizard) -> Vec<Item> {
    let Some(plan) = wizard.guide.plan() else {
        return buttons(&[Button::Back, Button::Cancel]).collect();
    };
    let acknowledged = plan
        .preflight
        .warnings()
        .map(|check| Item::Acknowledge(Box::new(check.clone())));
    let phrase = Friction::of(plan).name().map(|_| Item::Phrase);
    let items = acknowledged.chain(phrase);
    let all = [Button::Cancel, Button::Save, Button::CopyHcl, Button::Apply];
    items.chain(buttons(&all)).collect()
}

/// What a new zone with a reusable delegation set comes to as a wish.
pub(super) fn with_set(account: AccountIx, set: &Untrusted, known: Known<'_>) -> Option<ChildZone> {
    match child_zone(ChildPlace::Create(account), known)? {
        ChildZone::Create { account, .. } => Some(ChildZone::Create {
            account,
            delegation_set: Some(set.clone()),
        }),
        _ => None,
    }
}

/// What a place to delegate to comes to as a wish.
pub(super) fn child_zone(place: ChildPlace, known: Known<'_>) -> Option<ChildZone> {
    Some(match place {
        ChildPlace::Existing(zone) => ChildZone::Existing(known.inventory.zone(zone)?.zone.key.id.clone()),
        ChildPlace::Create(account) => {
            let account = known.account(account)?;
            let id = account.id.map(|id| id.to_string().into());
            ChildZone::Create {
                account: id.unwrap_or_else(|| account.name.clone()),
                delegation_set: None,
            }
        }
    })
}
