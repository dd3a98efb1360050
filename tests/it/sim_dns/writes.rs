//! What is written through the simulated Route 53 is answered by the servers once it is in sync.

use std::sync::Arc;
use std::time::Duration;

use hickory_proto::op::ResponseCode::{NXDomain, NoError, Refused};
use hickory_proto::rr::RecordType::{A, NS, SOA};
use zonecut::model::name::DnsName;
use zonecut::model::record::RecordType;
use zonecut::sim::api::{Answer, Call, Change, ChangeAction, NewZone, Operation};
use zonecut::sim::dns::{Options, Servers};
use zonecut::sim::record::ResourceRecordSet;
use zonecut::sim::simulator::{self, Simulator};
use zonecut::sim::world::World;

use super::ask::{query, runtime, shape, udp};
use super::authority::ACME;

const DELAY: Duration = Duration::from_secs(3_600);
const PARENT: &str = "Z0EXAMPLECOM0000";

struct Running {
    simulator: Simulator,
    servers: Servers,
    _runtime: tokio::runtime::Runtime,
}

impl Running {
    fn start() -> Self {
        let runtime = runtime();
        let world = World::from_toml(ACME).expect("a valid world");
        let options = simulator::Options {
            insync_delay: DELAY,
            ..simulator::Options::default()
        };
        let simulator = runtime.block_on(Simulator::start(world, options)).expect("loopback");
        let servers = {
            let _runtime = runtime.enter();
            Servers::start(Arc::new(simulator.handle()), Options::default()).expect("loopback")
        };
        Self {
            simulator,
            servers,
            _runtime: runtime,
        }
    }

    fn write(&self, operation: &Operation) -> Answer {
        let now = self.simulator.now();
        let call = Call { account: 0, now };
        self.simulator
            .with_world(|world| world.answer(call, operation))
            .expect("the write is accepted")
    }

    fn change(&self, action: ChangeAction, set: ResourceRecordSet) {
        self.write(&Operation::ChangeResourceRecordSets {
            zone: PARENT.into(),
            comment: None,
            changes: vec![Change { action, set }],
        });
    }

    fn parents_server(&self) -> std::net::SocketAddr {
        let server = self.simulator.with_world(|world| {
            let (_, zone) = world.zone_by_key("example.com").expect("a zone");
            zone.delegation_set[0].clone()
        });
        self.servers.address_of(&server).expect("bound")
    }
}

fn name(text: &str) -> DnsName {
    text.parse().expect("a name")
}

#[test]
fn a_change_is_answered_once_it_is_in_sync() {
    let running = Running::start();
    let server = running.parents_server();
    let set = ResourceRecordSet::simple(name("new.example.com"), RecordType::A, 60, ["192.0.2.7"]);
    running.change(ChangeAction::Create, set.clone());
    let asked = query("new.example.com", A);
    assert_eq!(shape(&udp(server, &asked)).0, NXDomain);
    running.simulator.advance(DELAY);
    assert_eq!(shape(&udp(server, &asked)), (NoError, true, 1, 4, 0));
    running.change(ChangeAction::Delete, set);
    assert_eq!(shape(&udp(server, &asked)).0, NoError);
    running.simulator.advance(DELAY);
    assert_eq!(shape(&udp(server, &asked)).0, NXDomain);
}

#[test]
fn a_new_zone_gets_servers_that_answer_once_it_is_in_sync() {
    let running = Running::start();
    let created = running.write(&Operation::CreateHostedZone(NewZone {
        name: "fresh.example.com".into(),
        reference: "once".into(),
        ..NewZone::default()
    }));
    let Answer::Created(created) = created else {
        panic!("{created:?}")
    };
    let servers = created.detail.name_servers;
    let address = running
        .servers
        .address_of(&servers[0])
        .expect("it is bound when asked for");
    let asked = query("fresh.example.com", SOA);
    assert_eq!(shape(&udp(address, &asked)).0, Refused);
    running.simulator.advance(DELAY);
    assert_eq!(shape(&udp(address, &asked)), (NoError, true, 1, 4, 0));

    running.change(
        ChangeAction::Create,
        ResourceRecordSet::delegation(name("fresh.example.com"), 300, &servers),
    );
    running.simulator.advance(DELAY);
    let referral = udp(running.parents_server(), &query("fresh.example.com", NS));
    assert_eq!(shape(&referral), (NoError, false, 0, 4, 0));
    let mut recursive = asked;
    recursive.metadata.recursion_desired = true;
    assert_eq!(shape(&udp(running.servers.resolver(), &recursive)).2, 1);

    running.write(&Operation::DeleteHostedZone {
        zone: created.detail.zone.id.to_string(),
    });
    assert_eq!(shape(&udp(address, &query("fresh.example.com", SOA))).0, Refused);
}
