//! The chain of trust along a trace: what a resolver that validates makes of each zone and of each record set on the way.
//!
//! Invariant: where no trust anchor leads there, nothing is said; a server whose signature is good speaks for the others.

use jiff::Timestamp;

use crate::model::dns::{Alias, HeardFrom, Leg, Outcome, Probe, Rdata, Reply, Trace};
use crate::model::dnssec::{Bogus, Chain, Flaw, Link, Trust, Unproven, Witness, chain, of_denial, of_records};
use crate::model::name::DnsName;
use crate::model::record::RecordType;

/// How many servers' answers are judged.
const MAX_JUDGED: usize = 8;

/// What a resolver that validates makes of a zone, or of a record set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trusted {
    /// The zone, or the owner of the record set.
    pub name: DnsName,
    /// The type of the record set; none of a zone.
    pub record_type: Option<RecordType>,
    /// The zone that the record set is in, or the zone above.
    pub zone: Option<DnsName>,
    /// The place of the leg in which the record set was heard; none of a zone.
    pub leg: Option<usize>,
    /// What it makes of it.
    pub trust: Trust,
    /// Why, in words, fit to print.
    pub says: String,
}

/// Judges the zones on the way from above, then the record sets of the aliases and of the answer.
pub(super) fn all(trace: &Trace) -> Vec<Trusted> {
    let at = trace.began;
    let trusts = chain(&trace.links, at);
    let zones = trace.links.iter().zip(&trusts).map(|(link, trust)| Trusted {
        name: link.zone.clone(),
        record_type: None,
        zone: link.above.clone(),
        leg: None,
        trust: *trust,
        says: zone_says(link, *trust),
    });
    let judge = Judge {
        links: &trace.links,
        trusts: &trusts,
        at,
    };
    let records = trace.ends().filter_map(|(place, leg)| judge.record_set(place, leg));
    zones.chain(records).collect()
}

struct Judge<'a> {
    links: &'a [Link],
    trusts: &'a [Trust],
    at: Timestamp,
}

/// A record set at the end of a way, as one server gave it.
struct Given<'a> {
    from: &'a HeardFrom,
    witness: Option<Witness<'a>>,
}

impl Judge<'_> {
    /// What the way led to in a leg: an answer, an alias, or a denial.
    fn record_set(&self, place: usize, leg: &Leg) -> Option<Trusted> {
        let given: Vec<Given<'_>> = leg.heard.iter().filter_map(|heard| given(leg, heard)).collect();
        let first = given.first()?;
        let (name, record_type) = match &first.witness {
            Some(witness) => (witness.owner.clone(), witness.record_type),
            None => (leg.question.name.clone(), leg.question.record_type),
        };
        let mut judged: Vec<(&Given<'_>, DnsName, Trust)> = given
            .iter()
            .take(MAX_JUDGED)
            .filter_map(|given| {
                let (link, trust) = self.zone_of(leg, given)?;
                let trust = match &given.witness {
                    Some(witness) => of_records(link, trust, witness, self.at),
                    None => of_denial(trust),
                };
                Some((given, link.zone.clone(), trust))
            })
            .collect();
        judged.sort_by_key(|(_, _, trust)| rank(*trust));
        let (_, zone, trust) = judged.first()?;
        let mut says = match trust {
            Trust::Bogus(Bogus::Above) => "the zone it is in is refused".to_owned(),
            Trust::Unknown(Unproven::Above) => "not known of the zone it is in".to_owned(),
            trust => says(*trust, &format!("{name} {record_type}")),
        };
        if let Some((given, _, other)) = judged
            .last()
            .filter(|(_, _, other)| other.is_broken() && !trust.is_broken())
        {
            let at = &given.from.server;
            says.push_str(&format!("; not by {at}: {}", self::says(*other, "it")));
        }
        Some(Trusted {
            name,
            record_type: Some(record_type),
            zone: Some(zone.clone()),
            leg: Some(place),
            trust: *trust,
            says,
        })
    }

    /// The zone that a record set is in: the one that signed it, else the one whose servers were asked.
    fn zone_of(&self, leg: &Leg, given: &Given<'_>) -> Option<(&Link, Trust)> {
        let signatures = given.witness.as_ref().map_or(&[][..], |witness| witness.signatures);
        let is_signer = |zone: &DnsName| {
            zone.is_at_or_below(&leg.zone)
                && leg.question.name.is_at_or_below(zone)
                && signatures
                    .iter()
                    .any(|record| matches!(&record.data, Rdata::Rrsig(signature) if signature.signer == *zone))
        };
        let place = |fits: &dyn Fn(&DnsName) -> bool| self.links.iter().position(|link| fits(&link.zone));
        let place = place(&is_signer).or_else(|| place(&|zone| *zone == leg.zone))?;
        Some((self.links.get(place)?, *self.trusts.get(place)?))
    }
}

/// What one server gave, where that ends the way.
fn given<'a>(leg: &Leg, from: &'a HeardFrom) -> Option<Given<'a>> {
    let Outcome::Asked(probe) = &from.outcome else {
        return None;
    };
    let witness = match &probe.reply {
        Reply::Answer(records) => Some(witness(
            probe,
            &leg.question.name,
            leg.question.record_type,
            records.iter().map(|record| record.data.clone()).collect(),
        )),
        Reply::Alias(alias) => Some(witness(
            probe,
            &alias.owner,
            alias.record_type,
            alias_data(alias, &leg.question.name).into_iter().collect(),
        )),
        Reply::NoData(_) | Reply::NoName(_) => None,
        _ => return None,
    };
    Some(Given { from, witness })
}

fn witness<'a>(probe: &'a Probe, owner: &DnsName, record_type: RecordType, data: Vec<Rdata>) -> Witness<'a> {
    Witness {
        owner: owner.clone(),
        record_type,
        data,
        signatures: &probe.signatures,
        edns: probe.edns,
    }
}

/// The record by which a name is an alias: of a DNAME, what is left of the target without the labels that were carried over.
fn alias_data(alias: &Alias, name: &DnsName) -> Option<Rdata> {
    let target = alias.target.as_ref()?;
    if alias.record_type == RecordType::CNAME {
        return Some(Rdata::Cname(target.clone()));
    }
    let carried = name.label_count().checked_sub(alias.owner.label_count() + 1)?;
    target.ancestors().nth(carried).map(Rdata::Dname)
}

/// Which of several servers speaks for all: the one that is believed.
fn rank(trust: Trust) -> u8 {
    match trust {
        Trust::Secure(_) => 0,
        Trust::Insecure => 1,
        Trust::Unknown(_) => 2,
        Trust::Bogus(_) => 3,
    }
}

impl Trusted {
    /// The stable word: `secure`, `insecure`, `bogus`, `not proven`.
    pub fn word(&self) -> &'static str {
        match self.trust {
            Trust::Secure(_) => "secure",
            Trust::Insecure => "insecure",
            Trust::Bogus(_) => "bogus",
            Trust::Unknown(_) => "not proven",
        }
    }

    /// What mends it, where it is refused.
    pub(super) fn fix(&self) -> Option<String> {
        let Trust::Bogus(why) = self.trust else {
            return None;
        };
        let name = shown(&self.name);
        let above = self.zone.as_ref().map_or_else(|| "the zone above".to_owned(), shown);
        Some(match why {
            Bogus::Ds(_) => format!("have {above} sign the DS records of {name} anew, by a key that it serves"),
            Bogus::Keys(Chain::Expired(_) | Chain::Early(_) | Chain::Wrong) => {
                format!("have {name} sign its keys anew")
            }
            Bogus::Keys(_) => format!(
                "replace the DS records of {name} in {above} by that of a key which {name} serves and signs its keys with, or take them out"
            ),
            Bogus::Records(_) => {
                let record_type = self
                    .record_type
                    .map_or_else(String::new, |record_type| format!(" {record_type}"));
                format!("have {above} sign {name}{record_type} anew, by a key that it serves")
            }
            Bogus::Above => return None,
        })
    }
}

fn zone_says(link: &Link, trust: Trust) -> String {
    match trust {
        Trust::Secure(until) if !link.anchors.is_empty() => {
            format!(
                "the trust anchor names a key of it that signs its keys, until {}",
                second(until)
            )
        }
        Trust::Secure(until) => format!(
            "its DS is signed, and names a key that signs its keys, until {}",
            second(until)
        ),
        Trust::Bogus(Bogus::Keys(why)) => keys_say(why),
        trust => says(trust, "its DS record set"),
    }
}

/// Why something is believed or not, in words.
fn says(trust: Trust, what: &str) -> String {
    match trust {
        Trust::Secure(until) => format!("signed, until {}", second(until)),
        Trust::Insecure => "no DS has an algorithm and a digest type that are known: nothing is validated".to_owned(),
        Trust::Bogus(Bogus::Ds(flaw) | Bogus::Records(flaw)) => flaw_says(flaw, what),
        Trust::Bogus(Bogus::Keys(why)) => keys_say(why),
        Trust::Bogus(Bogus::Above) => "a zone above is refused".to_owned(),
        Trust::Unknown(why) => unproven_says(why).to_owned(),
    }
}

fn flaw_says(flaw: Flaw, what: &str) -> String {
    match flaw {
        Flaw::Missing => format!("{what} is not signed, though the zone is"),
        Flaw::Expired(at) => format!("the signature of {what} ended at {}", second(at)),
        Flaw::Early(at) => format!("the signature of {what} begins at {}", second(at)),
        Flaw::Wrong => format!("the signature of {what} does not verify"),
        Flaw::Keyless => format!("the signature of {what} is by a key that the zone does not serve"),
    }
}

fn keys_say(why: Chain) -> String {
    match why {
        Chain::Absent => "there is no DS".to_owned(),
        Chain::Secure(until) => format!("a key that the DS names signs the keys, until {}", second(until)),
        Chain::Unsupported => "no DS has an algorithm and a digest type that are known".to_owned(),
        Chain::Unsigned => "there is a DS, and the zone has no keys".to_owned(),
        Chain::Mismatch => "no DS names a key that it serves".to_owned(),
        Chain::NotSignedByAnchor => "no key that a DS names has signed its keys".to_owned(),
        Chain::Expired(at) => format!("the signature of its keys ended at {}", second(at)),
        Chain::Early(at) => format!("the signature of its keys begins at {}", second(at)),
        Chain::Wrong => "the signature of its keys does not verify".to_owned(),
    }
}

fn unproven_says(why: Unproven) -> &'static str {
    match why {
        Unproven::NoAnchor => "no trust anchor at or above where the way begins",
        Unproven::Anchor => "the trust anchor names none of its keys: it is an old one, or that of another root",
        Unproven::NoDs => "no DS beside the delegation; that there is none is not checked",
        Unproven::NoKeys => "its keys were not heard",
        Unproven::Denial => "that there is none is not checked",
        Unproven::Wildcard => "signed as a wildcard; that the name itself does not exist is not checked",
        Unproven::Uncomputable => "its signatures cannot be verified here",
        Unproven::NoEdns => "the server gives no signatures, for it does not speak EDNS",
        Unproven::Above => "not known of a zone above",
    }
}

fn second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// A zone's name, the root by its word.
fn shown(zone: &DnsName) -> String {
    match zone.is_root() {
        true => "the root".to_owned(),
        false => zone.to_string(),
    }
}
