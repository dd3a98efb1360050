//! Lists that do not add up: a page that is lost, and a marker that leads back.

use super::Service;
use crate::model::zone::ZoneId;
use crate::sim::api::{Answer, ApiError, Call, Operation, RecordStart};
use crate::sim::faults::{LostPage, PageLoss};

impl Service {
    /// Answers an operation, and spoils the answer where the account's faults say so.
    pub(super) fn answer(&mut self, call: Call, operation: &Operation) -> Result<Answer, ApiError> {
        let answer = self.world.answer(call, operation)?;
        let Some(faults) = self.world.accounts().get(call.account).map(|account| &account.faults) else {
            return Ok(answer);
        };
        let lost = faults
            .lost_page
            .clone()
            .filter(|lost| lost.action == operation.action());
        let cycle = faults.marker_cycle.as_deref() == Some(operation.action());
        if let Some(lost) = lost {
            return self.lose(call, operation, answer, &lost);
        }
        match cycle {
            true => self.lead_back(call, operation, answer),
            false => Ok(answer),
        }
    }

    fn lose(&mut self, call: Call, operation: &Operation, answer: Answer, lost: &LostPage) -> Result<Answer, ApiError> {
        let losses = self.page_losses.get(&call.account).copied().unwrap_or_default();
        if lost.times.is_some_and(|times| losses >= times) {
            return Ok(answer);
        }
        let page = self.page_number(call, &answer);
        let before = page + 1 == lost.page;
        let spoiled = match lost.how {
            PageLoss::Emptied if page == lost.page => emptied(answer),
            PageLoss::EndsEarly if before => with_next(answer, None),
            PageLoss::Skipped if before => match follow(operation, &answer) {
                Some(next) => {
                    let after = self.world.answer(call, &next)?;
                    with_next(answer, next_of(&after))
                }
                None => return Ok(answer),
            },
            _ => return Ok(answer),
        };
        *self.page_losses.entry(call.account).or_default() += 1;
        Ok(spoiled)
    }

    /// From the second page on, the next page is the second again.
    fn lead_back(&mut self, call: Call, operation: &Operation, answer: Answer) -> Result<Answer, ApiError> {
        if self.page_number(call, &answer) < 2 {
            return Ok(answer);
        }
        let Some(first) = first_page(operation) else {
            return Ok(answer);
        };
        let first = self.world.answer(call, &first)?;
        Ok(with_next(answer, next_of(&first)))
    }

    /// Which page of its list an answer is, from 1.
    fn page_number(&self, call: Call, answer: &Answer) -> u64 {
        let (position, size) = match answer {
            Answer::Records(page) => (page.position(), page.max_items),
            Answer::Zones(page) => {
                let marker = page.marker.as_deref().and_then(ZoneId::read);
                let account = self.world.accounts().get(call.account);
                let before = |id: &ZoneId| account.map_or(0, |account| account.zones.range(..id.clone()).count());
                (marker.as_ref().map_or(0, before), page.max_items)
            }
            _ => (0, 1),
        };
        (position / size.max(1)) as u64 + 1
    }
}

/// Where the page after an answer begins.
enum Next {
    Zone(String),
    Record(Box<crate::sim::record::ResourceRecordSet>),
}

fn next_of(answer: &Answer) -> Option<Next> {
    match answer {
        Answer::Zones(page) => page.next.clone().map(Next::Zone),
        Answer::Records(page) => page.next.clone().map(|set| Next::Record(Box::new(set))),
        _ => None,
    }
}

fn with_next(answer: Answer, next: Option<Next>) -> Answer {
    match (answer, next) {
        (Answer::Zones(mut page), next) => {
            page.next = match next {
                Some(Next::Zone(id)) => Some(id),
                _ => None,
            };
            Answer::Zones(page)
        }
        (Answer::Records(mut page), next) => {
            page.next = match next {
                Some(Next::Record(set)) => Some(*set),
                _ => None,
            };
            Answer::Records(page)
        }
        (answer, _) => answer,
    }
}

fn emptied(answer: Answer) -> Answer {
    match answer {
        Answer::Zones(mut page) => {
            page.zones.clear();
            Answer::Zones(page)
        }
        Answer::Records(page) => Answer::Records(page.emptied()),
        answer => answer,
    }
}

/// The request for the page after an answer.
fn follow(operation: &Operation, answer: &Answer) -> Option<Operation> {
    match (operation, next_of(answer)?) {
        (Operation::ListHostedZones(list), Next::Zone(id)) => {
            let mut list = list.clone();
            list.marker = Some(id);
            Some(Operation::ListHostedZones(list))
        }
        (Operation::ListResourceRecordSets { zone, max_items, .. }, Next::Record(set)) => {
            Some(Operation::ListResourceRecordSets {
                zone: zone.clone(),
                start: RecordStart {
                    name: Some(set.name.to_route53()),
                    record_type: Some(set.record_type.to_string()),
                    identifier: set.set_identifier().map(str::to_owned),
                },
                max_items: *max_items,
            })
        }
        _ => None,
    }
}

/// The request for the first page of a list.
fn first_page(operation: &Operation) -> Option<Operation> {
    match operation {
        Operation::ListHostedZones(list) => {
            let mut list = list.clone();
            list.marker = None;
            Some(Operation::ListHostedZones(list))
        }
        Operation::ListResourceRecordSets { zone, max_items, .. } => Some(Operation::ListResourceRecordSets {
            zone: zone.clone(),
            start: RecordStart::default(),
            max_items: *max_items,
        }),
        _ => None,
    }
}
