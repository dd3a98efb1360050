//! A desk whose accounts are those of the simulated service, called without sockets; each call can be lost or the last.

use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use zonecut::model::account::{AccountId, AccountIx};
use zonecut::model::name::DnsName;
use zonecut::model::text::Untrusted;
use zonecut::model::zone::{DelegationSet, ZoneId};
use zonecut::plan::batch::Values;
use zonecut::plan::exact::{Content, ExactSet};
use zonecut::plan::journal::Entry;
use zonecut::plan::{Party, Plan};
use zonecut::ports::{
    ApiError, ApiErrorKind, Caller, ChangeId, ChangeState, CreatedZone, Desk, Exact, ExactPage, Journal, JournalError,
    ManagedSet, NewZone, NotWritable, Pen, Reading, RecordPlace, WriteError, Writer, ZoneDetail,
};
use zonecut::sim::api::{self, Answer, Change, ChangeAction, ChangeStatus, Operation};
use zonecut::sim::record::ResourceRecordSet;
use zonecut::sim::service::{Service, Token};

/// What becomes of the call, or the write to the journal, that ends a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Last {
    /// It is not carried out.
    NotSent,
    /// It is carried out, and nobody learns of it.
    Lost,
}

/// The account that takes part, and everything that is counted.
pub struct Stage {
    pub service: Mutex<Service>,
    pub journal: Mutex<Vec<Entry>>,
    pub pen_is_taken: Mutex<bool>,
    epoch: Instant,
    /// What was done so far: calls and records.
    pub done: Mutex<usize>,
    /// Which of them is the last, and how it ends.
    pub last: Mutex<Option<(usize, Last)>>,
    pub killed: Notify,
    dead: Mutex<bool>,
    /// Requests that change something, as the service saw them.
    pub mutations: Mutex<Vec<&'static str>>,
    /// What `GetCallerIdentity` says instead of the truth.
    pub stranger: Mutex<Option<AccountId>>,
    /// Whether records cannot be written to the disk, from which one on.
    pub disk_fails_at: Mutex<Option<usize>>,
    records: Mutex<usize>,
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().expect("nobody panics while holding it")
}

impl Stage {
    pub fn new(service: Service) -> Arc<Self> {
        Arc::new(Self {
            service: Mutex::new(service),
            journal: Mutex::default(),
            pen_is_taken: Mutex::default(),
            epoch: Instant::now(),
            done: Mutex::default(),
            last: Mutex::default(),
            killed: Notify::new(),
            dead: Mutex::default(),
            mutations: Mutex::default(),
            stranger: Mutex::default(),
            disk_fails_at: Mutex::default(),
            records: Mutex::default(),
        })
    }

    pub fn now(&self) -> Duration {
        Duration::from_secs(1_000) + self.epoch.elapsed()
    }

    pub fn service(&self) -> MutexGuard<'_, Service> {
        lock(&self.service)
    }

    /// Begins a new process: what died is gone, and the next thing of a number may be its last.
    pub fn restart(&self, last: Option<(usize, Last)>) {
        *lock(&self.done) = 0;
        *lock(&self.last) = last;
        *lock(&self.dead) = false;
        *lock(&self.pen_is_taken) = false;
    }

    /// Counts one more thing that is done; says how it ends, where it is the last.
    fn step(&self) -> Option<Last> {
        let mut done = lock(&self.done);
        *done += 1;
        let last = (*lock(&self.last)).filter(|(at, _)| at == &*done).map(|(_, how)| how);
        if last.is_some() {
            *lock(&self.dead) = true;
            self.killed.notify_one();
        }
        last
    }

    pub fn is_dead(&self) -> bool {
        *lock(&self.dead)
    }

    async fn call(&self, account: AccountId, operation: &Operation) -> Result<Answer, ApiError> {
        if self.is_dead() {
            return std::future::pending().await;
        }
        // Others run between any two calls.
        tokio::task::yield_now().await;
        match self.step() {
            None => self.carry_out(account, operation),
            Some(Last::NotSent) => std::future::pending().await,
            Some(Last::Lost) => {
                let _ = self.carry_out(account, operation);
                std::future::pending().await
            }
        }
    }

    fn carry_out(&self, account: AccountId, operation: &Operation) -> Result<Answer, ApiError> {
        let now = self.now();
        let mut service = self.service();
        let key = service.world.account(account).expect("the account").access_key();
        if operation.is_write() {
            lock(&self.mutations).push(operation.action());
        }
        let token = Token {
            access_key: Some(&key),
            session: None,
        };
        service.call(now, &token, operation).outcome.map_err(failure)
    }
}

fn failure(error: api::ApiError) -> ApiError {
    let kind = match (error.code, error.status) {
        ("Throttling" | "PriorRequestNotComplete", _) => ApiErrorKind::Throttled,
        (_, 404) => ApiErrorKind::NotFound,
        (_, 403) => ApiErrorKind::Denied,
        (_, 500..) => ApiErrorKind::Unavailable,
        _ => ApiErrorKind::Refused,
    };
    ApiError {
        action: "route53:Any",
        kind,
        code: Some(error.code.into()),
        message: Untrusted::from(format!("{}: {}", error.code, error.message)),
        remedy: None,
        request_id: None,
    }
}

fn write_failure(error: ApiError) -> WriteError {
    match error.kind {
        ApiErrorKind::Unavailable => WriteError::Unknown(error),
        _ => WriteError::Refused(error),
    }
}

/// The accounts of a stage.
#[derive(Clone)]
pub struct SimDesk(pub Arc<Stage>);

/// One of them.
#[derive(Clone)]
pub struct SimAccount {
    stage: Arc<Stage>,
    id: AccountId,
}

impl Desk for SimDesk {
    type Reader = SimAccount;
    type Writer = SimAccount;

    fn place_of(&self, party: &Party) -> Option<AccountIx> {
        let service = self.0.service();
        service.world.account_place(party.id).map(|place| AccountIx(place as _))
    }

    fn reader(&self, account: AccountIx) -> Option<SimAccount> {
        let id = self.0.service().world.accounts().get(account.0 as usize)?.id;
        Some(SimAccount {
            stage: Arc::clone(&self.0),
            id,
        })
    }

    async fn writer(&self, account: AccountIx, _: &Plan) -> Result<SimAccount, NotWritable> {
        Ok(self.reader(account).expect("the account"))
    }
}

/// A simple record set as the simulator holds it.
fn to_sim(set: &ExactSet) -> ResourceRecordSet {
    let Content::Values(values) = &set.content else {
        panic!("only values are changed here");
    };
    let values: Vec<Box<str>> = values.iter().map(|value| value.expose().into()).collect();
    ResourceRecordSet::simple(set.name.clone(), set.record_type, set.ttl.expect("a TTL"), values)
}

pub fn from_sim(set: &ResourceRecordSet) -> ExactSet {
    let values = set.values.iter().map(|value| Untrusted::from(&**value)).collect();
    ExactSet::simple(set.name.clone(), set.record_type, set.ttl.unwrap_or_default(), values)
}

fn detail(zone: api::ZoneSummary, servers: Option<Vec<DnsName>>) -> ZoneDetail {
    ZoneDetail {
        id: zone.id,
        name: zone.name,
        visibility: zone.visibility,
        reference: Untrusted::from(&*zone.reference),
        record_sets: zone.record_sets,
        delegation_set: servers.map(|name_servers| DelegationSet { id: None, name_servers }),
        linked_service: None,
        recovery: None,
    }
}

impl SimAccount {
    async fn ask(&self, operation: Operation) -> Result<Answer, ApiError> {
        self.stage.call(self.id, &operation).await
    }

    /// As the adapter does: whose credentials they are is asked before each request that changes something.
    async fn write(&self, operation: Operation) -> Result<Answer, WriteError> {
        self.caller()
            .await
            .map_err(WriteError::Refused)
            .and_then(|caller| match caller.account == self.id {
                true => Ok(()),
                false => Err(WriteError::Refused(ApiError {
                    action: "sts:GetCallerIdentity",
                    kind: ApiErrorKind::WrongAccount,
                    code: None,
                    message: Untrusted::from("another account"),
                    remedy: None,
                    request_id: None,
                })),
            })?;
        self.ask(operation).await.map_err(write_failure)
    }
}

impl Exact for SimAccount {
    async fn caller(&self) -> Result<Caller, ApiError> {
        let account = lock(&self.stage.stranger).unwrap_or(self.id);
        Ok(Caller {
            account,
            arn: Untrusted::from("arn:aws:iam::1:user/test"),
        })
    }

    async fn zone(&self, id: &ZoneId) -> Result<ZoneDetail, ApiError> {
        let zone = id.as_str().to_owned();
        match self.ask(Operation::GetHostedZone { zone }).await? {
            Answer::Zone(found) => Ok(detail(found.zone, Some(found.name_servers))),
            other => panic!("{other:?}"),
        }
    }

    async fn zones_named(&self, name: &DnsName) -> Result<Vec<ZoneDetail>, ApiError> {
        let operation = Operation::ListHostedZonesByName {
            dns_name: Some(name.to_route53()),
            zone: None,
            max_items: None,
        };
        match self.ask(operation).await? {
            Answer::ZonesByName(page) => {
                let zones = page.zones.into_iter().filter(|zone| zone.name == *name);
                Ok(zones.map(|zone| detail(zone, None)).collect())
            }
            other => panic!("{other:?}"),
        }
    }

    async fn exact_sets(&self, zone: &ZoneId, from: Option<&RecordPlace>) -> Result<ExactPage, ApiError> {
        let operation = Operation::ListResourceRecordSets {
            zone: zone.as_str().to_owned(),
            start: api::RecordStart {
                name: from.map(|from| from.name.to_route53()),
                record_type: from.and_then(|from| from.record_type).map(|kind| kind.to_string()),
                identifier: None,
            },
            max_items: None,
        };
        match self.ask(operation).await? {
            Answer::Records(page) => Ok(ExactPage {
                sets: page.sets().iter().map(from_sim).collect(),
                unreadable: Vec::new(),
                next: None,
            }),
            other => panic!("{other:?}"),
        }
    }

    async fn tags(&self, _: &ZoneId) -> Result<Vec<(Untrusted, Untrusted)>, ApiError> {
        Ok(Vec::new())
    }

    async fn reusable_sets(&self) -> Result<Vec<ManagedSet>, ApiError> {
        Ok(Vec::new())
    }

    async fn change_state(&self, id: &ChangeId) -> Result<ChangeState, ApiError> {
        let id = id.0.expose().to_owned();
        match self.ask(Operation::GetChange { id }).await? {
            Answer::Change(info) => Ok(match info.status {
                ChangeStatus::Insync => ChangeState::InSync,
                ChangeStatus::Pending => ChangeState::Pending,
            }),
            other => panic!("{other:?}"),
        }
    }
}

impl Writer for SimAccount {
    async fn create_zone(&self, zone: &NewZone) -> Result<CreatedZone, WriteError> {
        let operation = Operation::CreateHostedZone(api::NewZone {
            name: zone.name.to_route53(),
            reference: zone.reference.clone(),
            ..api::NewZone::default()
        });
        match self.write(operation).await? {
            Answer::Created(created) => Ok(CreatedZone {
                id: created.detail.zone.id,
                delegation_set: DelegationSet {
                    id: None,
                    name_servers: created.detail.name_servers,
                },
                change: ChangeId(Untrusted::from(created.change.id)),
            }),
            other => panic!("{other:?}"),
        }
    }

    async fn delete_zone(&self, zone: &ZoneId) -> Result<ChangeId, WriteError> {
        let zone = zone.as_str().to_owned();
        match self.write(Operation::DeleteHostedZone { zone }).await? {
            Answer::Change(info) => Ok(ChangeId(Untrusted::from(info.id))),
            other => panic!("{other:?}"),
        }
    }

    async fn change(&self, zone: &ZoneId, values: &Values, comment: &str) -> Result<ChangeId, WriteError> {
        let change = |action, set| Change {
            action,
            set: to_sim(set),
        };
        let deleted = values.delete.iter().map(|set| change(ChangeAction::Delete, set));
        let created = values.create.iter().map(|set| change(ChangeAction::Create, set));
        let operation = Operation::ChangeResourceRecordSets {
            zone: zone.as_str().to_owned(),
            comment: Some(comment.to_owned()),
            changes: deleted.chain(created).collect(),
        };
        match self.write(operation).await? {
            Answer::Change(info) => Ok(ChangeId(Untrusted::from(info.id))),
            other => panic!("{other:?}"),
        }
    }

    async fn create_set(&self, _: &str, _: Option<&ZoneId>) -> Result<ManagedSet, WriteError> {
        panic!("no plan here makes a set")
    }

    async fn delete_set(&self, _: &Untrusted) -> Result<(), WriteError> {
        panic!("no plan here deletes a set")
    }
}

/// A journal in memory, whose writes can be the last thing that is done.
#[derive(Clone)]
pub struct MemoryJournal(pub Arc<Stage>);

pub struct MemoryPen {
    stage: Arc<Stage>,
    reading: Reading,
    spoiled: bool,
}

impl Journal for MemoryJournal {
    type Pen = MemoryPen;

    fn read(&self) -> Result<Reading, JournalError> {
        Ok(Reading {
            entries: lock(&self.0.journal).clone(),
            damage: Vec::new(),
        })
    }

    fn take_pen(&self) -> Result<MemoryPen, JournalError> {
        let mut taken = lock(&self.0.pen_is_taken);
        if std::mem::replace(&mut *taken, true) {
            return Err(JournalError::Busy);
        }
        Ok(MemoryPen {
            reading: self.read()?,
            stage: Arc::clone(&self.0),
            spoiled: false,
        })
    }
}

impl Pen for MemoryPen {
    fn reading(&self) -> &Reading {
        &self.reading
    }

    fn note(&mut self, entry: &Entry) -> Result<(), JournalError> {
        let failed = || JournalError::Failed("killed".to_owned());
        if self.spoiled || self.stage.is_dead() {
            return Err(JournalError::Spoiled);
        }
        let mut records = lock(&self.stage.records);
        *records += 1;
        if lock(&self.stage.disk_fails_at).is_some_and(|at| *records >= at) {
            self.spoiled = true;
            return Err(JournalError::Failed("no space left on device".to_owned()));
        }
        let last = self.stage.step();
        if last != Some(Last::NotSent) {
            lock(&self.stage.journal).push(entry.clone());
        }
        match last {
            None => Ok(()),
            Some(_) => {
                self.spoiled = true;
                Err(failed())
            }
        }
    }
}

impl Drop for MemoryPen {
    fn drop(&mut self) {
        *lock(&self.stage.pen_is_taken) = false;
    }
}
