//! A question to the person at the terminal, and the line that is the answer.

use std::io::{BufRead as _, Write as _};

use super::console::{Console, Input};

/// Asks on stderr and reads a line of stdin, without the blanks around it; none where nobody can be asked, or stdin ends.
pub async fn ask(console: &Console, question: &str) -> Option<String> {
    if console.input() != Input::Terminal {
        return None;
    }
    let question_of_console = console.question();
    let _open = question_of_console.open();
    console.piece(question);
    let (sender, receiver) = tokio::sync::oneshot::channel();
    // A thread that waits for a line cannot be ended; the runtime does not wait for it.
    std::thread::spawn(move || {
        let _ = sender.send(line());
    });
    receiver.await.ok().flatten()
}

fn line() -> Option<String> {
    let mut line = String::new();
    let read = std::io::stdin().lock().read_line(&mut line).ok()?;
    let _ = std::io::stderr().flush();
    (read > 0).then(|| line.trim().to_owned())
}
