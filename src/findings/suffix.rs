//! Where anybody can register a domain, by a short rule in place of the whole Public Suffix List: below a top-level domain,
//! and below the usual second levels of countries. It errs towards silence.

use crate::model::name::DnsName;

/// Second levels under which countries let anybody register.
const SECOND_LEVELS: [&[u8]; 12] = [
    b"co", b"com", b"net", b"org", b"or", b"ne", b"me", b"ltd", b"plc", b"nom", b"firm", b"info",
];
/// Top-level domains under which nobody can (RFC 2606, RFC 6761, RFC 6762, RFC 9476, and those of infrastructure).
const CLOSED: [&[u8]; 11] = [
    b"test",
    b"invalid",
    b"localhost",
    b"local",
    b"internal",
    b"onion",
    b"alt",
    b"arpa",
    b"mil",
    b"edu",
    b"gov",
];

/// The domain that would have to be registered for a name to exist, where `registry` says that there is none.
pub fn registrable(name: &DnsName, registry: &DnsName) -> Option<DnsName> {
    if !is_suffix(registry) || !name.is_below(registry) {
        return None;
    }
    let below = registry.label_count() + 1;
    std::iter::once(name.clone())
        .chain(name.ancestors())
        .find(|domain| domain.label_count() == below)
}

/// Whether anybody can register directly below a name.
fn is_suffix(name: &DnsName) -> bool {
    let labels: Vec<&[u8]> = name.labels().collect();
    match labels.as_slice() {
        [top] => !CLOSED.contains(top),
        [second, top] => top.len() == 2 && SECOND_LEVELS.contains(second),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DnsName {
        text.parse().expect("a name")
    }

    #[test]
    fn a_domain_is_registered_directly_below_a_suffix() {
        for (server, registry, domain) in [
            ("ns1.lapsed.com", "com", Some("lapsed.com")),
            ("lapsed.com", "com", Some("lapsed.com")),
            ("ns1.dns.lapsed.co.uk", "co.uk", Some("lapsed.co.uk")),
            ("ns1.lapsed.co.uk", "uk", Some("co.uk")),
            ("ns1.dns.example.net", "example.net", None),
            ("ns1.typo.con", ".", None),
            ("ns1.inside.test", "test", None),
            ("ns1.lab.gov.uk", "gov.uk", None),
            ("ns1.lapsed.com", "net", None),
        ] {
            let found = registrable(&name(server), &name(registry));
            assert_eq!(found, domain.map(name), "{server} denied by {registry}");
        }
    }
}
