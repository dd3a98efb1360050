//! Changes, as the terminal program has them drafted, saved, applied and remembered.
//!
//! Invariant: leave to write is made for one apply, once its pass is there; drafting never has any.

mod journaled;
mod tidings;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use jiff::Timestamp;

use crate::aws::{Account, Accounts, Partition, Setup};
use crate::config::{Access, AccountConfig, Asked, Config, Overridden, WriteCap};
use crate::dns::Sockets;
use crate::engine::apply::{Applier, Brake, Confirmed, LiveProver, NobodyAsked, Prover};
use crate::engine::ask::Asker;
use crate::engine::atlas::{Atlas, Start};
use crate::engine::check::{Checker, Cost};
use crate::engine::draft::{self, Afresh, Sources};
use crate::findings::Survey;
use crate::model::account::AccountIx;
use crate::model::dns::Resolver;
use crate::model::inventory::Inventory;
use crate::model::name::DnsName;
use crate::model::text::printable;
use crate::model::zone::ZoneKey;
use crate::plan::consent::moment;
use crate::plan::cut::ReusableSet;
use crate::plan::request::Request;
use crate::plan::wish::Want;
use crate::plan::{Plan, PlanId, Refusal, Wish, file};
use crate::ports::{ApiError, Desk as _, Exact as _, ManagedSet};
use crate::tui::lock::{Lock, Pass, Rule, USUAL};
use crate::tui::works::{Course, Journaled, Soon, TellTiding, Works};

use super::change::keep_plan;
use super::crash::{create_private_dir, state_dir};
use super::desk::asked_for_proof;
use super::gather::Reach;
use super::journal::{Notes, operator};
use super::live::Live;
use super::output::{printable_path, replace};
use super::settings::Settings;
use super::settle::settled;
use tidings::Tidings;

/// For how many seconds a wait of a plan is kept: as long as the lock usually stays open. After a longer one somebody has to go
/// on with the plan, which asks the lock again.
const PATIENCE: u64 = 60 * USUAL as u64;

/// What changes are made with.
pub struct Changing {
    setup: Setup,
    clients: Vec<Account>,
    config: Config,
    overridden: Overridden,
    asked: Option<(Arc<Asker<Sockets>>, Start)>,
    resolvers: Vec<Resolver>,
    cost: Cost,
    journal: Notes,
    /// Ends the apply that is under way.
    brake: Mutex<Brake>,
    /// The latest draft and when it was made, by a clock that nobody sets.
    drafted: Arc<Mutex<Option<(PlanId, Instant)>>>,
}

impl Changing {
    /// The accounts of a run, whoever asks name servers, and the journal.
    pub fn new(settings: &Settings, reach: &Reach, live: Option<&Live>, journal: Notes) -> Self {
        let live = live.filter(|_| settings.config.dns.live);
        Self {
            setup: reach.setup.clone(),
            clients: reach.clients(),
            config: settings.config.clone(),
            overridden: overridden(settings),
            asked: live.map(|live| (Arc::clone(&live.asker), live.start.clone())),
            resolvers: asked_for_proof(settings, reach),
            cost: Cost::from(&settings.config.dns),
            journal,
            brake: Mutex::default(),
            drafted: Arc::default(),
        }
    }

    fn checker(&self) -> Option<Checker<Sockets>> {
        let (asker, start) = self.asked.as_ref()?;
        let atlas = Arc::new(Atlas::new(start.clone()));
        Some(Checker::new(Arc::clone(asker), atlas, self.cost))
    }

    fn accounts(&self, leave: Option<WriteCap>) -> Accounts {
        Accounts::new(self.setup.clone(), self.clients.iter().cloned(), leave)
    }

    /// Leave to write, for whoever has a pass.
    fn leave(&self, _pass: &Pass) -> Option<WriteCap> {
        WriteCap::of(&self.config, Asked::Writing, self.overridden)
    }

    /// For how many seconds the person thought about a plan.
    fn waited(&self, plan: &Plan) -> Option<u64> {
        let drafted = self.drafted.lock().unwrap_or_else(PoisonError::into_inner);
        let (id, at) = drafted.as_ref()?;
        (*id == plan.id).then(|| at.elapsed().as_secs())
    }
}

impl Works for Changing {
    fn draft(&self, wish: Wish, inventory: Inventory, survey: Survey) -> Soon<Result<Plan, Refusal>> {
        let accounts = self.accounts(None);
        let checker = self.checker();
        let drafted = Arc::clone(&self.drafted);
        let journal = self.journal.clone();
        Box::pin(async move {
            // A journal that cannot be read keeps only from taking back.
            let notes = journal.clone();
            let history = tokio::task::spawn_blocking(move || journaled::history(&notes)).await;
            let mut history = history.ok().and_then(Result::ok);
            if let Want::Undo { of, .. } = &wish.want
                && let Some(known) = history.take()
            {
                history = Some(settled(accounts.clone(), journal, of, known).await?);
            }
            let sources = Sources {
                desk: &accounts,
                inventory: &inventory,
                survey: &survey,
                checker: checker.as_ref(),
                history: history.as_ref(),
            };
            let id = PlanId::new(fastrand::u128(..).to_le_bytes());
            let plan = draft::draft(&sources, &wish, moment(Timestamp::now()), id).await?;
            *drafted.lock().unwrap_or_else(PoisonError::into_inner) = Some((plan.id.clone(), Instant::now()));
            Ok(plan)
        })
    }

    fn apply(&self, plan: Plan, course: Course, pass: Pass, tell: TellTiding) -> Soon<()> {
        let brake = Brake::default();
        *self.brake.lock().unwrap_or_else(PoisonError::into_inner) = brake.clone();
        let desk = self.accounts(self.leave(&pass));
        let work = Work {
            confirmed: Confirmed {
                hash: file::hash(&plan),
                operator: operator(),
                waited: self.waited(&plan),
            },
            plan,
            course,
            checker: self.checker(),
            brake,
            tell,
        };
        let journal = self.journal.clone();
        let asked = self.asked.clone();
        let (cost, resolvers) = (self.cost, self.resolvers.clone());
        // A thread of its own: nobody can cancel between a request and the note of its answer.
        let thread = tokio::task::spawn_blocking(move || {
            tokio::runtime::Handle::current().block_on(async {
                match asked {
                    Some((asker, start)) => {
                        let prover = LiveProver::new(asker, start, cost, resolvers);
                        work.carry_out(desk, journal, prover).await;
                    }
                    None => work.carry_out(desk, journal, NobodyAsked).await,
                }
            });
        });
        Box::pin(async move {
            // A panic is reported by its own hook, and the journal holds what was sent.
            let _ = thread.await;
        })
    }

    fn stop(&self) {
        self.brake.lock().unwrap_or_else(PoisonError::into_inner).pull();
    }

    fn save(&self, plan: &Plan) -> Result<String, Refusal> {
        keep_plan(plan).map_err(Refusal::new)
    }

    fn request(&self, name: DnsName, zone: ZoneKey) -> Soon<Result<(Request, &'static str), Refusal>> {
        let accounts = self.accounts(None);
        Box::pin(async move {
            let request = super::request::read(&accounts, &name, &zone).await?;
            let caller = match accounts.reader(zone.account) {
                Some(reader) => reader.caller().await.ok(),
                None => None,
            };
            let partition = caller.map_or_else(Partition::default, |caller| partition(caller.arn.expose()));
            Ok((request, partition.word()))
        })
    }

    fn save_request(&self, name: &DnsName, text: &str) -> Result<String, Refusal> {
        // A name may hold octets that no file name should.
        let plain = |c: char| {
            if c.is_ascii_alphanumeric() || c == '.' || c == '-' {
                c
            } else {
                '_'
            }
        };
        let stem: String = name.to_string().chars().map(plain).take(100).collect();
        keep_request(&format!("{stem}.md"), text)
    }

    fn sets(&self, account: AccountIx) -> Soon<Result<Vec<ReusableSet>, Refusal>> {
        let accounts = self.accounts(None);
        Box::pin(async move {
            let reader = accounts
                .reader(account)
                .ok_or_else(|| Refusal::new("the account cannot be read"))?;
            let failed = |error: ApiError| Refusal::new(printable(&error.to_string()));
            let sets = reader.reusable_sets().await.map_err(failed)?;
            let reusable = |set: ManagedSet| ReusableSet {
                id: set.id,
                name_servers: set.name_servers,
            };
            Ok(sets.into_iter().map(reusable).collect())
        })
    }

    fn changes(&self) -> Soon<Result<Journaled, Refusal>> {
        let journal = self.journal.clone();
        Box::pin(async move {
            let read = tokio::task::spawn_blocking(move || journaled::read(&journal)).await;
            read.unwrap_or_else(|_| Err(Refusal::new("the journal could not be read")))
        })
    }
}

/// The partition that an ARN names.
fn partition(arn: &str) -> Partition {
    let all = [Partition::Aws, Partition::GovCloud, Partition::China];
    let named = |partition: &Partition| arn.split(':').nth(1) == Some(partition.word());
    all.into_iter().find(named).unwrap_or_default()
}

/// Keeps a request as a file of the user's own; tells where.
fn keep_request(name: &str, text: &str) -> Result<String, Refusal> {
    let failed = |why: String| Refusal::new(format!("the request was not saved: {why}"));
    let directory = state_dir().ok_or_else(|| failed("there is no directory for it".to_owned()))?;
    let directory = directory.join("requests");
    create_private_dir(&directory).map_err(|error| failed(error.to_string()))?;
    let path = directory.join(name);
    replace(&path, text.as_bytes()).map_err(|report| failed(report.to_string()))?;
    Ok(printable_path(&path))
}

/// One plan to be applied.
struct Work {
    plan: Plan,
    confirmed: Confirmed,
    course: Course,
    checker: Option<Checker<Sockets>>,
    brake: Brake,
    tell: TellTiding,
}

impl Work {
    async fn carry_out<P: Prover>(mut self, desk: Accounts, journal: Notes, prover: P) {
        let reading = desk.clone();
        let applier = Applier::new(desk, journal, prover, Arc::new(|| moment(Timestamp::now()))).waiting(PATIENCE);
        let plan = self.plan;
        let end = {
            let tell = &mut self.tell;
            let mut hear = |event| {
                let tidings = Tidings {
                    plan: &plan,
                    now: Timestamp::now(),
                };
                tidings.of(&event).into_iter().for_each(&mut *tell);
            };
            match &self.course {
                Course::Anew => applier.apply(&plan, &self.confirmed, &self.brake, &mut hear).await,
                Course::Resumed(picture) => {
                    let again = Afresh(Sources {
                        desk: &reading,
                        inventory: &picture.inventory,
                        survey: &picture.survey,
                        checker: self.checker.as_ref(),
                        history: None,
                    });
                    let operator = self.confirmed.operator.clone();
                    applier.resume(&plan.id, operator, &again, &self.brake, &mut hear).await
                }
            }
        };
        let tidings = Tidings {
            plan: &plan,
            now: Timestamp::now(),
        };
        tidings.of_end(end).into_iter().for_each(self.tell);
    }
}

/// Which accounts may be written to, by flags and configuration.
pub fn lock(settings: &Settings, reach: &Reach) -> Lock {
    let rule = |account: &AccountConfig| match account.read_only {
        Some(true) => Rule::Never("its configuration says read_only = true".to_owned()),
        _ if leads_elsewhere(settings, reach, account) => {
            Rule::Never("not AWS: needs --allow-endpoint-override".to_owned())
        }
        Some(false) => Rule::Open,
        None => Rule::Lockable,
    };
    let lock = Lock::new(reach.roster.accounts.iter().map(rule).collect());
    if settings.global.read_only {
        return lock.forbidden("started with --read-only");
    }
    if settings.global.offline {
        return lock.forbidden("started with --offline");
    }
    let chosen = reach.roster.accounts.iter();
    if chosen.len() > 0 && chosen.clone().all(|account| leads_elsewhere(settings, reach, account)) {
        return lock.forbidden("requests do not go to AWS; where that is meant, start with --allow-endpoint-override");
    }
    match settings.global.write || !settings.config.read_only {
        true => lock.opened(),
        false => lock,
    }
}

/// Whether a person lets requests that write go anywhere but to AWS.
fn overridden(settings: &Settings) -> Overridden {
    match settings.global.allow_endpoint_override {
        true => Overridden::Allowed,
        false => Overridden::Refused,
    }
}

/// Whether the requests of an account go to another endpoint than AWS's own, and nobody said that writes may.
fn leads_elsewhere(settings: &Settings, reach: &Reach, account: &AccountConfig) -> bool {
    // The keys that the demo makes lead to its own simulator.
    let is_own = matches!(account.access, Access::Keys(_));
    !is_own && overridden(settings) == Overridden::Refused && reach.setup.endpoint_override(account).is_some()
}
