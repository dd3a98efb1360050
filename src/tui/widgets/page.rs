//! A page of text below or beside a list: paragraphs, labelled ones, marks. Invariant: no line is wider than the page.

use ratatui::text::{Line, Span};

use crate::tui::known::Known;
use crate::tui::look::{fit_end, wrap};
use crate::tui::state::State;
use crate::tui::theme::Tone;

/// The width of the labels at the left.
const LABEL: usize = 10;

/// Lines that are written one below the other, no wider than the area.
pub struct Page<'a> {
    /// How things are shown, and what else the lines draw from.
    pub state: &'a State,
    /// What is known.
    pub known: Known<'a>,
    /// The columns there are.
    pub width: usize,
    /// The lines so far.
    pub lines: Vec<Line<'static>>,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub fn new(state: &'a State, known: Known<'a>, width: usize) -> Self {
        Self {
            state,
            known,
            width: width.max(8),
            lines: Vec::new(),
        }
    }

    /// An empty line, unless there is one already.
    pub fn gap(&mut self) {
        if self.lines.last().is_some_and(|line| line.width() > 0) {
            self.lines.push(Line::default());
        }
    }

    /// A heading after an empty line.
    pub fn heading(&mut self, text: &str) {
        self.gap();
        let style = self.state.look.style(Tone::Heading);
        self.lines.push(Line::styled(fit_end(text, self.width), style));
    }

    /// A text, wrapped, behind an indent.
    pub fn text(&mut self, indent: usize, text: &str, tone: Tone) {
        let indent = indent.min(self.width / 2);
        let style = self.state.look.style(tone);
        for line in wrap(text, self.width - indent) {
            self.lines.push(Line::from(vec![
                Span::raw(" ".repeat(indent)),
                Span::styled(line, style),
            ]));
        }
    }

    /// A text behind a mark, wrapped so that the mark stands alone.
    pub fn bullet(&mut self, mark: &str, text: &str) {
        for (number, line) in wrap(text, self.width.saturating_sub(4)).into_iter().enumerate() {
            let mark = if number == 0 { mark } else { " " };
            self.lines.push(Line::raw(format!("  {mark} {line}")));
        }
    }

    /// A label and its text; text that does not fit is wrapped below itself.
    pub fn field(&mut self, label: &str, text: &str) {
        let dim = self.state.look.style(Tone::Dim);
        for (number, line) in wrap(text, self.width.saturating_sub(LABEL)).into_iter().enumerate() {
            let label = if number == 0 { label } else { "" };
            self.lines.push(Line::from(vec![
                Span::styled(format!("{label:<LABEL$}"), dim),
                Span::raw(line),
            ]));
        }
    }
}
