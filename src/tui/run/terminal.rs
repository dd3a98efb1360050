//! The terminal: taken over, drawn to, suspended, given back.
//!
//! Invariant: [`restore`] gives back all that was taken, may be called at any time and any number of times, and never fails.

use std::cell::Cell;
use std::io::{self, BufWriter, IsTerminal as _, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, Once, PoisonError};

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{DisableBracketedPaste, DisableMouseCapture, EnableBracketedPaste, EnableMouseCapture};
use crossterm::terminal::{
    BeginSynchronizedUpdate, Clear, ClearType, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::clipboard::{self, Delivery};
use super::provoke;
use crate::tui::known::Known;
use crate::tui::message::Copied;
use crate::tui::state::State;
use crate::tui::view::view;

/// Whether the terminal is ours at present.
static TAKEN: AtomicBool = AtomicBool::new(false);
static PANICKED: AtomicBool = AtomicBool::new(false);
/// What a write to a terminal that hung up ends with, where the system has such a thing.
#[cfg(unix)]
const EIO: Option<i32> = Some(rustix::io::Errno::IO.raw_os_error());
#[cfg(not(unix))]
const EIO: Option<i32> = None;
/// Held while a frame is written and while a panic is told: neither may fall into the other, nor the end into either.
static FRAME: Mutex<()> = Mutex::new(());

thread_local! {
    /// Whether this thread holds [`FRAME`].
    static DRAWS: Cell<bool> = const { Cell::new(false) };
}

/// The terminal, taken over.
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    mouse: bool,
}

impl Screen {
    /// Takes the terminal over.
    pub fn enter(mouse: bool) -> io::Result<Self> {
        // Colours are ours to leave out: under NO_COLOR crossterm would write a bare SGR 0 for each, and erase the reverse video.
        crossterm::style::force_color_output(true);
        take(mouse)?;
        let terminal = new_terminal().inspect_err(|_| restore())?;
        Ok(Self { terminal, mouse })
    }

    /// The columns and rows there are.
    pub fn size(&self) -> (u16, u16) {
        self.terminal.size().map_or((80, 24), |size| (size.width, size.height))
    }

    /// Draws a frame, all at once where the terminal can do that.
    pub fn draw(&mut self, state: &State, known: Known<'_>) -> io::Result<()> {
        let _frame = Frame::begin();
        if has_panicked() {
            return Ok(());
        }
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(|frame| {
            provoke::while_drawing();
            if let Some(position) = view(state, known, frame.buffer_mut()) {
                frame.set_cursor_position(position);
            }
        })?;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
    }

    /// Forgets what is on the terminal, so that the next frame draws all of it.
    pub fn clear(&mut self) -> io::Result<()> {
        // Not `Terminal::clear`: that asks the terminal where its cursor is, and the answer would be read as keys.
        execute!(self.terminal.backend_mut(), Clear(ClearType::All))?;
        // Else the destructor of the old one would, and panic where that fails.
        self.terminal.show_cursor()?;
        self.terminal = new_terminal()?;
        Ok(())
    }

    /// Gives the terminal back, stops until the process is continued, takes it over again.
    pub fn suspend(&mut self) -> io::Result<()> {
        restore();
        super::signals::stop()?;
        self.take_back()
    }

    /// Takes the terminal over again, after the process was stopped.
    pub fn take_back(&mut self) -> io::Result<()> {
        // Whoever had the terminal meanwhile may have left any mode behind, raw mode included.
        TAKEN.store(false, Ordering::SeqCst);
        let _ = disable_raw_mode();
        take(self.mouse)?;
        self.clear()
    }

    /// Says what became of a copy; asks the terminal to do it where nothing else could.
    pub fn deliver(&mut self, delivery: Delivery) -> io::Result<Copied> {
        match delivery {
            Delivery::Done { bytes, way } => Ok(Copied::By { bytes, way }),
            Delivery::ByTerminal(text) if text.len() > clipboard::OSC_52_AT_MOST => {
                Ok(Copied::TooLarge { bytes: text.len() })
            }
            Delivery::ByTerminal(text) => {
                let bytes = text.len();
                execute!(self.terminal.backend_mut(), CopyToClipboard::to_clipboard_from(text))?;
                Ok(Copied::By { bytes, way: "OSC 52" })
            }
        }
    }
}

/// The right to write a frame.
struct Frame(#[expect(dead_code, reason = "held, never looked at")] MutexGuard<'static, ()>);

impl Frame {
    fn begin() -> Self {
        let held = FRAME.lock().unwrap_or_else(PoisonError::into_inner);
        DRAWS.set(true);
        Self(held)
    }
}

impl Drop for Frame {
    fn drop(&mut self) {
        DRAWS.set(false);
    }
}

fn new_terminal() -> io::Result<Terminal<CrosstermBackend<BufWriter<Stdout>>>> {
    let out = BufWriter::with_capacity(1 << 16, io::stdout());
    Terminal::new(CrosstermBackend::new(out))
}

fn take(mouse: bool) -> io::Result<()> {
    enable_raw_mode()?;
    TAKEN.store(true, Ordering::SeqCst);
    let mut out = io::stdout();
    let taken = execute!(out, EnterAlternateScreen, EnableBracketedPaste, cursor::Hide).and_then(|()| {
        if mouse {
            execute!(out, EnableMouseCapture)?;
        }
        Ok(())
    });
    taken.inspect_err(|_| restore())
}

/// Gives back the terminal: raw mode, alternate screen, mouse, paste, cursor. Does nothing where it is not taken.
pub fn restore() {
    if !TAKEN.swap(false, Ordering::SeqCst) {
        return;
    }
    // Each is tried whatever became of the others: half a terminal is better than none.
    // The alternate screen comes last: whoever sees it gone finds everything else given back.
    let _ = disable_raw_mode();
    let mut out = io::stdout();
    let _ = execute!(out, EndSynchronizedUpdate);
    let _ = execute!(out, DisableMouseCapture);
    let _ = execute!(out, DisableBracketedPaste);
    let _ = execute!(out, cursor::Show);
    let _ = execute!(out, LeaveAlternateScreen);
    let _ = out.flush();
}

/// Gives the terminal back before a panic is told, on whatever thread.
pub fn restore_on_panic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let tell = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            // The frame that another thread is writing ends first, and after this none is begun.
            let _frame = (!DRAWS.get()).then(|| FRAME.lock());
            PANICKED.store(true, Ordering::SeqCst);
            restore();
            tell(panic);
        }));
    });
}

/// Waits until a panic of another thread has been told.
pub fn wait_until_told() {
    drop(Frame::begin());
}

/// Whether a thread panicked, so that the terminal is no longer ours.
pub fn has_panicked() -> bool {
    PANICKED.load(Ordering::SeqCst)
}

/// Whether the terminal hung up.
pub fn is_gone() -> bool {
    !io::stdout().is_terminal()
}

/// Whether it is the terminal's hanging up that made something fail: that is seen in a write before it is seen otherwise.
pub fn is_hang_up(report: &color_eyre::Report) -> bool {
    let causes = report.chain().filter_map(|cause| cause.downcast_ref::<io::Error>());
    EIO.is_some() && causes.into_iter().any(|cause| cause.raw_os_error() == EIO)
}

/// The screen as text, without blanks at the ends of lines.
pub fn as_text(state: &State, known: Known<'_>) -> String {
    let (width, height) = state.size;
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    view(state, known, &mut buffer);
    let width = usize::from(width.max(1));
    let mut text = String::new();
    for row in buffer.content.chunks(width) {
        let line: String = row.iter().map(|cell| cell.symbol()).collect();
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
