//! Accounts that are written to, over the real protocol.

use zonecut::aws::{Accounts, Options, Setup};
use zonecut::config::{Access, AccountConfig, Asked, Config, Overridden, Secret, StaticKeys, WriteCap};
use zonecut::model::account::{AccountIx, Env};
use zonecut::model::name::DnsName;
use zonecut::model::record::RecordType;
use zonecut::model::text::Untrusted;
use zonecut::model::zone::ZoneId;
use zonecut::plan::batch::Values;
use zonecut::plan::{ExactSet, Goal, Moment, Outlook, Party, Plan, PlanId, Preflight};
use zonecut::ports::{ApiErrorKind, ChangeState, Desk as _, Exact as _, NewZone, WriteError, Writer as _};
use zonecut::sim::simulator::Simulator;

use super::simulated::{id, keyed, profiles, simulator};

pub const HUB: &str = "111122223333";
pub const PLACE: AccountIx = AccountIx(2);

pub fn name(text: &str) -> DnsName {
    DnsName::parse_route53(text).expect("a name")
}

pub fn zone(text: &str) -> ZoneId {
    ZoneId::read(text).expect("an id")
}

/// A plan that concerns the hub and does nothing.
pub fn plan() -> Plan {
    Plan {
        id: PlanId::new([7; 16]),
        goal: Goal::Records,
        subject: name("example.com"),
        made: Moment(0),
        expires: Moment(900),
        parties: vec![Party {
            id: id(HUB),
            name: Untrusted::from("hub"),
            principal: Untrusted::default(),
            profile: None,
            env_label: None,
            env: Env::Unknown,
        }],
        steps: Vec::new(),
        preflight: Preflight::default(),
        outlook: Outlook::default(),
    }
}

pub fn leave(overridden: Overridden) -> Option<WriteCap> {
    WriteCap::of(&Config::default(), Asked::Writing, overridden)
}

async fn desk(config: AccountConfig, leave: Option<WriteCap>) -> Accounts {
    let setup = Setup::described(Options::default(), &[("ZONECUT_TEST", "1")], &[]).await;
    let account = setup.account(PLACE, &config);
    Accounts::new(setup, [account], leave)
}

async fn open(simulator: &Simulator) -> Accounts {
    desk(keyed(simulator, HUB), leave(Overridden::Refused)).await
}

/// The requests that came and could have changed something.
pub fn mutations(simulator: &Simulator) -> usize {
    simulator.log().iter().filter(|entry| entry.write).count()
}

pub fn delegation(ttl: u32) -> ExactSet {
    let servers = [name("ns-1.awsdns-00.com"), name("ns-2.awsdns-00.net")];
    ExactSet::name_servers(name("new.example.com"), ttl, &servers)
}

pub fn values(delete: Vec<ExactSet>, create: Vec<ExactSet>) -> Values {
    Values { delete, create }
}

#[tokio::test]
async fn every_kind_of_change_is_made_and_read_back() {
    let simulator = simulator().await;
    let desk = open(&simulator).await;
    let writer = desk.writer(PLACE, &plan()).await.expect("leave");
    let hub = zone("Z1HUB");
    let change = writer
        .change(&hub, &values(vec![], vec![delegation(300)]), "first")
        .await
        .expect("a change");
    assert_eq!(writer.change_state(&change).await, Ok(ChangeState::Pending));
    simulator.advance(std::time::Duration::from_secs(60));
    assert_eq!(writer.change_state(&change).await, Ok(ChangeState::InSync));
    let page = writer.exact_sets(&hub, None).await.expect("a page");
    assert!(page.sets.contains(&delegation(300)), "{:?}", page.sets);
    writer
        .change(&hub, &values(vec![delegation(300)], vec![delegation(60)]), "second")
        .await
        .expect("a change");

    let set = writer.create_set("r-set", None).await.expect("a set");
    assert!(writer.reusable_sets().await.expect("sets").contains(&set));
    let wanted = NewZone {
        name: name("\\052x.new.example"),
        reference: "r-zone".to_owned(),
        delegation_set: Some(set.id.clone()),
        comment: Untrusted::from("a <comment> & more"),
    };
    let created = writer.create_zone(&wanted).await.expect("a zone");
    assert_eq!(created.delegation_set.name_servers, set.name_servers);
    let named = writer.zones_named(&wanted.name).await.expect("zones");
    let [found] = named.as_slice() else { panic!("{named:?}") };
    assert_eq!(
        (found.id.clone(), found.reference.expose()),
        (created.id.clone(), "r-zone")
    );
    let again = writer.create_zone(&wanted).await.expect_err("the reference was used");
    assert!(matches!(&again, WriteError::Refused(error)
        if error.code.as_ref().is_some_and(|code| code.expose() == "HostedZoneAlreadyExists")));
    assert!(matches!(writer.delete_set(&set.id).await, Err(WriteError::Refused(_))));
    writer.delete_zone(&created.id).await.expect("deleted");
    writer.delete_set(&set.id).await.expect("deleted");
    assert_eq!(writer.zones_named(&wanted.name).await, Ok(Vec::new()));
}

#[tokio::test]
async fn what_is_no_longer_so_is_refused_and_each_complaint_is_told() {
    let simulator = simulator().await;
    let desk = open(&simulator).await;
    let writer = desk.writer(PLACE, &plan()).await.expect("leave");
    let txt = |value: &str| ExactSet::simple(name("txt.example.com"), RecordType::TXT, 60, vec![value.into()]);
    let www = ExactSet::simple(
        name("\\052.www.example.com"),
        RecordType::A,
        60,
        vec!["192.0.2.9".into()],
    );
    for bare in [false, true] {
        simulator.set_faults(id(HUB), |faults| faults.bare_change_errors = bare);
        let stale = values(vec![txt("\"other\"")], vec![www.clone()]);
        let refusal = writer.change(&zone("Z1HUB"), &stale, "").await.expect_err("refused");
        assert!(matches!(refusal, WriteError::Refused(_)), "{refusal:?}");
        let said: Vec<_> = refusal
            .complaints()
            .iter()
            .map(|one| one.printable().to_string())
            .collect();
        let [first, second] = said.as_slice() else {
            panic!("{said:?}")
        };
        assert!(first.contains("do not match the current values"), "{first}");
        assert!(second.contains("already exists"), "{second}");
    }
}

#[tokio::test]
async fn read_only_mode_has_no_writer_and_says_why() {
    let simulator = simulator().await;
    let mut config = keyed(&simulator, HUB);
    let none = desk(
        config.clone(),
        WriteCap::of(&Config::default(), Asked::Nothing, Overridden::Allowed),
    )
    .await;
    let refusal = none.writer(PLACE, &plan()).await.expect_err("no leave");
    assert!(refusal.why.contains("read-only mode"), "{refusal}");
    config.read_only = Some(true);
    let locked = desk(config, leave(Overridden::Allowed)).await;
    let refusal = locked.writer(PLACE, &plan()).await.expect_err("no leave");
    assert!(refusal.why.contains("read_only = true"), "{refusal}");
    assert_eq!(simulator.total().requests, 0);
}

#[tokio::test]
async fn an_account_that_turns_out_to_be_another_is_not_written_to() {
    let simulator = simulator().await;
    let desk = open(&simulator).await;
    let writer = desk.writer(PLACE, &plan()).await.expect("leave");
    writer
        .change(&zone("Z1HUB"), &values(vec![], vec![delegation(300)]), "")
        .await
        .expect("a change");
    simulator.set_faults(id(HUB), |faults| faults.identity = Some(id("444455556666")));
    let before = mutations(&simulator);
    let refusal = writer
        .change(&zone("Z1HUB"), &values(vec![delegation(300)], vec![]), "")
        .await
        .expect_err("refused");
    assert!(
        matches!(&refusal, WriteError::Refused(error) if error.kind == ApiErrorKind::WrongAccount),
        "{refusal:?}"
    );
    assert!(writer.delete_zone(&zone("Z1HUB")).await.is_err());
    assert_eq!(mutations(&simulator), before);
}

pub fn env_account() -> AccountConfig {
    let mut config = AccountConfig::new("hub", Access::Profile("hub".to_owned()));
    config.id = Some(id(HUB));
    config
}

#[tokio::test]
async fn an_endpoint_that_is_not_awss_needs_a_word_and_a_safe_way() {
    let file = "[profile hub]\naws_access_key_id = A\naws_secret_access_key = S\n";
    for (endpoint, overridden, allowed) in [
        ("http://127.0.0.1:1", Overridden::Refused, false),
        ("https://proxy.example", Overridden::Refused, false),
        ("http://127.0.0.1:1", Overridden::Allowed, true),
        ("http://localhost:1", Overridden::Allowed, true),
        ("https://proxy.example", Overridden::Allowed, true),
        ("http://proxy.example", Overridden::Allowed, false),
        ("http://127.0.0.1.example:1", Overridden::Allowed, false),
        ("ftp://proxy.example", Overridden::Allowed, false),
    ] {
        let setup = profiles(endpoint, file, Options::default()).await;
        let account = setup.account(PLACE, &env_account());
        let desk = Accounts::new(setup, [account], leave(overridden));
        let answer = desk.writer(PLACE, &plan()).await;
        assert_eq!(answer.is_ok(), allowed, "{endpoint} {overridden:?} {answer:?}");
    }
}

#[tokio::test]
async fn the_profile_that_writes_is_used_for_writing_alone() {
    let simulator = simulator().await;
    let keys = simulator.keys(id(HUB)).expect("keys");
    let role = simulator.role_arn(id(HUB)).expect("a role");
    let file = format!(
        "[profile hub]\naws_access_key_id = {}\naws_secret_access_key = {}\n[profile hub-rw]\nrole_arn = {role}\nsource_profile = hub\n",
        keys.access_key, keys.secret_key
    );
    let setup = profiles(&simulator.endpoint(), &file, Options::default()).await;
    let mut config = env_account();
    config.write_profile = Some("hub-rw".to_owned());
    let account = setup.account(PLACE, &config);
    let desk = Accounts::new(setup, [account], leave(Overridden::Allowed));
    let reader = desk.reader(PLACE).expect("a reader");
    reader.zone(&zone("Z1HUB")).await.expect("a zone");
    let assumed = |simulator: &Simulator| {
        simulator
            .log()
            .iter()
            .filter(|entry| entry.action == "AssumeRole")
            .count()
    };
    assert_eq!(assumed(&simulator), 0);
    let writer = desk.writer(PLACE, &plan()).await.expect("leave");
    assert!(
        writer
            .caller()
            .await
            .expect("a caller")
            .arn
            .expose()
            .contains("assumed-role")
    );
    assert_eq!(assumed(&simulator), 1);
    assert!(reader.caller().await.expect("a caller").arn.expose().contains(":user/"));
}

#[tokio::test]
async fn keys_of_the_program_itself_need_no_word_for_their_endpoint() {
    let keys = StaticKeys {
        access_key_id: "A".to_owned(),
        secret_access_key: Secret::new("S"),
        session_token: None,
        endpoint: "http://127.0.0.1:1".to_owned(),
    };
    let mut config = AccountConfig::new("hub", Access::Keys(keys));
    config.id = Some(id(HUB));
    assert!(
        desk(config, leave(Overridden::Refused))
            .await
            .writer(PLACE, &plan())
            .await
            .is_ok()
    );
}
