//! The accounts as plans are drafted from them and applied to them, and whoever asks name servers for both.

use std::sync::Arc;

use color_eyre::eyre::Report;
use jiff::Timestamp;

use crate::aws::Accounts;
use crate::config::{Asked, Overridden, WriteCap};
use crate::dns::Sockets;
use crate::engine::apply::{Again, Expected, LiveProver, NobodyAsked, NobodyLooks, Prover};
use crate::engine::atlas::Atlas;
use crate::engine::check::{Checker, Cost};
use crate::engine::draft::{self, Afresh, Sources};
use crate::model::dns::Resolver;
use crate::model::name::DnsName;
use crate::plan::journal::{History, Run, Seen};
use crate::plan::teardown::Outside;
use crate::plan::{Moment, Plan, PlanId, Refusal, Wish};
use crate::report::Basis;

use super::gather::{Gathered, Reach};
use super::live::Live;
use super::resolvers::{self, Named};
use super::settings::Settings;

/// What plans are made with.
pub struct Desk {
    /// The accounts.
    pub accounts: Accounts,
    /// Asks name servers; none where they cannot be walked to, or nobody wants it.
    pub live: Option<Live>,
    cost: Cost,
}

/// How far a run may write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// It plans, and has no leave to write.
    Planning,
    /// A person confirmed, or will be asked to.
    Writing(Overridden),
}

impl Desk {
    /// The accounts of a run.
    pub fn of(settings: &Settings, reach: &Reach, hand: Hand) -> Result<Self, Report> {
        let leave = match hand {
            Hand::Planning => None,
            Hand::Writing(_) if settings.global.read_only => None,
            Hand::Writing(overridden) => WriteCap::of(&settings.config, Asked::Writing, overridden),
        };
        let live = match settings.config.dns.live {
            true => Live::of(settings, reach)?,
            false => None,
        };
        Ok(Self {
            accounts: Accounts::new(reach.setup.clone(), reach.clients(), leave),
            live,
            cost: Cost::from(&settings.config.dns),
        })
    }

    /// Whoever asks the name servers of cuts.
    pub fn checker(&self) -> Option<Checker<Sockets>> {
        let live = self.live.as_ref()?;
        let atlas = Arc::new(Atlas::new(live.start.clone()));
        Some(Checker::new(Arc::clone(&live.asker), atlas, self.cost))
    }

    /// Makes the plan that is wished for from what was read, and from what is read and asked now; plans that a history tells of
    /// can be taken back.
    pub async fn draft(&self, gathered: &Gathered, wish: &Wish, history: Option<&History>) -> Result<Plan, Refusal> {
        let checker = self.checker();
        let sources = self.sources(&gathered.basis(), checker.as_ref(), history);
        draft::draft(&sources, wish, now(), id()).await
    }

    fn sources<'a>(
        &'a self,
        basis: &Basis<'a>,
        checker: Option<&'a Checker<Sockets>>,
        history: Option<&'a History>,
    ) -> Sources<'a, Accounts, Sockets> {
        Sources {
            desk: &self.accounts,
            inventory: basis.inventory,
            survey: basis.survey,
            checker,
            history,
        }
    }
}

/// The present as plans tell it.
pub fn now() -> Moment {
    Moment(u64::try_from(Timestamp::now().as_second()).unwrap_or(0))
}

/// An id that no other plan has.
fn id() -> PlanId {
    PlanId::new(fastrand::u128(..).to_le_bytes())
}

/// Whoever looks again at what a plan rests on that is too old.
pub enum Fresh<'a> {
    /// Reads and asks, beside what was read of the accounts.
    Looks(&'a Desk, Basis<'a>),
    /// Nobody does.
    Nobody(NobodyLooks),
}

impl Again for Fresh<'_> {
    async fn look(&self, run: &Run, now: Moment) -> Result<Vec<String>, Refusal> {
        let (desk, basis) = match self {
            Self::Looks(desk, basis) => (desk, basis),
            Self::Nobody(nobody) => return nobody.look(run, now).await,
        };
        let checker = desk.checker();
        Afresh(desk.sources(basis, checker.as_ref(), None)).look(run, now).await
    }
}

/// Whoever looks from outside at what was made.
pub enum Looking {
    /// Asks name servers and resolvers.
    Servers(LiveProver<Sockets>),
    /// Asks nobody.
    Nobody(NobodyAsked),
}

impl Prover for Looking {
    async fn look(&self, expected: &[Expected]) -> Vec<Seen> {
        match self {
            Self::Servers(prover) => prover.look(expected).await,
            Self::Nobody(nobody) => nobody.look(expected).await,
        }
    }

    async fn outside(&self, name: &DnsName, servers: &[DnsName]) -> Outside {
        match self {
            Self::Servers(prover) => prover.outside(name, servers).await,
            Self::Nobody(nobody) => nobody.outside(name, servers).await,
        }
    }
}

/// Whoever looks from outside in this run.
pub fn prover(settings: &Settings, reach: &Reach, desk: &Desk) -> Looking {
    let Some(live) = &desk.live else {
        return Looking::Nobody(NobodyAsked);
    };
    Looking::Servers(LiveProver::new(
        Arc::clone(&live.asker),
        live.start.clone(),
        desk.cost,
        asked_for_proof(settings, reach),
    ))
}

/// The resolvers that are asked whether a change is seen.
pub fn asked_for_proof(settings: &Settings, reach: &Reach) -> Vec<Resolver> {
    let named: Vec<Named> = match reach.simulator {
        // Nothing of this machine's own set-up has a say in the demo.
        Some(_) => Vec::new(),
        None => settings.config.dns.resolvers.iter().map(Named::from).collect(),
    };
    resolvers::all(named)
}
