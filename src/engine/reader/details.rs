//! Delegation sets and signing: read where somebody asks for them.

use super::super::command::{Detail, Want};
use super::super::queue::{Job, Lane};
use super::super::task::Task;
use super::{Reader, origin};
use crate::model::account::Problem;
use crate::model::dnssec::Signing;
use crate::model::inventory::{Fact, Reading};
use crate::model::zone::{DelegationSet, ZoneId};

impl Reader {
    /// Somebody asks for a detail: it is read now, once the zone is listed, and again whenever the zone is.
    pub(super) fn want(&mut self, want: Want) {
        let id = want.zone.id;
        self.wanted.insert((id.clone(), want.detail));
        if !self.zones.contains_key(&id) {
            return;
        }
        match self.given_up.clone() {
            None => self.ask_for(id, want.detail),
            Some(problem) => {
                self.details.insert((id.clone(), want.detail));
                self.detail_failed(&id, want.detail, problem);
            }
        }
    }

    /// Asks for what was wanted of a zone, when it is read or read again.
    pub(super) fn ask_for_details(&mut self, id: &ZoneId) {
        for detail in [Detail::DelegationSet, Detail::Signing] {
            if self.wanted.contains(&(id.clone(), detail)) {
                self.ask_for(id.clone(), detail);
            }
        }
    }

    fn ask_for(&mut self, id: ZoneId, detail: Detail) {
        if !self.details.insert((id.clone(), detail)) {
            return;
        }
        let lane = if self.focus.contains(&id) {
            Lane::Focus
        } else {
            Lane::Verdict
        };
        let task = match detail {
            Detail::DelegationSet => Task::DelegationSet(id),
            Detail::Signing => Task::Signing(id),
        };
        self.queue.push(Job::new(task, lane));
    }

    pub(super) fn learned_set(&mut self, id: &ZoneId, set: DelegationSet) {
        self.tell_set(id, Reading::Whole(set));
    }

    pub(super) fn learned_signing(&mut self, id: &ZoneId, signing: Signing) {
        self.tell_signing(id, Reading::Whole(signing));
    }

    pub(super) fn detail_failed(&mut self, id: &ZoneId, detail: Detail, problem: Problem) {
        match detail {
            Detail::DelegationSet => self.tell_set(id, Reading::Failed(problem)),
            Detail::Signing => self.tell_signing(id, Reading::Failed(problem)),
        }
    }

    fn tell_set(&mut self, id: &ZoneId, reading: Reading<DelegationSet>) {
        if self.details.remove(&(id.clone(), Detail::DelegationSet)) {
            let zone = self.key(id);
            self.facts.push(Fact::DelegationSet {
                zone,
                reading,
                origin: origin(),
            });
        }
    }

    fn tell_signing(&mut self, id: &ZoneId, reading: Reading<Signing>) {
        if self.details.remove(&(id.clone(), Detail::Signing)) {
            let zone = self.key(id);
            self.facts.push(Fact::Signing {
                zone,
                reading,
                origin: origin(),
            });
        }
    }

    /// Says of every detail that was asked for that it was not read.
    pub(super) fn fail_details(&mut self, problem: &Problem) {
        let mut open: Vec<(ZoneId, Detail)> = self.details.iter().cloned().collect();
        open.sort_by(|a, b| a.0.cmp(&b.0));
        for (id, detail) in open {
            self.detail_failed(&id, detail, problem.clone());
        }
    }
}
