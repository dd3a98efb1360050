//! The write lock: whether anything may be written, to which accounts, and for how long.
//!
//! Invariant: it is locked at the start unless the configuration or `--write` says otherwise, and an account whose
//! configuration says `read_only = true` is never unlocked.

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;

use crate::model::account::AccountIx;
use crate::model::inventory::Inventory;
use crate::plan::Plan;

/// How long it stays unlocked, unless something else is chosen, in minutes.
pub const USUAL: u16 = 15;
/// How long it can be unlocked, in minutes.
pub const LENGTHS: [u16; 5] = [5, USUAL, 30, 60, 120];

/// What holds for one account.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Rule {
    /// It may be written to while it is unlocked.
    #[default]
    Lockable,
    /// It may be written to: its configuration says `read_only = false`.
    Open,
    /// It is never written to; why.
    Never(String),
}

/// Whether anything may be written.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Lock {
    rules: Vec<Rule>,
    forbidden: Option<String>,
    unlocked: BTreeSet<AccountIx>,
    until: Option<Timestamp>,
}

/// Leave to write to the accounts of one plan. Nothing but a lock that permits it makes one.
#[derive(Debug)]
pub struct Pass(());

impl Lock {
    /// Locked, with what holds for each account.
    pub fn new(rules: Vec<Rule>) -> Self {
        Self {
            rules,
            ..Self::default()
        }
    }

    /// Locked for good; why.
    #[must_use]
    pub fn forbidden(self, why: impl Into<String>) -> Self {
        Self {
            forbidden: Some(why.into()),
            ..self
        }
    }

    /// Unlocked from the start, for as long as the program runs.
    #[must_use]
    pub fn opened(mut self) -> Self {
        self.unlocked = self.lockable().collect();
        self
    }

    fn lockable(&self) -> impl Iterator<Item = AccountIx> {
        let rules = (0..).map(AccountIx).zip(&self.rules);
        rules
            .filter(|(_, rule)| **rule == Rule::Lockable)
            .map(|(place, _)| place)
    }

    /// Unlocks accounts, as far as that may be.
    pub fn unlock(&mut self, accounts: &[AccountIx], until: Timestamp) {
        if self.forbidden.is_none() {
            self.unlocked = self.lockable().filter(|place| accounts.contains(place)).collect();
            self.until = Some(until);
        }
    }

    /// Locks again what can be locked.
    pub fn lock(&mut self) {
        self.unlocked.clear();
        self.until = None;
    }

    /// Locks where the time has run out; says whether it did.
    pub fn expire(&mut self, now: Timestamp) -> bool {
        let is_over = self.until.is_some_and(|until| now >= until);
        if is_over {
            self.lock();
        }
        is_over
    }

    /// Why nothing can be unlocked at all.
    pub fn is_forbidden(&self) -> Option<&str> {
        self.forbidden.as_deref()
    }

    /// What holds for an account.
    pub fn rule(&self, account: AccountIx) -> &Rule {
        self.rules.get(account.0 as usize).unwrap_or(&Rule::Lockable)
    }

    /// Whether a person unlocked something.
    pub fn is_unlocked(&self) -> bool {
        !self.unlocked.is_empty()
    }

    /// The accounts that may be written to now.
    pub fn writable(&self, now: Timestamp) -> Vec<AccountIx> {
        let all = (0..).map(AccountIx).take(self.rules.len());
        all.filter(|place| self.permits(*place, now).is_ok()).collect()
    }

    /// How long it stays unlocked; none where no end was set.
    pub fn left(&self, now: Timestamp) -> Option<Duration> {
        let left = self.until?.duration_since(now);
        Some(Duration::try_from(left).unwrap_or_default())
    }

    /// Whether an account may be written to; why not.
    pub fn permits(&self, account: AccountIx, now: Timestamp) -> Result<(), String> {
        if let Some(why) = &self.forbidden {
            return Err(why.clone());
        }
        match self.rules.get(account.0 as usize) {
            Some(Rule::Open) => Ok(()),
            Some(Rule::Never(why)) => Err(why.clone()),
            Some(Rule::Lockable) if self.unlocked.contains(&account) && self.until.is_none_or(|until| now < until) => {
                Ok(())
            }
            _ => Err("read-only: w unlocks".to_owned()),
        }
    }

    /// Leave to apply a plan: each account that it writes to must be unlocked. Why there is none.
    pub fn pass(&self, plan: &Plan, inventory: &Inventory, now: Timestamp) -> Result<Pass, String> {
        for (_, step) in plan.steps().filter(|(_, step)| step.is_write()) {
            let party = step.party().and_then(|party| plan.party(party));
            let id = party
                .map(|party| party.id)
                .ok_or("a step of the plan names no account")?;
            let mut accounts = inventory.accounts_with_places();
            let place = accounts.find(|(_, account)| account.id == Some(id));
            let (place, _) = place.ok_or("an account of the plan is none of these")?;
            self.permits(place, now)?;
        }
        Ok(Pass(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(second).unwrap()
    }

    fn lock() -> Lock {
        Lock::new(vec![Rule::Lockable, Rule::Open, Rule::Never("no".to_owned())])
    }

    fn permitted(lock: &Lock, second: i64) -> Vec<u32> {
        lock.writable(at(second)).iter().map(|place| place.0).collect()
    }

    #[test]
    fn what_is_never_to_be_written_stays_locked_whatever_is_asked() {
        let all = [AccountIx(0), AccountIx(1), AccountIx(2), AccountIx(9)];
        let mut lock = lock();
        assert_eq!(permitted(&lock, 0), [1]);
        lock.unlock(&all, at(60));
        assert_eq!(permitted(&lock, 59), [0, 1]);
        assert_eq!(permitted(&lock.clone().opened(), 59), [0, 1]);
        assert!(lock.permits(AccountIx(9), at(0)).is_err());
        let mut forbidden = lock.forbidden("--read-only");
        forbidden.unlock(&all, at(60));
        assert!(permitted(&forbidden, 0).is_empty());
    }

    #[test]
    fn it_is_locked_again_by_time_and_by_hand() {
        let mut lock = lock();
        lock.unlock(&[AccountIx(0)], at(60));
        assert_eq!(lock.left(at(20)), Some(Duration::from_secs(40)));
        assert_eq!(permitted(&lock, 60), [1]);
        assert!(!lock.expire(at(59)));
        assert!(lock.expire(at(60)));
        assert!(!lock.is_unlocked());
        lock.unlock(&[AccountIx(0)], at(90));
        lock.lock();
        assert_eq!(permitted(&lock, 61), [1]);
    }
}
