//! A scan and the picture it gives, joined: what a command without screen needs.
//!
//! Invariant: it ends only when every account is idle after all that was asked of it.

use std::time::Duration;

use super::command::{Command, Event};
use super::picture::Picture;
use super::progress::Progress;
use super::scan::{Commands, Scan};

/// Events that are taken in at once.
const BATCH: usize = 4096;

/// A scan and its picture.
#[derive(Debug)]
pub struct Session {
    picture: Picture,
    scan: Scan,
}

/// Where a session stands after a batch of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// There is more to come.
    UnderWay,
    /// Nothing is left to do, until another command is sent.
    Settled,
}

impl Session {
    /// Joins a scan to the picture that was known before.
    pub fn new(picture: Picture, scan: Scan) -> Self {
        Self { picture, scan }
    }

    /// Waits for something to be said, takes in all that is there, and asks for what is wanted.
    pub async fn step(&mut self) -> Standing {
        let Some(first) = self.scan.events.recv().await else {
            return Standing::Settled;
        };
        let mut batch: Vec<Event> = vec![first];
        while batch.len() < BATCH
            && let Ok(event) = self.scan.events.try_recv()
        {
            batch.push(event);
        }
        let wants = self.picture.absorb(batch);
        if !wants.is_empty() {
            self.scan.commands.send(Command::Read(wants));
        }
        if self.scan.events.is_empty() && self.scan.commands.are_settled(self.picture.idle()) {
            Standing::Settled
        } else {
            Standing::UnderWay
        }
    }

    /// Goes on to the end, telling how far it is at every tick. May be dropped at any await, and the picture is whole.
    pub async fn run_to_end(&mut self, tick: Duration, mut tell: impl FnMut(&Progress, &Picture)) {
        let mut ticks = tokio::time::interval(tick);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                biased;
                _ = ticks.tick() => tell(&self.scan.progress(), &self.picture),
                standing = self.step() => {
                    if standing == Standing::Settled {
                        return;
                    }
                }
            }
        }
    }

    /// Whether nothing can be said any more, whatever is asked.
    pub fn is_over(&self) -> bool {
        self.scan.events.is_closed() && self.scan.events.is_empty()
    }

    /// What is known so far.
    pub fn picture(&self) -> &Picture {
        &self.picture
    }

    /// How far the scan is.
    pub fn progress(&self) -> Progress {
        self.scan.progress()
    }

    /// Steers the scan.
    pub fn commands(&self) -> &Commands {
        &self.scan.commands
    }

    /// Ends the scan and keeps what is known.
    pub fn into_picture(self) -> Picture {
        self.picture
    }
}
