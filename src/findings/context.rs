//! What a rule may look at: one cut and everything that was read, and the words to speak of it.

use crate::model::account::AccountStatus;
use crate::model::cut::{Coverage, Cut, Lead, Servers};
use crate::model::inventory::{Inventory, Source, ZoneEntry, ZoneIx};
use crate::model::name::DnsName;

use super::delegation::DelegationFault;
use super::finding::{Confidence, Finding, Rule, Subject, ZoneRef};

/// One cut and everything that was read.
pub struct Context<'a> {
    /// The cut.
    pub cut: &'a Cut,
    /// Everything that was read.
    pub inventory: &'a Inventory,
    /// What is wrong with where the delegation leads, if anything is: at most one fault, the gravest.
    pub fault: Option<DelegationFault>,
}

impl<'a> Context<'a> {
    /// Looks at a cut.
    pub fn new(cut: &'a Cut, inventory: &'a Inventory) -> Self {
        let mut context = Self {
            cut,
            inventory,
            fault: None,
        };
        context.fault = DelegationFault::of(&context);
        context
    }

    /// A zone of the inventory.
    pub fn zone(&self, zone: ZoneIx) -> Option<&'a ZoneEntry> {
        self.inventory.zone(zone)
    }

    /// The name servers of one of the cut's children.
    pub fn servers(&self, child: ZoneIx) -> Servers<'a> {
        self.cut.servers(self.inventory, child)
    }

    /// The names that the delegation gives; none where there is no delegation.
    pub fn delegated_to(&self) -> &'a [DnsName] {
        self.cut
            .delegation
            .as_ref()
            .map_or(&[], |delegation| delegation.name_servers.as_slice())
    }

    /// Whether there are zones of this name and no delegation to them, as far as the parents were read.
    pub fn is_undelegated(&self) -> bool {
        let cut = self.cut;
        matches!(cut.known, Coverage::Whole | Coverage::Cached)
            && !cut.children.is_empty()
            && cut.delegation.is_none()
            && cut.beyond.is_none()
    }

    /// Whether the delegation that resolvers follow is known, be it that there is none.
    pub fn sees_where_it_is_delegated(&self) -> bool {
        let read = matches!(self.cut.known, Coverage::Whole | Coverage::Cached);
        let settled = self.cut.delegation.is_some() || self.inventory.is_complete();
        read && settled && self.cut.beyond.is_none()
    }

    /// How sure an absence in the parents is: it means nothing in what the cache remembers.
    pub fn if_read(&self, confidence: Confidence) -> Confidence {
        if self.cut.known == Coverage::Whole {
            confidence
        } else {
            Confidence::Unknown
        }
    }

    /// `confidence`, unless an account is unread: then what needs "no such zone anywhere" is unknown.
    pub fn if_complete(&self, confidence: Confidence) -> Confidence {
        if self.inventory.is_complete() {
            confidence
        } else {
            Confidence::Unknown
        }
    }

    /// `confidence`, unless the parents were not read in full: something unread may hide what was read from resolvers.
    pub fn if_followed(&self, confidence: Confidence) -> Confidence {
        if self.cut.known == Coverage::Lacking {
            Confidence::Unknown
        } else {
            confidence
        }
    }

    /// `confidence`, unless another zone of the name than those compared may be the one that is delegated to.
    pub fn if_settled(&self, confidence: Confidence) -> Confidence {
        let cut = self.cut;
        let rivals = cut.children.len() > 1 || !self.inventory.is_complete();
        if cut.served.is_empty() && cut.lead == Lead::Unsure && rivals {
            Confidence::Unknown
        } else {
            confidence
        }
    }

    /// A finding of `rule` at this cut, about all its zones; the caller adds the evidence and what differs.
    pub fn finding(&self, rule: &'static Rule) -> Finding {
        Finding {
            rule,
            severity: rule.severity,
            subject: Subject::Name(self.cut.name.clone()),
            confidence: self.if_fresh(Confidence::Certain),
            cause: None,
            parent: self.parent_ref(),
            children: self.cut.children.iter().filter_map(|z| self.zone_ref(*z)).collect(),
            evidence: Vec::new(),
            fix: String::new(),
        }
    }

    /// A finding of `rule` about one zone of the name.
    pub fn finding_in(&self, rule: &'static Rule, child: ZoneIx) -> Finding {
        Finding {
            children: self.zone_ref(child).into_iter().collect(),
            ..self.finding(rule)
        }
    }

    /// What the cache remembers is likely at best.
    fn if_fresh(&self, confidence: Confidence) -> Confidence {
        let cached = |zone: &ZoneIx| {
            self.zone(*zone)
                .and_then(|entry| entry.records.as_ref())
                .is_some_and(|held| held.origin.source == Source::Cache)
        };
        if self.cut.parents.iter().chain(&self.cut.children).any(cached) {
            confidence.min(Confidence::Likely)
        } else {
            confidence
        }
    }

    /// A reference to a zone of the inventory.
    pub fn zone_ref(&self, zone: ZoneIx) -> Option<ZoneRef> {
        self.zone(zone).map(|entry| ZoneRef::of(zone, entry))
    }

    /// The zone that delegates, or should.
    pub fn parent_ref(&self) -> Option<ZoneRef> {
        let zone = match &self.cut.delegation {
            Some(delegation) => delegation.zone,
            None => *self.cut.parents.first()?,
        };
        self.zone_ref(zone)
    }

    /// A zone in a sentence: `example.com (Z0123, shared-dns 111122223333)`.
    pub fn describe(&self, zone: ZoneIx) -> String {
        let Some(entry) = self.zone(zone) else {
            return String::new();
        };
        let account = match self.inventory.account(entry.zone.key.account) {
            Some(account) => match account.id {
                Some(id) => format!("{} {id}", account.name.printable()),
                None => account.name.printable(),
            },
            None => String::new(),
        };
        format!("{} ({}, {account})", entry.zone.name, entry.zone.key.id)
    }

    /// The parent in a sentence, or the closest enclosing name where none is held.
    pub fn describe_parent(&self) -> String {
        self.parent_ref()
            .map_or_else(|| "the parent".to_owned(), |zone| self.describe(zone.index))
    }

    /// All zones of the name in a sentence.
    pub fn describe_children(&self) -> String {
        let zones: Vec<String> = self.cut.children.iter().map(|zone| self.describe(*zone)).collect();
        zones.join(", ")
    }

    /// How many accounts were read in full, of how many, in words.
    pub fn accounts_read(&self) -> String {
        let accounts = self.inventory.accounts();
        let read = accounts.iter().filter(|a| a.status == AccountStatus::Complete).count();
        format!("{read} of {} accounts", accounts.len())
    }

    /// What the name servers of the zones of this name are, in a sentence, as far as that is known.
    pub fn right_servers(&self) -> String {
        let zone = self.cut.compared().first();
        let names = zone.and_then(|zone| self.servers(*zone).names().map(list));
        names.unwrap_or_else(|| "the name servers of its delegation set".to_owned())
    }
}

/// Names in a sentence, separated by commas.
pub fn list<'n>(names: impl IntoIterator<Item = &'n DnsName>) -> String {
    let names: Vec<String> = names.into_iter().map(ToString::to_string).collect();
    names.join(", ")
}

/// The names of `a` that `b` lacks.
pub fn without<'n>(a: &'n [DnsName], b: &[DnsName]) -> Vec<&'n DnsName> {
    a.iter().filter(|name| !b.contains(name)).collect()
}
