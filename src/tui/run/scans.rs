//! The scans that the terminal program can be given: a live one, and what the cache remembers.

use crate::engine::command::Command;
use crate::engine::picture::Picture;
use crate::engine::progress::Progress;
use crate::engine::session::Session;
use crate::findings::Survey;
use crate::model::inventory::Inventory;
use crate::tui::launch::Scan;

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
        // A scan whose workers are gone would answer at once, for ever.
        if self.is_over() {
            return std::future::pending().await;
        }
        // After this nothing may be awaited: what was learned would not be told, were this dropped.
        self.step().await;
    }

    fn ask(&mut self, command: Command) {
        self.send(command);
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
