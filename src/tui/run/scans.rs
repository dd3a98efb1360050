//! The scans that the terminal program can be given: a live one, and what the cache remembers.

use std::time::Duration;

use crate::engine::command::Command;
use crate::engine::picture::Picture;
use crate::engine::progress::Progress;
use crate::engine::session::{Session, Standing};
use crate::findings::Survey;
use crate::model::inventory::Inventory;
use crate::tui::launch::Scan;

/// How long a scan that has nothing to do is left alone: a scan whose workers are gone would answer at once, for ever.
const REST: Duration = Duration::from_millis(100);

impl Scan for Session {
    fn inventory(&self) -> &Inventory {
        self.picture().inventory()
    }

    fn survey(&self) -> &Survey {
        self.picture().survey()
    }

    fn progress(&self) -> Progress {
        Self::progress(self)
    }

    async fn learn(&mut self) {
        if self.step().await == Standing::Settled {
            tokio::time::sleep(REST).await;
        }
    }

    fn ask(&mut self, command: Command) {
        self.commands().send(command);
    }
}

/// What was known before, and nothing more: no scan.
#[derive(Debug)]
pub struct Remembered(pub Picture);

impl Scan for Remembered {
    fn inventory(&self) -> &Inventory {
        self.0.inventory()
    }

    fn survey(&self) -> &Survey {
        self.0.survey()
    }

    fn progress(&self) -> Progress {
        Progress::default()
    }

    async fn learn(&mut self) {
        std::future::pending().await
    }

    fn ask(&mut self, _command: Command) {}
}
