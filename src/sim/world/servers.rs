//! The name servers that zones are assigned: `ns-N.awsdns-NN.TLD`, one of each of four top-level domains.
//!
//! Each zone has names of its own while they last, then new combinations; names from 448 on are never given out.

use crate::model::name::DnsName;

const DOMAINS: [&str; 4] = ["com", "net", "org", "co.uk"];
const PER_DOMAIN: usize = 512;
/// Names 1 to 447 of each domain are given out; 0 is for private zones, the rest belonged to zones that are gone.
const GIVEN_OUT: usize = 447;
const GONE: usize = PER_DOMAIN - 1 - GIVEN_OUT;
/// Steps through the names: without a divisor in common with `GIVEN_OUT`, so each is met before one is met again.
const STRIDE: [usize; 4] = [100, 211, 311, 40];
/// By how much each later round moves the domains against one another.
const SHIFT: [usize; 4] = [0, 17, 101, 233];
const START: [usize; 4] = [38, 10, 104, 75];

/// Deals out delegation sets, the same ones in every run.
#[derive(Debug, Clone, Default)]
pub struct Assignment {
    next: usize,
}

impl Assignment {
    /// The next set in which no name is refused.
    pub fn draw(&mut self, refused: impl Fn(&DnsName) -> bool) -> Vec<DnsName> {
        for _ in 0..GIVEN_OUT * 4 {
            let set = combination(self.next);
            self.next += 1;
            if !set.iter().any(&refused) {
                return set;
            }
        }
        combination(self.next)
    }
}

fn combination(number: usize) -> Vec<DnsName> {
    let (round, step) = (number / GIVEN_OUT, number % GIVEN_OUT);
    let mut set: Vec<DnsName> = (0..DOMAINS.len())
        .zip(STRIDE)
        .zip(SHIFT)
        .zip(START)
        .map(|(((domain, stride), shift), start)| {
            server(domain, 1 + (start + step * stride + round * shift) % GIVEN_OUT)
        })
        .collect();
    set.rotate_left(number % DOMAINS.len());
    set
}

/// The four names that every private zone has.
pub fn of_private_zones() -> Vec<DnsName> {
    (0..DOMAINS.len()).map(|domain| server(domain, 0)).collect()
}

/// Four names that no zone of any world is assigned: what a deleted zone left behind.
pub fn of_gone_zone(seed: &str) -> Vec<DnsName> {
    let digest = super::derive::digest(&["gone", seed]);
    (0..DOMAINS.len())
        .zip(digest)
        .map(|(domain, octet)| server(domain, GIVEN_OUT + 1 + usize::from(octet) % GONE))
        .collect()
}

fn server(domain: usize, index: usize) -> DnsName {
    let number = domain * PER_DOMAIN + index;
    let block = index / 8;
    let suffix = DOMAINS.get(domain).copied().unwrap_or("com");
    format!("ns-{number}.awsdns-{block:02}.{suffix}")
        .parse()
        .expect("letters, digits and hyphens make a name")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn names_follow_the_rule_and_are_not_shared_while_they_last() {
        let mut assignment = Assignment::default();
        let mut seen = HashSet::new();
        for _ in 0..GIVEN_OUT {
            let set = assignment.draw(|_| false);
            assert_eq!(set.len(), 4);
            for server in set {
                assert!(seen.insert(server.clone()), "{server} is given out twice");
            }
        }
        assert!(of_private_zones().iter().all(|server| !seen.contains(server)));
        assert!(of_gone_zone("x").iter().all(|server| !seen.contains(server)));
        let again = assignment.draw(|_| false);
        assert!(again.iter().all(|server| seen.contains(server)));
    }

    #[test]
    fn a_refused_name_is_not_given_out() {
        let first = Assignment::default().draw(|_| false);
        let mut assignment = Assignment::default();
        let second = assignment.draw(|server| first.contains(server));
        assert!(second.iter().all(|server| !first.contains(server)));
    }

    #[test]
    fn private_zones_have_the_four_fixed_names() {
        let names: Vec<_> = of_private_zones().iter().map(ToString::to_string).collect();
        assert_eq!(
            names,
            [
                "ns-0.awsdns-00.com",
                "ns-512.awsdns-00.net",
                "ns-1024.awsdns-00.org",
                "ns-1536.awsdns-00.co.uk"
            ]
        );
    }
}
