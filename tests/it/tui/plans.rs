//! Plans as a planner would make them, for screens to show.

use zonecut::model::account::Env;
use zonecut::model::record::RecordType;
use zonecut::plan::consent::moment;
use zonecut::plan::outlook::{Effect, EffectKind, Scope};
use zonecut::plan::preflight::{About, Check, Firmness, Outcome};
use zonecut::plan::step::{Step, ZoneTarget};
use zonecut::plan::{
    Batch, Change, ExactSet, Goal, LIFETIME, Outlook, Party, PartyIx, Plan, PlanId, Preflight, Wanted,
};

use super::stage::now;

fn check(code: &str, title: &str, outcome: Outcome, saying: &str) -> Check {
    Check {
        code: code.into(),
        title: title.into(),
        outcome,
        saying: saying.into(),
        details: Vec::new(),
        firmness: Firmness::Overridable,
        about: None,
        overridden: None,
    }
}

fn party(id: &str, name: &str, env: Env) -> Party {
    Party {
        id: id.parse().expect("an id"),
        name: name.into(),
        principal: format!("arn:aws:sts::{id}:assumed-role/dns-writer/ana").into(),
        profile: Some(format!("{name}-write").into()),
        env_label: None,
        env,
    }
}

/// A zone of the demo: `dev.example.com` is there and nobody delegates it.
pub fn delegation() -> Plan {
    let name = "dev.example.com".parse().expect("a name");
    let servers = [
        "ns-12.awsdns-01.com",
        "ns-640.awsdns-16.net",
        "ns-1200.awsdns-22.org",
        "ns-1999.awsdns-57.co.uk",
    ];
    let servers = servers.map(|server| server.parse().expect("a name"));
    let set = ExactSet::name_servers("dev.example.com".parse().expect("a name"), 300, &servers);
    let batch = Batch::new(vec![Change::Create(Wanted::Set(set))]).expect("a batch");
    let held = |id: &str, name: &str, servers: &[zonecut::model::name::DnsName], sets| ZoneTarget::Held {
        id: zonecut::model::zone::ZoneId::read(id).expect("an id"),
        name: name.parse().expect("a name"),
        reference: "made-by-hand".into(),
        name_servers: servers.to_vec(),
        record_sets: sets,
    };
    let mut hidden = check(
        "occluded-records",
        "Occluded records",
        Outcome::Warn,
        "1 record set below the cut becomes invisible",
    );
    hidden.details.push("api.dev.example.com. A 192.0.2.10".into());
    Plan {
        id: PlanId::new([7; 16]),
        goal: Goal::Delegate,
        subject: name,
        made: moment(now()),
        expires: moment(now()).after(LIFETIME),
        parties: vec![
            party("111122223333", "shared-dns", Env::Prod),
            party("444455556666", "sandbox", Env::NonProd),
        ],
        steps: vec![
            Step::AwaitServers {
                party: PartyIx(1),
                zone: held("Z04A8EXAMPLE1", "dev.example.com", &servers, 12),
            },
            Step::Change {
                party: PartyIx(0),
                zone: held("Z01C3EXAMPLE9", "example.com", &[], 148),
                batch,
            },
        ],
        preflight: Preflight(vec![
            check(
                "child-answers",
                "Child answers",
                Outcome::Ok,
                "4 of 4 servers answer with authority",
            ),
            check(
                "child-ns-set",
                "Child NS set",
                Outcome::Ok,
                "the apex NS record set equals the delegation set",
            ),
            check(
                "parent-live",
                "Parent is live",
                Outcome::Ok,
                "the internet uses this zone",
            ),
            check(
                "name-free",
                "Name is free",
                Outcome::Ok,
                "no NS, CNAME or DS at dev.example.com",
            ),
            hidden,
            check(
                "managed-by-code",
                "Managed by code",
                Outcome::Warn,
                "the parent is tagged ManagedBy=terraform",
            ),
        ]),
        outlook: Outlook {
            effects: vec![
                Effect {
                    kind: EffectKind::Appears,
                    scope: Scope::Subtree,
                    name: "dev.example.com".parse().expect("a name"),
                    record_type: None,
                    saying: "dev.example.com becomes resolvable, with 12 record sets".into(),
                },
                Effect {
                    kind: EffectKind::Hidden,
                    scope: Scope::Name,
                    name: "api.dev.example.com".parse().expect("a name"),
                    record_type: Some(RecordType::A),
                    saying: "api.dev.example.com A 192.0.2.10 of example.com becomes hidden".into(),
                },
            ],
            monthly_cents: 0,
            settles_after: 900,
            undo: "zonecut undo deletes exactly this record set".into(),
            undo_settles_after: 300,
            notes: Vec::new(),
        },
    }
}

/// The same with a stop that may be overridden.
pub fn stopped() -> Plan {
    let mut plan = delegation();
    let mut stop = check(
        "blast-radius",
        "Blast radius",
        Outcome::Stop,
        "more than 30 % of the zone changes",
    );
    stop.about = Some(About {
        name: "example.com".parse().expect("a name"),
        zone: zonecut::model::zone::ZoneId::read("Z0123456EXAMPLE"),
    });
    plan.preflight.0.push(stop);
    plan
}

/// A delegation that goes.
pub fn removal() -> Plan {
    let mut plan = delegation();
    let servers = ["ns-5.awsdns-00.com", "ns-600.awsdns-11.net"].map(|server| server.parse().expect("a name"));
    let name: zonecut::model::name::DnsName = "promo.example.com".parse().expect("a name");
    let set = ExactSet::name_servers(name.clone(), 300, &servers);
    plan.id = PlanId::new([9; 16]);
    plan.goal = Goal::Repair {
        finding: "dangling-delegation".into(),
    };
    plan.subject = name;
    plan.steps.remove(0);
    if let Some(Step::Change { batch, .. }) = plan.steps.first_mut() {
        *batch = Batch::new(vec![Change::Delete(set)]).expect("a batch");
    }
    plan.preflight.0.truncate(4);
    plan.outlook.effects.clear();
    plan
}
