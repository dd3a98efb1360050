//! Traces under way: one at a time, whose tidings come back as messages.

use std::sync::Arc;

use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::model::dns::{Question, Trace};
use crate::tui::launch::Traces;
use crate::tui::message::{Message, Progress};

/// Traces names, one at a time.
pub struct Tracing {
    traces: Option<Arc<dyn Traces>>,
    sender: mpsc::UnboundedSender<Message>,
    receiver: mpsc::UnboundedReceiver<Message>,
    under_way: Option<JoinHandle<()>>,
}

impl Tracing {
    /// By whoever can; where nobody can, that is the message.
    pub fn by(traces: Option<Arc<dyn Traces>>) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self {
            traces,
            sender,
            receiver,
            under_way: None,
        }
    }

    /// Waits for the next message.
    pub async fn next(&mut self) -> Message {
        match self.receiver.recv().await {
            Some(message) => message,
            None => std::future::pending().await,
        }
    }

    /// Begins a trace; the one before is given up.
    pub fn begin(&mut self, question: Question) {
        if let Some(before) = self.under_way.take() {
            before.abort();
        }
        let Some(traces) = &self.traces else {
            let _ = self.sender.send(Message::Untraceable);
            return;
        };
        let told = self.sender.clone();
        let tell = move |trace: &Trace| {
            let _ = told.send(Message::Traced {
                trace: Box::new(trace.clone()),
                progress: Progress::UnderWay,
            });
        };
        let trace = traces.trace(question, Box::new(tell));
        let sender = self.sender.clone();
        self.under_way = Some(tokio::spawn(async move {
            let trace = Box::new(trace.await);
            let _ = sender.send(Message::Traced {
                trace,
                progress: Progress::Done,
            });
        }));
    }
}

impl Drop for Tracing {
    fn drop(&mut self) {
        if let Some(under_way) = &self.under_way {
            under_way.abort();
        }
    }
}
