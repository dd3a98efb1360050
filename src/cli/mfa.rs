//! Asks for the code of a multi-factor device on the terminal, one account after the other.
//!
//! Invariant: while somebody is asked, no progress is written over the question.

use std::io::{BufRead as _, Write as _};
use std::sync::Arc;

use tokio::sync::Mutex;

use crate::ports::{MfaAnswer, MfaPrompt, MfaRequest};

use super::console::{Console, Input, Question};

/// Asks on stderr and reads a line of stdin.
#[derive(Debug)]
pub struct TerminalPrompt {
    turn: Arc<Mutex<()>>,
    question: Question,
}

impl TerminalPrompt {
    /// Asks on the console's terminal; none where nobody is there to be asked.
    pub fn on(console: &Console) -> Option<Arc<dyn MfaPrompt>> {
        (console.input() == Input::Terminal).then(|| {
            let prompt = Self {
                turn: Arc::default(),
                question: console.question(),
            };
            Arc::new(prompt) as Arc<dyn MfaPrompt>
        })
    }
}

impl MfaPrompt for TerminalPrompt {
    fn code(&self, request: MfaRequest) -> MfaAnswer<'_> {
        let turn = Arc::clone(&self.turn);
        Box::pin(async move {
            let _turn = turn.lock().await;
            let _open = self.question.open();
            // A thread that waits for a line cannot be ended; the runtime does not wait for it.
            let (sender, receiver) = tokio::sync::oneshot::channel();
            std::thread::spawn(move || {
                let _ = sender.send(ask(&request));
            });
            receiver.await.ok().flatten()
        })
    }
}

fn ask(request: &MfaRequest) -> Option<String> {
    let mut stderr = std::io::stderr();
    let question = format!(
        "\r\n{}: code of {} for {} (empty: skip this account): ",
        request.account.printable(),
        request.serial.printable(),
        request.role.printable()
    );
    stderr.write_all(question.as_bytes()).ok()?;
    stderr.flush().ok()?;
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).ok()?;
    let code = line.trim().to_owned();
    (!code.is_empty()).then_some(code)
}
