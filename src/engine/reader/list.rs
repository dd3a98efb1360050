//! Who the account is, and which zones it has.

use std::collections::HashSet;

use super::super::listing::{Listing, Proof, Turn, inconsistent, problem};
use super::super::queue::{Job, Lane};
use super::super::task::Task;
use super::{Reader, origin};
use crate::model::account::{AccountIx, AccountStatus, Problem, ProblemKind};
use crate::model::inventory::Fact;
use crate::model::zone::ZoneId;
use crate::ports::{Caller, ZoneMarker, ZonePage};

/// How often a list is read again because a zone of it was gone when its turn came.
const RECHECKS: u32 = 2;

impl Reader {
    pub(super) fn identified(&mut self, caller: &Caller) {
        if let Some(pinned) = self.pinned.filter(|pinned| *pinned != caller.account) {
            let message = format!(
                "the credentials are those of account {} ({}), and the configuration says {pinned}: nothing of it is read",
                caller.account,
                caller.arn.expose()
            );
            self.fail(problem(ProblemKind::Quarantined, message));
            return;
        }
        if let Err(other) = self.commons.claim(caller.account, self.account) {
            self.merge_into(other, caller);
            return;
        }
        self.is_known_as(caller);
        self.start_list();
    }

    fn is_known_as(&mut self, caller: &Caller) {
        // A profile that leads elsewhere after a new login must not mix two accounts under one name.
        self.pinned = Some(caller.account);
        self.facts.push(Fact::Identified {
            account: self.account,
            id: caller.account,
        });
    }

    /// Another login leads to the same account: it is read there, and nothing of it stands here.
    fn merge_into(&mut self, other: AccountIx, caller: &Caller) {
        tracing::warn!(account = %caller.account, place = self.account.0, other = other.0, "read under another name");
        self.is_known_as(caller);
        self.list.is_over = true;
        self.facts.push(Fact::ZonesListed {
            account: self.account,
            ids: Vec::new(),
        });
        self.set_status(AccountStatus::Merged(other));
    }

    fn start_list(&mut self) {
        self.list.pass += 1;
        let pass = self.list.pass;
        self.list.under_way = Some(Listing::default());
        self.queue
            .retain(|task| !matches!(task, Task::Count { .. } | Task::Zones { .. }));
        self.queue.push(Job::new(Task::Count { pass }, Lane::List));
        let first = Task::Zones {
            marker: None,
            page: 1,
            pass,
        };
        self.queue.push(Job::new(first, Lane::List));
    }

    fn listing(&mut self, pass: u32) -> Option<&mut Listing> {
        (pass == self.list.pass)
            .then_some(self.list.under_way.as_mut())
            .flatten()
    }

    pub(super) fn counted(&mut self, pass: u32, count: u64) {
        let Some(listing) = self.listing(pass) else { return };
        listing.count(count);
        self.list.expected = Some(count);
        self.conclude_list();
    }

    pub(super) fn count_failed(&mut self, pass: u32, problem: Problem) {
        let Some(listing) = self.listing(pass) else { return };
        listing.count_failed(problem);
        self.conclude_list();
    }

    pub(super) fn listed(&mut self, page: u32, pass: u32, zones: ZonePage) {
        let Some(listing) = self.listing(pass) else { return };
        let (fresh, turn) = listing.take(zones);
        self.commons.note(fresh.iter().map(|zone| &zone.name));
        for zone in &fresh {
            self.found(zone);
        }
        if !fresh.is_empty() {
            self.facts.push(Fact::Zones {
                account: self.account,
                zones: fresh,
                origin: origin(),
            });
        }
        match turn {
            Turn::More(next) => self.next_page_of_zones(next, page, pass),
            Turn::End => self.conclude_list(),
            Turn::Stuck(why) => self.list_is_stuck(why),
        }
    }

    fn next_page_of_zones(&mut self, marker: ZoneMarker, page: u32, pass: u32) {
        let task = Task::Zones {
            marker: Some(marker),
            page: page + 1,
            pass,
        };
        self.queue.push(Job::new(task, Lane::List));
    }

    pub(super) fn list_is_stuck(&mut self, why: &str) {
        if self.list.restarts == 0 {
            self.list.restarts += 1;
            self.start_list();
        } else {
            self.end_list_partial(inconsistent(format!(
                "route53:ListHostedZones cannot be paged through: {why}"
            )));
        }
    }

    /// The list cannot be read on: what it named is read, and nothing is concluded from what it did not.
    pub(super) fn list_failed(&mut self, problem: Problem) {
        if self.zones.is_empty() {
            self.fail(problem);
        } else {
            self.end_list_partial(problem);
        }
    }

    fn conclude_list(&mut self) {
        let Some(listing) = self.list.under_way.as_mut() else {
            return;
        };
        match listing.proof() {
            Proof::Open => {}
            Proof::Complete(ids) => self.end_list_complete(ids),
            Proof::Differs(_) if self.list.rereads == 0 => {
                self.list.rereads += 1;
                self.start_list();
            }
            Proof::Differs(problem) | Proof::Unprovable(problem) => self.end_list_partial(problem),
        }
    }

    fn end_list_complete(&mut self, ids: Vec<ZoneId>) {
        self.list.under_way = None;
        self.list.is_over = true;
        let listed: HashSet<&ZoneId> = ids.iter().collect();
        let gone: Vec<ZoneId> = self.zones.keys().filter(|id| !listed.contains(id)).cloned().collect();
        for zone in &gone {
            self.forget(zone);
        }
        self.facts.push(Fact::ZonesListed {
            account: self.account,
            ids,
        });
        self.set_status(AccountStatus::Complete);
        if std::mem::take(&mut self.list.wants_recheck) {
            self.recheck_list();
        } else {
            self.judge_the_vanished();
        }
    }

    fn end_list_partial(&mut self, problem: Problem) {
        self.list.under_way = None;
        self.list.is_over = true;
        self.list.wants_recheck = false;
        self.queue
            .retain(|task| !matches!(task, Task::Count { .. } | Task::Zones { .. }));
        self.set_status(AccountStatus::Partial(problem));
        self.judge_the_vanished();
    }

    /// A zone was gone when its turn came: the list of zones is out of date.
    pub(super) fn recheck_list(&mut self) {
        if self.list.under_way.is_some() {
            self.list.wants_recheck = true;
        } else if self.list.rechecks < RECHECKS && self.status == AccountStatus::Complete {
            self.list.rechecks += 1;
            self.start_list();
        } else {
            self.judge_the_vanished();
        }
    }
}
