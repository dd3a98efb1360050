//! Ways to the clipboard. None of them is waited for by the loop; the terminal's own way is taken where no helper works.

use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use tokio::sync::mpsc;

use crate::tui::launch::{Multiplexer, Seat, Surroundings};

/// Terminals drop OSC 52 sequences that are longer than this many bytes of text make them.
pub const OSC_52_AT_MOST: usize = 74_994;
/// A helper that takes longer than this has hung.
const PATIENCE: Duration = Duration::from_secs(2);

/// What became of a text.
#[derive(Debug)]
pub enum Delivery {
    /// A helper took it.
    Done {
        /// How many bytes.
        bytes: usize,
        /// Which helper.
        way: &'static str,
    },
    /// No helper took it: the terminal has to be asked.
    ByTerminal(String),
}

/// Those of this machine's desktop, tried in turn: where there is no such program or no display, each fails at once.
const DESKTOP: [&[&str]; 5] = [
    &["pbcopy"],
    &["wl-copy"],
    &["xclip", "-selection", "clipboard"],
    &["xsel", "--clipboard", "--input"],
    &["clip.exe"],
];
const TMUX: &[&str] = &["tmux", "load-buffer", "-w", "-"];

/// Takes a text to the clipboard, and says what became of it.
pub fn deliver(text: String, surroundings: Surroundings, tell: mpsc::Sender<Delivery>) {
    tokio::spawn(async move {
        let delivery = attempt(text, surroundings).await;
        let _ = tell.send(delivery).await;
    });
}

/// At the other end of an SSH connection the desktop of this machine is nobody's.
async fn attempt(text: String, surroundings: Surroundings) -> Delivery {
    let desktop: &[&[&str]] = match surroundings.seat {
        Seat::Here => &DESKTOP,
        Seat::Remote => &[],
    };
    let tmux = (surroundings.multiplexer == Multiplexer::Tmux).then_some(TMUX);
    for command in desktop.iter().copied().chain(tmux) {
        if let Some(way) = hand_over(command, &text).await {
            let bytes = text.len();
            return Delivery::Done { bytes, way };
        }
    }
    Delivery::ByTerminal(text)
}

async fn hand_over(command: &[&'static str], text: &str) -> Option<&'static str> {
    let (name, arguments) = command.split_first()?;
    let run = async {
        let mut child = Command::new(name)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .ok()?;
        let mut input = child.stdin.take()?;
        input.write_all(text.as_bytes()).await.ok()?;
        drop(input);
        child.wait().await.ok()?.success().then_some(*name)
    };
    tokio::time::timeout(PATIENCE, run).await.ok().flatten()
}
