//! The zones `awsdns-NN.TLD`, in which the addresses of Route 53's name servers stand, and the cuts above them.
//!
//! They hold every name that Route 53 can assign, whether a zone is served under it or not. All worlds share them.

use std::sync::{Arc, LazyLock};

use super::outside::{self, OutsideZone};
use super::places::Places;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::sim::record::ResourceRecordSet;

/// The TTL of name servers and their addresses.
const TTL: u32 = 172_800;
const GROUPS: usize = 64;
const PER_GROUP: usize = 8;
const PER_DOMAIN: usize = GROUPS * PER_GROUP;
const DOMAINS: [&str; 4] = ["com", "net", "org", "co.uk"];
/// The first labels of the servers of each such zone.
const SERVERS: [&str; 2] = ["g-ns-1", "g-ns-2"];

static ZONES: LazyLock<Vec<OutsideZone>> = LazyLock::new(|| {
    let domains = DOMAINS.iter().enumerate();
    domains
        .flat_map(|(place, domain)| (0..GROUPS).map(move |group| zone(place, domain, group)))
        .collect()
});

/// All these zones.
pub(super) fn zones() -> &'static [OutsideZone] {
    &ZONES
}

/// The domains below which they lie.
pub(super) fn domains() -> impl Iterator<Item = DnsName> {
    DOMAINS.iter().map(|domain| name(domain))
}

/// What the zone of a top-level domain holds of one of them: its name servers and their addresses.
pub(super) fn cut(zone: &OutsideZone) -> Vec<ResourceRecordSet> {
    let delegation = ResourceRecordSet::delegation(zone.name.clone(), TTL, &zone.servers);
    let is_glue = |set: &&ResourceRecordSet| set.record_type == RecordType::A && zone.servers.contains(&set.name);
    let glue = zone.records().iter().filter(is_glue).cloned();
    std::iter::once(delegation).chain(glue).collect()
}

/// The place among the servers of all these zones; none where a name is none of theirs.
pub(super) fn place_among_servers(server: &DnsName) -> Option<usize> {
    let label = server.first_label()?;
    let place = SERVERS.iter().position(|known| known.as_bytes() == label)?;
    let zone = server.parent()?;
    let digits = std::str::from_utf8(zone.first_label()?).ok()?.strip_prefix("awsdns-")?;
    let group = digits
        .parse::<usize>()
        .ok()
        .filter(|group| digits.len() == 2 && *group < GROUPS)?;
    let above = zone.parent()?;
    let domain = domains().position(|domain| domain == above)?;
    Some((domain * GROUPS + group) * SERVERS.len() + place)
}

/// The server at a place.
pub(super) fn server(place: usize) -> Option<DnsName> {
    let (zone, label) = (place / SERVERS.len(), SERVERS.get(place % SERVERS.len())?);
    let (domain, group) = (DOMAINS.get(zone / GROUPS)?, zone % GROUPS);
    Some(name(&format!("{label}.awsdns-{group:02}.{domain}")))
}

fn zone(domain_place: usize, domain: &str, group: usize) -> OutsideZone {
    let apex = name(&format!("awsdns-{group:02}.{domain}"));
    let servers: Vec<DnsName> = SERVERS
        .iter()
        .map(|label| apex.child(label.as_bytes()).expect("the label is short"))
        .collect();
    let first = domain_place * PER_DOMAIN + group * PER_GROUP;
    let hosts = (first..first + PER_GROUP).map(|number| {
        apex.child(format!("ns-{number}").as_bytes())
            .expect("the label is short")
    });
    let places = Places::default();
    let address = |host: &DnsName| {
        let address = places.address_of(host).expect("the name follows the rule");
        ResourceRecordSet::simple(host.clone(), RecordType::A, TTL, [address.to_string()])
    };
    let mut records: Vec<_> = servers.iter().map(address).collect();
    records.extend(hosts.map(|host| address(&host)));
    records.push(ResourceRecordSet::delegation(apex.clone(), TTL, &servers));
    records.push(outside::start_of_authority(&apex, &servers));
    outside::sort(&mut records);
    OutsideZone::new(apex, servers, Arc::new(records))
}

fn name(text: &str) -> DnsName {
    text.parse().expect("letters, digits and hyphens make a name")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_that_can_be_assigned_has_an_address() {
        let hosts: usize = zones().iter().map(|zone| zone.records().len() - 4).sum();
        assert_eq!(hosts, 2_048);
        let zone = zones().iter().find(|zone| zone.name == name("awsdns-26.org"));
        let host = zone.and_then(|zone| {
            zone.records()
                .iter()
                .find(|set| set.name == name("ns-1234.awsdns-26.org"))
        });
        assert_eq!(host.map(|set| set.values.clone()), Some(vec!["127.53.12.134".into()]));
    }

    #[test]
    fn the_servers_of_these_zones_are_told_from_others() {
        assert_eq!(place_among_servers(&name("g-ns-2.awsdns-63.co.uk")), Some(511));
        for other in [
            "g-ns-3.awsdns-00.com",
            "g-ns-1.awsdns-64.com",
            "g-ns-1.awsdns-0.com",
            "g-ns-1.awsdns-00.example",
        ] {
            assert_eq!(place_among_servers(&name(other)), None, "{other}");
        }
    }
}
