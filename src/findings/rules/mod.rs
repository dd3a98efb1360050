//! The table of rules. To add one: a file here, a line in `RULES`; lists, reports, exit codes and `explain` follow.

pub mod apex_ns_edited;
pub mod apex_ns_foreign;
pub mod cds_pending;
pub mod cname_at_cut;
pub mod cyclic_dependency;
pub mod dangling_delegation;
pub mod dangling_nameserver;
pub mod delegated_elsewhere;
pub mod delegated_to_unknown_account;
pub mod delegation_in_dead_parent;
pub mod delegation_to_private_zone;
pub mod dnskey_not_signed_by_ds;
pub mod ds_in_unsigned_parent;
pub mod ds_inconsistent;
pub mod ds_mismatch;
pub mod ds_stale;
pub mod ds_unsupported;
pub mod ds_without_delegation;
pub mod ds_without_dnskey;
pub mod duplicate_zone;
pub mod edns_broken;
pub mod edns_unsupported;
pub mod glue_mismatch;
pub mod glue_missing;
pub mod incomplete_set;
pub mod lame_nodata;
pub mod lame_not_authoritative;
pub mod lame_nxdomain;
pub mod lame_referral;
pub mod lame_refused;
pub mod lame_servfail;
pub mod lame_unexpected_rcode;
pub mod missing_delegation;
pub mod no_ipv4;
pub mod no_ipv6;
pub mod no_working_nameserver;
pub mod ns_domain_unregistered;
pub mod ns_is_cname;
pub mod ns_malformed_response;
pub mod ns_name_implausible;
pub mod ns_no_response;
pub mod ns_non_public_address;
pub mod ns_set_inconsistent;
pub mod ns_shared_address;
pub mod ns_unresolvable;
pub mod occluded_delegation;
pub mod occluded_records;
pub mod orphan_zone;
pub mod parent_child_ns_mismatch;
pub mod parent_inconsistent;
pub mod parent_not_visible;
pub mod recursion_offered;
pub mod referral_too_large;
pub mod rrsig_expired;
pub mod rrsig_invalid;
pub mod self_delegation;
pub mod signed_without_ds;
pub mod single_nameserver;
pub mod slow_nameserver;
pub mod soa_mname_mismatch;
pub mod soa_serial_mismatch;
pub mod split_delegation;
pub mod stale_delegation_set;
pub mod tcp_unreachable;
pub mod unread_account;
pub mod unverified_delegation;
pub mod wildcard_shadows_child;

use crate::model::cut::Cut;

use super::finding::{Confidence, Finding, Rule, Severity};

/// All rules. Among findings of one cut that are equally grave, the earlier one is the cause.
pub static RULES: [&Rule; 67] = [
    &missing_delegation::RULE,
    &cname_at_cut::RULE,
    &wildcard_shadows_child::RULE,
    &delegation_to_private_zone::RULE,
    &self_delegation::RULE,
    &ns_domain_unregistered::RULE,
    &dangling_delegation::RULE,
    &unverified_delegation::RULE,
    &delegated_to_unknown_account::RULE,
    &delegated_elsewhere::RULE,
    &stale_delegation_set::RULE,
    &orphan_zone::RULE,
    &split_delegation::RULE,
    &dangling_nameserver::RULE,
    &incomplete_set::RULE,
    &apex_ns_foreign::RULE,
    &apex_ns_edited::RULE,
    &duplicate_zone::RULE,
    &delegation_in_dead_parent::RULE,
    &parent_not_visible::RULE,
    &parent_inconsistent::RULE,
    &ns_set_inconsistent::RULE,
    &parent_child_ns_mismatch::RULE,
    &soa_serial_mismatch::RULE,
    &soa_mname_mismatch::RULE,
    &cyclic_dependency::RULE,
    &glue_missing::RULE,
    &glue_mismatch::RULE,
    &single_nameserver::RULE,
    &ns_name_implausible::RULE,
    &ds_without_dnskey::RULE,
    &ds_mismatch::RULE,
    &rrsig_expired::RULE,
    &rrsig_invalid::RULE,
    &dnskey_not_signed_by_ds::RULE,
    &ds_inconsistent::RULE,
    &ds_unsupported::RULE,
    &ds_stale::RULE,
    &signed_without_ds::RULE,
    &cds_pending::RULE,
    &ds_without_delegation::RULE,
    &ds_in_unsigned_parent::RULE,
    &occluded_records::RULE,
    &occluded_delegation::RULE,
    &ns_no_response::RULE,
    &no_working_nameserver::RULE,
    &ns_unresolvable::RULE,
    &lame_refused::RULE,
    &lame_servfail::RULE,
    &lame_not_authoritative::RULE,
    &lame_referral::RULE,
    &lame_nxdomain::RULE,
    &lame_nodata::RULE,
    &lame_unexpected_rcode::RULE,
    &ns_malformed_response::RULE,
    &ns_is_cname::RULE,
    &ns_non_public_address::RULE,
    &tcp_unreachable::RULE,
    &edns_broken::RULE,
    &ns_shared_address::RULE,
    &no_ipv4::RULE,
    &no_ipv6::RULE,
    &edns_unsupported::RULE,
    &recursion_offered::RULE,
    &slow_nameserver::RULE,
    &referral_too_large::RULE,
    &unread_account::RULE,
];

/// The rule with this code.
pub fn rule(code: &str) -> Option<&'static Rule> {
    RULES.iter().copied().find(|rule| rule.code == code)
}

/// Whether a finding means that resolvers do not get to the zones held at the cut.
pub fn breaks(finding: &Finding, cut: &Cut) -> bool {
    let leads_away = [
        &missing_delegation::RULE,
        &delegation_to_private_zone::RULE,
        &stale_delegation_set::RULE,
        &orphan_zone::RULE,
    ];
    finding.is_known()
        && (leads_away.contains(&finding.rule)
            || (*finding.rule == self_delegation::RULE && cut.served.is_empty())
            || (*finding.rule == no_working_nameserver::RULE && finding.confidence == Confidence::Certain)
            || (*finding.rule == glue_missing::RULE && finding.severity == Severity::Critical))
}

/// Whether a finding says why the servers of a delegation do not serve the zone, so that what they do follows from it.
pub fn explains_servers(rule: &Rule) -> bool {
    let astray = [
        &delegation_to_private_zone::RULE,
        &self_delegation::RULE,
        &dangling_delegation::RULE,
        &stale_delegation_set::RULE,
        &orphan_zone::RULE,
        &split_delegation::RULE,
        &dangling_nameserver::RULE,
        &glue_missing::RULE,
        &ns_domain_unregistered::RULE,
        &cyclic_dependency::RULE,
    ];
    astray.iter().any(|other| **other == *rule)
}
