//! DNSSEC at a cut as it is served: the DS values that the servers above give, and what they make of the keys below.
//!
//! Invariant: only what servers of the zones themselves said counts; a DS or a key that was not asked for is unknown, not absent.

use jiff::Timestamp;

use crate::model::cut::Cut;
use crate::model::dns::{Outcome, Rdata, Record, Reply};
use crate::model::dnssec::{Chain, DsFit, DsValue, Verification, verify};
use crate::model::name::DnsName;
use crate::model::served::{ParentServer, SeenDelegation};

use super::asked::{Asked, At};

/// DNSSEC at a cut as it is served.
pub struct Signed<'a> {
    /// What each server above that speaks of it has as the DS values of the name, sorted.
    pub above: Vec<(&'a ParentServer, Vec<DsValue>)>,
    /// What each address that serves the zone makes of these.
    pub below: Vec<(At<'a>, Verification)>,
    /// The addresses that have keys.
    pub keyed: Vec<At<'a>>,
    /// The DS values that the zone wishes for (RFC 7344), sorted, and the address that says so.
    pub wished: Option<(At<'a>, Vec<DsValue>)>,
}

impl<'a> Signed<'a> {
    /// What was heard of it.
    pub fn of(cut: &Cut, asked: &Asked<'a>) -> Self {
        let above = match asked.seen {
            // What was asked above is another zone's.
            SeenDelegation::Unseen => Vec::new(),
            _ => said_above(asked, &cut.name),
        };
        let mut all: Vec<DsValue> = above.iter().flat_map(|(_, values)| values.iter().cloned()).collect();
        all.sort_by_key(order);
        all.dedup();
        let mut signed = Self {
            above,
            below: Vec::new(),
            keyed: Vec::new(),
            wished: None,
        };
        for at in asked.serving() {
            signed.hear(asked, at, &all);
        }
        signed
    }

    fn hear(&mut self, asked: &Asked<'a>, at: At<'a>, ds: &[DsValue]) {
        if let Some(records) = at.heard.cds.as_ref().and_then(Outcome::answer) {
            self.wished = Some((at, ds_values(records)));
        }
        let Some(probe) = at.heard.dnskey.as_ref().and_then(Outcome::probe) else {
            return;
        };
        let keys = match &probe.reply {
            Reply::Answer(records) => records.as_slice(),
            Reply::NoData(_) => &[],
            _ => return,
        };
        if !keys.is_empty() {
            self.keyed.push(at);
        }
        if !ds.is_empty() {
            let verification = verify(&asked.served.name, keys, &probe.signatures, ds, asked.served.at);
            self.below.push((at, verification));
        }
    }

    /// Whether what the servers say of it is known: then the configuration need not be asked.
    pub fn is_judged(&self) -> bool {
        !self.below.is_empty()
    }

    /// Whether the servers above all have the same DS values; those that do not speak of it are left out.
    pub fn is_consistent_above(&self) -> bool {
        let mut values = self.above.iter().map(|(_, values)| values);
        let first = values.next();
        values.all(|other| Some(other) == first)
    }

    /// The DS values that the zone wishes for, where the servers above agree on others, and those.
    pub fn pending(&self) -> Option<(At<'a>, &[DsValue], &[DsValue])> {
        let (at, wished) = self.wished.as_ref().filter(|(_, wished)| !wished.is_empty())?;
        let (_, there) = self.above.first().filter(|_| self.is_consistent_above())?;
        let unlike = match is_wish_for_none(wished) {
            true => !there.is_empty(),
            false => there != wished,
        };
        unlike.then_some((*at, wished, there))
    }

    /// Whether the servers above were heard to have no DS.
    pub fn has_no_ds(&self) -> bool {
        !self.above.is_empty() && self.above.iter().all(|(_, values)| values.is_empty())
    }

    /// The addresses where the chain is of a kind, in a sentence each.
    pub fn tell(&self, fits: impl Fn(Chain) -> bool) -> Vec<String> {
        let found = self.below.iter().filter(|(_, verification)| fits(verification.chain));
        found.map(|(at, v)| format!("{}: {}", at.describe(), says(v))).collect()
    }

    /// The DS values that name no key, where others make the chain complete.
    pub fn stale(&self) -> Vec<&DsValue> {
        let secure = |v: &Verification| matches!(v.chain, Chain::Secure(_));
        let mut verifications = self.below.iter().map(|(_, v)| v);
        let Some(first) = verifications.next().filter(|v| secure(v)) else {
            return Vec::new();
        };
        if !verifications.all(secure) {
            return Vec::new();
        }
        let stale = first.ds.iter().filter(|(_, fit)| *fit == DsFit::Nothing);
        stale.map(|(value, _)| value).collect()
    }
}

fn said_above<'a>(asked: &Asked<'a>, name: &DnsName) -> Vec<(&'a ParentServer, Vec<DsValue>)> {
    let parents = asked.parents().iter();
    parents
        .filter_map(|server| Some((server, values(&server.ds, name)?)))
        .collect()
}

/// The DS values of an answer, sorted; none where the server does not speak for the zone above.
fn values(ds: &Outcome, name: &DnsName) -> Option<Vec<DsValue>> {
    Some(match &ds.probe()?.reply {
        Reply::Answer(records) => ds_values(records),
        // A server that serves the name as well denies for that zone, which has no DS.
        Reply::NoData(Some(negative)) if negative.zone.is_at_or_below(name) => return None,
        Reply::NoData(_) | Reply::NoName(_) => Vec::new(),
        _ => return None,
    })
}

fn ds_values(records: &[Record]) -> Vec<DsValue> {
    let data = records.iter().filter_map(|record| match &record.data {
        Rdata::Ds(value) => Some(value.clone()),
        _ => None,
    });
    let mut values: Vec<DsValue> = data.collect();
    values.sort_by_key(order);
    values
}

/// Whether the zone wishes for no DS at all (RFC 8078 section 4).
pub fn is_wish_for_none(wished: &[DsValue]) -> bool {
    matches!(wished, [only] if only.algorithm == 0)
}

fn order(value: &DsValue) -> (u16, u8, u8, String) {
    (value.tag, value.algorithm, value.digest_type, value.digest.clone())
}

fn says(verification: &Verification) -> String {
    let second = |time: Timestamp| Timestamp::from_second(time.as_second()).unwrap_or(time);
    match verification.chain {
        Chain::Absent => "there is no DS".to_owned(),
        Chain::Secure(until) => format!("a key that the DS names signs the keys, until {}", second(until)),
        Chain::Unsupported => "no DS has an algorithm and a digest type that are known".to_owned(),
        Chain::Unsigned => "the zone has no keys".to_owned(),
        Chain::Mismatch => "no DS names a key that is there".to_owned(),
        Chain::NotSignedByAnchor => "no key that a DS names has signed the keys".to_owned(),
        Chain::Expired(at) => format!("the signature of the keys ended at {}", second(at)),
        Chain::Early(at) => format!("the signature of the keys begins at {}", second(at)),
        Chain::Wrong => "the signature of the keys is not what their key would make".to_owned(),
    }
}
