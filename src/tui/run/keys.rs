//! What is typed, read by a thread of its own.
//!
//! Invariant: the loop never reads the terminal itself. When the terminal has gone away crossterm reads the end of the file
//! for ever and does not return; here it is only this thread that does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::JoinHandle;
use std::time::Duration;

use crossterm::event::{self, Event};
use tokio::sync::mpsc;

/// How often the thread looks whether it is still wanted.
const PATIENCE: Duration = Duration::from_millis(150);
/// How often it is looked whether the thread has ended, and how many times.
const LOOK: (Duration, usize) = (Duration::from_millis(5), 60);

/// What is typed.
pub struct Keys {
    events: mpsc::UnboundedReceiver<Event>,
    wanted: Arc<AtomicBool>,
    thread: JoinHandle<()>,
}

impl Keys {
    /// Listens from now on.
    pub fn listen() -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        let wanted = Arc::new(AtomicBool::new(true));
        let is_wanted = Arc::clone(&wanted);
        let thread = std::thread::spawn(move || {
            while is_wanted.load(Ordering::Relaxed) {
                match event::poll(PATIENCE) {
                    Ok(false) => {}
                    Ok(true) => {
                        if !event::read().is_ok_and(|event| sender.send(event).is_ok()) {
                            return;
                        }
                    }
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(_) => return,
                }
            }
        });
        Self { events, wanted, thread }
    }

    /// Waits for the next event; none where the terminal can no longer be read.
    pub async fn next(&mut self) -> Option<Event> {
        self.events.recv().await
    }

    /// The next event, if it is there already.
    pub fn ready(&mut self) -> Option<Event> {
        self.events.try_recv().ok()
    }

    /// Stops listening, so that whoever listens next misses nothing. A thread that hangs is left behind.
    pub fn stop(self) {
        self.wanted.store(false, Ordering::Relaxed);
        let (pause, times) = LOOK;
        for _ in 0..times {
            if self.thread.is_finished() {
                return;
            }
            std::thread::sleep(pause);
        }
    }
}
