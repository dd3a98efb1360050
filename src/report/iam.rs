//! The least that IAM must grant for delegating one name: to create and delete its NS and DS record sets, and nothing else.
//!
//! Source: "Using IAM policy conditions for fine-grained access control", Route 53 Developer Guide.

use serde_json::json;

use crate::model::name::DnsName;
use crate::model::zone::ZoneId;

/// The policy for one name of one zone, as indented JSON. Without `UPSERT` in it, AWS itself refuses whatever would overwrite.
pub fn delegator_policy(partition: &str, zone: &ZoneId, name: &DnsName) -> String {
    let zone = format!("arn:{partition}:route53:::hostedzone/{zone}");
    let normalized = name.to_route53();
    let normalized = normalized.trim_end_matches('.');
    let policy = json!({"Version": "2012-10-17", "Statement": [
        {
            "Sid": "Delegate",
            "Effect": "Allow",
            "Action": "route53:ChangeResourceRecordSets",
            "Resource": zone,
            "Condition": {
                "ForAllValues:StringEquals": {
                    "route53:ChangeResourceRecordSetsNormalizedRecordNames": [normalized],
                    "route53:ChangeResourceRecordSetsRecordTypes": ["NS", "DS"],
                    "route53:ChangeResourceRecordSetsActions": ["CREATE", "DELETE"],
                },
                // A request without names would satisfy ForAllValues.
                "Null": {"route53:ChangeResourceRecordSetsNormalizedRecordNames": "false"},
            },
        },
        {
            "Sid": "Read",
            "Effect": "Allow",
            "Action": ["route53:GetHostedZone", "route53:ListResourceRecordSets", "route53:ListTagsForResource"],
            "Resource": zone,
        },
        {
            "Sid": "Find",
            "Effect": "Allow",
            "Action": ["route53:GetHostedZoneCount", "route53:ListHostedZones", "route53:ListHostedZonesByName"],
            "Resource": "*",
        },
        {
            "Sid": "Watch",
            "Effect": "Allow",
            "Action": "route53:GetChange",
            "Resource": format!("arn:{partition}:route53:::change/*"),
        },
    ]});
    serde_json::to_string_pretty(&policy).expect("JSON values can be written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_one_name_may_be_created_and_deleted_and_never_overwritten() {
        let zone = ZoneId::read("Z01C3EXAMPLE9").unwrap();
        let name = DnsName::parse_input("0/26.Dev.example.com").unwrap();
        let text = delegator_policy("aws-cn", &zone, &name);
        let policy: serde_json::Value = serde_json::from_str(&text).unwrap();
        let write = &policy["Statement"][0];
        let values = &write["Condition"]["ForAllValues:StringEquals"];
        assert_eq!(
            values["route53:ChangeResourceRecordSetsNormalizedRecordNames"],
            json!(["0\\05726.dev.example.com"])
        );
        assert_eq!(write["Resource"], "arn:aws-cn:route53:::hostedzone/Z01C3EXAMPLE9");
        assert!(!text.contains("UPSERT"));
        let others = policy["Statement"].as_array().unwrap().iter().skip(1);
        let reads = others.flat_map(|one| match &one["Action"] {
            serde_json::Value::Array(all) => all.clone(),
            one => vec![one.clone()],
        });
        assert!(
            reads
                .into_iter()
                .all(|a| a.as_str().unwrap().contains(":Get") || a.as_str().unwrap().contains(":List"))
        );
    }
}
