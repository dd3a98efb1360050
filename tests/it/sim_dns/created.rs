//! Zones that are created while the demo's servers run: they are served as any other, and no longer once they are deleted.

use std::net::SocketAddr;
use std::time::Duration;

use hickory_proto::op::Message;
use hickory_proto::op::ResponseCode::{NXDomain, NoError, Refused};
use hickory_proto::rr::RecordType::{A, NS, SOA};
use zonecut::model::dns::{End, Walk};
use zonecut::model::name::DnsName;
use zonecut::model::record::RecordType;
use zonecut::sim::api::{Answer, Call, Change, ChangeAction, CreatedZone, NewZone, Operation};
use zonecut::sim::record::ResourceRecordSet;
use zonecut::sim::simulator::{Options, Simulator};
use zonecut::sim::world::World;

use super::ask::{lines, query, runtime, shape, tcp, udp};
use super::walk::walk;

const WORLD: &str = r#"
name = "creating"
[[account]]
id = "111122223333"
name = "parent"
[[account.zone]]
name = "example.com"
id = "ZPARENT"
records = []
[[account]]
id = "444455556666"
name = "child"
"#;
const PARENT: usize = 0;
const CHILD: usize = 1;
const NAME: &str = "fresh.example.com";
const DELAY: Duration = Duration::from_secs(60);

struct Running {
    simulator: Simulator,
    runtime: tokio::runtime::Runtime,
}

impl Running {
    fn start() -> Self {
        let runtime = runtime();
        let options = Options {
            insync_delay: DELAY,
            ..Options::default()
        };
        let world = World::from_toml(WORLD).expect("a valid world");
        let simulator = runtime.block_on(Simulator::start(world, options)).expect("loopback");
        // What is created at the very beginning of a world counts as having been there.
        simulator.advance(DELAY);
        Self { simulator, runtime }
    }

    fn call(&self, account: usize, operation: &Operation) -> Result<Answer, String> {
        let now = self.simulator.now();
        let answer = self
            .simulator
            .with_world(|world| world.answer(Call { account, now }, operation));
        answer.map_err(|error| error.code.to_owned())
    }

    fn create(&self, name: &str, reference: &str, set: Option<&str>) -> CreatedZone {
        let new = NewZone {
            name: name.into(),
            reference: reference.into(),
            delegation_set: set.map(str::to_owned),
            ..NewZone::default()
        };
        match self.call(CHILD, &Operation::CreateHostedZone(new)) {
            Ok(Answer::Created(created)) => created,
            other => panic!("{other:?}"),
        }
    }

    fn delete(&self, zone: &CreatedZone) {
        let zone = zone.detail.zone.id.to_string();
        self.call(CHILD, &Operation::DeleteHostedZone { zone })
            .expect("it is empty");
    }

    fn change(&self, account: usize, zone: &str, action: ChangeAction, set: ResourceRecordSet) {
        let operation = Operation::ChangeResourceRecordSets {
            zone: zone.into(),
            comment: None,
            changes: vec![Change { action, set }],
        };
        self.call(account, &operation).expect("the change is accepted");
    }

    fn delegate(&self, action: ChangeAction, servers: &[DnsName]) {
        let set = ResourceRecordSet::delegation(NAME.parse().expect("a name"), 300, servers);
        self.change(PARENT, "ZPARENT", action, set);
    }

    fn addresses(&self, servers: &[DnsName]) -> Vec<SocketAddr> {
        let standing = |server| self.simulator.dns().address_of(server).expect("it stands somewhere");
        servers.iter().map(standing).collect()
    }

    fn walk(&self, to: &str, record_type: RecordType) -> Walk {
        walk(self.simulator.dns(), &self.runtime, to, record_type)
    }
}

/// The name servers that an answer lists, sorted.
fn listed(message: &Message) -> Vec<String> {
    lines(&message.answers)
}

fn apex_lines(servers: &[DnsName]) -> Vec<String> {
    let mut lines: Vec<String> = servers.iter().map(|server| format!("{NAME}. NS {server}.")).collect();
    lines.sort();
    lines
}

#[test]
fn every_server_of_a_new_zone_answers_with_authority_and_lists_the_delegation_set() {
    let running = Running::start();
    let created = running.create(NAME, "once", None);
    let servers = created.detail.name_servers.clone();
    assert_eq!(servers.len(), 4);
    let addresses = running.addresses(&servers);
    for address in &addresses {
        assert_eq!(shape(&udp(*address, &query(NAME, SOA))).0, Refused, "it is PENDING");
    }
    running.simulator.advance(DELAY);
    for address in &addresses {
        for ask in [udp, tcp] {
            assert_eq!(shape(&ask(*address, &query(NAME, SOA))), (NoError, true, 1, 4, 0));
            let apex = ask(*address, &query(NAME, NS));
            assert_eq!(
                (shape(&apex).0, shape(&apex).1, listed(&apex)),
                (NoError, true, apex_lines(&servers))
            );
            assert_eq!(
                shape(&ask(*address, &query("absent.fresh.example.com", A))),
                (NXDomain, true, 0, 1, 0)
            );
        }
        assert_eq!(
            shape(&udp(*address, &query("example.com", SOA))).0,
            Refused,
            "the parent is not theirs"
        );
    }
}

#[test]
fn a_walk_from_the_root_finds_a_new_zone_through_the_address_zones_of_its_servers_once_it_is_delegated() {
    let running = Running::start();
    let created = running.create(NAME, "once", None);
    let id = created.detail.zone.id.to_string();
    let www = ResourceRecordSet::simple(
        "www.fresh.example.com".parse().expect("a name"),
        RecordType::A,
        60,
        ["192.0.2.7"],
    );
    running.change(CHILD, &id, ChangeAction::Create, www.clone());
    running.simulator.advance(DELAY);
    assert!(matches!(
        running.walk("www.fresh.example.com", RecordType::A).end,
        End::NoName(_)
    ));

    running.delegate(ChangeAction::Create, &created.detail.name_servers);
    assert!(
        matches!(running.walk("www.fresh.example.com", RecordType::A).end, End::NoName(_)),
        "it is PENDING"
    );
    running.simulator.advance(DELAY);
    let found = running.walk("www.fresh.example.com", RecordType::A);
    let zones: Vec<String> = found.legs.iter().map(|leg| leg.zone.to_string()).collect();
    assert_eq!(zones, [".", "com", "example.com", NAME]);
    assert!(matches!(found.end, End::Answer(_)), "{:?}", found.end);

    running.change(CHILD, &id, ChangeAction::Delete, www);
    running.delete(&created);
    assert_eq!(
        running.walk(NAME, RecordType::SOA).end,
        End::NoServer,
        "the delegation dangles"
    );
    running.delegate(ChangeAction::Delete, &created.detail.name_servers);
    running.simulator.advance(DELAY);
    assert!(matches!(running.walk(NAME, RecordType::SOA).end, End::NoName(_)));
}

#[test]
fn a_zone_that_is_created_again_has_other_servers_and_the_old_ones_refuse() {
    let running = Running::start();
    let first = running.create(NAME, "first", None);
    running.simulator.advance(DELAY);
    let old = running.addresses(&first.detail.name_servers);
    assert_eq!(shape(&udp(old[0], &query(NAME, SOA))).0, NoError);
    running.delete(&first);
    let second = running.create(NAME, "second", None);
    running.simulator.advance(DELAY);
    assert_ne!(first.detail.zone.id, second.detail.zone.id);
    for server in &second.detail.name_servers {
        assert!(
            !first.detail.name_servers.contains(server),
            "{server} is given out again"
        );
    }
    for address in old {
        assert_eq!(shape(&udp(address, &query(NAME, SOA))).0, Refused);
    }
    for address in running.addresses(&second.detail.name_servers) {
        assert_eq!(shape(&udp(address, &query(NAME, SOA))), (NoError, true, 1, 4, 0));
    }
}

#[test]
fn the_servers_of_a_reusable_set_serve_all_its_zones_and_each_only_while_it_is_there() {
    let running = Running::start();
    let operation = Operation::CreateReusableDelegationSet {
        reference: "set".into(),
        zone: None,
    };
    let Ok(Answer::CreatedSet(set)) = running.call(CHILD, &operation) else {
        panic!("no set")
    };
    let fresh = running.create(NAME, "one", Some(&set.id));
    let other = running.create("other.example.net", "two", Some(&set.id));
    running.simulator.advance(DELAY);
    assert_eq!(fresh.detail.name_servers, set.name_servers);
    let addresses = running.addresses(&set.name_servers);
    for address in &addresses {
        for name in [NAME, "other.example.net"] {
            assert_eq!(
                shape(&udp(*address, &query(name, SOA))),
                (NoError, true, 1, 4, 0),
                "{name}"
            );
        }
    }
    running.delete(&fresh);
    let gone = Operation::DeleteReusableDelegationSet { id: set.id };
    assert_eq!(
        running.call(CHILD, &gone).expect_err("it is used"),
        "DelegationSetInUse"
    );
    for address in &addresses {
        assert_eq!(shape(&udp(*address, &query(NAME, SOA))).0, Refused);
        assert_eq!(shape(&udp(*address, &query("other.example.net", SOA))).0, NoError);
    }
    running.delete(&other);
    running.call(CHILD, &gone).expect("it is free");
    assert_eq!(shape(&udp(addresses[0], &query("other.example.net", SOA))).0, Refused);
}
