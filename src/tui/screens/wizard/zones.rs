//! What stands above the zones to choose from, at the steps of the child and of the parent.

use ratatui::text::Line;

use super::{Wizard, so_far};
use crate::tui::known::Known;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::widgets::page::Page;

/// What stands above the zones to delegate to.
pub(super) fn child(state: &State, known: Known<'_>, wizard: &Wizard, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    page.text(0, "Which name is delegated, and to which zone? Its name servers come from that zone's delegation set; none are typed.", Tone::Plain);
    let name = wizard
        .guide
        .delegation()
        .and_then(|delegation| delegation.name.as_ref());
    let existing = name.map_or(0, |name| known.inventory.public_zones(name.as_wire()).len());
    page.gap();
    match (name, existing) {
        (None, _) => page.text(
            0,
            "Type the whole name; a zone above it must be in one of the accounts.",
            Tone::Dim,
        ),
        (Some(name), 0) => page.text(
            0,
            &format!("No account holds a zone {name}: choose the account that it is created in (0.50 USD a month)."),
            Tone::Plain,
        ),
        (Some(name), 1) => page.text(0, &format!("There is a zone {name} already."), Tone::Plain),
        (Some(name), count) => page.text(
            0,
            &format!("There are {count} zones {name}: choose the one that shall be served."),
            Tone::Plain,
        ),
    }
    page.lines
}

/// What stands above the zones to delegate from.
pub(super) fn parent(state: &State, known: Known<'_>, wizard: &Wizard, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    so_far::write(&mut page, wizard);
    let name = wizard
        .guide
        .delegation()
        .and_then(|delegation| delegation.name.as_ref());
    let name = name.map_or_else(String::new, ToString::to_string);
    page.text(
        0,
        &format!(
            "Which zone delegates {name}? The closest one above it; where it has twins, the one that the internet uses."
        ),
        Tone::Plain,
    );
    page.lines
}
