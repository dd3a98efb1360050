//! How far name servers were asked, as the head of every document tells it.

use serde::Serialize;

use crate::model::inventory::Inventory;
use crate::model::served::{Extent, Liveness, Off};

/// How far name servers were asked.
#[derive(Debug, Clone, Serialize)]
pub struct Asked {
    /// Whether they were.
    #[serde(skip)]
    liveness: Liveness,
    /// `asked`, `not-asked`, `blocked` or `intercepted`.
    pub state: &'static str,
    /// Cuts whose servers were asked.
    pub cuts: usize,
    /// Those of them that were not asked to the end.
    pub unfinished: usize,
}

impl Asked {
    /// What became of asking.
    pub fn of(inventory: &Inventory) -> Self {
        let served = inventory.all_served();
        let unfinished = served.iter().filter(|served| served.extent != Extent::Whole).count();
        Self {
            liveness: inventory.liveness(),
            state: match inventory.liveness() {
                Liveness::On => "asked",
                Liveness::Unasked | Liveness::Off(Off::Unwanted) => "not-asked",
                Liveness::Off(Off::Blocked) => "blocked",
                Liveness::Off(Off::Intercepted) => "intercepted",
            },
            cuts: served.len(),
            unfinished,
        }
    }

    /// What is not known for it, in a sentence; none where everything was asked that was to be asked.
    pub fn gap(&self) -> Option<String> {
        match (self.liveness, self.unfinished) {
            (Liveness::Off(Off::Blocked), _) => Some(
                "no name server can be reached from here on port 53 (UDP and TCP): what is served is not known"
                    .to_owned(),
            ),
            (Liveness::Off(Off::Intercepted), _) => Some(
                "somebody on this network answers in the place of every name server: what is served is not known"
                    .to_owned(),
            ),
            (_, 0) => None,
            (_, 1) => Some("the servers of 1 delegation were not asked to the end".to_owned()),
            (_, unfinished) => Some(format!(
                "the servers of {unfinished} delegations were not asked to the end"
            )),
        }
    }
}
