//! The running servers: which name stands where. A server is bound at the start or, at the latest, before its address is told.
//!
//! Invariant: whatever address a server tells of another server is answered from then on. Everything stops when [`Servers`] is
//! dropped.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use hickory_proto::op::ResponseCode;
use tokio::runtime::Handle;
use tokio::task::JoinSet;

use super::authority::Served;
use super::message::{Answered, Recursion, Transport, respond};
use super::reply::{Answer, Reply};
use super::socket::{Pair, Responder};
use super::source::{Source, look};
use super::{https, limit, misbehaving, rdata, resolver};
use crate::model::awsdns;
use crate::model::dnssec::DsValue;
use crate::model::dnssec::anchor::Anchor;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::sim::world::behaviour::Behaviour;
use crate::sim::world::places::RESOLVER;
use crate::sim::world::signing::ds_value;
use crate::sim::world::{Outside, World};

/// How often another common port is tried where one is taken on some address.
const PORT_ATTEMPTS: usize = 8;

/// How servers are to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// The common port, or the resolver's where each server has a port of its own; any free one, where it is 0.
    pub port: u16,
    /// How servers are told apart.
    pub addressing: Addressing,
    /// When servers are bound.
    pub binding: Binding,
}

/// When servers are bound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Binding {
    /// Those that zones name at the start, others once their address is told.
    #[default]
    AtStart,
    /// Root servers at the start, others once their address is told.
    WhenTold,
}

/// How servers are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Addressing {
    /// By address where the system has the addresses of 127/8, else by port.
    #[default]
    Automatic,
    /// By address: 127.53.x.y, one port for all.
    Address,
    /// By port, all on 127.0.0.1. Nobody can walk there: a delegation tells no port.
    Port,
}

/// Why the servers cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The system refused a socket.
    #[error("failed to listen for DNS on {address}: {source}{}", hint(source))]
    Bind {
        /// Where.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// There is no tokio runtime to serve on.
    #[error("failed to serve DNS: no async runtime is running here")]
    NoRuntime,
}

fn hint(error: &io::Error) -> &'static str {
    const TOO_MANY_FILES: i32 = 24;
    match (error.kind(), error.raw_os_error()) {
        (io::ErrorKind::AddrInUse, _) => "; choose another port",
        (_, Some(TOO_MANY_FILES)) => "; raise the limit of open files, for example with `ulimit -n 8192`",
        _ => "",
    }
}

/// The running servers and their resolver.
#[derive(Debug)]
pub struct Servers {
    shared: Arc<Shared>,
    resolver: SocketAddr,
    over_http: SocketAddr,
}

struct Shared {
    source: Arc<dyn Source>,
    /// Kept beside the source, so that who holds that may ask where servers stand.
    outside: Arc<Outside>,
    runtime: Handle,
    place: Place,
    state: Mutex<State>,
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared")
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

/// How servers are told apart, decided.
#[derive(Debug, Clone, Copy)]
enum Place {
    Addresses { port: u16 },
    Ports,
}

#[derive(Debug, Default)]
struct State {
    addresses: HashMap<DnsName, SocketAddr>,
    bound: HashSet<Ipv4Addr>,
    /// None after the end.
    tasks: Option<JoinSet<()>>,
}

impl Servers {
    /// Starts the servers of a world and the resolver on the current tokio runtime.
    pub fn start(source: Arc<dyn Source>, options: Options) -> Result<Self, StartError> {
        let runtime = Handle::try_current().map_err(|_| StartError::NoRuntime)?;
        let outside = look(&*source, |world, _| world.outside_to_keep()).unwrap_or_default();
        let names = match options.binding {
            Binding::AtStart => look(&*source, |world, _| names(world)).unwrap_or_default(),
            Binding::WhenTold => root_servers(&outside),
        };
        limit::make_room_for(most_servers(&outside).max(names.len()) * 2);
        let bound = match options.addressing {
            Addressing::Address => at_addresses(&names, options.port)?,
            Addressing::Port => at_ports(&names, options.port)?,
            Addressing::Automatic => match at_addresses(&names, options.port) {
                Err(StartError::Bind { source, .. }) if source.kind() == io::ErrorKind::AddrNotAvailable => {
                    at_ports(&names, options.port)?
                }
                done => done?,
            },
        };
        Self::serve(source, outside, runtime, bound)
    }

    fn serve(
        source: Arc<dyn Source>,
        outside: Arc<Outside>,
        runtime: Handle,
        bound: Bound,
    ) -> Result<Self, StartError> {
        let started = Self {
            resolver: bound.resolver.address,
            over_http: bound.over_http.address,
            shared: Arc::new(Shared {
                source,
                outside,
                runtime,
                place: bound.place,
                state: Mutex::new(State {
                    tasks: Some(JoinSet::new()),
                    ..State::default()
                }),
            }),
        };
        let mut state = started.shared.state();
        started.shared.run(&mut state, bound.resolver, Role::Resolver)?;
        started.shared.run_over_http(&mut state, bound.over_http)?;
        for (name, pair) in bound.servers {
            started.shared.run(&mut state, pair, Role::Server(name))?;
        }
        drop(state);
        Ok(started)
    }

    /// The root servers and where each stands, to walk from; none where servers are told apart by port.
    pub fn hints(&self) -> Vec<(DnsName, IpAddr)> {
        let Place::Addresses { .. } = self.shared.place else {
            return Vec::new();
        };
        let servers = root_servers(&self.shared.outside);
        servers
            .into_iter()
            .map(|(server, ip)| (server, IpAddr::V4(ip)))
            .collect()
    }

    /// What the root's key is, for resolvers that validate; none where the root is not signed.
    pub fn anchors(&self) -> Vec<Anchor> {
        let zones = self.shared.outside.zones().iter();
        let root = zones.filter(|zone| zone.name.is_root());
        let keys = root.filter_map(|zone| Some((zone.name.clone(), zone.signing.key.as_ref()?)));
        keys.filter_map(|(zone, key)| {
            let ds = DsValue::read(&ds_value(key))?;
            Some(Anchor { zone, ds })
        })
        .collect()
    }

    /// The port of all servers and of the resolver; of the resolver alone where servers are told apart by port.
    pub fn port(&self) -> u16 {
        self.resolver.port()
    }

    /// Where a name server stands: one that serves a zone of the world, or any name that follows Route 53's rule.
    pub fn address_of(&self, server: &DnsName) -> Option<SocketAddr> {
        self.shared.address_of(server)
    }

    /// Where the resolver stands.
    pub fn resolver(&self) -> SocketAddr {
        self.resolver
    }

    /// The URL at which the resolver answers over HTTP (RFC 8484).
    pub fn over_http(&self) -> String {
        format!("http://{}{}", self.over_http, https::PATH)
    }

    /// The servers that are running and where each stands, sorted by name.
    pub fn addresses(&self) -> Vec<(DnsName, SocketAddr)> {
        let state = self.shared.state();
        let mut addresses: Vec<_> = state.addresses.iter().map(|(name, at)| (name.clone(), *at)).collect();
        addresses.sort();
        addresses
    }
}

impl Drop for Servers {
    fn drop(&mut self) {
        let tasks = self.shared.state().tasks.take();
        drop(tasks);
    }
}

/// A server and its address.
type Standing = (DnsName, Ipv4Addr);

/// The servers that get sockets at the start: those that have zones, and those that zones delegate to.
fn names(world: &World) -> BTreeSet<Standing> {
    let delegated = world
        .zones()
        .flat_map(|(_, zone)| zone.records().iter().filter(|set| set.record_type == RecordType::NS))
        .flat_map(|set| set.values.iter().filter_map(|value| rdata::name(value)))
        .filter(awsdns::is_plausible);
    let assigned = world.zones().flat_map(|(_, zone)| zone.delegation_set.iter().cloned());
    let outside = world
        .outside()
        .zones()
        .iter()
        .flat_map(|zone| zone.servers.iter().cloned());
    delegated
        .chain(assigned)
        .chain(outside)
        .filter(|server| !world.outside().has_sockets(server, Behaviour::Absent))
        .filter_map(|server| standing(world.outside(), &server))
        .collect()
}

fn root_servers(outside: &Outside) -> BTreeSet<Standing> {
    let servers = outside.root_servers().iter();
    servers.filter_map(|server| standing(outside, server)).collect()
}

/// How many servers may come to be bound.
fn most_servers(outside: &Outside) -> usize {
    const OF_ROUTE53: usize = 2_048;
    const RESOLVER_AND_ADDRESS_ZONES: usize = 1 + 512;
    OF_ROUTE53 + RESOLVER_AND_ADDRESS_ZONES + outside.places().others().count()
}

fn standing(outside: &Outside, server: &DnsName) -> Option<Standing> {
    let address = outside.places().address_of(server)?;
    Some((server.clone(), address))
}

/// Sockets that are bound but not served yet.
struct Bound {
    place: Place,
    resolver: Pair,
    over_http: https::Listener,
    servers: Vec<(DnsName, Pair)>,
}

/// Binds each server to an address of its own and all to one port.
fn at_addresses(names: &BTreeSet<Standing>, port: u16) -> Result<Bound, StartError> {
    let mut outcome = at_one_port(names, port);
    for _ in 1..PORT_ATTEMPTS {
        match outcome {
            Err(StartError::Bind { source, .. }) if port == 0 && source.kind() == io::ErrorKind::AddrInUse => {
                outcome = at_one_port(names, port);
            }
            done => return done,
        }
    }
    outcome
}

fn at_one_port(names: &BTreeSet<Standing>, port: u16) -> Result<Bound, StartError> {
    let resolver = bind(RESOLVER, port)?;
    let port = resolver.address.port();
    let mut servers = Vec::with_capacity(names.len());
    for (name, ip) in names {
        servers.push((name.clone(), bind(*ip, port)?));
    }
    Ok(Bound {
        place: Place::Addresses { port },
        over_http: listen(RESOLVER)?,
        resolver,
        servers,
    })
}

/// Binds each server to a port of its own on 127.0.0.1.
fn at_ports(names: &BTreeSet<Standing>, port: u16) -> Result<Bound, StartError> {
    let resolver = bind(Ipv4Addr::LOCALHOST, port)?;
    let servers = names
        .iter()
        .map(|(name, _)| Ok((name.clone(), bind(Ipv4Addr::LOCALHOST, 0)?)))
        .collect::<Result<_, StartError>>()?;
    Ok(Bound {
        place: Place::Ports,
        over_http: listen(Ipv4Addr::LOCALHOST)?,
        resolver,
        servers,
    })
}

fn bind(ip: Ipv4Addr, port: u16) -> Result<Pair, StartError> {
    Pair::bind(IpAddr::V4(ip), port).map_err(|source| StartError::Bind {
        address: SocketAddr::from((ip, port)),
        source,
    })
}

fn listen(ip: Ipv4Addr) -> Result<https::Listener, StartError> {
    https::Listener::bind(IpAddr::V4(ip)).map_err(|source| StartError::Bind {
        address: SocketAddr::from((ip, 0)),
        source,
    })
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn run(self: &Arc<Self>, state: &mut State, mut pair: Pair, role: Role) -> Result<(), StartError> {
        let address = pair.address;
        let Some(tasks) = &mut state.tasks else {
            return Ok(());
        };
        if let Role::Server(name) = &role {
            if self.outside.has_sockets(name, Behaviour::UdpOnly) {
                pair.close_tcp();
            }
            state.addresses.insert(name.clone(), address);
            if let IpAddr::V4(ip) = address.ip() {
                state.bound.insert(ip);
            }
        }
        let responder = Arc::new(Answerer {
            shared: Arc::clone(self),
            role,
        });
        let _runtime = self.runtime.enter();
        pair.serve(responder, tasks)
            .map_err(|source| StartError::Bind { address, source })
    }

    /// Serves the resolver over HTTP too.
    fn run_over_http(self: &Arc<Self>, state: &mut State, listener: https::Listener) -> Result<(), StartError> {
        let address = listener.address;
        let Some(tasks) = &mut state.tasks else {
            return Ok(());
        };
        let responder = Arc::new(Answerer {
            shared: Arc::clone(self),
            role: Role::Resolver,
        });
        let _runtime = self.runtime.enter();
        listener
            .serve(responder, tasks)
            .map_err(|source| StartError::Bind { address, source })
    }

    /// Where a server stands; it is bound now, where it was not before.
    fn address_of(self: &Arc<Self>, server: &DnsName) -> Option<SocketAddr> {
        let (server, ip) = standing(&self.outside, server)?;
        self.bind(&server, ip)
    }

    fn bind(self: &Arc<Self>, server: &DnsName, ip: Ipv4Addr) -> Option<SocketAddr> {
        let mut state = self.state();
        if let Some(address) = state.addresses.get(server) {
            return Some(*address);
        }
        if self.outside.has_sockets(server, Behaviour::Absent) {
            return None;
        }
        let pair = match self.place {
            Place::Addresses { port } => bind(ip, port),
            Place::Ports => bind(Ipv4Addr::LOCALHOST, 0),
        };
        self.run(&mut state, pair.ok()?, Role::Server(server.clone())).ok()?;
        state.addresses.get(server).copied()
    }

    /// Binds the servers whose addresses a reply tells, before it is sent.
    fn prepare(self: &Arc<Self>, reply: &Reply) {
        let Place::Addresses { .. } = self.place else {
            return;
        };
        let told = reply
            .answers
            .iter()
            .chain(&reply.additional)
            .filter_map(Answer::address);
        let told: Vec<Ipv4Addr> = {
            let state = self.state();
            told.filter(|ip| ip.is_loopback() && !state.bound.contains(ip))
                .collect()
        };
        for ip in told {
            let server = self.outside.places().server_at(ip);
            server.and_then(|server| self.bind(&server, ip));
        }
    }
}

/// What a pair of sockets is.
enum Role {
    Server(DnsName),
    Resolver,
}

struct Answerer {
    shared: Arc<Shared>,
    role: Role,
}

impl Responder for Answerer {
    fn respond(&self, octets: &[u8], transport: Transport) -> Option<Answered> {
        match &self.role {
            Role::Server(name) => respond(octets, transport, Recursion::Unavailable, |question, desired| {
                self.ask(|served| misbehaving::answer(served, name, question, desired))
            }),
            Role::Resolver => respond(
                octets,
                transport,
                Recursion::Available,
                |question, desired| match desired {
                    Recursion::Available => self.ask(|served| resolver::resolve(served, question)),
                    Recursion::Unavailable => Reply::code(ResponseCode::Refused),
                },
            ),
        }
    }
}

impl Answerer {
    fn ask(&self, ask: impl FnOnce(Served<'_>) -> Reply) -> Reply {
        let time = self.shared.source.time();
        let reply = look(&*self.shared.source, |world, now| ask(Served { world, now, time }));
        let reply = reply.unwrap_or_else(|| Reply::code(ResponseCode::ServFail));
        self.shared.prepare(&reply);
        reply
    }
}
