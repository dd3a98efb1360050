//! The ways of mending what is selected, to choose one of; what no write mends says why.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::round::TurnIx;
use super::wizard;
use crate::findings::Finding;
use crate::model::name::DnsName;
use crate::plan::repair::{self, Way};
use crate::plan::wish::{Repair, Want};
use crate::tui::action::Action;
use crate::tui::cursor::Cursor;
use crate::tui::effect::Effect;
use crate::tui::known::Known;
use crate::tui::look::wrap;
use crate::tui::state::{Overlay, State, View};
use crate::tui::theme::Tone;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row;

/// What can be done about findings of one name.
#[derive(Debug, Clone)]
pub struct Ways {
    name: DnsName,
    offers: Vec<Offer>,
    cursor: Cursor,
    /// The turn that it is for, where several findings are mended.
    turn: Option<TurnIx>,
}

/// One way of mending one finding.
#[derive(Debug, Clone)]
struct Offer {
    code: &'static str,
    way: Way,
}

impl Ways {
    /// Keeps the cursor in view.
    pub fn settle(&mut self, inside: usize) {
        self.cursor.settle(self.offers.len(), inside.saturating_sub(4));
    }
}

/// The findings that `f` is about: in the problems the one under the cursor, elsewhere all of the name.
fn findings<'a>(state: &State, known: Known<'a>) -> Vec<&'a Finding> {
    if state.zone.is_none() && state.view == View::Problems {
        return state.problems.selected(known).into_iter().collect();
    }
    let target = state.target(known);
    let zone = target.zone.as_ref().and_then(|key| known.zone(key));
    match (zone, &target.name) {
        (Some((zone, _)), _) => known.survey.findings_of(known.inventory, zone),
        (None, Some(name)) => known
            .survey
            .cut(name)
            .map_or_else(Vec::new, |verdict| verdict.findings.iter().collect()),
        (None, None) => Vec::new(),
    }
}

fn offers(findings: &[&Finding], known: Known<'_>) -> Vec<Offer> {
    let of = |finding: &&Finding| {
        let code = finding.code();
        let ways = repair::ways(finding, known.survey, known.inventory);
        ways.into_iter().map(move |way| Offer { code, way })
    };
    findings.iter().flat_map(of).collect()
}

/// Why nothing can be mended here; none where something can.
pub fn refusal(state: &State, known: Known<'_>) -> Option<String> {
    let findings = findings(state, known);
    let Some(first) = findings.first() else {
        return Some("nothing is wrong here".to_owned());
    };
    let all = findings
        .iter()
        .map(|finding| repair::mending(finding, known.survey, known.inventory));
    let mut reasons = Vec::new();
    for outcome in all {
        match outcome {
            Ok(_) => return None,
            Err(why) => reasons.push(why),
        }
    }
    let why = reasons.into_iter().next().unwrap_or_default();
    Some(format!("{}: {why}", first.code()))
}

/// Offers the ways; where there is one alone, it is taken.
pub fn open(state: &mut State, known: Known<'_>) -> Vec<Effect> {
    let offers = offers(&findings(state, known), known);
    let name = state.target(known).name;
    let Some(name) = name.filter(|_| !offers.is_empty()) else {
        return Vec::new();
    };
    offer(state, known, name, offers, None)
}

/// Offers the ways of mending one finding of several.
pub fn mend(state: &mut State, known: Known<'_>, finding: &Finding, turn: TurnIx) -> Vec<Effect> {
    let offers = offers(&[finding], known);
    let Some(name) = finding.name().cloned() else {
        return Vec::new();
    };
    if offers.is_empty() {
        state.refuse(format!("{}: no write mends it any more", finding.code()));
        return Vec::new();
    }
    offer(state, known, name, offers, Some(turn))
}

fn offer(state: &mut State, known: Known<'_>, name: DnsName, offers: Vec<Offer>, turn: Option<TurnIx>) -> Vec<Effect> {
    let ways = Ways {
        name,
        offers,
        cursor: Cursor::default(),
        turn,
    };
    if ways.offers.len() == 1 {
        return take(state, known, &ways);
    }
    state.overlays.push(Overlay::Ways(ways));
    Vec::new()
}

fn take(state: &mut State, known: Known<'_>, ways: &Ways) -> Vec<Effect> {
    let Some(offer) = ways.offers.get(ways.cursor.at) else {
        return Vec::new();
    };
    let want = Want::Repair(Repair {
        name: ways.name.clone(),
        finding: Some(offer.code.to_owned()),
        way: Some(offer.way.word.clone()),
    });
    let effects = wizard::begin(state, known, format!("Fix {} of", offer.code), want);
    if let Some(wizard) = &mut state.wizard {
        wizard.turn = ways.turn;
    }
    effects
}

/// Does what an action asks of the list.
pub fn perform(state: &mut State, known: Known<'_>, action: Action) -> Vec<Effect> {
    let Some(Overlay::Ways(ways)) = state.overlays.last_mut() else {
        return Vec::new();
    };
    let len = ways.offers.len();
    match action {
        Action::Down => ways.cursor.step(1, len),
        Action::Up => ways.cursor.step(-1, len),
        Action::First => ways.cursor.step(isize::MIN, len),
        Action::Last => ways.cursor.step(isize::MAX, len),
        Action::Enter => {
            let ways = ways.clone();
            return take(state, known, &ways);
        }
        _ => {}
    }
    Vec::new()
}

/// Draws the list.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>, screen: &Ways) {
    let look = &state.look;
    let width = 96.min(area.width.saturating_sub(4));
    let height = u16::try_from(screen.offers.len() * 2 + 5).unwrap_or(u16::MAX);
    let area = pane::window(buffer, area, width, height);
    let title = Line::styled(format!("Mend {}", screen.name), look.style(Tone::Heading));
    let inner = pane::inset(pane::draw(buffer, area, look, title, "esc closes", Focus::Here));
    row::text(
        buffer,
        row::at(inner, 0),
        "Each of them is checked and reviewed before anything is changed.",
        look.style(Tone::Dim),
    );
    let mut y = 2;
    for (place, offer) in screen.offers.iter().enumerate().skip(screen.cursor.top) {
        let title = look.prose(&offer.way.title, known.inventory.accounts());
        let text = format!("{}: {title}", offer.code);
        for (number, piece) in wrap(&text, usize::from(inner.width).saturating_sub(4))
            .into_iter()
            .enumerate()
        {
            let line = row::at(inner, y);
            let mark = match (number, place == screen.cursor.at) {
                (0, true) => "> ",
                _ => "  ",
            };
            row::text(buffer, line, &format!("{mark}{piece}"), look.style(Tone::Plain));
            if place == screen.cursor.at {
                row::select(buffer, line, look);
            }
            y += 1;
        }
    }
}
