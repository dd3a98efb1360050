//! How the problems are drawn: the list with its columns, and the evidence for the row under the cursor.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::Row;
use crate::findings::{Finding, Severity, Subject};
use crate::plan::repair;
use crate::tui::action::Action;
use crate::tui::keymap::{Context, Keymap};
use crate::tui::known::Known;
use crate::tui::mark::Mark;
use crate::tui::screens::tree;
use crate::tui::state::State;
use crate::tui::theme::Tone;
use crate::tui::view;
use crate::tui::widgets::page::Page;
use crate::tui::widgets::pane::{self, Focus};
use crate::tui::widgets::row::{self, Cell};

/// How many rows of the list are in view; the rest of the box is the evidence.
pub fn list_height(state: &State) -> usize {
    let inside = view::body_height(state);
    (inside / 2).saturating_sub(1).max(3)
}

/// Draws the list and the evidence.
pub fn draw(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let look = &state.look;
    let problems = &state.problems;
    let note = if problems.line.text().is_empty() {
        format!("by {}", problems.sort.word())
    } else {
        format!(
            "by {}  filter: {}",
            problems.sort.word(),
            look.raw(problems.line.text(), 40)
        )
    };
    let note = match problems.marked(known).len() {
        0 => note,
        marked => format!("* {marked} marked: F  {note}"),
    };
    let inner = pane::draw(buffer, area, look, title(state), &note, Focus::Here);
    let inner = pane::inset(inner);
    let (list, below) = pane::split(buffer, inner, list_height(state), look);
    draw_list(buffer, list, state, known);
    let lines = evidence(state, known, usize::from(inner.width));
    let scroll = pane::Scroll {
        lines: problems.scroll,
        keys: Keymap::standard().keys(Context::Problems, &[Action::NextTab]),
    };
    pane::text(buffer, below, look, &lines, &scroll);
}

/// How far the evidence can be scrolled.
pub(super) fn furthest(state: &State, known: Known<'_>) -> usize {
    let body = view::Areas::of(state).body;
    let lines = evidence(state, known, usize::from(body.width.saturating_sub(4)));
    let height = usize::from(body.height).saturating_sub(list_height(state) + 4);
    lines.len().saturating_sub(height)
}

fn title(state: &State) -> Line<'static> {
    let look = &state.look;
    let problems = &state.problems;
    let total: usize = problems.counts.values().sum();
    let mut spans = vec![Span::styled(format!("Problems {total}"), look.style(Tone::Heading))];
    for (severity, count) in problems.counts.iter().rev() {
        let (severity, count) = (*severity, *count);
        // What is dim everywhere else has no room in a narrow title.
        let is_shown = state.size.0 >= view::TWO_PANES || severity >= Severity::Warning;
        if is_shown {
            spans.push(Span::styled(
                format!("  {} {count}", severity.word()),
                look.style(tone(severity)),
            ));
        }
    }
    Line::from(spans)
}

/// The looks of a severity.
pub fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Critical => Tone::Broken,
        Severity::Error => Tone::Missing,
        Severity::Warning => Tone::Drift,
        Severity::Notice | Severity::Info => Tone::Dim,
    }
}

fn draw_list(buffer: &mut Buffer, area: Rect, state: &State, known: Known<'_>) {
    let look = &state.look;
    let widths = widths(area.width);
    let heads = ["SEVERITY", "CODE", "", "NAME", "STATUS", "ACCOUNT", "ENV", "FIX"];
    let heads = heads.map(|head| Cell::new(head, look.style(Tone::Dim)));
    row::draw(buffer, row::at(area, 0), &widths, &heads);
    let problems = &state.problems;
    let list = Rect {
        y: area.y + 1,
        height: area.height.saturating_sub(1),
        ..area
    };
    let lines = problems.rows.iter().enumerate().skip(problems.cursor.top);
    for ((line, row), place) in lines.zip(list.rows()) {
        if let Some(finding) = problems.id(*row).and_then(|id| id.find(known)) {
            row::draw(buffer, place, &widths, &cells(state, known, *row, finding));
        }
        if line == problems.cursor.at {
            row::select(buffer, place, look);
        }
    }
    if problems.rows.is_empty() {
        let text = match (problems.all.is_empty(), state.is_scanning()) {
            (false, _) => "Nothing passes the filter. esc clears it.",
            (true, true) => "No problem so far; the scan is not over.",
            (true, false) => "No problem was found.",
        };
        row::text(buffer, row::at(list, 1), text, Style::new());
    }
}

/// The widths of the columns; what the code says already is left out where there is little room.
fn widths(width: u16) -> [u16; 8] {
    let (code, status, account, env) = match width {
        0..72 => (26, 0, 0, 0),
        72..100 => (28, 0, 10, 0),
        _ => (28, 13, 16, 6),
    };
    let others = [8, code, 2, status, account, env, FIX];
    let used: u16 = others.iter().filter(|w| **w > 0).map(|w| w + 1).sum();
    [8, code, 2, width.saturating_sub(used), status, account, env, FIX]
}

/// The width of the column that says whether `f` mends it.
const FIX: u16 = 3;

fn cells(state: &State, known: Known<'_>, row: Row, finding: &Finding) -> [Cell; 8] {
    let look = &state.look;
    let problem = match row {
        Row::Cause(place) | Row::Symptom(place, _) => state.problems.all.get(place),
    };
    let counts = problem.is_some_and(|problem| problem.counts) && matches!(row, Row::Cause(_));
    let style = if counts { Style::new() } else { look.style(Tone::Dim) };
    let mark = Mark::of_finding(finding);
    let severity = if counts {
        look.style(tone(finding.severity))
    } else {
        style
    };
    let account = match &finding.subject {
        Subject::Account(place) => Some(*place),
        Subject::Name(_) => finding
            .children
            .first()
            .or(finding.parent.as_ref())
            .map(|zone| zone.account),
    };
    let name = finding.name().map_or_else(
        || account.map_or_else(String::new, |place| known.account_name(look, place)),
        |name| look.name(name),
    );
    let is_marked = state.problems.id(row).is_some_and(|id| state.problems.is_marked(id));
    let name = if is_marked { format!("* {name}") } else { name };
    let more = match (row, problem) {
        (Row::Cause(_), Some(problem)) if !problem.symptoms.is_empty() => {
            let folded = !state.problems.unfolded.contains(&problem.id);
            format!("{}{}", if folded { "▸" } else { "▾" }, problem.symptoms.len())
        }
        _ => String::new(),
    };
    let code = match row {
        Row::Symptom(..) => format!("╰ {}", finding.code()),
        Row::Cause(_) => format!("{} {}", mark.glyph, finding.code()),
    };
    let env = account.map_or_else(|| Cell::new("", style), |place| tree::env_cell(state, known, place));
    [
        Cell::new(finding.severity.word(), severity),
        Cell::new(code, style),
        Cell::new(more, look.style(Tone::Dim)),
        Cell::name(name, style),
        Cell::new(mark.text(), look.style(mark.tone)),
        Cell::middle(
            account.map_or_else(String::new, |place| known.account_name(look, place)),
            style,
        ),
        env,
        match repair::mending(finding, known.survey, known.inventory) {
            Ok(_) => Cell::new("f", look.style(Tone::Key)),
            Err(_) => Cell::new("", style),
        },
    ]
}

/// The line that names a finding: mark, severity, code, title.
pub fn headline(page: &mut Page<'_>, finding: &Finding) {
    let look = &page.state.look;
    let mark = Mark::of_finding(finding);
    let doubt = if finding.is_known() {
        ""
    } else {
        " (not certain: something is unread)"
    };
    let follows = finding
        .cause
        .map_or_else(String::new, |cause| format!(" (follows from {cause})"));
    page.lines.push(Line::from(vec![
        Span::styled(format!("{} ", mark.glyph), look.style(mark.tone)),
        Span::styled(
            format!("{} ", finding.severity.word()),
            look.style(tone(finding.severity)),
        ),
        Span::styled(finding.code(), look.style(Tone::Heading)),
    ]));
    page.text(2, &format!("{}{doubt}{follows}", finding.rule.title), Tone::Plain);
}

/// Whether a change that zonecut makes mends it, and in which ways; why not.
fn mending(page: &mut Page<'_>, finding: &Finding) {
    let key = Keymap::standard().keys(Context::Problems, &[Action::Fix]);
    let ways = repair::mending(finding, page.known.survey, page.known.inventory);
    let accounts = page.known.inventory.accounts();
    match ways {
        Ok(ways) => {
            for (number, way) in ways.iter().enumerate() {
                let title = page.state.look.prose(&way.title, accounts);
                match number {
                    0 => page.field("BY KEY", &format!("{key} mends it: {title}")),
                    _ => page.field("", &format!("  or: {title}")),
                }
            }
        }
        Err(why) => page.field("BY HAND", &page.state.look.prose(&why, accounts)),
    }
}

fn evidence(state: &State, known: Known<'_>, width: usize) -> Vec<Line<'static>> {
    let mut page = Page::new(state, known, width);
    let Some(finding) = state.problems.selected(known) else {
        return page.lines;
    };
    let accounts = known.inventory.accounts();
    headline(&mut page, finding);
    if let (Some(line), Some(name)) = (page.lines.first_mut(), finding.name()) {
        line.push_span(Span::raw(format!("  {}", state.look.name(name))));
    }
    mending(&mut page, finding);
    page.gap();
    for (number, evidence) in finding.evidence.iter().enumerate() {
        let label = if number == 0 { "EVIDENCE" } else { "" };
        page.field(label, &state.look.prose(evidence, accounts));
    }
    let fix = if finding.fix.is_empty() {
        finding.rule.fix
    } else {
        &finding.fix
    };
    page.field("FIX", &state.look.prose(fix, accounts));
    page.field("WHY BAD", finding.rule.explanation);
    let problem = match state.problems.rows.get(state.problems.cursor.at) {
        Some(Row::Cause(place)) => state.problems.all.get(*place),
        _ => None,
    };
    for symptom in problem.into_iter().flat_map(|problem| &problem.symptoms) {
        page.field("FOLLOWS", symptom.code);
    }
    let sure = match finding.is_known() {
        true => finding.confidence.word().to_owned(),
        false => "unknown: it needs data that was not read; it does not count".to_owned(),
    };
    page.field("SURE", &sure);
    page.field("MORE", &format!("zonecut explain {}", finding.code()));
    page.lines
}
