//! What a rule may look at: one cut and everything that was read, and (in `words`) the sentences to speak of it.

mod words;

use crate::model::cut::{Coverage, Cut, DsHolding, Lead, Servers};
use crate::model::dnssec::{Chain, Signing};
use crate::model::inventory::{Inventory, Source, ZoneEntry, ZoneIx};
use crate::model::name::DnsName;
use crate::model::served::{Outlook, Served};

use super::asked::{Asked, At};
use super::delegation::DelegationFault;
use super::finding::{Confidence, Finding, Rule, Subject, ZoneRef};
use super::signed::Signed;

pub use crate::model::name::list;

/// One cut and everything that was read.
pub struct Context<'a> {
    /// The cut.
    pub cut: &'a Cut,
    /// Everything that was read.
    pub inventory: &'a Inventory,
    /// What the servers of both sides said, where they were asked.
    pub asked: Option<Asked<'a>>,
    /// What they said of DNSSEC.
    pub signed: Option<Signed<'a>>,
    /// What is wrong with where the delegation leads, if anything is: at most one fault, the gravest.
    pub fault: Option<DelegationFault>,
}

impl<'a> Context<'a> {
    /// Looks at a cut.
    pub fn new(cut: &'a Cut, inventory: &'a Inventory) -> Self {
        let asked = Asked::of(cut, inventory);
        let mut context = Self {
            cut,
            inventory,
            signed: asked.as_ref().map(|asked| Signed::of(cut, asked)),
            asked,
            fault: None,
        };
        context.fault = DelegationFault::of(&context);
        context
    }

    /// What the servers of both sides said, word for word, where they were asked.
    pub fn served(&self) -> Option<&'a Served> {
        self.inventory.served(&self.cut.name)
    }

    /// A zone of the inventory.
    pub fn zone(&self, zone: ZoneIx) -> Option<&'a ZoneEntry> {
        self.inventory.zone(zone)
    }

    /// What `GetDNSSEC` said of a zone, where it was asked.
    pub fn signing(&self, zone: ZoneIx) -> Option<&'a Signing> {
        self.zone(zone)?.signing.as_ref()?.value()
    }

    /// The name servers of one of the cut's children.
    pub fn servers(&self, child: ZoneIx) -> Servers<'a> {
        self.cut.servers(self.inventory, child)
    }

    /// The name servers of each of the cut's children.
    pub fn child_servers(&self) -> impl Iterator<Item = Servers<'a>> {
        self.cut.children.iter().map(|zone| self.servers(*zone))
    }

    /// The names that resolvers are sent to; none where there is no delegation.
    pub fn delegated_to(&self) -> &'a [DnsName] {
        self.cut.name_servers()
    }

    /// What the servers that the name is delegated to come to; nothing is known of them where they were not asked.
    pub fn outlook(&self) -> Outlook {
        self.asked.as_ref().map_or(Outlook::Open, |asked| asked.outlook)
    }

    /// Whether there are zones of this name and no delegation to them, as far as the parents were read or asked.
    pub fn is_undelegated(&self) -> bool {
        let cut = self.cut;
        let is_read = matches!(cut.known, Coverage::Whole | Coverage::Cached) && cut.beyond.is_none();
        !cut.children.is_empty() && cut.delegation.is_none() && cut.referral.is_none() && (is_read || self.is_denied())
    }

    /// Whether the servers of the zone above were heard to delegate the name.
    pub fn is_seen_delegated(&self) -> bool {
        self.asked.as_ref().is_some_and(Asked::sees_the_delegation)
    }

    /// Whether they were heard to have no delegation at the name.
    pub fn is_denied(&self) -> bool {
        self.asked.as_ref().is_some_and(Asked::sees_no_delegation)
    }

    /// Whether the delegation that resolvers follow is known, be it that there is none.
    pub fn sees_where_it_is_delegated(&self) -> bool {
        if self.is_seen_delegated() {
            return true;
        }
        let read = matches!(self.cut.known, Coverage::Whole | Coverage::Cached);
        let settled = self.cut.delegation.is_some() || self.inventory.is_complete();
        read && settled && self.cut.beyond.is_none()
    }

    /// How sure an absence in the parents is: it means nothing in what the cache remembers, unless their servers say so.
    pub fn if_read(&self, confidence: Confidence) -> Confidence {
        if self.cut.known == Coverage::Whole || self.is_denied() {
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
    /// Likely at best where one of several parents holds no delegation, and nothing says which of them is served. What the
    /// servers of the parents were heard to say settles it: they delegate, or they do not.
    pub fn if_followed(&self, confidence: Confidence) -> Confidence {
        if self.is_seen_delegated() {
            confidence
        } else if self.is_denied() || self.cut.known == Coverage::Lacking {
            Confidence::Unknown
        } else if self.cut.is_held_by_all_parents() {
            confidence
        } else {
            confidence.min(Confidence::Likely)
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

    /// `confidence`, unless the name is delegated away from the zones that are held: then what they hold is not what is served.
    pub fn if_led_to(&self, confidence: Confidence) -> Confidence {
        match self.fault {
            Some(DelegationFault::Elsewhere) => Confidence::Unknown,
            _ => confidence,
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

    /// A finding of `rule` that rests on what servers said, whatever was read or remembered.
    pub fn finding_by_hearing(&self, rule: &'static Rule) -> Finding {
        Finding {
            confidence: Confidence::Certain,
            ..self.finding(rule)
        }
    }

    /// The finding of `rule` that something is to be said of addresses that serve the zone, and how they are mended.
    pub fn about_servers(
        &self,
        rule: &'static Rule,
        mend: &str,
        say: impl Fn(&At<'_>) -> Option<String>,
    ) -> Vec<Finding> {
        let serving = self.asked.iter().flat_map(|asked| asked.serving());
        let evidence = serving.filter_map(|at| say(&at)).collect();
        self.heard(rule, self.mend_servers(mend), evidence)
    }

    /// The finding of `rule` that those who serve the zone do not all say the same.
    pub fn about_disagreement<T: PartialEq>(
        &self,
        rule: &'static Rule,
        said: impl Fn(&At<'a>) -> Option<T>,
        tell: impl Fn(&T) -> String,
    ) -> Vec<Finding> {
        const FIX: &str =
            "have all servers serve the same version of the zone; a change that is under way takes about a minute";
        let serving = self.asked.iter().flat_map(|asked| asked.serving());
        let said: Vec<(At<'_>, T)> = serving.filter_map(|at| Some((at, said(&at)?))).collect();
        if said
            .windows(2)
            .all(|pair| matches!(pair, [(_, one), (_, other)] if one == other))
        {
            return Vec::new();
        }
        let evidence = said
            .iter()
            .map(|(at, said)| format!("{} {}", at.describe(), tell(said)));
        self.heard(rule, FIX.to_owned(), evidence.collect())
    }

    /// The finding of `rule` that rests on what was heard; none where nothing was.
    pub fn heard(&self, rule: &'static Rule, fix: String, evidence: Vec<String>) -> Vec<Finding> {
        if evidence.is_empty() {
            return Vec::new();
        }
        vec![Finding {
            evidence,
            fix,
            ..self.finding_by_hearing(rule)
        }]
    }

    /// The finding of `rule` that what the servers of both sides say of keys comes to a kind of chain, and how it is mended.
    pub fn about_chain(&self, rule: &'static Rule, mend: &str, fits: impl Fn(Chain) -> bool) -> Vec<Finding> {
        let evidence = self.signed.as_ref().map_or_else(Vec::new, |signed| signed.tell(fits));
        self.heard(rule, mend.to_owned(), evidence)
    }

    /// What `configured` says of the parent's DS, made certain or taken away by what is served; or what is served alone says.
    pub fn against_ds(
        &self,
        rule: &'static Rule,
        mend: &str,
        configured: impl Fn(&DsHolding, ZoneIx) -> Option<Finding>,
        fits: impl Fn(Chain) -> bool,
    ) -> Vec<Finding> {
        let read = self.first_against_ds(configured);
        if !self.signed.as_ref().is_some_and(Signed::is_judged) {
            return read;
        }
        let mut heard = self.about_chain(rule, mend, fits);
        if let (Some(heard), Some(read)) = (heard.first_mut(), read.into_iter().next()) {
            let evidence = std::mem::take(&mut heard.evidence);
            *heard = Finding {
                confidence: Confidence::Certain,
                evidence: read.evidence.iter().cloned().chain(evidence).collect(),
                ..read
            };
        }
        heard
    }

    /// The first finding that a judgement of the parent's DS makes, against each of the zones that it may be about.
    fn first_against_ds(&self, judge: impl Fn(&DsHolding, ZoneIx) -> Option<Finding>) -> Vec<Finding> {
        let Some(ds) = self.cut.ds_of_parent() else {
            return Vec::new();
        };
        let zones = self.cut.compared().iter();
        zones.filter_map(|zone| judge(ds, *zone)).take(1).collect()
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
}

/// The names of `a` that `b` lacks.
pub fn without<'n>(a: &'n [DnsName], b: &[DnsName]) -> Vec<&'n DnsName> {
    a.iter().filter(|name| !b.contains(name)).collect()
}
