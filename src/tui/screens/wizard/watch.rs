//! What is heard of a change while it is applied: its steps, then what servers and resolvers say.
//!
//! Invariant: it is over when whoever applies it says so, and then stays as it is.

use std::collections::BTreeMap;

use jiff::Timestamp;
use ratatui::text::{Line, Span};

use crate::engine::command::{Command, Scope};
use crate::model::zone::ZoneKey;
use crate::plan::Plan;
use crate::tui::effect::Effect;
use crate::tui::known::Known;
use crate::tui::screens::round;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::when;
use crate::tui::widgets::page::Page;
use crate::tui::works::{Deed, DeedMark, DeedPlace, Over, Tiding};

/// What was heard so far.
#[derive(Debug, Clone, Default)]
pub struct Watch {
    deeds: BTreeMap<DeedPlace, Deed>,
    good_by: Option<Timestamp>,
    over: Option<Over>,
}

impl Watch {
    /// Whether it is over.
    pub fn is_over(&self) -> bool {
        self.over.is_some()
    }

    /// How it ended.
    pub fn over(&self) -> Option<&Over> {
        self.over.as_ref()
    }

    /// What is going on, in a sentence.
    pub fn sentence(&self) -> String {
        let mut steps = self
            .deeds
            .iter()
            .filter(|(place, _)| matches!(place, DeedPlace::Step(_)));
        let last = steps.next_back().map_or("it begins", |(_, deed)| deed.text.as_str());
        last.to_owned()
    }
}

/// Takes in what is heard; when it is over, what it concerned is read and asked again.
pub(super) fn hear(state: &mut State, known: Known<'_>, tiding: Tiding) -> Vec<Effect> {
    let Some(wizard) = &mut state.wizard else {
        return Vec::new();
    };
    let watch = &mut wizard.watch;
    if watch.is_over() {
        return Vec::new();
    }
    match tiding {
        Tiding::Deed(deed) => {
            watch.deeds.insert(deed.place.clone(), deed);
            Vec::new()
        }
        Tiding::GoodBy(at) => {
            watch.good_by = Some(at);
            Vec::new()
        }
        Tiding::Over(over) => {
            watch.over = Some(over.clone());
            let turn = wizard.turn;
            let mut effects = wizard
                .guide
                .plan()
                .map_or_else(Vec::new, |plan| read_again(known, plan));
            effects.push(Effect::ReadJournal);
            if let Some(turn) = turn {
                round::note(state, turn, &over);
            }
            if state.wizard_on_screen().is_none() {
                tell_from_behind(state);
            }
            effects
        }
    }
}

fn tell_from_behind(state: &mut State) {
    let Some(wizard) = &state.wizard else { return };
    let subject = wizard.subject().map_or_else(String::new, ToString::to_string);
    match wizard.watch.over() {
        Some(Over::Verified(_)) => state.say(format!("{subject}: applied and verified; 4 shows it")),
        Some(_) => state.refuse(format!(
            "{subject}: the change is not finished, or not verified; 4 shows it"
        )),
        None => {}
    }
}

/// The zones that the plan touches, and those of its name; of accounts where a zone came or went, all.
fn read_again(known: Known<'_>, plan: &Plan) -> Vec<Effect> {
    use crate::plan::step::{Step, ZoneTarget};
    let account = |step: &Step| {
        let id = plan.party(step.party()?)?.id;
        let mut accounts = known.inventory.accounts_with_places();
        accounts
            .find(|(_, account)| account.id == Some(id))
            .map(|(place, _)| place)
    };
    let mut scopes: Vec<Scope> = Vec::new();
    for step in &plan.steps {
        let Some(place) = account(step) else { continue };
        let scope = match step {
            Step::CreateZone { .. } | Step::DeleteZone { .. } => Scope::Account(place),
            Step::Change {
                zone: ZoneTarget::Held { id, .. },
                ..
            } => Scope::Zone(ZoneKey {
                account: place,
                id: id.clone(),
            }),
            _ => continue,
        };
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    let of_name = known.inventory.public_zones(plan.subject.as_wire()).iter();
    for entry in of_name.filter_map(|zone| known.inventory.zone(*zone)) {
        let scope = Scope::Zone(entry.zone.key.clone());
        if !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    scopes
        .into_iter()
        .map(|scope| Effect::Scan(Command::Rescan(scope)))
        .collect()
}

/// What was heard, as lines no wider than so many columns: how it ended first, as whoever comes back to it wants to know that.
pub(super) fn lines(state: &State, known: Known<'_>, watch: &Watch, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    ending(&mut page, watch);
    steps(&mut page, watch);
    for heading in [PARENTS, CHILDREN, RESOLVERS] {
        let placed = watch
            .deeds
            .iter()
            .filter_map(|(place, deed)| Some((column(place)?, deed)));
        let deeds: Vec<(&str, &Deed)> = placed
            .filter(|((of, _), _)| *of == heading)
            .map(|((_, server), deed)| (server, deed))
            .collect();
        if !deeds.is_empty() {
            page.heading(heading);
            servers(&mut page, &deeds);
        }
    }
    page.lines
}

/// What servers say; those that say the same stand together.
fn servers(page: &mut Page<'_>, deeds: &[(&str, &Deed)]) {
    let mut sayings: Vec<(&Deed, Vec<String>)> = Vec::new();
    for (server, deed) in deeds {
        let server = page.state.look.raw(server, 80);
        match sayings
            .iter_mut()
            .find(|(other, _)| other.mark == deed.mark && other.text == deed.text)
        {
            Some((_, servers)) => servers.push(server),
            None => sayings.push((deed, vec![server])),
        }
    }
    for (deed, said_by) in sayings {
        let text = page.state.look.prose(&deed.text, page.known.inventory.accounts());
        let count = match (said_by.len(), deeds.len()) {
            (1, 1) => String::new(),
            (some, all) => format!("{some} of {all}: "),
        };
        line(page, deed.mark, &format!("{count}{text}"));
        page.text(5, &said_by.join("  "), Tone::Dim);
    }
}

const PARENTS: &str = "PARENT SERVERS";
const CHILDREN: &str = "CHILD SERVERS";
const RESOLVERS: &str = "RESOLVERS";

/// The heading that what a server says stands under, and the server.
fn column(place: &DeedPlace) -> Option<(&'static str, &str)> {
    match place {
        DeedPlace::Step(_) => None,
        DeedPlace::Parent(server) => Some((PARENTS, server)),
        DeedPlace::Child(server) => Some((CHILDREN, server)),
        DeedPlace::Resolver(server) => Some((RESOLVERS, server)),
    }
}

fn steps(page: &mut Page<'_>, watch: &Watch) {
    if watch.deeds.is_empty() && watch.over.is_none() {
        page.text(
            0,
            &format!(
                "{} It begins: who the credentials are is asked first.",
                page.state.spinner()
            ),
            Tone::Plain,
        );
    }
    for (place, deed) in &watch.deeds {
        if matches!(place, DeedPlace::Step(_)) {
            let text = page.state.look.prose(&deed.text, page.known.inventory.accounts());
            line(page, deed.mark, &format!("{}  {text}", when::clock(deed.at)));
        }
    }
}

fn line(page: &mut Page<'_>, mark: DeedMark, text: &str) {
    let (glyph, tone) = match mark {
        DeedMark::UnderWay => (page.state.spinner(), Tone::Working),
        DeedMark::Good => ("✓", Tone::Ok),
        DeedMark::Waiting => ("!", Tone::Warn),
        DeedMark::Bad => ("✗", Tone::Broken),
    };
    let style = page.state.look.style(tone);
    for (number, piece) in crate::tui::look::wrap(text, page.width.saturating_sub(3))
        .into_iter()
        .enumerate()
    {
        let glyph = if number == 0 { glyph } else { " " };
        page.lines.push(Line::from(vec![
            Span::styled(format!(" {glyph} "), style),
            Span::raw(piece),
        ]));
    }
}

fn ending(page: &mut Page<'_>, watch: &Watch) {
    let accounts = page.known.inventory.accounts();
    let prose = |text: &str| page.state.look.prose(text, accounts);
    let (text, next, tone) = match &watch.over {
        None => (String::new(), None, Tone::Plain),
        Some(Over::Verified(text)) => (format!("✓ verified: {}", prose(text)), None, Tone::Heading),
        Some(Over::Unproven(text)) => (format!("! sent, and not verified: {}", prose(text)), None, Tone::Warn),
        Some(Over::Refused(refusal)) => (
            format!("✗ nothing was changed: {}", prose(&refusal.what)),
            refusal.next.as_deref().map(prose),
            Tone::Broken,
        ),
        Some(Over::Open(refusal)) => (
            format!("! not finished: {}", prose(&refusal.what)),
            refusal.next.as_deref().map(prose),
            Tone::Warn,
        ),
    };
    if text.is_empty() {
        return;
    }
    page.text(0, &text, tone);
    if let Some(next) = next {
        page.text(2, &next, Tone::Plain);
    }
    if let Some(Over::Refused(refusal) | Over::Open(refusal)) = &watch.over {
        super::review::conflicts(page, refusal);
    }
    if let Some(at) = watch.good_by {
        let moment = when::moment(page.state.now, at);
        let until = if at > page.state.now {
            format!("Good everywhere by {moment} UTC: until then resolvers may remember what was there before.")
        } else {
            format!("Good everywhere since {moment} UTC at the latest.")
        };
        page.text(0, &until, Tone::Plain);
    }
    if let Some(back) = way_back(watch) {
        page.text(0, back, Tone::Plain);
    }
    page.gap();
}

/// How to go on from what it ended in.
fn way_back(watch: &Watch) -> Option<&'static str> {
    match watch.over.as_ref()? {
        Over::Verified(_) | Over::Unproven(_) => Some("u takes it back, after a review. esc leaves."),
        Over::Open(_) => Some("u takes back what was made; r under Changes (4) goes on with it. esc leaves."),
        Over::Refused(_) => Some("esc leaves."),
    }
}
