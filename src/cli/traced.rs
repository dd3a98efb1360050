//! What `trace`, `who` and `verify` work with: what the accounts hold, a way to ask servers, and where walks begin.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

use color_eyre::eyre::Report;
use jiff::Timestamp;
use tokio::sync::OnceCell;

use crate::dns::Sockets;
use crate::engine::ask::Asker;
use crate::engine::atlas::{Atlas, Start};
use crate::engine::check::{Checker, Cost, Target};
use crate::engine::preflight;
use crate::engine::trace::Tracer;
use crate::findings::trace::Diagnosis;
use crate::model::cut::apex_name_servers;
use crate::model::dns::{Question, Resolver, Trace};
use crate::model::dnssec::anchor::Anchor;
use crate::model::inventory::{Fact, Inventory, ZoneEntry};
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::served::{Liveness, Off};
use crate::model::text::printable;
use crate::tui::launch::{Tell, Traces};

use super::args::From;
use super::check::read_name;
use super::console::Console;
use super::exit::{Exit, Stop};
use super::gather::{Gathered, Reach, find_if_any, gather_if_any};
use super::live::Live;
use super::resolvers::{self, Named};
use super::settings::Settings;

/// What a trace works with.
pub struct Scene {
    /// What the accounts hold, as far as it was read.
    pub gathered: Gathered,
    live: Live,
    off: Option<Off>,
    cost: Cost,
    resolvers: Vec<Resolver>,
    /// What was asked while the accounts were read.
    ahead: Option<Trace>,
    _reach: Option<Reach>,
}

/// Traces names for the terminal program.
pub struct Tracers {
    asker: Arc<Asker<Sockets>>,
    start: Start,
    anchors: Vec<Anchor>,
    resolvers: Vec<Resolver>,
    /// Why no server can be asked, once it was found out: it matters where resolvers over HTTPS can be asked instead.
    off: Arc<OnceCell<Option<Off>>>,
}

impl Tracers {
    /// Asks as `live` does, and the resolvers of the configuration.
    pub fn new(settings: &Settings, reach: &Reach, live: &Live) -> Self {
        let named = match reach.simulator {
            Some(_) => Vec::new(),
            None => resolvers::configured(&settings.config.dns).collect(),
        };
        Self {
            off: Arc::default(),
            asker: Arc::clone(&live.asker),
            start: live.start.clone(),
            anchors: live.anchors.clone(),
            resolvers: resolvers::all(named),
        }
    }
}

impl Traces for Tracers {
    fn trace(&self, question: Question, tell: Tell) -> Pin<Box<dyn Future<Output = Trace> + Send>> {
        let (asker, start, resolvers) = (Arc::clone(&self.asker), self.start.clone(), self.resolvers.clone());
        let (anchors, off) = (self.anchors.clone(), Arc::clone(&self.off));
        Box::pin(async move {
            let off = match resolvers.iter().any(Resolver::is_over_https) {
                true => *off.get_or_init(|| why_off(&asker, &start)).await,
                false => None,
            };
            let mut tracer = Tracer::new(&asker, start).beside(resolvers).anchored(anchors);
            if off.is_some() {
                tracer = tracer.without_servers();
            }
            tracer.trace(&question, Timestamp::now(), tell).await
        })
    }
}

/// What a trace came to.
pub struct Traced {
    /// What was heard.
    pub trace: Trace,
    /// What it means.
    pub diagnosis: Diagnosis,
}

impl Scene {
    /// Reads the accounts, where there are any, and gets ready to ask servers. Whatever is read, the way from the root is the
    /// same: a question that is `ahead` is put meanwhile.
    pub async fn open(
        settings: &Settings,
        console: &Console,
        named: &[Named],
        ahead: Option<&Question>,
    ) -> Result<Self, Report> {
        let reach = find_if_any(settings, console).await?;
        let demo = reach.as_ref().and_then(|reach| reach.simulator.as_ref());
        let live = match &reach {
            Some(reach) => Live::of(settings, reach)?.ok_or_else(unwalkable)?,
            None => Live::of_internet(&settings.config.dns)?,
        };
        let configured: Vec<Named> = match demo {
            // Nothing of this machine's own set-up has a say in the demo.
            Some(_) => Vec::new(),
            None => resolvers::configured(&settings.config.dns).collect(),
        };
        let resolvers = resolvers::all(named.iter().cloned().chain(configured));
        let asking = ask_ahead(&live, &resolvers, ahead);
        let (gathered, (off, ahead)) = tokio::join!(gather_if_any(reach.as_ref(), settings, console), asking);
        let mut gathered = gathered?;
        let liveness = off.map_or(Liveness::On, Liveness::Off);
        gathered.learn([Fact::Liveness(liveness)]);
        Ok(Self {
            gathered,
            cost: Cost::from(&settings.config.dns),
            live,
            off,
            resolvers,
            ahead,
            _reach: reach,
        })
    }

    /// The same without resolvers.
    pub fn without_resolvers(self) -> Self {
        Self {
            resolvers: Vec::new(),
            ..self
        }
    }

    /// Traces a name, and says what that means.
    pub async fn trace(&mut self, question: &Question, from: From) -> Traced {
        let trace = match self.ahead.take() {
            Some(trace) if from == From::Root && trace.walk.question == *question => trace,
            _ => self.walk(question, from).await,
        };
        let served = self.check_cuts(&trace).await;
        self.gathered.learn(served);
        let diagnosis = Diagnosis::of(&trace, self.gathered.inventory(), self.gathered.basis().survey);
        Traced { trace, diagnosis }
    }

    async fn walk(&self, question: &Question, from: From) -> Trace {
        let mut tracer = tracer(&self.live, &self.resolvers, self.off);
        let held = held_above(self.gathered.inventory(), &question.name);
        if let Some((zone, servers)) = held.filter(|_| from == From::Parent) {
            tracer = tracer.from_zone(zone, servers);
        }
        tracer.trace(question, Timestamp::now(), |_| {}).await
    }

    /// Checks the cuts on the way that the accounts have a part in, from both sides.
    async fn check_cuts(&self, trace: &Trace) -> Vec<Fact> {
        let basis = self.gathered.basis();
        let names: BTreeSet<DnsName> = trace
            .ends()
            .flat_map(|(_, leg)| leg.question.name.suffixes().map(DnsName::from_suffix))
            .collect();
        let cuts = names.iter().filter_map(|name| basis.survey.cut(name));
        let targets: Vec<Target> = cuts
            .filter_map(|verdict| Target::of(&verdict.cut, basis.inventory))
            .collect();
        for address in addresses(trace, basis.inventory) {
            self.live.asker.manners().own(address);
        }
        let atlas = Arc::new(Atlas::new(self.live.start.clone()));
        let checker = Checker::new(Arc::clone(&self.live.asker), atlas, self.cost);
        let checks = targets.iter().map(|target| checker.check(target));
        let served = futures_util::future::join_all(checks).await;
        served
            .into_iter()
            .map(|served| Fact::Served(Arc::new(served)))
            .collect()
    }
}

/// Asks the servers, unless they cannot be, and the resolvers.
fn tracer<'a>(live: &'a Live, resolvers: &[Resolver], off: Option<Off>) -> Tracer<'a, Sockets> {
    let tracer = Tracer::new(&live.asker, live.start.clone())
        .beside(resolvers.iter().cloned())
        .anchored(live.anchors.iter().cloned());
    match off {
        Some(_) => tracer.without_servers(),
        None => tracer,
    }
}

/// Traces a question, where there is one, while it is found out whether anybody answers in the place of servers: what was heard
/// by then is believed if nobody does, and forgotten if somebody does.
async fn ask_ahead(live: &Live, resolvers: &[Resolver], ahead: Option<&Question>) -> (Option<Off>, Option<Trace>) {
    let trace = async |off: Option<Off>| match ahead {
        Some(question) => Some(
            tracer(live, resolvers, off)
                .trace(question, Timestamp::now(), |_| {})
                .await,
        ),
        None => None,
    };
    let asked = async {
        match preflight::blocked(&live.asker, &live.start).await {
            Some(off) => Err(off),
            None => Ok(trace(None).await),
        }
    };
    match preflight::unless_intercepted(&live.asker, asked).await {
        Ok(traced) => (None, traced),
        Err(off) => (Some(off), trace(Some(off)).await),
    }
}

fn unwalkable() -> Stop {
    Stop::new(
        Exit::Failed,
        "the demo's name servers cannot be walked to: this system has no addresses of 127.0.0.0/8 but 127.0.0.1",
    )
}

/// Why servers cannot be asked from here, if they cannot.
async fn why_off(asker: &Asker<Sockets>, start: &Start) -> Option<Off> {
    let (intercepted, blocked) = tokio::join!(preflight::intercepted(asker), preflight::blocked(asker, start));
    intercepted.or(blocked)
}

/// The addresses of the servers that zones of the accounts are on.
fn addresses(trace: &Trace, inventory: &Inventory) -> Vec<IpAddr> {
    let is_held = |zone: &DnsName| !inventory.public_zones(zone.as_wire()).is_empty();
    let legs = trace.walk.legs.iter().filter(|leg| is_held(&leg.zone));
    legs.flat_map(|leg| leg.heard.iter().map(|heard| heard.address))
        .collect()
}

/// The closest zone that is held above a name and whose servers are known.
fn held_above(inventory: &Inventory, name: &DnsName) -> Option<(DnsName, Vec<DnsName>)> {
    name.suffixes().skip(1).find_map(|wire| {
        let zones = inventory.public_zones(wire).iter();
        let entries = zones.filter_map(|zone| inventory.zone(*zone));
        let mut known = entries.filter_map(|entry| Some((entry.zone.name.clone(), servers(entry)?)));
        known.next()
    })
}

fn servers(entry: &ZoneEntry) -> Option<Vec<DnsName>> {
    let set = entry.delegation_set.as_ref().and_then(|held| held.value());
    let set = set.map(|set| set.name_servers.clone());
    set.or_else(|| apex_name_servers(entry).map(<[DnsName]>::to_vec))
}

/// The question that the arguments put.
pub fn question(name: &str, record_type: Option<&str>) -> Result<Question, Stop> {
    let word = record_type.unwrap_or("A");
    let record_type = RecordType::read(word)
        .filter(|record_type| record_type.number().is_some())
        .ok_or_else(|| Stop::usage(format!("{} is no record type", printable(word))))?;
    Ok(Question {
        name: read_name(name)?,
        record_type,
    })
}

/// The exit code of an outlook: what is broken is a finding, and what cannot be told is incomplete.
pub fn exit(diagnosis: &Diagnosis) -> Exit {
    use crate::findings::trace::Outlook;
    match diagnosis.verdict.outlook {
        Outlook::Resolves => Exit::Done,
        Outlook::Degraded | Outlook::Absent | Outlook::Broken => Exit::Findings,
        Outlook::Unknown => Exit::Incomplete,
    }
}
