//! The help, made from the keymap: what the keys do here and everywhere, and why some of them do nothing yet. Keys that do
//! nothing on this screen are left out.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use ratatui::text::{Line, Span};

use crate::tui::action::Action;
use crate::tui::filter::Field;
use crate::tui::filter_line::FilterLine;
use crate::tui::keymap::{Binding, Context, Keymap};
use crate::tui::look::{fit_end, wrap};
use crate::tui::state::{Overlay, State};
use crate::tui::theme::Tone;
use crate::tui::view::Areas;
use crate::tui::widgets::pane::{self, Focus};

/// What the help remembers.
#[derive(Debug, Clone)]
pub struct Help {
    /// What it is about.
    pub context: Context,
    /// What is typed to search it.
    pub line: FilterLine,
    /// How many lines lie above the window.
    pub scroll: usize,
}

impl Help {
    /// The help of what has the keyboard.
    pub fn new(context: Context) -> Self {
        Self {
            context,
            line: FilterLine::default(),
            scroll: 0,
        }
    }
}

/// Scrolls, or lets a search be typed.
pub fn perform(state: &mut State, action: Action) {
    let by = match action {
        Action::Down => 1,
        Action::Up => -1,
        Action::HalfDown | Action::PageDown => 10,
        Action::HalfUp | Action::PageUp => -10,
        Action::First => isize::MIN,
        Action::Last => isize::MAX,
        Action::Filter => 0,
        _ => return,
    };
    let furthest = match state.overlays.last() {
        Some(Overlay::Help(screen)) => furthest(state, screen),
        _ => return,
    };
    if let Some(Overlay::Help(screen)) = state.overlays.last_mut() {
        screen.scroll = screen.scroll.saturating_add_signed(by).min(furthest);
        if action == Action::Filter {
            screen.line.begin();
        }
    }
}

fn furthest(state: &State, screen: &Help) -> usize {
    let body = Areas::of(state).body;
    let lines = lines(state, screen, usize::from(body.width.min(WIDEST).saturating_sub(4)));
    pane::furthest(lines.len(), body.height.saturating_sub(2))
}

/// Longer lines are hard to read.
const WIDEST: u16 = 112;

const GROUPS: [&str; 6] = ["move", "find", "look", "take away", "act", "everywhere"];

/// The lines of the help: each group one below the other; with a search only what it finds.
pub fn lines(state: &State, screen: &Help, width: usize) -> Vec<Line<'static>> {
    let keymap = Keymap::standard();
    let wanted = screen.line.text().to_lowercase();
    let mut lines = Vec::new();
    let own = keymap.own(screen.context);
    group(&mut lines, state, "here", own.iter(), &wanted, width);
    for name in GROUPS {
        let bindings = keymap.general().iter().filter(|binding| binding.group == name);
        let bindings = bindings.filter(|binding| binding.action.works_on(screen.context));
        group(&mut lines, state, name, bindings, &wanted, width);
    }
    if wanted.is_empty() {
        notes(&mut lines, state, width);
    } else if lines.is_empty() {
        lines.push(Line::raw("No key does that. esc shows all."));
    }
    lines
}

fn group<'a>(
    lines: &mut Vec<Line<'static>>,
    state: &State,
    name: &str,
    bindings: impl Iterator<Item = &'a Binding>,
    wanted: &str,
    width: usize,
) {
    let found: Vec<&Binding> = bindings
        .filter(|binding| {
            let text = format!("{} {} {}", binding.help, binding.action.word(), binding.shown()).to_lowercase();
            wanted.is_empty() || text.contains(wanted)
        })
        .collect();
    if found.is_empty() {
        return;
    }
    if !lines.is_empty() {
        lines.push(Line::default());
    }
    lines.push(Line::styled(name.to_uppercase(), state.look.style(Tone::Heading)));
    let columns = if width >= 100 { 2 } else { 1 };
    let column = width / columns;
    for pair in found.chunks(columns) {
        let spans = pair
            .iter()
            .flat_map(|binding| entry(state, binding, column))
            .collect::<Vec<_>>();
        lines.push(Line::from(spans));
    }
}

fn entry(state: &State, binding: &Binding, width: usize) -> Vec<Span<'static>> {
    let look = &state.look;
    let keys = if binding.keys.is_empty() {
        ":".to_owned()
    } else {
        binding.shown()
    };
    let refusal = state.refusal_for_long(binding.action);
    let (key_tone, text_tone) = match refusal {
        Some(_) => (Tone::Dim, Tone::Dim),
        None => (Tone::Key, Tone::Plain),
    };
    let text = match refusal {
        Some(reason) => format!("{} ({reason})", binding.help),
        None => binding.help.clone(),
    };
    let room = width.saturating_sub(12);
    let text = fit_end(&text, room.saturating_sub(1));
    vec![
        Span::styled(format!(" {keys:<10} "), look.style(key_tone)),
        Span::styled(format!("{text:<room$}"), look.style(text_tone)),
    ]
}

fn notes(lines: &mut Vec<Line<'static>>, state: &State, width: usize) {
    let fields: Vec<String> = Field::ALL
        .iter()
        .filter_map(|(_, words)| Some(format!("{}:", words.first()?)))
        .collect();
    let notes = [
        ("FILTER", format!("words are fuzzy; {} narrow; ! before a term excludes", fields.join(" "))),
        (
            "STATUS",
            "✓ ok  ∅ missing  ✗ broken  ~ drift  ◌ shadow  » cut off above  ⇢ external  ⌂ private  ⊘ no access  ? not confirmed".to_owned(),
        ),
        (
            "COLOUR",
            "never carries a meaning alone. Themes: ansi light dark hc mono cb-dark cb-light (:next theme)".to_owned(),
        ),
        ("MOUSE", "off unless [ui] mouse = true; with it on, shift-drag still selects text".to_owned()),
        (
            "SAFETY",
            "No single key changes anything in AWS: d, f and u lead to a review, and Apply is never under the cursor at first. It starts read-only; w unlocks. Greyed keys say why when pressed.".to_owned(),
        ),
    ];
    lines.push(Line::default());
    for (label, text) in notes {
        for (number, part) in wrap(&text, width.saturating_sub(9)).into_iter().enumerate() {
            let label = if number == 0 { label } else { "" };
            lines.push(Line::from(vec![
                Span::styled(format!("{label:<8} "), state.look.style(Tone::Heading)),
                Span::raw(part),
            ]));
        }
    }
}

/// Draws the help; says where the cursor of the search is, if one is being typed.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, screen: &Help) -> Option<Position> {
    let look = &state.look;
    let area = pane::window(buffer, area, area.width.min(WIDEST), area.height);
    let title = Line::styled(format!("Help: {}", screen.context.word()), look.style(Tone::Heading));
    let inner = pane::draw(buffer, area, look, title, "/ searches, esc closes", Focus::Here);
    let inner = pane::inset(inner);
    let lines = lines(state, screen, usize::from(inner.width));
    let scroll = pane::Scroll {
        lines: screen.scroll,
        keys: Keymap::standard().keys(Context::Help, &[Action::Down]),
    };
    pane::text(buffer, inner, look, &lines, &scroll);
    None
}
