//! What is written to the terminal, byte by byte.

use std::cell::RefCell;
use std::io::Write;
use std::num::NonZeroU16;
use std::rc::Rc;

use crossterm::style::force_color_output;
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{TerminalOptions, Viewport};
use zonecut::tui::glyphs::GlyphSet;
use zonecut::tui::launch::{Banner, Launch};
use zonecut::tui::view::view;

use super::stage::{Stage, demo, launch};

/// The bytes of the first frame.
pub fn bytes(stage: &Stage) -> Vec<u8> {
    // As the program does before it draws.
    force_color_output(true);
    let (width, height) = stage.state.size;
    let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
    let written = Written::default();
    let backend = CrosstermBackend::new(written.clone());
    let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport }).expect("a terminal in memory");
    let known = stage.known();
    terminal
        .draw(|frame| _ = view(&stage.state, known, frame.buffer_mut()))
        .expect("memory does not fail");
    written.0.take()
}

#[derive(Clone, Default)]
struct Written(Rc<RefCell<Vec<u8>>>);

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Under `NO_COLOR` crossterm turns a colour into a bare SGR 0, which erases the reverse video before it.
#[test]
fn without_colours_the_selected_row_is_reversed_and_no_colour_is_set() {
    // Without the badge of the demo, which is reversed as well.
    let launch = Launch {
        banner: Banner::None,
        ..launch()
    };
    let mut stage = Stage::new(demo(), launch, (120, 36));
    stage.press("1 }");
    let row = u16::try_from(stage.selected_row()).expect("a row");
    let bytes = bytes(&stage);
    let mut parser = vt100::Parser::new(
        NonZeroU16::new(36).expect("rows"),
        NonZeroU16::new(120).expect("columns"),
        0,
    );
    parser.process(&bytes);
    let reversed = (1..70).all(|column| parser.screen().cell(row, column).is_some_and(vt100::Cell::inverse));
    assert!(reversed, "the selected row is not reversed from end to end");
    let text = String::from_utf8(bytes).expect("UTF-8");
    assert!(text.contains("\u{1b}[7m"));
    assert!(!text.contains("38;") && !text.contains("48;"), "a colour is set");
    // The one reset stands behind all that is drawn.
    let resets = ["\u{1b}[0m", "\u{1b}[m", "\u{1b}[;m"];
    let (drawn, _) = text.rsplit_once("\u{1b}[0m").expect("the frame ends with a reset");
    assert!(drawn.contains("help") && !resets.iter().any(|reset| drawn.contains(reset)));
}

#[test]
fn with_ascii_glyphs_every_byte_has_seven_bits() {
    for keys in ["", "2", "5", "i", "?", ":", "} enter ] ]"] {
        let mut stage = Stage::demo((120, 36)).with_glyphs(GlyphSet::Ascii);
        stage.press(keys);
        assert!(bytes(&stage).is_ascii(), "{keys}");
    }
}
