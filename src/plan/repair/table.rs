//! The table of what mends each kind of finding.

/// By what a kind of finding is mended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// By an NS record set in the parent, which has none.
    Delegate,
    /// By the right NS record set in place of the wrong one.
    Replace,
    /// By taking out the NS record set, or by creating the zone that it was meant for.
    Remove,
    /// By the right NS record set, or by taking single servers out of it.
    Servers,
    /// By making both sides equal to the delegation set.
    BothSides,
    /// By restoring the NS record set at the apex.
    Apex,
    /// By taking out the DS record set.
    Ds,
    /// By taking out those values of the DS record set that name no key.
    StaleDs,
    /// By moving or deleting the record sets that a delegation hides.
    Hidden,
    /// By deleting the NS record set that another delegation hides.
    HiddenDelegation,
    /// By moving the NS record set into the parent that is served.
    DeadParent,
    /// By no write of ours, for this reason.
    Manual(&'static str),
}

const SERVER: &str = "The server itself must be mended by whoever runs it; no record set is wrong.";
const SIGNATURE: &str = "The zone must be signed anew, which is done at its signing keys, not in a record set.";
const DS_LATER: &str =
    "Adding a DS record set is not offered yet; zonecut record can create one with a value that was checked.";
const PROPAGATION: &str =
    "The servers disagree among themselves: wait until all have the same version, then check again.";

/// What mends each kind of finding, by its code.
pub const MENDING: [(&str, Kind); 67] = [
    ("missing-delegation", Kind::Delegate),
    ("cname-at-cut", Kind::Delegate),
    ("wildcard-shadows-child", Kind::Delegate),
    ("delegation-to-private-zone", Kind::Replace),
    ("self-delegation", Kind::Replace),
    ("ns-domain-unregistered", Kind::Servers),
    ("dangling-delegation", Kind::Remove),
    ("unverified-delegation", Kind::Remove),
    ("delegated-to-unknown-account", Kind::Remove),
    (
        "delegated-elsewhere",
        Kind::Manual("Nothing is wrong: the name is served by another provider."),
    ),
    ("stale-delegation-set", Kind::Replace),
    ("orphan-zone", Kind::Replace),
    ("split-delegation", Kind::Replace),
    ("dangling-nameserver", Kind::Servers),
    ("incomplete-set", Kind::Replace),
    ("apex-ns-foreign", Kind::Apex),
    ("apex-ns-edited", Kind::Apex),
    (
        "duplicate-zone",
        Kind::Manual(
            "Which zone is kept, and what is merged into it, is for a person to decide; then zonecut teardown deletes the other.",
        ),
    ),
    ("delegation-in-dead-parent", Kind::DeadParent),
    (
        "parent-not-visible",
        Kind::Manual("The zone in between is in none of the accounts: add its account, or ask its owner."),
    ),
    ("parent-inconsistent", Kind::Manual(PROPAGATION)),
    ("ns-set-inconsistent", Kind::Manual(PROPAGATION)),
    ("parent-child-ns-mismatch", Kind::BothSides),
    ("soa-serial-mismatch", Kind::Manual(PROPAGATION)),
    ("soa-mname-mismatch", Kind::Manual(PROPAGATION)),
    ("cyclic-dependency", Kind::Servers),
    ("glue-missing", Kind::Servers),
    ("glue-mismatch", Kind::Servers),
    ("single-nameserver", Kind::Servers),
    ("ns-name-implausible", Kind::Servers),
    ("ds-without-dnskey", Kind::Ds),
    ("ds-mismatch", Kind::Ds),
    ("rrsig-expired", Kind::Manual(SIGNATURE)),
    ("rrsig-invalid", Kind::Manual(SIGNATURE)),
    ("dnskey-not-signed-by-ds", Kind::Ds),
    ("ds-inconsistent", Kind::Manual(PROPAGATION)),
    ("ds-unsupported", Kind::Ds),
    ("ds-stale", Kind::StaleDs),
    ("signed-without-ds", Kind::Manual(DS_LATER)),
    ("cds-pending", Kind::Manual(DS_LATER)),
    ("ds-without-delegation", Kind::Ds),
    ("ds-in-unsigned-parent", Kind::Ds),
    ("occluded-records", Kind::Hidden),
    ("occluded-delegation", Kind::HiddenDelegation),
    ("ns-no-response", Kind::Servers),
    ("no-working-nameserver", Kind::Servers),
    ("ns-unresolvable", Kind::Servers),
    ("lame-refused", Kind::Servers),
    ("lame-servfail", Kind::Servers),
    ("lame-not-authoritative", Kind::Servers),
    ("lame-referral", Kind::Servers),
    ("lame-nxdomain", Kind::Servers),
    ("lame-nodata", Kind::Servers),
    ("lame-unexpected-rcode", Kind::Servers),
    ("ns-malformed-response", Kind::Servers),
    ("ns-is-cname", Kind::Servers),
    ("ns-non-public-address", Kind::Servers),
    ("tcp-unreachable", Kind::Manual(SERVER)),
    ("edns-broken", Kind::Manual(SERVER)),
    ("ns-shared-address", Kind::Servers),
    ("no-ipv4", Kind::Manual(SERVER)),
    ("no-ipv6", Kind::Manual(SERVER)),
    ("edns-unsupported", Kind::Manual(SERVER)),
    ("recursion-offered", Kind::Manual(SERVER)),
    ("slow-nameserver", Kind::Manual(SERVER)),
    ("referral-too-large", Kind::Servers),
    (
        "unread-account",
        Kind::Manual(
            "The account must be read first: log in, or have the read policy attached (zonecut iam-policy --read).",
        ),
    ),
];

impl Kind {
    /// By what findings of a code are mended.
    pub fn of(code: &str) -> Option<Self> {
        MENDING.iter().find(|(other, _)| *other == code).map(|(_, kind)| *kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::findings::RULES;

    #[test]
    fn every_rule_is_mended_by_a_write_or_says_why_not() {
        let codes: Vec<&str> = MENDING.iter().map(|(code, _)| *code).collect();
        let rules: Vec<&str> = RULES.iter().map(|rule| rule.code).collect();
        assert_eq!(codes, rules);
        for (code, kind) in MENDING {
            if let Kind::Manual(why) = kind {
                assert!(why.ends_with('.') && why.len() > 20, "{code}: {why}");
            }
        }
    }
}
