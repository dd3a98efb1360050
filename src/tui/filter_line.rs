//! The line in which a filter is typed, and the filter read from it.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler as _;

use super::filter::Filter;

/// The line in which a filter is typed.
#[derive(Debug, Clone, Default)]
pub struct FilterLine {
    input: Input,
    is_typing: bool,
    filter: Filter,
}

/// What a key did to the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Typed {
    /// The text is another one now.
    Changed,
    /// The key belongs to the line and changed nothing but the cursor in it.
    Kept,
    /// The typing is over, the filter stays.
    Done,
    /// The typing is over, and the filter is gone.
    Cleared,
    /// The key is none for the line.
    Passed,
}

/// More than this is no filter that a person types.
const LONGEST: usize = 256;

impl FilterLine {
    /// The filter.
    pub fn filter(&self) -> &Filter {
        &self.filter
    }

    /// The text as typed.
    pub fn text(&self) -> &str {
        self.input.value()
    }

    /// The column of the cursor in the text.
    pub fn column(&self) -> usize {
        self.input.visual_cursor()
    }

    /// Whether keys go into it.
    pub fn is_typing(&self) -> bool {
        self.is_typing
    }

    /// Lets keys go into it.
    pub fn begin(&mut self) {
        self.is_typing = true;
    }

    /// Lets keys go elsewhere; the filter stays.
    pub fn end(&mut self) {
        self.is_typing = false;
    }

    /// Sets the text as if it had been typed.
    pub fn set(&mut self, text: &str) {
        self.input = Input::new(text.chars().filter(|c| !c.is_control()).take(LONGEST).collect());
        self.filter = Filter::read(self.input.value());
    }

    /// Forgets the text; says whether there was one.
    pub fn clear(&mut self) -> bool {
        let was = !self.text().is_empty();
        *self = Self::default();
        was
    }

    /// Takes a pasted text.
    pub fn paste(&mut self, text: &str) {
        self.set(&format!("{}{text}", self.text()));
    }

    /// Takes a key.
    pub fn key(&mut self, key: &KeyEvent) -> Typed {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Enter | KeyCode::Tab => {
                self.is_typing = false;
                Typed::Done
            }
            KeyCode::Esc => {
                self.clear();
                Typed::Cleared
            }
            KeyCode::Up | KeyCode::Down | KeyCode::PageUp | KeyCode::PageDown => Typed::Passed,
            KeyCode::Char('c' | 'z' | 'l') if ctrl => Typed::Passed,
            KeyCode::Char(_) if !ctrl && self.text().chars().count() >= LONGEST => Typed::Kept,
            _ => self.edit(key),
        }
    }

    fn edit(&mut self, key: &KeyEvent) -> Typed {
        let before = self.text().to_owned();
        self.input.handle_event(&Event::Key(*key));
        if before == self.text() {
            return Typed::Kept;
        }
        self.filter = Filter::read(self.input.value());
        Typed::Changed
    }
}
