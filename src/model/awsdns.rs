//! The names that Route 53 gives its servers: `ns-N.awsdns-NN.TLD`. Not documented, so good for hints only.
//!
//! N is 0 to 511 under com, 512 to 1023 under net, 1024 to 1535 under org, 1536 to 2047 under co.uk; NN is (N mod 512) / 8.

use std::sync::LazyLock;

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

/// The top-level domains as text, in the same order.
const TLD_TEXTS: [&str; 4] = ["com", "net", "org", "co.uk"];

/// How many servers of each top-level domain there are.
const PER_TLD: usize = 512;

/// All names that follow the rule, by N: an organisation's name servers are nearly all among them, and share their octets.
static NAMES: LazyLock<Vec<DnsName>> = LazyLock::new(|| {
    let numbers = 0..PER_TLD * TLD_TEXTS.len();
    let name = |number: usize| {
        let (tld, group) = (TLD_TEXTS.get(number / PER_TLD)?, group_of(number));
        DnsName::parse_route53(&format!("ns-{number}.awsdns-{group:02}.{tld}")).ok()
    };
    numbers.filter_map(name).collect()
});

fn group_of(number: usize) -> usize {
    (number % PER_TLD) / 8
}

/// The name that a text says, where it follows the rule and is written as Route 53 writes it: shared, not made anew.
pub fn read(text: &[u8]) -> Option<&'static DnsName> {
    let mut labels = text.strip_prefix(b"ns-")?.splitn(3, |octet| *octet == b'.');
    let (host, group, tld) = (labels.next()?, labels.next()?, labels.next()?);
    let number = number(host, group.strip_prefix(b"awsdns-")?)?;
    let fits = TLD_TEXTS.get(number / PER_TLD)?.as_bytes() == tld.strip_suffix(b".").unwrap_or(tld);
    NAMES.get(number).filter(|_| fits)
}

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
    let number = number(host.strip_prefix(b"ns-")?, group)?;
    (number / PER_TLD == index).then_some(index)
}

/// N of `ns-N.awsdns-NN`, where it is written as it must be and NN fits it.
fn number(host: &[u8], group: &[u8]) -> Option<usize> {
    let canonical = (host.len() < 5 && !host.starts_with(b"0") || host == b"0") && group.len() == 2;
    let number = canonical.then(|| decimal(host))??;
    (decimal(group) == Some(group_of(number))).then_some(number)
}

/// What a few digits say.
fn decimal(digits: &[u8]) -> Option<usize> {
    let digit = |octet: &u8| octet.is_ascii_digit().then(|| usize::from(*octet - b'0'));
    let add = |number: usize, octet| Some(number * 10 + digit(octet)?);
    digits.first()?;
    digits.iter().try_fold(0, add)
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

/// Whether a name is that of a server of private zones.
pub fn is_private_server(name: &DnsName) -> bool {
    let name = name.to_string();
    PRIVATE.iter().any(|server| *server == name)
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
    fn what_is_read_as_a_name_of_route_53_is_that_name() {
        for number in 0..2048 {
            let tld = ["com", "net", "org", "co.uk"][number / 512];
            let text = format!("ns-{number}.awsdns-{:02}.{tld}.", number % 512 / 8);
            assert_eq!(read(text.as_bytes()), Some(&name(&text)));
            assert_eq!(read(text.trim_end_matches('.').as_bytes()), Some(&name(&text)));
        }
        for other in [
            "ns-2048.awsdns-00.com.",
            "ns-512.awsdns-00.com.",
            "ns-01.awsdns-00.com.",
            "ns-+1.awsdns-00.com.",
            "NS-1.awsdns-00.com.",
            "ns-.awsdns-00.com.",
            "ns-18446744073709551616.awsdns-00.com.",
            "ns-0.awsdns-.com.",
            "ns-1.awsdns-00.com..",
            "ns-1.awsdns-01.com.",
            "ns-1.awsdns-00.com.example.",
            "",
        ] {
            assert_eq!(read(other.as_bytes()), None, "{other}");
        }
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
