//! One pass over the record sets of a zone, and whether it read them all.
//!
//! Invariant: a pass is whole only where its number is the one that Route 53 states for the zone.

use std::collections::HashSet;
use std::sync::Arc;

use super::listing::{Turn, inconsistent, not_understood};
use crate::model::account::Problem;
use crate::model::inventory::Reading;
use crate::model::name::DnsName;
use crate::model::record::{RecordSet, RecordType};
use crate::model::records::Records;
use crate::model::text::Untrusted;
use crate::ports::{RecordCursor, RecordPage};

/// One pass over the record sets of a zone.
#[derive(Debug, Default)]
pub(super) struct Paging {
    sets: Vec<RecordSet>,
    known: HashSet<(DnsName, RecordType, Option<Untrusted>)>,
    cursors: HashSet<RecordCursor>,
    unreadable: Vec<Untrusted>,
}

impl Paging {
    /// Takes in a page; record sets that an earlier page held are left out.
    pub(super) fn take(&mut self, page: RecordPage) -> Turn<RecordCursor> {
        self.unreadable.extend(page.unreadable);
        let before = self.sets.len();
        if page.next.is_none() && self.known.is_empty() {
            self.sets = page.sets;
            return Turn::End;
        }
        for set in page.sets {
            if self.known.insert(identity(&set)) {
                self.sets.push(set);
            }
        }
        match page.next {
            None => Turn::End,
            Some(_) if self.sets.len() == before => Turn::Stuck("a page holds no new record set and promises more"),
            Some(next) if !self.cursors.insert(next.clone()) => Turn::Stuck("a cursor repeats"),
            Some(next) => Turn::More(next),
        }
    }

    /// How many record sets were read.
    pub(super) fn seen(&self) -> u64 {
        (self.sets.len() + self.unreadable.len()) as u64
    }

    /// Ends the pass that reached the last page: whole where the number is the one stated.
    pub(super) fn finish(self, zone: &DnsName, stated: Option<u64>) -> Reading<Arc<Records>> {
        let seen = self.seen();
        let flaw = match stated {
            Some(stated) if stated == seen => None,
            Some(stated) => Some(inconsistent(format!(
                "route53:ListResourceRecordSets gives {seen} record sets, route53:ListHostedZones says {stated}"
            ))),
            None => Some(inconsistent(
                "route53:ListHostedZones does not say how many record sets there are".to_owned(),
            )),
        };
        self.pack(zone, flaw)
    }

    /// Ends a pass that was not completed: what is there is true.
    pub(super) fn give_up(self, zone: &DnsName, problem: Problem) -> Reading<Arc<Records>> {
        if self.sets.is_empty() {
            return Reading::Failed(problem);
        }
        self.pack(zone, Some(problem))
    }

    fn pack(self, zone: &DnsName, flaw: Option<Problem>) -> Reading<Arc<Records>> {
        let (records, strangers) = Records::pack(zone, self.sets);
        let flaw = flaw
            .or_else(|| {
                let why = self.unreadable.first()?;
                Some(not_understood("record sets", self.unreadable.len(), why))
            })
            .or_else(|| {
                (strangers > 0)
                    .then(|| inconsistent(format!("{strangers} record sets are not at or below the zone's name")))
            });
        match flaw {
            None => Reading::Whole(Arc::new(records)),
            Some(problem) => Reading::Part(Arc::new(records), problem),
        }
    }
}

fn identity(set: &RecordSet) -> (DnsName, RecordType, Option<Untrusted>) {
    let identifier = set.routing.as_ref().map(|routing| routing.set_identifier.clone());
    (set.name.clone(), set.record_type, identifier)
}
