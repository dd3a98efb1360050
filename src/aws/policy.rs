//! The least that IAM must grant for reading, as `zonecut iam-policy --read` prints it and as sessions are narrowed to it.

use serde_json::{Value, json};

use super::guard::READS;

/// The three worlds that AWS keeps apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Partition {
    /// The commercial regions.
    #[default]
    Aws,
    /// GovCloud (US).
    GovCloud,
    /// China.
    China,
}

impl Partition {
    /// The partition that an ARN names, else that of a region's name.
    pub(super) fn of(arn_or_region: &str) -> Self {
        let text = arn_or_region.strip_prefix("arn:").unwrap_or(arn_or_region);
        if text.starts_with("aws-us-gov") || text.starts_with("us-gov-") {
            Self::GovCloud
        } else if text.starts_with("aws-cn") || text.starts_with("cn-") {
            Self::China
        } else {
            Self::Aws
        }
    }

    /// As ARNs name it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::GovCloud => "aws-us-gov",
            Self::China => "aws-cn",
        }
    }

    /// The region that Route 53 is asked in where nobody names one.
    pub(super) fn default_region(self) -> &'static str {
        match self {
            Self::Aws => "us-east-1",
            Self::GovCloud => "us-gov-west-1",
            Self::China => "cn-northwest-1",
        }
    }
}

/// The actions of Route 53 that are about the account, not about one zone.
const OF_THE_ACCOUNT: [&str; 4] = [
    "route53:GetHostedZoneCount",
    "route53:ListHostedZones",
    "route53:ListHostedZonesByName",
    "route53:ListReusableDelegationSets",
];
/// The action that is about a change.
const OF_A_CHANGE: &str = "route53:GetChange";

fn route53_actions() -> impl Iterator<Item = &'static str> {
    READS.iter().map(|o| o.action).filter(|a| a.starts_with("route53:"))
}

/// The IAM policy that lets zonecut read an account, as indented JSON.
pub fn read_policy(partition: Partition) -> String {
    let (list, others): (Vec<_>, Vec<_>) = route53_actions().partition(|a| OF_THE_ACCOUNT.contains(a));
    let (changes, zones): (Vec<_>, Vec<_>) = others.into_iter().partition(|a| *a == OF_A_CHANGE);
    let of = |what: &str| format!("arn:{}:route53:::{what}/*", partition.word());
    let policy = policy(&json!([
        {"Sid": "List", "Effect": "Allow", "Action": list, "Resource": "*"},
        {"Sid": "Zones", "Effect": "Allow", "Action": zones, "Resource": of("hostedzone")},
        {"Sid": "Changes", "Effect": "Allow", "Action": changes, "Resource": of("change")},
    ]));
    serde_json::to_string_pretty(&policy).expect("JSON values can be written")
}

/// The policy that a session is narrowed to when a role is assumed for reading.
pub(super) fn session_policy() -> String {
    let actions: Vec<_> = route53_actions().collect();
    policy(&json!([{"Effect": "Allow", "Action": actions, "Resource": "*"}])).to_string()
}

fn policy(statement: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": statement})
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_grants_what_is_sent_and_nothing_else() {
        let policy: Value = serde_json::from_str(&read_policy(Partition::GovCloud)).unwrap();
        let mut granted: Vec<_> = policy["Statement"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|s| s["Action"].as_array().unwrap())
            .map(|a| a.as_str().unwrap())
            .collect();
        let mut sent: Vec<_> = route53_actions().collect();
        granted.sort_unstable();
        sent.sort_unstable();
        assert_eq!(granted, sent);
        assert!(granted.iter().all(|a| a.contains(":Get") || a.contains(":List")));
        assert_eq!(
            policy["Statement"][1]["Resource"],
            "arn:aws-us-gov:route53:::hostedzone/*"
        );
    }

    #[test]
    fn a_session_policy_is_short_enough_for_sts() {
        assert!(session_policy().len() <= 2048);
        for action in route53_actions() {
            assert!(session_policy().contains(action));
        }
    }

    #[test]
    fn the_partition_is_told_by_an_arn_or_a_region() {
        assert_eq!(Partition::of("arn:aws-us-gov:iam::1:role/x"), Partition::GovCloud);
        assert_eq!(Partition::of("us-gov-east-1"), Partition::GovCloud);
        assert_eq!(Partition::of("cn-north-1"), Partition::China);
        assert_eq!(Partition::of("arn:aws:iam::1:role/cn-x"), Partition::Aws);
        assert_eq!(Partition::of("eu-central-1"), Partition::Aws);
    }
}
