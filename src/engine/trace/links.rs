//! The keys of the zones on the way: one server of each is asked for them, where a trust anchor and the DS records above lead there.
//!
//! Invariant: nothing is concluded here. A zone on the same servers as the one above it leaves no referral; it shows by who signed.

use std::net::IpAddr;

use futures_util::future::join_all;

use super::{ASKED_FOR_KEYS, HIDDEN_CUTS};
use crate::engine::ask::{Asker, Budget};
use crate::engine::atlas::{Atlas, Below};
use crate::model::dns::{Leg, Outcome, Question, Rdata, Record, Reply};
use crate::model::dnssec::anchor::Anchor;
use crate::model::dnssec::{DsValue, Link};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::ports::Dns;

/// Asks for the keys of the zones on a way.
pub(super) struct Locksmith<'a, D> {
    pub(super) asker: &'a Asker<D>,
    pub(super) budget: &'a Budget,
    pub(super) atlas: &'a Atlas,
    pub(super) anchors: &'a [Anchor],
    pub(super) legs: Vec<Leg>,
}

/// A zone on the way, and where it can be asked.
struct Stop {
    link: Link,
    servers: Vec<IpAddr>,
}

impl<D: Dns> Locksmith<'_, D> {
    /// What was heard of each zone on the way, each after the one above it.
    pub(super) async fn links(&self) -> Vec<Link> {
        let mut stops: Vec<Stop> = Vec::new();
        if self.anchors.is_empty() {
            return Vec::new();
        }
        for leg in &self.legs {
            for (zone, above, below) in lineage(self.atlas, &leg.zone) {
                self.pass(&mut stops, zone, above, below).await;
            }
            self.uncover(&mut stops, &leg.zone, &signers(leg), &leg.question.name)
                .await;
        }
        let wanted = wanted(&stops);
        let keys = stops.iter().zip(wanted).map(async |(stop, is_wanted)| match is_wanted {
            true => Some(self.keys(stop).await),
            false => None,
        });
        let keys = join_all(keys).await;
        stops
            .into_iter()
            .zip(keys)
            .map(|(stop, keys)| Link { keys, ..stop.link })
            .collect()
    }

    /// Takes in a zone that a referral led to, after those that it passed over.
    async fn pass(&self, stops: &mut Vec<Stop>, zone: DnsName, above: Option<DnsName>, below: Below) {
        if stops.iter().any(|stop| stop.link.zone == zone) {
            return;
        }
        let signers = by_whom(&below.ds_signatures);
        let above = match (above, zone.parent()) {
            (Some(above), Some(parent)) => Some(self.uncover(stops, &above, &signers, &parent).await),
            (above, _) => above,
        };
        stops.push(Stop {
            servers: self.servers(&zone, &below),
            link: Link {
                anchors: self.anchors_of(&zone),
                zone,
                above,
                ds: below.ds,
                ds_signatures: below.ds_signatures,
                keys: None,
            },
        });
    }

    /// Takes in the zones between one and a name that leave no referral, for the same servers have them; the last of them.
    async fn uncover(&self, stops: &mut Vec<Stop>, zone: &DnsName, signers: &[DnsName], name: &DnsName) -> DnsName {
        let is_hidden = |signer: &&DnsName| signer.is_below(zone) && name.is_at_or_below(signer);
        let Some(last) = signers.iter().find(is_hidden).filter(|_| !signers.contains(zone)) else {
            return zone.clone();
        };
        let mut between: Vec<DnsName> = std::iter::once(last.clone()).chain(last.ancestors()).collect();
        between.retain(|hidden| hidden.is_below(zone));
        between.truncate(HIDDEN_CUTS);
        let mut above = zone.clone();
        for hidden in between.into_iter().rev() {
            let is_known = stops.iter().any(|stop| stop.link.zone == hidden);
            if !is_known && let Some(stop) = self.hidden(stops, zone, &above, &hidden, hidden == *last).await {
                stops.push(stop);
            }
            if stops.iter().any(|stop| stop.link.zone == hidden) {
                above = hidden;
            }
        }
        above
    }

    /// A zone on the servers of one above it, by its DS records; none where there are none and it may be no zone.
    async fn hidden(
        &self,
        stops: &[Stop],
        zone: &DnsName,
        above: &DnsName,
        hidden: &DnsName,
        is_zone: bool,
    ) -> Option<Stop> {
        let servers = stops.iter().find(|stop| stop.link.zone == *zone)?.servers.clone();
        let outcome = self.ask(&servers, zone, hidden, RecordType::DS).await;
        let (ds, ds_signatures) = match outcome {
            Outcome::Asked(probe) => match &probe.reply {
                Reply::Answer(records) => (ds_values(records), probe.signatures.clone()),
                _ => (Vec::new(), Vec::new()),
            },
            Outcome::Unasked(_) => (Vec::new(), Vec::new()),
        };
        (is_zone || !ds.is_empty()).then(|| Stop {
            servers,
            link: Link {
                zone: hidden.clone(),
                above: Some(above.clone()),
                anchors: self.anchors_of(hidden),
                ds,
                ds_signatures,
                keys: None,
            },
        })
    }

    fn anchors_of(&self, zone: &DnsName) -> Vec<DsValue> {
        let own = self.anchors.iter().filter(|anchor| anchor.zone == *zone);
        own.map(|anchor| anchor.ds.clone()).collect()
    }

    /// Where a zone can be asked: whoever answered the walk, then others.
    fn servers(&self, zone: &DnsName, below: &Below) -> Vec<IpAddr> {
        let legs = self.legs.iter().filter(|leg| leg.zone == *zone);
        let heard = legs.flat_map(|leg| &leg.heard);
        let useful = heard.filter(|heard| matches!(&heard.outcome, Outcome::Asked(probe) if probe.reply.is_useful()));
        let useful = useful.map(|heard| heard.address);
        let known = below
            .servers
            .iter()
            .flat_map(|server| server.addresses.known().iter().copied());
        let mut servers: Vec<IpAddr> = Vec::new();
        for address in useful.chain(known) {
            if !servers.contains(&address) {
                servers.push(address);
            }
        }
        servers.truncate(ASKED_FOR_KEYS);
        servers
    }

    async fn keys(&self, stop: &Stop) -> Outcome {
        let zone = &stop.link.zone;
        self.ask(&stop.servers, zone, zone, RecordType::DNSKEY).await
    }

    /// Asks one server after another until one has or denies it.
    async fn ask(&self, servers: &[IpAddr], zone: &DnsName, name: &DnsName, record_type: RecordType) -> Outcome {
        let question = Question {
            name: name.clone(),
            record_type,
        };
        let mut last = Outcome::Unasked(crate::model::dns::Unasked::NoQueries);
        for address in servers {
            last = self.asker.ask(*address, &question, zone, self.budget).await;
            let is_told =
                matches!(&last, Outcome::Asked(probe) if matches!(probe.reply, Reply::Answer(_) | Reply::NoData(_)));
            if is_told {
                break;
            }
        }
        last
    }
}

/// The zones on the way down to one, that included, as referrals led there; each with the one above.
fn lineage(atlas: &Atlas, zone: &DnsName) -> Vec<(DnsName, Option<DnsName>, Below)> {
    let mut passed = atlas.lineage(zone);
    let began = passed.iter().rposition(|(_, below)| below.ttl.is_none()).unwrap_or(0);
    let way = passed.split_off(began);
    let mut above = None;
    way.into_iter()
        .map(|(zone, below)| {
            let above = above.replace(zone.clone());
            (zone, above, below)
        })
        .collect()
}

/// Who signed what the walk was answered with in a leg.
fn signers(leg: &Leg) -> Vec<DnsName> {
    let answered = leg.heard.iter().find_map(|heard| match &heard.outcome {
        Outcome::Asked(probe) if matches!(probe.reply, Reply::Answer(_) | Reply::Alias(_)) => Some(probe),
        _ => None,
    });
    answered.map_or_else(Vec::new, |probe| by_whom(&probe.signatures))
}

fn by_whom(signatures: &[Record]) -> Vec<DnsName> {
    let signers = signatures.iter().filter_map(|record| match &record.data {
        Rdata::Rrsig(signature) => Some(signature.signer.clone()),
        _ => None,
    });
    signers.collect()
}

fn ds_values(records: &[Record]) -> Vec<DsValue> {
    let values = records.iter().filter_map(|record| match &record.data {
        Rdata::Ds(value) => Some(value.clone()),
        _ => None,
    });
    values.collect()
}

/// Which zones' keys matter: those of an anchor, and those below whom DS records lead further.
fn wanted(stops: &[Stop]) -> Vec<bool> {
    let mut wanted: Vec<(&DnsName, bool)> = Vec::with_capacity(stops.len());
    for Stop { link, .. } in stops {
        let above = wanted
            .iter()
            .any(|(zone, is_wanted)| *is_wanted && Some(*zone) == link.above.as_ref());
        wanted.push((&link.zone, !link.anchors.is_empty() || above && !link.ds.is_empty()));
    }
    wanted.into_iter().map(|(_, is_wanted)| is_wanted).collect()
}
