//! Drafts and applies under way: what comes of them returns as messages.
//!
//! Invariant: nothing is applied without a pass from the lock that is kept here; what the screen believes does not matter.

use std::sync::Arc;

use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::model::account::AccountIx;
use crate::model::name::DnsName;
use crate::model::zone::ZoneKey;
use crate::plan::{Plan, Refusal, Wish};
use crate::tui::known::Known;
use crate::tui::lock::Lock;
use crate::tui::message::Message;
use crate::tui::works::{Applying, Course, Over, Picture, Tiding, Works};

/// Drafts, applies and journals.
pub struct Working {
    works: Option<Arc<dyn Works>>,
    lock: Lock,
    sender: mpsc::UnboundedSender<Message>,
    receiver: mpsc::UnboundedReceiver<Message>,
    draft: Option<JoinHandle<()>>,
}

impl Working {
    /// By whoever can, behind a lock.
    pub fn by(works: Option<Arc<dyn Works>>, lock: Lock) -> Self {
        let (sender, receiver) = mpsc::unbounded_channel();
        Self {
            works,
            lock,
            sender,
            receiver,
            draft: None,
        }
    }

    /// Waits for the next message.
    pub async fn next(&mut self) -> Message {
        match self.receiver.recv().await {
            Some(message) => message,
            None => std::future::pending().await,
        }
    }

    fn tell(&self, message: Message) {
        // The receiver lives as long as the sender.
        let _ = self.sender.send(message);
    }

    /// Makes a draft; the one before is given up.
    pub fn draft(&mut self, number: u64, wish: Wish, known: Known<'_>) {
        if let Some(before) = self.draft.take() {
            before.abort();
        }
        let Some(works) = &self.works else {
            let outcome = Box::new(Err(Refusal::new("changes cannot be made from here")));
            return self.tell(Message::Drafted { number, outcome });
        };
        let draft = works.draft(wish, known.inventory.clone(), known.survey.clone());
        let sender = self.sender.clone();
        self.draft = Some(tokio::spawn(async move {
            let outcome = Box::new(draft.await);
            let _ = sender.send(Message::Drafted { number, outcome });
        }));
    }

    /// Applies a plan, if the lock permits it. It goes on to its end even where nobody watches.
    pub fn apply(&mut self, plan: Plan, how: Applying, known: Known<'_>, now: Timestamp) {
        let pass = self.lock.pass(&plan, known.inventory, now);
        let (works, pass) = match (&self.works, pass) {
            (Some(works), Ok(pass)) => (works, pass),
            (None, _) => return self.refuse(Refusal::new("changes cannot be made from here")),
            (_, Err(why)) => return self.refuse(Refusal::new(why)),
        };
        let sender = self.sender.clone();
        let tell = move |tiding| {
            let _ = sender.send(Message::Applied(Box::new(tiding)));
        };
        let course = match how {
            Applying::Anew => Course::Anew,
            Applying::Resumed => Course::Resumed(Box::new(Picture {
                inventory: known.inventory.clone(),
                survey: known.survey.clone(),
            })),
        };
        tokio::spawn(works.apply(plan, course, pass, Box::new(tell)));
    }

    fn refuse(&self, refusal: Refusal) {
        self.tell(Message::Applied(Box::new(Tiding::Over(Over::Refused(refusal)))));
    }

    /// Ends an apply after the call that is under way.
    pub fn stop(&self) {
        if let Some(works) = &self.works {
            works.stop();
        }
    }

    /// Saves a plan.
    pub fn save(&self, plan: &Plan) {
        let saved = match &self.works {
            Some(works) => works.save(plan),
            None => Err(Refusal::new("plans cannot be saved from here")),
        };
        self.tell(Message::Saved(saved));
    }

    /// Reads the journal.
    pub fn read_journal(&self) {
        let Some(works) = &self.works else { return };
        let journal = works.changes();
        let sender = self.sender.clone();
        tokio::spawn(async move {
            let journal = Box::new(journal.await);
            let _ = sender.send(Message::Journal(journal));
        });
    }

    /// Reads what the owner of the zone above is asked for.
    pub fn read_request(&self, name: DnsName, zone: ZoneKey) {
        let Some(works) = &self.works else { return };
        let request = works.request(name, zone);
        let sender = self.sender.clone();
        tokio::spawn(async move {
            let outcome = Box::new(request.await);
            let _ = sender.send(Message::Requested(outcome));
        });
    }

    /// Saves a request.
    pub fn save_request(&self, name: &DnsName, text: &str) {
        let saved = match &self.works {
            Some(works) => works.save_request(name, text),
            None => Err(Refusal::new("requests cannot be saved from here")),
        };
        self.tell(Message::Saved(saved));
    }

    /// Reads the reusable delegation sets of an account.
    pub fn read_sets(&self, account: AccountIx) {
        let Some(works) = &self.works else { return };
        let sets = works.sets(account);
        let sender = self.sender.clone();
        tokio::spawn(async move {
            let outcome = Box::new(sets.await);
            let _ = sender.send(Message::Sets { account, outcome });
        });
    }

    /// These accounts may be written to until then.
    pub fn unlock(&mut self, accounts: &[AccountIx], until: Timestamp) {
        self.lock.unlock(accounts, until);
    }

    /// Nothing may be written any more.
    pub fn lock(&mut self) {
        self.lock.lock();
    }
}

impl Drop for Working {
    fn drop(&mut self) {
        if let Some(draft) = &self.draft {
            draft.abort();
        }
    }
}
