//! What a test asks of the real program to see how it ends: only in builds with debug assertions, and only where
//! `ZONECUT_PROVOKE` is set.
//!
//! A fault is asked for by pasting its name, for a paste reaches the loop whatever screen is on top. Its message quotes the
//! variable, as a real one may quote data. `refresh` in it makes the time after which things are read again short.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crossterm::event::Event;

const SOON: Duration = Duration::from_millis(50);
static IN_A_FRAME: AtomicBool = AtomicBool::new(false);

fn asked(event: &Event) -> Option<&str> {
    match event {
        Event::Paste(name) if cfg!(debug_assertions) && is_set() => Some(name),
        _ => None,
    }
}

fn is_set() -> bool {
    std::env::var_os("ZONECUT_PROVOKE").is_some()
}

/// After how long things are read again: a test cannot wait for ten minutes.
pub fn refresh_after(usual: Duration) -> Duration {
    let wanted = cfg!(debug_assertions) && std::env::var_os("ZONECUT_PROVOKE").is_some_and(|value| value == "refresh");
    if wanted { SOON } else { usual }
}

/// The fault that an event asks for: a panic in the next frame, a panic of a task, or an error of the terminal.
pub fn fault(event: &Event) -> io::Result<()> {
    match asked(event) {
        Some("panic in draw") => IN_A_FRAME.store(true, Ordering::SeqCst),
        Some("panic in a task") => drop(tokio::spawn(async { fail() })),
        Some("error") => return Err(io::Error::other("an error that a test provoked")),
        _ => {}
    }
    Ok(())
}

/// Panics in a frame, if that was asked for.
pub fn while_drawing() {
    if cfg!(debug_assertions) && IN_A_FRAME.load(Ordering::SeqCst) {
        fail();
    }
}

#[expect(clippy::panic, reason = "the one place that fails on purpose")]
fn fail() {
    panic!(
        "a panic that a test provoked, with {}",
        std::env::var("ZONECUT_PROVOKE").unwrap_or_default()
    );
}
