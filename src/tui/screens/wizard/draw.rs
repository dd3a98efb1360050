//! How the wizard is drawn: the way along the top, the step, and its buttons at the bottom.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use super::items::{self, Button, Item};
use super::rows::{self, draw_items};
use super::{Wizard, entry, handover, review, sets, so_far, watch, way, zones};
use crate::plan::friction::Friction;
use crate::plan::guide::places::ChildPlace;
use crate::plan::guide::{Aim, By, Draft, Stage};
use crate::plan::preflight::Check;
use crate::plan::wish::{Contents, Hidden, Patience, Want};
use crate::tui::action::Action;
use crate::tui::keymap::{Context, Keymap};
use crate::tui::known::Known;
use crate::tui::look::fit_end;
use crate::tui::mark::Mark;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::view;
use crate::tui::widgets::page::Page;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row;

/// Where the parts of the wizard are, inside its box.
struct Parts {
    way: Rect,
    text: Rect,
    pinned: Rect,
    items: Rect,
    buttons: Rect,
}

/// Items that are no buttons, as rows: at most so many are in view.
fn parts(state: &State, wizard: &Wizard, inner: Rect, rows: usize, lines: usize, pinned: usize) -> Parts {
    let is_narrow = state.size.0 < view::TWO_PANES;
    let way = 1 + u16::from(!is_narrow && inner.height > 20);
    let has_buttons = wizard.guide.stage() != Stage::Apply;
    let buttons = u16::from(has_buttons);
    let pinned = u16::try_from(pinned).unwrap_or(u16::MAX).min(3);
    let left = inner.height.saturating_sub(way + buttons + pinned);
    let is_list = matches!(
        wizard.guide.stage(),
        Stage::Child | Stage::Entry | Stage::Parent | Stage::Options
    );
    // Below the zones to choose from stands what there is to say of the one under the focus.
    let note = if wizard.guide.stage() == Stage::Child { 4 } else { 0 };
    let most = if is_list {
        left.saturating_sub(6 + note)
    } else {
        left / 2
    };
    let items = u16::try_from(rows).unwrap_or(u16::MAX).min(most);
    let line = |y: u16, height: u16| Rect {
        y: inner.y.saturating_add(y),
        height,
        ..inner
    };
    let room = left.saturating_sub(items);
    // Choices stand right below what they are about, what is acknowledged at the bottom.
    let text = match is_list {
        true => room.min(u16::try_from(lines + 1).unwrap_or(u16::MAX)),
        false => room,
    };
    Parts {
        way: line(0, 1.min(inner.height)),
        text: line(way, text),
        pinned: line(way + text, pinned),
        items: line(way + text + pinned, items),
        buttons: line(inner.height.saturating_sub(buttons), buttons.min(inner.height)),
    }
}

/// Draws it over the whole body; says where the cursor of the field is.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>, wizard: &Wizard) -> Option<Position> {
    let look = &state.look;
    let subject = wizard.subject().map_or_else(String::new, ToString::to_string);
    let title = format!("{} {subject}", wizard.what);
    let stages = wizard.guide.stages().len();
    let turn = wizard.turn.zip(state.round.as_ref());
    let turn = turn.map_or_else(String::new, |(turn, round)| format!("finding {}  ", round.words(turn)));
    let note = format!("{turn}step {} of {stages}", wizard.guide.number());
    let focus = match wizard.guide.stage() {
        Stage::Review => Focus::Acting,
        _ => Focus::Here,
    };
    let title = Line::styled(title, look.style(Tone::Heading));
    let inner = pane::inset(pane::draw(buffer, area, look, title, &note, focus));
    let items = items::of(wizard, known);
    let rows = rows::of(state, known, wizard, &items, usize::from(inner.width));
    let lines = lines(state, known, wizard, usize::from(inner.width));
    let pinned = pinned(state, known, wizard, usize::from(inner.width));
    let parts = parts(state, wizard, inner, rows.len(), lines.len(), pinned.len());
    way::draw(buffer, parts.way, state, wizard);
    let scroll = pane::Scroll {
        lines: wizard.scroll,
        keys: Keymap::standard().keys(Context::Wizard, &[Action::Down, Action::PageDown]),
    };
    draw_text(buffer, parts.text, state, &lines, &scroll);
    for (text, line) in pinned.iter().zip(parts.pinned.rows()) {
        row::text(buffer, line, text, look.style(Tone::Heading));
    }
    let cursor = draw_items(buffer, parts.items, state, wizard, &rows);
    let room = parts.buttons.y.saturating_sub(parts.items.bottom() + 1);
    let below = Rect {
        y: parts.items.bottom() + 1,
        height: room,
        ..parts.items
    };
    row::lines(
        buffer,
        below,
        &sets::note(state, known, wizard, &items, usize::from(inner.width)),
        0,
    );
    draw_buttons(buffer, parts.buttons, state, known, wizard, &items);
    cursor
}

/// Where it is written to, as soon as a plan says so.
fn pinned(state: &State, known: Known<'_>, wizard: &Wizard, width: usize) -> Vec<String> {
    match (wizard.guide.stage(), wizard.guide.plan()) {
        (Stage::Checks | Stage::Review | Stage::Apply, Some(plan)) => review::pinned(state, known, plan, width),
        _ => Vec::new(),
    }
}

/// What can go wrong now, and the way back, in one sentence below the box.
pub fn sentence(state: &State, known: Known<'_>, wizard: &Wizard) -> (String, Tone) {
    let review = wizard.guide.stages().len().saturating_sub(1);
    match wizard.guide.stage() {
        Stage::Apply if wizard.watch.is_over() => (
            "It stays under Changes (4), from where it can be taken back as well.".to_owned(),
            Tone::Dim,
        ),
        Stage::Apply => (
            "What is sent is in the journal; whatever happens, Changes (4) takes it back.".to_owned(),
            Tone::Dim,
        ),
        Stage::Review if wizard.guide.plan().is_some() => match why_not_applied(state, known, wizard) {
            Some(why) => (format!("Not to be applied yet: {why}."), Tone::Warn),
            None => (
                "Apply sends it now. esc leaves, and nothing is changed.".to_owned(),
                Tone::Warn,
            ),
        },
        _ if !wizard.guide.stages().contains(&Stage::Review) => {
            ("Nothing is changed here. esc leaves.".to_owned(), Tone::Dim)
        }
        _ => (
            format!("Nothing is changed before you apply it in step {review}. esc leaves."),
            Tone::Dim,
        ),
    }
}

/// How far the text of the step can be scrolled.
pub(super) fn furthest(state: &State, known: Known<'_>) -> usize {
    let Some(wizard) = &state.wizard else { return 0 };
    let body = view::Areas::of(state).body;
    let inner = Rect {
        x: body.x,
        y: body.y,
        width: body.width.saturating_sub(4),
        height: body.height.saturating_sub(2),
    };
    let items = items::of(wizard, known);
    let rows = rows::of(state, known, wizard, &items, usize::from(inner.width));
    let lines = lines(state, known, wizard, usize::from(inner.width));
    let pinned = pinned(state, known, wizard, usize::from(inner.width));
    let parts = parts(state, wizard, inner, rows.len(), lines.len(), pinned.len());
    pane::furthest(lines.len(), text_height(parts.text, lines.len()))
}

/// Where not all lines fit, the last row says how many do not.
fn text_height(area: Rect, lines: usize) -> u16 {
    if lines > usize::from(area.height) {
        area.height.saturating_sub(1)
    } else {
        area.height
    }
}

fn draw_text(buffer: &mut Buffer, area: Rect, state: &State, lines: &[Line<'_>], scroll: &pane::Scroll) {
    let height = text_height(area, lines.len());
    let text = Rect { height, ..area };
    let furthest = pane::furthest(lines.len(), height);
    let skip = scroll.lines.min(furthest);
    row::lines(buffer, text, lines, skip);
    if height < area.height {
        let more = furthest - skip;
        let note = match more {
            0 => "── the end ──".to_owned(),
            1 => format!("── 1 more line: {} ──", scroll.keys),
            _ => format!("── {more} more lines: {} ──", scroll.keys),
        };
        let tone = if more == 0 { Tone::Dim } else { Tone::Warn };
        row::text(
            buffer,
            row::at(area, usize::from(height)),
            &note,
            state.look.style(tone),
        );
    }
}

fn lines(state: &State, known: Known<'_>, wizard: &Wizard, width: usize) -> Vec<Line<'static>> {
    match wizard.guide.stage() {
        Stage::Child => zones::child(state, known, wizard, width),
        Stage::Entry => entry::lines(state, known, wizard, width),
        Stage::Parent => zones::parent(state, known, wizard, width),
        Stage::Options => options(state, known, wizard, width),
        Stage::Checks => drafted(state, known, wizard, width, |plan| {
            review::checks(state, known, plan, width)
        }),
        Stage::Review => drafted(state, known, wizard, width, |plan| {
            review::lines(state, known, wizard, plan, width)
        }),
        Stage::Request => handover::lines(state, known, wizard, width),
        Stage::Apply => watch::lines(state, known, &wizard.watch, width),
    }
}

fn options(state: &State, known: Known<'_>, wizard: &Wizard, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    so_far::write(&mut page, wizard);
    match wizard.guide.aim() {
        Aim::Delegate(_) => {
            page.text(
                0,
                "A short TTL at first, so that a mistake does not last; raise it when all is well.",
                Tone::Plain,
            );
            let hidden = wizard.guide.plan().map(|plan| {
                let effects = plan.outlook.effects.iter();
                effects
                    .filter(|effect| effect.kind == crate::plan::outlook::EffectKind::Hidden)
                    .count()
            });
            match hidden {
                None => {}
                Some(0) => page.text(0, "The delegation hides no record set of the parent.", Tone::Dim),
                Some(count) => page.text(
                    0,
                    &format!("The delegation hides record sets of the parent: {count}."),
                    Tone::Warn,
                ),
            }
        }
        Aim::Whole(Want::Teardown(_)) => {
            page.text(0, "The NS record sets go first, then what resolvers remember runs out, then the zone goes: the other way round, somebody else could take the name over meanwhile.", Tone::Plain);
        }
        Aim::Entry(_) | Aim::Whole(_) => {
            page.text(
                0,
                "It is taken back as it was made, the other way round; what has changed since is not touched.",
                Tone::Plain,
            );
        }
    }
    page.lines
}

fn drafted(
    state: &State,
    known: Known<'_>,
    wizard: &Wizard,
    width: usize,
    ready: impl Fn(&crate::plan::Plan) -> Vec<Line<'static>>,
) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    match wizard.guide.draft() {
        Draft::Ready(plan) => {
            if wizard.guide.stage() == Stage::Checks {
                so_far::write(&mut page, wizard);
            }
            let mut lines = std::mem::take(&mut page.lines);
            lines.extend(ready(plan));
            if wizard.guide.stage() == Stage::Checks {
                page.text(
                    0,
                    "What says stop must be resolved. A warning must be acknowledged at the review.",
                    Tone::Dim,
                );
                if super::overridable(plan).is_some() {
                    page.text(
                        0,
                        "o goes on in spite of a stop that may be overridden, for a reason that stays in the journal.",
                        Tone::Dim,
                    );
                }
                lines.push(Line::default());
                lines.extend(page.lines);
            }
            return lines;
        }
        Draft::Refused(refusal) => {
            so_far::write(&mut page, wizard);
            let prose = |text: &str| state.look.prose(text, known.inventory.accounts());
            page.text(0, &format!("✗ {}", prose(&refusal.what)), Tone::Broken);
            if let Some(next) = &refusal.next {
                page.gap();
                page.text(0, &prose(next), Tone::Plain);
            }
            review::conflicts(&mut page, refusal);
            page.gap();
            page.text(0, "Nothing was changed. r checks again.", Tone::Dim);
        }
        Draft::UnderWay | Draft::None => {
            so_far::write(&mut page, wizard);
            let text = format!(
                "{} Reading both sides anew and asking the name servers. Nothing is written.",
                state.spinner()
            );
            page.text(0, &text, Tone::Working);
        }
    }
    page.lines
}

/// Whether what resolvers remember is waited out, as chosen so far.
pub(super) fn patience(wizard: &Wizard) -> Option<&Patience> {
    match wizard.guide.aim() {
        Aim::Whole(Want::Teardown(teardown)) => Some(&teardown.patience),
        Aim::Whole(Want::Undo { patience, .. }) => Some(patience),
        _ => None,
    }
}

/// A text that is chosen or not.
fn choice(is_chosen: bool, text: &str) -> String {
    format!("({}) {text}", if is_chosen { "x" } else { " " })
}

/// What stands on the rows of an item; where it is typed into, the width of its label and the column of the cursor behind that.
pub(super) fn item_text(
    state: &State,
    known: Known<'_>,
    wizard: &Wizard,
    item: &Item,
) -> (String, Option<(usize, usize)>) {
    let typed = |label: &str, field: &crate::tui::field::Field| {
        let text = state.look.raw(field.text(), 400);
        (format!("{label}{text}"), Some((label.chars().count(), field.column())))
    };
    match item {
        Item::Name => typed("Name    ", &wizard.name),
        Item::Entry(place) => entry::row(state, wizard, *place),
        Item::Ttl => typed("TTL in seconds  ", &wizard.ttl),
        Item::Phrase => {
            let plan = wizard.guide.plan();
            let phrase = plan
                .and_then(|plan| Friction::of(plan).name().map(ToString::to_string))
                .unwrap_or_default();
            typed(&format!("type {phrase} > "), &wizard.phrase)
        }
        Item::Reason => match &wizard.overriding {
            Some(check) => typed(&format!("why \"{check}\" does not matter > "), &wizard.reason),
            None => {
                let is_chosen = matches!(patience(wizard), Some(Patience::Now(_)));
                typed(&choice(is_chosen, "without waiting, because > "), &wizard.reason)
            }
        },
        Item::Acknowledge(check) => (acknowledgement(state, known, wizard, check), None),
        Item::Child(place) => (child_text(state, known, wizard, *place), None),
        Item::Set(account, set) => {
            let chosen = wizard.guide.delegation().and_then(|delegation| delegation.to.as_ref());
            let is_chosen = chosen.is_some() && chosen == items::with_set(*account, set, known).as_ref();
            let text = choice(is_chosen, &sets::text(state, wizard, *account, set));
            (format!("  {text}"), None)
        }
        Item::Parent(zone) => (parent_text(state, known, wizard, *zone), None),
        Item::Owner => {
            let chosen = wizard.guide.delegation().is_some_and(|chosen| chosen.by == By::Owner);
            let text = "somebody else writes the zone above: a request, a ticket, HCL and an IAM policy for them";
            (choice(chosen, text), None)
        }
        Item::Hidden(hidden) => {
            let chosen = wizard
                .guide
                .delegation()
                .is_some_and(|delegation| delegation.hidden == *hidden);
            let text = match hidden {
                Hidden::Leave => "leave record sets that become hidden where they are",
                Hidden::Copy => "copy record sets that become hidden into the child zone first",
            };
            (choice(chosen, text), None)
        }
        Item::Contents(contents) => {
            let chosen =
                matches!(wizard.guide.aim(), Aim::Whole(Want::Teardown(teardown)) if teardown.contents == *contents);
            let text = match contents {
                Contents::MustBeEmpty => "the zone goes only if nothing is left in it",
                Contents::Delete => "the record sets that are left in it go with it; the review lists them",
            };
            (choice(chosen, text), None)
        }
        Item::Patience(_) => {
            let chosen = patience(wizard) == Some(&Patience::Wait);
            (
                choice(chosen, "wait until resolvers no longer remember the delegation"),
                None,
            )
        }
        Item::Button(_) => (String::new(), None),
    }
}

fn acknowledgement(state: &State, known: Known<'_>, wizard: &Wizard, check: &Check) -> String {
    let mark = if wizard.guide.consent().has_acknowledged(check) {
        "x"
    } else {
        " "
    };
    let saying = state.look.prose(
        &crate::model::text::printable(&check.saying),
        known.inventory.accounts(),
    );
    format!("[{mark}] I know: {saying}")
}

fn child_text(state: &State, known: Known<'_>, wizard: &Wizard, place: ChildPlace) -> String {
    let look = &state.look;
    let chosen = wizard.guide.delegation().and_then(|delegation| delegation.to.clone());
    let is_chosen = chosen.is_some() && chosen == items::child_zone(place, known);
    let text = match place {
        ChildPlace::Existing(zone) => zone_text(state, known, zone),
        ChildPlace::Create(account) => {
            let id = known
                .account(account)
                .map_or_else(String::new, |account| look.account_id(account.id));
            let name = known.account_name(look, account);
            format!("create it in {name}  {id}  {}", known.env(look, account))
        }
    };
    choice(is_chosen, &text)
}

fn parent_text(state: &State, known: Known<'_>, wizard: &Wizard, zone: crate::model::inventory::ZoneIx) -> String {
    let chosen = wizard
        .guide
        .delegation()
        .and_then(|delegation| delegation.parent.clone());
    let id = known.inventory.zone(zone).map(|entry| &entry.zone.key.id);
    choice(
        chosen.is_some() && chosen.as_ref() == id,
        &zone_text(state, known, zone),
    )
}

pub(super) fn zone_text(state: &State, known: Known<'_>, zone: crate::model::inventory::ZoneIx) -> String {
    let look = &state.look;
    let Some(entry) = known.inventory.zone(zone) else {
        return String::new();
    };
    let account = entry.zone.key.account;
    let mark = Mark::of_zone(known, &state.progress, zone).text();
    let id = known
        .account(account)
        .map_or_else(String::new, |account| look.account_id(account.id));
    let env = known.env(look, account);
    let name = known.account_name(look, account);
    format!(
        "{}  {mark}  {name} {id} {env}  {}",
        entry.zone.name,
        look.zone_id(&entry.zone.key.id)
    )
}

fn draw_buttons(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>, wizard: &Wizard, items: &[Item]) {
    let look = &state.look;
    let mut spans = Vec::new();
    for (place, item) in items.iter().enumerate() {
        let Item::Button(button) = item else { continue };
        let why = why_not(state, known, wizard, *button);
        let word = button_word(wizard, *button, state);
        let text = match &why {
            Some(why) => format!("( {word}: {why} )"),
            None => format!("[ {word} ]"),
        };
        let tone = match (place == wizard.focus, &why) {
            (true, _) => Tone::Selected,
            (false, Some(_)) => Tone::Dim,
            (false, None) => Tone::Plain,
        };
        if !spans.is_empty() {
            spans.push(Span::raw(" "));
        }
        spans.push(Span::styled(text, look.style(tone)));
    }
    let line = Line::from(spans);
    let width = u16::try_from(line.width()).unwrap_or(u16::MAX);
    let x = area.x + area.width.saturating_sub(width);
    buffer.set_line(x, area.y, &line, area.width);
}

fn button_word(wizard: &Wizard, button: Button, state: &State) -> &'static str {
    let is_narrow = state.size.0 < view::TWO_PANES;
    match button {
        Button::Back => "Back",
        Button::Next => match wizard.guide.stage() {
            _ if is_narrow => "Next",
            Stage::Child => "Next: parent",
            Stage::Entry => "Next: checks",
            Stage::Parent if wizard.guide.delegation().is_some_and(|chosen| chosen.by == By::Owner) => "Next: request",
            Stage::Parent => "Next: checks",
            Stage::Checks if wizard.guide.delegation().is_some() => "Next: options",
            Stage::Options if wizard.guide.delegation().is_none() => "Next: checks",
            _ => "Next: review",
        },
        Button::Cancel => "Cancel",
        Button::Save if is_narrow => "Save",
        Button::Save => "Save plan",
        Button::CopyHcl if is_narrow => "HCL",
        Button::CopyHcl => "Copy HCL instead",
        Button::Apply => "Apply",
    }
}

/// Why a button does nothing now.
fn why_not(state: &State, known: Known<'_>, wizard: &Wizard, button: Button) -> Option<String> {
    match button {
        Button::Next => wizard
            .guide
            .hindrance()
            .filter(|_| !matches!(wizard.guide.stage(), Stage::Child | Stage::Entry | Stage::Parent)),
        Button::Apply => {
            let why = why_not_applied(state, known, wizard)?;
            let room = usize::from(state.size.0).saturating_sub(if state.size.0 < view::TWO_PANES { 42 } else { 60 });
            Some(fit_end(&why, room.max(12)))
        }
        _ => None,
    }
}

/// What keeps the plan from being applied, whatever there is room for.
fn why_not_applied(state: &State, known: Known<'_>, wizard: &Wizard) -> Option<String> {
    let plan = wizard.guide.plan()?;
    let missing = wizard.guide.missing(&Friction::of(plan), state.now);
    let locked = review::locked(state, known);
    locked.or_else(|| missing.first().map(crate::plan::consent::Missing::words))
}
