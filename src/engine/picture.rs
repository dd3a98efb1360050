//! What is known so far: the inventory, the verdicts on it, and what they still wait for.
//!
//! Pure: events go in, and the owner sends on what is wanted. Verdicts are brought up to date once per batch of events.

use std::collections::HashMap;

use super::command::{Event, Want};
use super::wants::{Audit, Wants};
use crate::findings::Survey;
use crate::model::account::AccountIx;
use crate::model::inventory::{Fact, Inventory};

/// What is known so far.
#[derive(Debug, Clone, Default)]
pub struct Picture {
    inventory: Inventory,
    survey: Survey,
    wants: Wants,
    idle: HashMap<AccountIx, u64>,
    facts_since: usize,
}

/// What came of taking in a batch of events.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Absorbed {
    /// What is still wanted.
    pub wants: Vec<Want>,
    /// Whether this was a time to look through all cuts.
    pub looked_through: bool,
}

impl Picture {
    /// The picture that an inventory gives; `audit` says whose delegation sets are to be read.
    pub fn new(mut inventory: Inventory, audit: Audit) -> Self {
        let survey = Survey::of(&mut inventory);
        Self {
            inventory,
            survey,
            wants: Wants::new(audit),
            idle: HashMap::new(),
            facts_since: 0,
        }
    }

    /// Takes in what a scan said, and gives what is still wanted, to be sent as `Command::Read`.
    #[must_use]
    pub fn absorb(&mut self, events: impl IntoIterator<Item = Event>) -> Absorbed {
        let mut is_someone_idle = false;
        for event in events {
            match event {
                Event::Fact(fact) => {
                    self.inventory.apply(fact);
                    self.facts_since += 1;
                }
                Event::Idle { account, commands } => {
                    self.idle.insert(account, commands);
                    is_someone_idle = true;
                }
            }
        }
        self.survey.refresh(&mut self.inventory);
        // Looking through all cuts after every fact would cost the square of their number.
        if !is_someone_idle && self.facts_since * 64 < self.survey.len() {
            return Absorbed::default();
        }
        self.facts_since = 0;
        let cuts = self.survey.cuts().map(|verdict| &verdict.cut);
        Absorbed {
            wants: self.wants.next(&self.inventory, cuts, &self.idle),
            looked_through: true,
        }
    }

    /// Takes in facts that did not come from a scan: those of the cache.
    pub fn learn(&mut self, facts: impl IntoIterator<Item = Fact>) {
        for fact in facts {
            self.inventory.apply(fact);
        }
        self.survey.refresh(&mut self.inventory);
    }

    /// Everything learned.
    pub fn inventory(&self) -> &Inventory {
        &self.inventory
    }

    /// The verdicts on it.
    pub fn survey(&self) -> &Survey {
        &self.survey
    }

    /// What each account's latest [`Event::Idle`] said.
    pub fn idle(&self) -> &HashMap<AccountIx, u64> {
        &self.idle
    }
}
