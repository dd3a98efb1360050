//! A line of text that is typed.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyModifiers};
use tui_input::Input;
use tui_input::backend::crossterm::EventHandler as _;

/// More than this is nothing that a person types.
const LONGEST: usize = 4_096;

/// A line of text that is typed.
#[derive(Debug, Clone, Default)]
pub struct Field(Input);

impl Field {
    /// A text, with the cursor behind so many characters of it.
    pub fn new(text: &str, column: usize) -> Self {
        let clean = text.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        Self(Input::new(clean).with_cursor(column))
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.0.value()
    }

    /// The column of the cursor in the text.
    pub fn column(&self) -> usize {
        self.0.visual_cursor()
    }

    /// Takes a key that types or edits; says whether it did.
    pub fn key(&mut self, key: &KeyEvent) -> bool {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let edits = match key.code {
            KeyCode::Char(_) if ctrl => false,
            KeyCode::Char(_) => self.text().chars().count() < LONGEST,
            KeyCode::Backspace | KeyCode::Delete | KeyCode::Left | KeyCode::Right | KeyCode::Home | KeyCode::End => {
                true
            }
            _ => false,
        };
        if edits {
            self.0.handle_event(&Event::Key(*key));
        }
        edits
    }

    /// Takes a pasted text, at the cursor.
    pub fn paste(&mut self, text: &str) {
        let typed = |c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE);
        let clean = text.chars().filter(|c| !c.is_control()).take(LONGEST);
        clean.for_each(|c| _ = self.key(&typed(c)));
    }
}
