//! The table of rules. To add one: a file here, a line in `RULES`; lists, reports, exit codes and `explain` follow.

pub mod apex_ns_edited;
pub mod apex_ns_foreign;
pub mod cname_at_cut;
pub mod dangling_nameserver;
pub mod delegation_in_dead_parent;
pub mod delegation_to_private_zone;
pub mod ds_in_unsigned_parent;
pub mod ds_mismatch;
pub mod ds_without_delegation;
pub mod ds_without_dnskey;
pub mod duplicate_zone;
pub mod glue_missing;
pub mod incomplete_set;
pub mod missing_delegation;
pub mod ns_name_implausible;
pub mod occluded_delegation;
pub mod occluded_records;
pub mod orphan_zone;
pub mod parent_child_ns_mismatch;
pub mod parent_not_visible;
pub mod self_delegation;
pub mod single_nameserver;
pub mod split_delegation;
pub mod stale_delegation_set;
pub mod unread_account;
pub mod unverified_delegation;
pub mod wildcard_shadows_child;

use crate::model::cut::Cut;

use super::finding::{Finding, Rule, Severity};

/// All rules. Among findings of one cut that are equally grave, the earlier one is the cause.
pub static RULES: [&Rule; 27] = [
    &missing_delegation::RULE,
    &cname_at_cut::RULE,
    &wildcard_shadows_child::RULE,
    &delegation_to_private_zone::RULE,
    &self_delegation::RULE,
    &unverified_delegation::RULE,
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
    &parent_child_ns_mismatch::RULE,
    &glue_missing::RULE,
    &single_nameserver::RULE,
    &ns_name_implausible::RULE,
    &ds_without_dnskey::RULE,
    &ds_mismatch::RULE,
    &ds_without_delegation::RULE,
    &ds_in_unsigned_parent::RULE,
    &occluded_records::RULE,
    &occluded_delegation::RULE,
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
            || (*finding.rule == glue_missing::RULE && finding.severity == Severity::Critical))
}
