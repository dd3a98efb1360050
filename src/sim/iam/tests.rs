use super::*;
use crate::model::record::RecordType;
use crate::sim::api::{Change, ChangeAction, Operation};
use crate::sim::record::ResourceRecordSet;

/// The delegator's policy of the documentation: one name of one zone, NS and DS, without UPSERT.
const DELEGATOR: &str = r#"{"Version":"2012-10-17","Statement":[
 {"Effect":"Allow","Action":"route53:ChangeResourceRecordSets","Resource":"arn:aws:route53:::hostedzone/ZPARENT","Condition":{
  "ForAllValues:StringEquals":{"route53:ChangeResourceRecordSetsNormalizedRecordNames":["dev.example.com"],
   "route53:ChangeResourceRecordSetsRecordTypes":["NS","DS"],"route53:ChangeResourceRecordSetsActions":["CREATE","DELETE"]},
  "Null":{"route53:ChangeResourceRecordSetsNormalizedRecordNames":"false"}}},
 {"Effect":"Allow","Action":["route53:ListResourceRecordSets","route53:GetHostedZone"],"Resource":"arn:aws:route53:::hostedzone/ZPARENT"},
 {"Effect":"Allow","Action":"route53:GetChange","Resource":"arn:aws:route53:::change/*"}]}"#;

fn judge(policy: &str, operation: &Operation) -> Verdict {
    let policy = Policy::read(policy).expect("a policy");
    let requests = Request::of(operation);
    let mut verdicts = requests.iter().map(|request| policy.judge(request));
    verdicts.next().expect("a resource")
}

fn batch(zone: &str, changes: &[(ChangeAction, &str, RecordType)]) -> Operation {
    let change = |(action, name, record_type): &(ChangeAction, &str, RecordType)| Change {
        action: *action,
        set: ResourceRecordSet::simple(
            crate::model::name::DnsName::parse_route53(name).expect("a name"),
            *record_type,
            300,
            ["x"],
        ),
    };
    Operation::ChangeResourceRecordSets {
        zone: zone.into(),
        comment: None,
        changes: changes.iter().map(change).collect(),
    }
}

#[test]
fn the_delegators_policy_allows_one_name_without_upsert_and_nothing_else() {
    use ChangeAction::{Create, Delete, Upsert};
    let (ns, ds, a) = (RecordType::NS, RecordType::DS, RecordType::A);
    let fine = ("/hostedzone/ZPARENT", "Dev.Example.com.");
    for changes in [
        vec![(Create, fine.1, ns)],
        vec![(Delete, fine.1, ns), (Create, fine.1, ns)],
        vec![(Create, fine.1, ds)],
    ] {
        assert_eq!(
            judge(DELEGATOR, &batch(fine.0, &changes)),
            Verdict::Allowed,
            "{changes:?}"
        );
    }
    for (zone, changes) in [
        (fine.0, vec![(Upsert, fine.1, ns)]),
        (fine.0, vec![(Create, "example.com", ns)]),
        (fine.0, vec![(Create, "a.dev.example.com", ns)]),
        (fine.0, vec![(Create, fine.1, a)]),
        (fine.0, vec![(Create, fine.1, ns), (Create, fine.1, a)]),
        (fine.0, vec![(Create, fine.1, ns), (Create, "other.example.com", ns)]),
        (fine.0, vec![]),
        ("ZOTHER", vec![(Create, fine.1, ns)]),
    ] {
        assert_eq!(
            judge(DELEGATOR, &batch(zone, &changes)),
            Verdict::NotAllowed,
            "{zone} {changes:?}"
        );
    }
    let change = |id: &str| Operation::GetChange { id: id.into() };
    assert_eq!(judge(DELEGATOR, &change("/change/C1")), Verdict::Allowed);
    assert_eq!(
        judge(DELEGATOR, &Operation::DeleteHostedZone { zone: "ZPARENT".into() }),
        Verdict::NotAllowed
    );
    assert_eq!(judge(DELEGATOR, &Operation::GetHostedZoneCount), Verdict::NotAllowed);
}

#[test]
fn a_statement_that_denies_is_stronger_than_any_that_allows() {
    let policy = r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
        {"Effect":"Deny","Action":"ROUTE53:Delete*","Resource":"arn:aws:route53:::hostedzone/*"}]}"#;
    let delete = Operation::DeleteHostedZone { zone: "Z1".into() };
    assert_eq!(judge(policy, &delete), Verdict::Denied);
    assert_eq!(judge(policy, &Operation::GetHostedZoneCount), Verdict::Allowed);
    let except =
        r#"{"Statement":{"Effect":"Allow","NotAction":"route53:Delete*","NotResource":"arn:aws:route53:::change/*"}}"#;
    assert_eq!(judge(except, &delete), Verdict::NotAllowed);
    assert_eq!(
        judge(except, &Operation::GetChange { id: "C1".into() }),
        Verdict::NotAllowed
    );
    assert_eq!(judge(except, &Operation::GetHostedZoneCount), Verdict::Allowed);
}

/// Whether a policy of one condition allows a batch of two names.
fn holds(condition: &str) -> bool {
    let key = "route53:ChangeResourceRecordSetsNormalizedRecordNames";
    let condition = condition.replace("KEY", key);
    let policy =
        format!(r#"{{"Statement":[{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{{{condition}}}}}]}}"#);
    let names = [
        (ChangeAction::Create, "a.example.com", RecordType::NS),
        (ChangeAction::Create, "*.b.example.com", RecordType::A),
    ];
    judge(&policy, &batch("Z1", &names)) == Verdict::Allowed
}

#[test]
fn operators_take_several_values_as_iam_does() {
    for condition in [
        r#""ForAllValues:StringLike":{"KEY":["*.example.com"]}"#,
        r#""ForAnyValue:StringEquals":{"KEY":"\\052.b.example.com"}"#,
        r#""StringEquals":{"KEY":["x","a.example.com"]}"#,
        r#""ForAllValues:StringEqualsIgnoreCase":{"KEY":["A.example.com","\\052.B.example.com"]}"#,
        r#""StringNotEquals":{"KEY":"x"}"#,
        r#""StringNotLike":{"KEY":"x*"}"#,
        r#""Null":{"KEY":"false","aws:absent":"true"}"#,
        r#""ForAllValues:StringEquals":{"aws:absent":"x"}"#,
        r#""StringEqualsIfExists":{"aws:absent":"x"}"#,
        r#""StringNotEquals":{"aws:absent":"x"}"#,
    ] {
        assert!(holds(condition), "{condition}");
    }
    for condition in [
        r#""ForAllValues:StringEquals":{"KEY":["a.example.com"]}"#,
        r#""ForAllValues:StringEquals":{"KEY":["a.example.com","*.b.example.com"]}"#,
        r#""ForAnyValue:StringLike":{"KEY":["*.example.net"]}"#,
        r#""StringNotEquals":{"KEY":"a.example.com"}"#,
        r#""Null":{"KEY":"true"}"#,
        r#""StringEquals":{"aws:absent":"x"}"#,
        r#""ForAnyValue:StringNotEquals":{"aws:absent":"x"}"#,
        r#""StringLike":{"KEY":"*"},"Null":{"KEY":"true"}"#,
    ] {
        assert!(!holds(condition), "{condition}");
    }
}

#[test]
fn what_is_not_understood_is_malformed_and_allows_nothing() {
    for (text, reason) in [
        ("{", "Syntax errors"),
        ("[]", "not a JSON object"),
        (r#"{"Version":"2012-10-17"}"#, "no Statement"),
        (
            r#"{"Statement":[{"Effect":"allow","Action":"*","Resource":"*"}]}"#,
            "Allow or Deny",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Resource":"*"}]}"#,
            "Action or NotAction",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Principal":"*"}]}"#,
            "Principal",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":[1],"Resource":"*"}]}"#,
            "not a text",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"IpAddress":{"a":"b"}}}]}"#,
            "IpAddress",
        ),
        (
            r#"{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"ForNoValue:Null":{"a":"b"}}}]}"#,
            "ForNoValue",
        ),
    ] {
        let why = Policy::read(text).expect_err(text).to_string();
        assert!(why.contains(reason), "{why}");
    }
    let empty = r#"{"Version":"2012-10-17","Statement":[]}"#;
    assert_eq!(judge(empty, &Operation::GetHostedZoneCount), Verdict::NotAllowed);
}
