//! The way of a question from the credentials of an account to the screen, and of the answer back.
//!
//! Invariant: whoever asks gets an answer, or learns that there will be none; a code goes to the question it was typed for.

use std::collections::BTreeMap;

use tokio::sync::{mpsc, oneshot};

use crate::ports::{MfaAnswer, MfaPrompt, MfaRequest};
use crate::tui::screens::mfa::{Code, Question};

type Reply = oneshot::Sender<Option<String>>;

/// Asks on the screen of the terminal program.
#[derive(Debug, Clone)]
pub struct ScreenPrompt(mpsc::UnboundedSender<(MfaRequest, Reply)>);

impl MfaPrompt for ScreenPrompt {
    fn code(&self, request: MfaRequest) -> MfaAnswer<'_> {
        let (reply, answer) = oneshot::channel();
        let sent = self.0.send((request, reply));
        Box::pin(async move {
            sent.ok()?;
            answer.await.ok().flatten()
        })
    }
}

/// The questions that come in, for [`crate::tui::run`].
#[derive(Debug)]
pub struct Desk {
    incoming: mpsc::UnboundedReceiver<(MfaRequest, Reply)>,
    open: BTreeMap<u64, Reply>,
    last: u64,
}

impl Desk {
    /// A prompt, and the desk at which its questions arrive.
    pub fn new() -> (ScreenPrompt, Self) {
        let (sender, incoming) = mpsc::unbounded_channel();
        let desk = Self {
            incoming,
            open: BTreeMap::new(),
            last: 0,
        };
        (ScreenPrompt(sender), desk)
    }

    /// A desk at which nothing arrives.
    pub fn closed() -> Self {
        Self::new().1
    }

    /// Waits for the next question; none where no more can come.
    pub(super) async fn next(&mut self) -> Option<Question> {
        let (request, reply) = self.incoming.recv().await?;
        self.last += 1;
        self.open.insert(self.last, reply);
        Some(Question {
            number: self.last,
            request,
        })
    }

    /// Gives an answer to whoever asked.
    pub(super) fn answer(&mut self, number: u64, code: Option<&Code>) {
        if let Some(reply) = self.open.remove(&number) {
            // Whoever asked may have given up in this moment.
            let _ = reply.send(code.map(|code| code.expose().to_owned()));
        }
    }

    /// The questions that nobody waits for any more: their account was cancelled, or had no more patience.
    pub(super) fn withdrawn(&mut self) -> Vec<u64> {
        let is_closed = |(_, reply): &(&u64, &Reply)| reply.is_closed();
        let numbers: Vec<u64> = self.open.iter().filter(is_closed).map(|(number, _)| *number).collect();
        for number in &numbers {
            self.open.remove(number);
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(account: &str) -> MfaRequest {
        MfaRequest {
            account: account.into(),
            role: "arn:aws:iam::111122223333:role/read".into(),
            serial: "arn:aws:iam::111122223333:mfa/ana".into(),
        }
    }

    #[tokio::test]
    async fn each_answer_goes_to_the_one_who_asked() {
        let (prompt, mut desk) = Desk::new();
        let (first, second) = (prompt.code(request("a")), prompt.code(request("b")));
        let a = desk.next().await.expect("a question");
        let b = desk.next().await.expect("another");
        desk.answer(b.number, None);
        assert_eq!(second.await, None);
        desk.answer(a.number, Some(&Code::default()));
        assert_eq!(first.await, Some(String::new()));
    }

    #[tokio::test]
    async fn who_gave_up_is_noticed_and_who_asks_a_closed_program_is_told() {
        let (prompt, mut desk) = Desk::new();
        drop(prompt.code(request("a")));
        let asked = desk.next().await.expect("a question");
        assert_eq!(desk.withdrawn(), [asked.number]);
        assert!(desk.withdrawn().is_empty());
        let waiting = prompt.code(request("b"));
        drop(desk);
        assert_eq!(waiting.await, None);
        assert_eq!(prompt.code(request("c")).await, None);
    }
}
