//! One pass over the list of zones of an account, and whether it proves the list complete.
//!
//! Invariant: a pass is proven only by `GetHostedZoneCount`; a marker that repeats, or a page that brings nothing new and
//! promises more, ends it.

use std::collections::HashSet;

use crate::model::account::{Problem, ProblemKind};
use crate::model::text::Untrusted;
use crate::model::zone::{Zone, ZoneId};
use crate::ports::{ZoneMarker, ZonePage};

/// One pass over the list.
#[derive(Debug, Default)]
pub(super) struct Listing {
    ids: Vec<ZoneId>,
    known: HashSet<ZoneId>,
    markers: HashSet<ZoneMarker>,
    unreadable: Vec<Untrusted>,
    count: Count,
    is_listed: bool,
}

#[derive(Debug, Default)]
enum Count {
    #[default]
    Open,
    Known(u64),
    Unknown(Problem),
}

/// What follows a page.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Turn<C> {
    /// There is more, from here on.
    More(C),
    /// That was the last page.
    End,
    /// The pages lead nowhere: why.
    Stuck(&'static str),
}

/// What a pass proves.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Answers are still missing.
    Open,
    /// These are all zones of the account.
    Complete(Vec<ZoneId>),
    /// The numbers differ.
    Differs(Problem),
    /// It cannot be known, and reading again would not help.
    Unprovable(Problem),
}

impl Listing {
    /// Takes in a page; gives the zones that the pass had not seen before.
    pub(super) fn take(&mut self, page: ZonePage) -> (Vec<Zone>, Turn<ZoneMarker>) {
        self.unreadable.extend(page.unreadable);
        let fresh: Vec<Zone> = page
            .zones
            .into_iter()
            .filter(|zone| self.known.insert(zone.key.id.clone()))
            .collect();
        self.ids.extend(fresh.iter().map(|zone| zone.key.id.clone()));
        let turn = match page.next {
            None => Turn::End,
            Some(_) if fresh.is_empty() => Turn::Stuck("a page names no new zone and promises more"),
            Some(next) if !self.markers.insert(next.clone()) => Turn::Stuck("a marker repeats"),
            Some(next) => Turn::More(next),
        };
        self.is_listed |= turn == Turn::End;
        (fresh, turn)
    }

    /// Takes in what `GetHostedZoneCount` said.
    pub(super) fn count(&mut self, count: u64) {
        self.count = Count::Known(count);
    }

    /// Notes that the number cannot be had.
    pub(super) fn count_failed(&mut self, problem: Problem) {
        self.count = Count::Unknown(problem);
    }

    /// What the pass proves by now.
    pub(super) fn proof(&mut self) -> Proof {
        let expected = match &self.count {
            _ if !self.is_listed => return Proof::Open,
            Count::Open => return Proof::Open,
            Count::Unknown(problem) => return Proof::Unprovable(problem.clone()),
            Count::Known(count) => *count,
        };
        let seen = (self.ids.len() + self.unreadable.len()) as u64;
        if seen != expected {
            return Proof::Differs(inconsistent(format!(
                "route53:ListHostedZones names {seen} hosted zones, route53:GetHostedZoneCount says {expected}"
            )));
        }
        match self.unreadable.first() {
            None => Proof::Complete(std::mem::take(&mut self.ids)),
            Some(why) => Proof::Unprovable(not_understood("hosted zones", self.unreadable.len(), why)),
        }
    }
}

/// Answers that do not add up.
pub(super) fn inconsistent(message: String) -> Problem {
    problem(ProblemKind::Inconsistent, message)
}

/// Things in an answer that could not be understood.
pub(super) fn not_understood(what: &str, count: usize, why: &Untrusted) -> Problem {
    problem(
        ProblemKind::Inconsistent,
        format!("{count} {what} could not be understood: {}", why.expose()),
    )
}

/// A problem without remedy or request id.
pub(super) fn problem(kind: ProblemKind, message: String) -> Problem {
    Problem {
        kind,
        message: Untrusted::from(message),
        remedy: None,
        request_id: None,
    }
}
