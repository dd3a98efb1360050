//! What a session may do while it applies a plan.

use super::*;
use crate::model::account::Env;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;
use crate::plan::{ExactSet, Goal, Moment, Outlook, Party, PlanId, Preflight};

fn name(text: &str) -> DnsName {
    DnsName::parse_route53(text).unwrap()
}

fn held(id: &str) -> ZoneTarget {
    ZoneTarget::Held {
        id: ZoneId::read(id).unwrap(),
        name: name("example.com."),
        reference: Untrusted::from("r"),
        name_servers: Vec::new(),
        record_sets: 2,
    }
}

fn create(names: usize) -> Batch {
    let set = |at: usize| {
        let owner = name(&format!("\\052.dev{at}.example.com."));
        crate::plan::Change::Create(Wanted::Set(ExactSet::simple(
            owner,
            RecordType::A,
            60,
            vec!["192.0.2.1".into()],
        )))
    };
    Batch::new((0..names).map(set).collect()).unwrap()
}

fn plan(steps: Vec<Step>) -> Plan {
    Plan {
        id: PlanId::new([7; 16]),
        goal: Goal::Records,
        subject: name("example.com."),
        made: Moment(0),
        expires: Moment(900),
        parties: vec![Party {
            id: "111122223333".parse().unwrap(),
            name: Untrusted::from("hub"),
            principal: Untrusted::default(),
            profile: None,
            env_label: None,
            env: Env::Unknown,
        }],
        steps,
        preflight: Preflight::default(),
        outlook: Outlook::default(),
    }
}

fn writing(policy: &str) -> Vec<Value> {
    let policy: Value = serde_json::from_str(policy).unwrap();
    policy["Statement"].as_array().unwrap()[1..].to_vec()
}

#[test]
fn a_session_may_change_the_plans_names_and_types_in_its_zone_alone() {
    let steps = vec![Step::Change {
        party: PartyIx(0),
        zone: held("Z1"),
        batch: create(1),
    }];
    let policy = narrowed(&plan(steps), PartyIx(0), Partition::GovCloud);
    let [statement] = writing(&policy).try_into().unwrap();
    assert_eq!(statement["Action"], "route53:ChangeResourceRecordSets");
    assert_eq!(statement["Resource"], "arn:aws-us-gov:route53:::hostedzone/Z1");
    let all = &statement["Condition"]["ForAllValues:StringEquals"];
    assert_eq!(
        all["route53:ChangeResourceRecordSetsNormalizedRecordNames"],
        json!(["\\052.dev0.example.com"])
    );
    assert_eq!(all["route53:ChangeResourceRecordSetsActions"], json!(["CREATE"]));
    assert_eq!(all["route53:ChangeResourceRecordSetsRecordTypes"], json!(["A"]));
    assert!(!policy.contains("UPSERT"));
    let absent = statement["Condition"]["Null"].as_object().unwrap();
    assert!(absent.keys().eq(all.as_object().unwrap().keys()) && absent.values().all(|value| value == "false"));
}

#[test]
fn a_session_of_another_account_may_change_nothing() {
    let steps = vec![Step::DeleteZone {
        party: PartyIx(0),
        zone: held("Z1"),
    }];
    assert_eq!(
        writing(&narrowed(&plan(steps), PartyIx(1), Partition::Aws)),
        Vec::<Value>::new()
    );
}

#[test]
fn what_is_too_long_for_sts_leaves_out_names_before_zones_and_never_actions() {
    let change = |id: String, names| Step::Change {
        party: PartyIx(0),
        zone: held(&id),
        batch: create(names),
    };
    let many_names = narrowed(&plan(vec![change("Z1".into(), 200)]), PartyIx(0), Partition::Aws);
    assert!(many_names.len() <= MAX);
    assert!(many_names.contains("hostedzone/Z1") && many_names.contains("RecordTypes"));
    let zones = (0..40).map(|at| change(format!("Z{at}"), 1)).collect();
    let many_zones = narrowed(&plan(zones), PartyIx(0), Partition::Aws);
    assert!(many_zones.len() <= MAX);
    let [statement] = writing(&many_zones).try_into().unwrap();
    assert_eq!(statement["Action"], json!(["route53:ChangeResourceRecordSets"]));
}
