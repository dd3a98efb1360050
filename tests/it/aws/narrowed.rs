//! What the session of a role may do that applies a plan: what the plan says, and nothing else (issue 4, point 4).

use zonecut::aws::{Accounts, Options};
use zonecut::config::Overridden;
use zonecut::model::record::RecordType;
use zonecut::plan::batch::{Batch, Change as PlannedChange, Wanted};
use zonecut::plan::step::{Step, ZoneTarget};
use zonecut::plan::{ExactSet, PartyIx, Plan};
use zonecut::ports::{ApiErrorKind, Desk as _, Exact as _, NewZone, Route53 as _, WriteError, Writer};
use zonecut::sim::api::{Change, ChangeAction, Operation};
use zonecut::sim::iam::{Policy, Request, Verdict};
use zonecut::sim::record::ResourceRecordSet;
use zonecut::sim::simulator::Simulator;

use super::canned::{Answer, Canned, identity, is_sts};
use super::credentials::given;
use super::simulated::{id, profiles, simulator};
use super::writing::{HUB, PLACE, delegation, env_account, leave, mutations, name, plan, values, zone};

fn held(id: &str) -> ZoneTarget {
    ZoneTarget::Held {
        id: zone(id),
        name: name("example.com"),
        reference: "r".into(),
        name_servers: Vec::new(),
        record_sets: 4,
    }
}

/// A plan that creates one delegation in the hub's zone.
fn delegating() -> Plan {
    let created = PlannedChange::Create(Wanted::Set(delegation(300)));
    doing(Step::Change {
        party: PartyIx(0),
        zone: held("Z1HUB"),
        batch: Batch::new(vec![created]).expect("a batch"),
    })
}

fn doing(step: Step) -> Plan {
    Plan {
        steps: vec![step],
        ..plan()
    }
}

/// The hub behind a role for reading and one for writing, each of which may do everything.
async fn desk(endpoint: &str, keys: (&str, &str), role: &str) -> Accounts {
    let (key, secret) = keys;
    let file = format!(
        "[profile user]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n\
         [profile hub]\nrole_arn = {role}\nsource_profile = user\n\
         [profile hub-rw]\nrole_arn = {role}-rw\nsource_profile = user\n"
    );
    let setup = profiles(endpoint, &file, Options::default()).await;
    let mut config = env_account();
    config.write_profile = Some("hub-rw".to_owned());
    let account = setup.account(PLACE, &config);
    Accounts::new(setup, [account], leave(Overridden::Allowed))
}

async fn open(simulator: &Simulator) -> Accounts {
    let keys = simulator.keys(id(HUB)).expect("keys");
    let role = simulator.role_arn(id(HUB)).expect("a role");
    desk(&simulator.endpoint(), (&keys.access_key, &keys.secret_key), &role).await
}

fn address(owner: &str) -> ExactSet {
    ExactSet::simple(name(owner), RecordType::A, 60, vec!["192.0.2.7".into()])
}

fn elsewhere(owner: &str) -> ExactSet {
    ExactSet::name_servers(
        name(owner),
        300,
        &[name("ns-1.awsdns-00.com"), name("ns-2.awsdns-00.net")],
    )
}

fn is_denied_to_the_session(refusal: &WriteError) -> bool {
    let WriteError::Refused(error) = refusal else {
        return false;
    };
    error.kind == ApiErrorKind::Denied && error.message.expose().contains("no session policy allows")
}

/// Everything that a plan's session is tried with beside what the plan says; says how many attempts there were.
async fn try_everything_else<W: Writer>(writer: &W) -> usize {
    let (hub, corp) = (zone("Z1HUB"), zone("Z2HUB"));
    let batches = [
        (&hub, values(vec![], vec![elsewhere("other.example.com")])),
        (&hub, values(vec![], vec![elsewhere("a.new.example.com")])),
        (&hub, values(vec![], vec![elsewhere("example.com")])),
        (&hub, values(vec![], vec![address("new.example.com")])),
        (&hub, values(vec![], vec![delegation(300), address("www.example.com")])),
        (&hub, values(vec![delegation(300)], vec![])),
        (&hub, values(vec![delegation(300)], vec![delegation(60)])),
        (&corp, values(vec![], vec![elsewhere("new.corp.example")])),
        (&corp, values(vec![], vec![delegation(300)])),
    ];
    let mut tried = 0;
    for (place, batch) in &batches {
        let refusal = writer.change(place, batch, "").await.expect_err("not in the plan");
        assert!(is_denied_to_the_session(&refusal), "{batch:?} {refusal:?}");
        tried += 1;
    }
    let new = NewZone {
        name: name("new.example.com"),
        reference: "r".to_owned(),
        delegation_set: None,
        comment: "".into(),
    };
    let others = [
        writer.create_zone(&new).await.map(drop),
        writer.delete_zone(&hub).await.map(drop),
        writer.delete_zone(&corp).await.map(drop),
        writer.create_set("r", None).await.map(drop),
        writer.delete_set(&"N1".into()).await,
    ];
    for other in others {
        let refusal = other.expect_err("not in the plan");
        assert!(is_denied_to_the_session(&refusal), "{refusal:?}");
        tried += 1;
    }
    tried
}

#[tokio::test]
async fn the_session_of_a_plan_may_do_what_the_plan_says_and_nothing_else() {
    let simulator = simulator().await;
    let desk = open(&simulator).await;
    let writer = desk.writer(PLACE, &delegating()).await.expect("leave");
    let tried = try_everything_else(&writer).await;
    assert_eq!(tried, 14);
    let denied = |simulator: &Simulator| {
        let log = simulator.log();
        log.iter()
            .filter(|entry| entry.write && entry.error == Some("AccessDenied"))
            .count()
    };
    assert_eq!((mutations(&simulator), denied(&simulator)), (tried, tried));
    writer
        .change(&zone("Z1HUB"), &values(vec![], vec![delegation(300)]), "as planned")
        .await
        .expect("the plan says so");
    assert_eq!((mutations(&simulator), denied(&simulator)), (tried + 1, tried));
    let page = writer.exact_sets(&zone("Z1HUB"), None).await.expect("a page");
    assert!(page.sets.contains(&delegation(300)));
}

#[tokio::test]
async fn what_one_plan_may_not_do_another_may_that_says_so() {
    let simulator = simulator().await;
    let desk = open(&simulator).await;
    let deleting = doing(Step::DeleteZone {
        party: PartyIx(0),
        zone: held("Z2HUB"),
    });
    let writer = desk.writer(PLACE, &deleting).await.expect("leave");
    let refusal = writer.delete_zone(&zone("Z1HUB")).await.expect_err("another zone");
    assert!(is_denied_to_the_session(&refusal), "{refusal:?}");
    writer.delete_zone(&zone("Z2HUB")).await.expect("the plan says so");
}

/// The text of a form's field.
fn field(body: &str, wanted: &str) -> Option<String> {
    let value = body
        .split('&')
        .find_map(|pair| pair.strip_prefix(wanted)?.strip_prefix('='))?;
    let mut octets = Vec::new();
    let mut rest = value.bytes();
    while let Some(octet) = rest.next() {
        octets.push(match octet {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            plain => plain,
        });
    }
    String::from_utf8(octets).ok()
}

fn batch(zone: &str, changes: &[(ChangeAction, &str, RecordType)]) -> Operation {
    let change = |(action, owner, record_type): &(ChangeAction, &str, RecordType)| Change {
        action: *action,
        set: ResourceRecordSet::simple(name(owner), *record_type, 300, ["x"]),
    };
    Operation::ChangeResourceRecordSets {
        zone: zone.to_owned(),
        comment: None,
        changes: changes.iter().map(change).collect(),
    }
}

#[tokio::test]
async fn the_request_for_a_session_carries_its_policy() {
    let canned = Canned::start(|asked| match asked {
        asked if asked.body.contains("Action=AssumeRole") => given("AssumeRole", "ASIASESSION"),
        asked if is_sts(asked) => identity(HUB),
        _ => Answer::new(
            200,
            "<GetHostedZoneCountResponse><HostedZoneCount>3</HostedZoneCount></GetHostedZoneCountResponse>",
        ),
    })
    .await;
    let desk = desk(&canned.url, ("A", "S"), &format!("arn:aws:iam::{HUB}:role/r")).await;
    let reader = desk.reader(PLACE).expect("a reader");
    assert_eq!(reader.zone_count().await, Ok(3));
    let writer = desk.writer(PLACE, &delegating()).await.expect("leave");
    zonecut::ports::Exact::caller(&writer).await.expect("a caller");
    assert!(zonecut::ports::Identity::caller(&reader).await.is_ok());
    let asked = canned.asked();
    let policy_of = |role: &str| {
        let mut requests = asked
            .iter()
            .filter(|asked| field(&asked.body, "RoleArn").is_some_and(|arn| arn.ends_with(role)));
        let request = requests.next().expect("the role is assumed");
        assert!(requests.next().is_none(), "once");
        Policy::read(&field(&request.body, "Policy").expect("a policy")).expect("one that IAM understands")
    };
    let (reading, writing) = (policy_of("role/r"), policy_of("role/r-rw"));
    let judged = |policy: &Policy, operation: &Operation| {
        let requests = Request::of(operation);
        policy.judge(requests.first().expect("a resource"))
    };
    use ChangeAction::{Create, Delete, Upsert};
    let (ns, here) = (RecordType::NS, "new.example.com");
    let planned = batch("Z1HUB", &[(Create, here, ns)]);
    assert_eq!(judged(&writing, &planned), Verdict::Allowed);
    assert_eq!(judged(&reading, &planned), Verdict::NotAllowed);
    for other in [
        batch("Z1HUB", &[(Upsert, here, ns)]),
        batch("Z1HUB", &[(Delete, here, ns)]),
        batch("Z1HUB", &[(Create, here, ns), (Upsert, here, ns)]),
        // Whoever states no names satisfies every list of names.
        batch("Z1HUB", &[]),
        batch("Z9", &[(Create, here, ns)]),
        Operation::DeleteHostedZone {
            zone: "Z1HUB".to_owned(),
        },
    ] {
        assert_eq!(judged(&writing, &other), Verdict::NotAllowed, "{other:?}");
    }
}
