//! Two accounts, the plans that are applied to them, and how they are applied.

use std::sync::Arc;

use zonecut::engine::apply::{Again, Applier, Brake, Confirmed, End, Event, Expected, Prover};
use zonecut::model::account::{AccountId, Env};
use zonecut::model::name::DnsName;
use zonecut::model::record::RecordType;
use zonecut::model::text::Untrusted;
use zonecut::model::zone::ZoneId;
use zonecut::plan::batch::{Batch, Change, Wanted};
use zonecut::plan::journal::{History, Operator, Run, Seen, SeenVerdict, Side, Written};
use zonecut::plan::step::{Step, ZoneTarget, caller_reference};
use zonecut::plan::teardown::Outside;
use zonecut::plan::{ExactSet, Goal, Moment, Outlook, Party, PartyIx, Plan, PlanId, Preflight, Refusal, file};
use zonecut::ports::Journal as _;
use zonecut::sim::service::Service;
use zonecut::sim::world::World;

use super::desk::{MemoryJournal, SimDesk, Stage, from_sim};

pub const HUB: &str = "111122223333";
pub const DEV: &str = "444455556666";
const WORLD: &str = r#"
name = "two accounts"
[[account]]
id = "111122223333"
name = "hub"
[[account.zone]]
name = "example.com"
id = "Z1HUB"
records = ["old 300 NS ns-9.elsewhere.example. ns-8.elsewhere.example.", "www 300 A 192.0.2.1"]
[[account]]
id = "444455556666"
name = "dev"
[[account.zone]]
name = "gone.example.com"
id = "Z3GONE"
"#;

/// The zone above, and the one that a teardown deletes.
pub const ABOVE: &str = "Z1HUB";
pub const GONE: &str = "Z3GONE";

pub fn id(text: &str) -> AccountId {
    text.parse().expect("an id")
}

pub fn name(text: &str) -> DnsName {
    DnsName::parse_route53(text).expect("a name")
}

pub fn zone(text: &str) -> ZoneId {
    ZoneId::read(text).expect("an id")
}

pub fn stage() -> Arc<Stage> {
    let world = World::from_toml(WORLD).expect("a world");
    Stage::new(Service::new(world, 1))
}

/// The kinds of plans that are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A zone is created and delegated to.
    New,
    /// A zone is created, and a delegation to others is replaced.
    Replaced,
    /// A delegation is taken out, and its zone deleted.
    Teardown,
}

pub const KINDS: [Kind; 3] = [Kind::New, Kind::Replaced, Kind::Teardown];

impl Kind {
    /// The name that is delegated.
    pub fn subject(self) -> DnsName {
        match self {
            Self::New => name("new.example.com"),
            Self::Replaced => name("old.example.com"),
            Self::Teardown => name("gone.example.com"),
        }
    }
}

/// The NS record set at a name in the zone above.
pub fn delegation(stage: &Stage, owner: &DnsName) -> Option<ExactSet> {
    let mut held = above(stage).into_iter();
    held.find(|set| set.name == *owner && set.record_type == RecordType::NS)
}

/// Everything that the zone above holds, in its order.
pub fn above(stage: &Stage) -> Vec<ExactSet> {
    let service = stage.service();
    let zone = service
        .world
        .account(id(HUB))
        .expect("the hub")
        .zone(&zone(ABOVE))
        .expect("the zone")
        .snapshot();
    zone.iter().map(from_sim).collect()
}

fn target(stage: &Stage, account: &str, key: &str) -> ZoneTarget {
    let service = stage.service();
    let found = service
        .world
        .account(id(account))
        .expect("the account")
        .zone(&zone(key))
        .expect("the zone")
        .clone();
    ZoneTarget::Held {
        id: found.id.clone(),
        name: found.name.clone(),
        reference: Untrusted::from(&*found.caller_reference),
        name_servers: found.delegation_set.clone(),
        record_sets: found.records().len() as u64,
    }
}

fn party(account: &str) -> Party {
    Party {
        id: id(account),
        name: Untrusted::from(account),
        principal: Untrusted::default(),
        profile: None,
        env_label: None,
        env: Env::Unknown,
    }
}

pub fn moment(stage: &Stage) -> Moment {
    Moment(stage.now().as_secs())
}

/// A plan of a kind, made now.
pub fn plan(stage: &Stage, kind: Kind, seed: u8) -> Plan {
    let now = moment(stage);
    Plan {
        id: PlanId::new([seed; 16]),
        goal: Goal::Delegate,
        subject: kind.subject(),
        made: now,
        expires: now.after(900),
        parties: vec![party(HUB), party(DEV)],
        steps: steps(stage, kind),
        preflight: Preflight::default(),
        outlook: Outlook::default(),
    }
}

fn steps(stage: &Stage, kind: Kind) -> Vec<Step> {
    let subject = kind.subject();
    let old = delegation(stage, &subject);
    let change = |change| Step::Change {
        party: PartyIx(0),
        zone: target(stage, HUB, ABOVE),
        batch: Batch::new(vec![change]).expect("a batch"),
    };
    if kind == Kind::Teardown {
        let out = Change::Delete(old.expect("a delegation"));
        let hold = Step::Hold {
            seconds: 300,
            why: "resolvers remember".to_owned(),
            skipped: None,
        };
        let delete = Step::DeleteZone {
            party: PartyIx(1),
            zone: target(stage, DEV, GONE),
        };
        return vec![change(out), hold, delete];
    }
    let new = Wanted::Servers {
        name: subject.clone(),
        ttl: 300,
        of: 0,
    };
    let cut = match old {
        None => Change::Create(new),
        Some(old) => Change::Replace {
            old: Box::new(old),
            new: Box::new(new),
        },
    };
    let create = Step::CreateZone {
        party: PartyIx(1),
        name: subject.clone(),
        delegation_set: None,
        comment: Untrusted::from("made by a test"),
    };
    let answers = Step::AwaitServers {
        party: PartyIx(1),
        zone: ZoneTarget::Created { step: 0, name: subject },
    };
    vec![create, answers, change(cut)]
}

/// The plan that takes back what was made: the delegation first, the zone last.
pub fn undo(stage: &Stage, run: &Run, seed: u8) -> Option<Plan> {
    let now = moment(stage);
    let mut steps = Vec::new();
    for written in run.written() {
        match written {
            Written::Change {
                party, target, values, ..
            } => {
                let old = values.create.first().cloned();
                let new = values.delete.first().cloned().map(Wanted::Set);
                let change = match (old, new) {
                    (Some(old), Some(new)) => Change::Replace {
                        old: Box::new(old),
                        new: Box::new(new),
                    },
                    (Some(old), None) => Change::Delete(old),
                    (None, Some(new)) => Change::Create(new),
                    (None, None) => panic!("nothing was changed"),
                };
                steps.push(Step::Change {
                    party,
                    zone: target.clone(),
                    batch: Batch::new(vec![change]).expect("a batch"),
                });
            }
            Written::Zone {
                party,
                step,
                id,
                name,
                name_servers,
            } => steps.push(Step::DeleteZone {
                party,
                zone: ZoneTarget::Held {
                    id: id.clone(),
                    name: name.clone(),
                    reference: Untrusted::from(caller_reference(&run.plan.id, step)),
                    name_servers: name_servers.to_vec(),
                    record_sets: 2,
                },
            }),
            Written::ZoneGone { .. } => return None,
            other => panic!("{other:?}"),
        }
    }
    steps.reverse();
    (!steps.is_empty()).then(|| Plan {
        id: PlanId::new([seed; 16]),
        goal: Goal::Undo {
            of: run.plan.id.clone(),
            records: run.records,
        },
        made: now,
        expires: now.after(900),
        steps,
        ..run.plan.clone()
    })
}

/// Everybody who is asked says what he should.
pub struct AllGood;

impl Prover for AllGood {
    async fn look(&self, expected: &[Expected]) -> Vec<Seen> {
        let good = |_: &Expected| Seen {
            side: Side::Parent,
            who: "ns-1.example".to_owned(),
            verdict: SeenVerdict::Good,
            saying: "says so".to_owned(),
        };
        expected.iter().map(good).collect()
    }

    async fn outside(&self, _: &DnsName, _: &[DnsName]) -> Outside {
        Outside::Silent
    }
}

/// Nothing has changed since a plan was confirmed.
pub struct NothingNew;

impl Again for NothingNew {
    async fn look(&self, _run: &Run, _now: Moment) -> Result<Vec<String>, Refusal> {
        Ok(Vec::new())
    }
}

pub fn applier(stage: &Arc<Stage>) -> Applier<SimDesk, MemoryJournal, AllGood> {
    let clock = Arc::clone(stage);
    Applier::new(
        SimDesk(Arc::clone(stage)),
        MemoryJournal(Arc::clone(stage)),
        AllGood,
        Arc::new(move || moment(&clock)),
    )
    .waiting(86_400)
}

pub fn confirmed(plan: &Plan) -> Confirmed {
    Confirmed {
        hash: file::hash(plan),
        operator: Operator::default(),
        waited: None,
    }
}

pub async fn apply(stage: &Arc<Stage>, plan: &Plan) -> End {
    let mut ignore = |_: Event| {};
    applier(stage)
        .apply(plan, &confirmed(plan), &Brake::default(), &mut ignore)
        .await
}

pub async fn resume(stage: &Arc<Stage>, id: &PlanId) -> End {
    let mut ignore = |_: Event| {};
    applier(stage)
        .resume(id, Operator::default(), &NothingNew, &Brake::default(), &mut ignore)
        .await
}

/// Runs until it ends, or the process is killed.
pub async fn or_killed(stage: &Arc<Stage>, run: impl Future<Output = End>) -> Option<End> {
    tokio::select! {
        biased;
        () = stage.killed.notified() => None,
        end = run => (!stage.is_dead()).then_some(end),
    }
}

pub fn history(stage: &Arc<Stage>) -> History {
    let reading = MemoryJournal(Arc::clone(stage)).read().expect("a journal");
    History::of(&reading.entries)
}
