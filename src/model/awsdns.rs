//! The names that Route 53 gives its servers: `ns-N.awsdns-NN.TLD`. Not documented, so good for hints only.
//!
//! N is 0 to 511 under com, 512 to 1023 under net, 1024 to 1535 under org, 1536 to 2047 under co.uk; NN is (N mod 512) / 8.

use super::name::DnsName;

/// The servers of every private zone; they refuse all questions from the internet
/// (Route 53 Developer Guide, "Working with private hosted zones").
pub const PRIVATE: [&str; 4] = [
    "ns-0.awsdns-00.com",
    "ns-512.awsdns-00.net",
    "ns-1024.awsdns-00.org",
    "ns-1536.awsdns-00.co.uk",
];

/// The top-level domains in wire form; the place of one tells the range of N.
const TLDS: [&[u8]; 4] = [b"\x03com\0", b"\x03net\0", b"\x03org\0", b"\x02co\x02uk\0"];

/// Whether a name is directly below one of AWS's `awsdns-NN` domains, however odd its first label.
pub fn is_awsdns(name: &DnsName) -> bool {
    parts(name).is_some_and(|(_, group, _)| is_number(group))
}

/// The first label, what follows `awsdns-`, and which top-level domain it is, for a name below such a domain.
fn parts(name: &DnsName) -> Option<(&[u8], &[u8], usize)> {
    let (host, rest) = split_label(name.as_wire())?;
    let (domain, tld) = split_label(rest)?;
    let index = TLDS.iter().position(|known| *known == tld)?;
    Some((host, domain.strip_prefix(b"awsdns-")?, index))
}

fn split_label(wire: &[u8]) -> Option<(&[u8], &[u8])> {
    let (&len, rest) = wire.split_first()?;
    rest.split_at_checked(usize::from(len))
}

fn is_number(text: &[u8]) -> bool {
    !text.is_empty() && text.iter().all(u8::is_ascii_digit)
}

/// Whether a name speaks of `awsdns` at all: one that does and is not [`is_plausible`] is a typing error.
pub fn mentions_awsdns(name: &DnsName) -> bool {
    let mut domains = name.suffixes().skip(1).filter_map(split_label);
    domains.any(|(label, _)| label.starts_with(b"awsdns-"))
}

/// Whether a name follows the rule of Route 53's names.
pub fn is_plausible(name: &DnsName) -> bool {
    tld_index(name).is_some()
}

/// Which of the four top-level domains a plausible name is under.
fn tld_index(name: &DnsName) -> Option<usize> {
    let (host, group, index) = parts(name)?;
    let host = host.strip_prefix(b"ns-")?;
    let canonical =
        is_number(host) && (host == b"0" || !host.starts_with(b"0")) && is_number(group) && group.len() == 2;
    let number = canonical.then(|| decimal(host))??;
    let fits = number / 512 == index && decimal(group) == Some((number % 512) / 8);
    fits.then_some(index)
}

fn decimal(digits: &[u8]) -> Option<usize> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// Whether these are names that Route 53 could have assigned to one zone: four plausible ones, one per top-level domain.
pub fn is_assignable(names: &[DnsName]) -> bool {
    let mut seen = [false; TLDS.len()];
    for name in names {
        match tld_index(name).and_then(|index| seen.get_mut(index)) {
            Some(slot) if !*slot => *slot = true,
            _ => return false,
        }
    }
    seen == [true; TLDS.len()]
}

/// The servers of every private zone, sorted.
pub fn private_servers() -> Vec<DnsName> {
    let mut names: Vec<DnsName> = PRIVATE.iter().filter_map(|name| name.parse().ok()).collect();
    names.sort();
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> DnsName {
        text.parse().expect("a name")
    }

    #[test]
    fn the_rule_admits_what_aws_assigns_and_nothing_near_it() {
        for good in [
            "ns-0.awsdns-00.com",
            "ns-1471.awsdns-55.org",
            "ns-2047.awsdns-63.co.uk",
            "NS-523.awsdns-01.net.",
        ] {
            assert!(is_plausible(&name(good)), "{good}");
        }
        for bad in [
            "nns-1471.awsdns-55.org",
            "ns-1471.awsdns-56.org",
            "ns-1471.awsdns-55.com",
            "ns-2048.awsdns-64.com",
            "ns-01.awsdns-00.com",
            "ns-12.awsdns-01.com.example.com",
        ] {
            assert!(!is_plausible(&name(bad)), "{bad}");
            assert!(mentions_awsdns(&name(bad)), "{bad}");
        }
        assert!(is_awsdns(&name("nns-1471.awsdns-55.org")));
        assert!(!is_awsdns(&name("ns-12.awsdns-01.com.example.com")));
        assert!(!is_awsdns(&name("ns1.example.com")));
    }

    #[test]
    fn a_set_has_one_name_per_top_level_domain() {
        let set: Vec<_> = PRIVATE.map(name).to_vec();
        assert!(is_assignable(&set));
        assert!(!is_assignable(&set[..3]));
        let twice = [
            "ns-0.awsdns-00.com",
            "ns-1.awsdns-00.com",
            "ns-1024.awsdns-00.org",
            "ns-1536.awsdns-00.co.uk",
        ]
        .map(name);
        assert!(!is_assignable(&twice));
    }
}
