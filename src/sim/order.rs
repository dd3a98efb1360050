//! The order in which Route 53 lists names: labels reversed, joined by dots, the final dot counted, octet by octet.
//!
//! Where a label goes on with an octet below the dot's (`-`, `*`), it comes before the name it extends: `a-b` before `a`.

use std::cmp::Ordering;

use crate::model::name::DnsName;

/// Compares two names as `ListResourceRecordSets` and `ListHostedZonesByName` sort them.
pub fn route53_order(a: &DnsName, b: &DnsName) -> Ordering {
    if a == b {
        return Ordering::Equal;
    }
    reversed(a).cmp(reversed(b)).then_with(|| a.as_wire().cmp(b.as_wire()))
}

/// The octets by which a name sorts; equal only for names that a dot within a label tells apart.
pub fn sort_key(name: &DnsName) -> Vec<u8> {
    reversed(name).collect()
}

fn reversed(name: &DnsName) -> impl Iterator<Item = u8> + '_ {
    name.labels()
        .rev()
        .flat_map(|label| label.iter().copied().chain(std::iter::once(b'.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_final_dot_counts() {
        let mut names: Vec<DnsName> = ["a", "b.a", "a-b", "*", "z", "_x", "@"]
            .map(|l| format!("{l}.example.com").replace('@', "\\@"))
            .iter()
            .map(|n| n.parse().expect("a name"))
            .collect();
        names.push("example.com".parse().expect("a name"));
        names.sort_by(route53_order);
        let shown: Vec<_> = names
            .iter()
            .map(|n| n.to_string().replace(".example.com", ""))
            .collect();
        assert_eq!(shown, ["example.com", "*", "\\@", "_x", "a-b", "a", "b.a", "z"]);
    }
}
