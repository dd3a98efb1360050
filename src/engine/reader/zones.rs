//! The record sets of the zones of an account.

use super::super::listing::{Turn, inconsistent, problem};
use super::super::paging::Paging;
use super::super::queue::{Job, Lane};
use super::super::task::Task;
use super::{Reader, origin};
use crate::model::account::{Problem, ProblemKind};
use crate::model::inventory::{Fact, Reading};
use crate::model::name::DnsName;
use crate::model::records::Records;
use crate::model::zone::{Zone, ZoneId};
use crate::ports::{RecordPage, ZonePage};
use std::sync::Arc;

/// How far a zone is.
#[derive(Debug)]
pub(super) struct ZoneState {
    pub(super) name: DnsName,
    stated: Option<u64>,
    pass: u32,
    paging: Paging,
    stage: ZoneStage,
    restarts: u32,
    /// How often the number of record sets was asked for again.
    recounts: u32,
    times_vanished: u32,
    pages_left: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ZoneStage {
    Reading,
    /// All pages are in, and their number is not the one stated: the number is asked for again.
    Recounting,
    /// It was read before and is to be read again: its number first.
    Reopening,
    /// The API said that it is not there.
    Vanished,
    /// It was said what became of it.
    Settled,
}

impl Reader {
    /// A list names a zone: it is read, unless that was begun before.
    pub(super) fn found(&mut self, zone: &Zone) {
        let id = &zone.key.id;
        if let Some(state) = self.zones.get_mut(id) {
            state.name = zone.name.clone();
            state.stated = zone.record_count;
            return;
        }
        let state = ZoneState {
            name: zone.name.clone(),
            stated: zone.record_count,
            pass: 0,
            paging: Paging::default(),
            stage: ZoneStage::Reading,
            restarts: 0,
            recounts: 0,
            times_vanished: 0,
            pages_left: 0,
        };
        self.zones.insert(id.clone(), state);
        self.read_from_the_start(id);
        self.ask_for_details(id);
    }

    fn read_from_the_start(&mut self, id: &ZoneId) {
        let lane = self.lane(id);
        let Some(state) = self.zones.get_mut(id) else { return };
        state.pass += 1;
        state.paging = Paging::default();
        state.stage = ZoneStage::Reading;
        let pages = state.stated.unwrap_or(0).div_ceil(300).max(1);
        self.tally.pages_left = self.tally.pages_left - state.pages_left + pages;
        state.pages_left = pages;
        let task = Task::Records {
            zone: id.clone(),
            cursor: None,
            page: 1,
            pass: state.pass,
        };
        self.queue.push(Job::new(task, lane));
    }

    pub(super) fn paged(&mut self, id: &ZoneId, page: u32, pass: u32, records: RecordPage) {
        let lane = self.lane(id);
        let Some(state) = self.zones.get_mut(id).filter(|state| state.pass == pass) else {
            return;
        };
        if state.pages_left > 0 {
            state.pages_left -= 1;
            self.tally.pages_left -= 1;
        }
        match state.paging.take(records) {
            Turn::More(cursor) => {
                let task = Task::Records {
                    zone: id.clone(),
                    cursor: Some(cursor),
                    page: page + 1,
                    pass,
                };
                self.queue.push_first(Job::new(task, lane));
            }
            Turn::End => self.all_pages_are_in(id),
            Turn::Stuck(why) => self.zone_is_stuck(id, why),
        }
    }

    fn zone_is_stuck(&mut self, id: &ZoneId, why: &str) {
        let Some(state) = self.zones.get_mut(id) else { return };
        if state.restarts == 0 {
            state.restarts += 1;
            self.read_from_the_start(id);
        } else {
            let message = format!("route53:ListResourceRecordSets cannot be paged through: {why}");
            self.settle_short(id, inconsistent(message));
        }
    }

    /// The number that the list stated may be older than the record sets: it is asked for again before anything is said.
    fn all_pages_are_in(&mut self, id: &ZoneId) {
        let Some(state) = self.zones.get_mut(id) else { return };
        if state.stated.is_some_and(|stated| stated != state.paging.seen()) && state.recounts < 2 {
            state.stage = ZoneStage::Recounting;
            state.recounts += 1;
            let lane = self.lane(id).min(Lane::Verdict);
            self.queue.push(Job::new(Task::Recount(id.clone()), lane));
            return;
        }
        let paging = std::mem::take(&mut state.paging);
        let reading = paging.finish(&state.name, state.stated);
        self.settle(id, reading);
    }

    /// The list was asked what it says of a zone now.
    pub(super) fn recounted(&mut self, id: &ZoneId, page: ZonePage) {
        let Some(zone) = page.zones.into_iter().find(|zone| zone.key.id == *id) else {
            self.vanished(id);
            return;
        };
        let Some(state) = self.zones.get_mut(id) else { return };
        let is_recounting = state.stage == ZoneStage::Recounting;
        if !is_recounting && state.stage != ZoneStage::Reopening {
            return;
        }
        state.stated = zone.record_count;
        let agrees = is_recounting && state.stated == Some(state.paging.seen());
        let is_last = is_recounting && state.recounts >= 2;
        self.facts.push(Fact::Zones {
            account: self.account,
            zones: vec![zone],
            origin: origin(),
        });
        if agrees || is_last {
            self.all_pages_are_in(id);
        } else {
            self.read_from_the_start(id);
        }
    }

    /// The API says that a zone that was listed is not there.
    pub(super) fn vanished(&mut self, id: &ZoneId) {
        let Some(state) = self.zones.get_mut(id).filter(|s| s.stage != ZoneStage::Settled) else {
            return;
        };
        state.stage = ZoneStage::Vanished;
        state.times_vanished += 1;
        self.recheck_list();
    }

    /// The list is as good as it gets: zones that it still names are tried once more, then said to be unreadable.
    pub(super) fn judge_the_vanished(&mut self) {
        let vanished: Vec<(ZoneId, u32)> = self
            .zones
            .iter()
            .filter(|(_, state)| state.stage == ZoneStage::Vanished)
            .map(|(id, state)| (id.clone(), state.times_vanished))
            .collect();
        for (id, times) in vanished {
            if times == 1 {
                self.read_from_the_start(&id);
            } else {
                let message = "the zone is listed, and Route 53 says that it does not exist".to_owned();
                self.settle_short(&id, problem(ProblemKind::Inconsistent, message));
            }
        }
    }

    /// Says what became of a zone.
    fn settle(&mut self, id: &ZoneId, reading: Reading<Arc<Records>>) {
        let Some(state) = self.zones.get_mut(id) else { return };
        if state.stage != ZoneStage::Settled {
            self.tally.zones_read += 1;
        }
        state.stage = ZoneStage::Settled;
        state.paging = Paging::default();
        self.tally.pages_left -= std::mem::take(&mut state.pages_left);
        let zone = self.key(id);
        self.facts.push(Fact::Records {
            zone,
            reading,
            origin: origin(),
        });
    }

    /// Says that a zone was not read to its end.
    pub(super) fn settle_short(&mut self, id: &ZoneId, problem: Problem) {
        let Some(state) = self.zones.get_mut(id) else { return };
        let paging = std::mem::take(&mut state.paging);
        let reading = paging.give_up(&state.name, problem);
        // Answers that are still under way belong to a pass that is over.
        state.pass += 1;
        self.queue.retain(|task| match task {
            Task::Records { zone, .. } | Task::Recount(zone) => zone != id,
            _ => true,
        });
        self.settle(id, reading);
    }

    /// Says of every zone that is not settled that it was not read.
    pub(super) fn settle_all_short(&mut self, problem: &Problem) {
        let mut open: Vec<ZoneId> = self
            .zones
            .iter()
            .filter(|(_, state)| state.stage != ZoneStage::Settled)
            .map(|(id, _)| id.clone())
            .collect();
        open.sort();
        for id in open {
            self.settle_short(&id, problem.clone());
        }
    }

    /// A zone is gone from the account.
    pub(super) fn forget(&mut self, id: &ZoneId) {
        let Some(state) = self.zones.remove(id) else { return };
        self.tally.pages_left -= state.pages_left;
        if state.stage == ZoneStage::Settled {
            self.tally.zones_read -= 1;
        }
        self.queue.retain(|task| task.zone() != Some(id));
        self.details.retain(|(zone, _)| zone != id);
    }

    /// Reads one zone again: its number of record sets first, then the record sets.
    pub(super) fn read_again(&mut self, id: &ZoneId) {
        let Some(state) = self.zones.get_mut(id) else { return };
        if state.stage != ZoneStage::Settled {
            return;
        }
        self.tally.zones_read -= 1;
        state.pass += 1;
        state.paging = Paging::default();
        state.stage = ZoneStage::Reopening;
        state.restarts = 0;
        state.recounts = 0;
        state.times_vanished = 0;
        self.queue.push(Job::new(Task::Recount(id.clone()), Lane::Focus));
        self.ask_for_details(id);
    }

    /// Gives up a zone that the person does not want to wait for.
    pub(super) fn cancel_zone(&mut self, id: &ZoneId) {
        let is_open = self
            .zones
            .get(id)
            .is_some_and(|state| state.stage != ZoneStage::Settled);
        if is_open {
            self.settle_short(id, problem(ProblemKind::Cancelled, "cancelled".to_owned()));
        }
    }
}
