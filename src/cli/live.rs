//! How name servers are reached from a command: the root servers to begin at, what may be asked, how fast.

use std::collections::HashSet;
use std::net::Ipv4Addr;
use std::path::Path;
use std::sync::Arc;

use color_eyre::eyre::{Report, WrapErr as _};
use ipnet::{IpNet, Ipv4Net};

use crate::config::{Dns, Ipv6Use};
use crate::dns::Sockets;
use crate::engine::ask::{Asker, Ipv6, Manners, Pace, Reach};
use crate::engine::atlas::Start;
use crate::engine::check::Cost;
use crate::engine::live::Live as Checks;
use crate::engine::picture::Picture;
use crate::model::dns::{Addresses, NameServer, hints};
use crate::model::dnssec::anchor::{self, Anchor};
use crate::model::inventory::Fact;
use crate::model::name::DnsName;
use crate::model::served::{Liveness, Off};
use crate::model::text::printable;
use crate::sim;

use super::args::LiveArgs;
use super::exit::Stop;
use super::gather;
use super::output::printable_path;
use super::settings::Settings;

/// The most octets that a file of hints or of trust anchors may have.
const MAX_FILE: u64 = 1024 * 1024;

/// Whoever asks name servers, and where walks begin.
#[derive(Debug)]
pub struct Live {
    /// Asks.
    pub asker: Arc<Asker<Sockets>>,
    /// The root servers.
    pub start: Start,
    /// What is believed without being signed by anybody.
    pub anchors: Vec<Anchor>,
}

impl Live {
    /// Asks as the configuration says; in the demo, the demo's own servers. None where the demo's servers cannot be walked to.
    pub fn of(settings: &Settings, reach: &gather::Reach) -> Result<Option<Self>, Report> {
        match &reach.simulator {
            Some(simulator) => Ok(Self::of_demo(simulator.dns())),
            None => Self::of_internet(&settings.config.dns).map(Some),
        }
    }

    /// Asks the servers of the internet, or those that a hints file leads to.
    pub fn of_internet(dns: &Dns) -> Result<Self, Report> {
        let reach = Reach {
            port: dns.port,
            allowed: dns.allow.clone(),
            ipv6: match dns.ipv6 {
                // Whether it leads anywhere shows before the first check.
                Ipv6Use::Auto => Ipv6::Routed,
                Ipv6Use::On => Ipv6::Insisted,
                Ipv6Use::Off => Ipv6::Missing,
            },
        };
        // Whatever a mistake may be, tests do not reach the internet.
        let sockets = match std::env::var_os("ZONECUT_TEST") {
            Some(_) => Sockets::within_this_machine(),
            None => Sockets::anywhere(),
        };
        let roots = roots(dns.roots.as_deref())?;
        Ok(Self::new(sockets, reach, manners(dns), roots, anchors(dns)?))
    }

    /// The demo's servers stand on loopback, and nobody else is waiting for them.
    fn of_demo(servers: &sim::dns::Servers) -> Option<Self> {
        let hints = servers.hints().into_iter().map(|(name, address)| NameServer {
            name,
            addresses: Addresses::Given(vec![address]),
        });
        let roots: Vec<NameServer> = hints.collect();
        let loopback = Ipv4Net::new_assert(Ipv4Addr::new(127, 0, 0, 0), 8);
        let reach = Reach {
            port: servers.port(),
            allowed: vec![IpNet::V4(loopback)],
            ipv6: Ipv6::Missing,
        };
        let manners = Manners::at(HashSet::new(), Pace::FREE, Pace::FREE, Pace::FREE);
        let anchors = servers.anchors();
        (!roots.is_empty()).then(|| Self::new(Sockets::within_this_machine(), reach, manners, roots, anchors))
    }

    fn new(sockets: Sockets, reach: Reach, manners: Manners, roots: Vec<NameServer>, anchors: Vec<Anchor>) -> Self {
        Self {
            asker: Arc::new(Asker::new(Arc::new(sockets), reach, manners)),
            start: Start {
                zone: DnsName::root(),
                servers: roots,
            },
            anchors,
        }
    }
}

/// How fast servers are asked.
fn manners(dns: &Dns) -> Manners {
    let pace = |per_second: u32, in_flight: u32| Pace {
        per_second: per_second as usize,
        in_flight: in_flight as usize,
    };
    Manners::at(
        HashSet::new(),
        pace(dns.own_rps, dns.own_in_flight),
        pace(dns.rps, dns.in_flight),
        pace(dns.total_rps, dns.total_rps),
    )
}

/// The root servers of a hints file, or those of the internet.
fn roots(file: Option<&Path>) -> Result<Vec<NameServer>, Report> {
    let Some(path) = file else {
        return hints::read(hints::INTERNET).wrap_err("the built-in root hints are damaged");
    };
    let refuse = |why: String| {
        let shown = printable_path(path);
        Stop::usage(format!("the root hints cannot be used: {shown}: {}", printable(&why)))
            .next("name a hints file with --roots, [dns] roots or ZONECUT_DNS_ROOTS, as resolvers have it")
    };
    let text = read(path).map_err(refuse)?;
    Ok(hints::read(&text).map_err(|error| refuse(error.to_string()))?)
}

/// The trust anchors of a file, or those of the internet's root; none where the root is another.
fn anchors(dns: &Dns) -> Result<Vec<Anchor>, Report> {
    let Some(path) = dns.trust_anchor.as_deref() else {
        return match dns.roots {
            Some(_) => Ok(Vec::new()),
            None => anchor::read(anchor::INTERNET).wrap_err("the built-in trust anchors are damaged"),
        };
    };
    let refuse = |why: String| {
        let shown = printable_path(path);
        Stop::usage(format!("the trust anchor cannot be used: {shown}: {}", printable(&why))).next(
            "name a file of DS or DNSKEY records with [dns] trust_anchor or ZONECUT_TRUST_ANCHOR, as resolvers have it",
        )
    };
    let text = read(path).map_err(refuse)?;
    Ok(anchor::read(&text).map_err(|error| refuse(error.to_string()))?)
}

/// A small file of records.
fn read(path: &Path) -> Result<String, String> {
    let size = std::fs::metadata(path).map_err(|error| error.to_string())?.len();
    if size > MAX_FILE {
        return Err("is larger than 1 MiB".to_owned());
    }
    std::fs::read_to_string(path).map_err(|error| error.to_string())
}

/// Whether a command asks name servers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Asking {
    /// It does, as far as the configuration allows it.
    Servers,
    /// It does, of cuts that are at, above or below these names.
    Around(Vec<DnsName>),
    /// It does not: it is about what the accounts say.
    Nobody,
}

impl Asking {
    /// The names that it is about, where it is not about all.
    pub fn names(self) -> Option<Vec<DnsName>> {
        match self {
            Self::Around(names) => Some(names),
            Self::Servers | Self::Nobody => None,
        }
    }

    /// Starts the checks of what is served; that the person wants none is learned as well.
    pub fn start(
        &self,
        settings: &Settings,
        reach: &gather::Reach,
        picture: &mut Picture,
    ) -> Result<Option<Checks>, Report> {
        if *self == Self::Nobody {
            return Ok(None);
        }
        let live = match settings.config.dns.live {
            true => Live::of(settings, reach)?,
            false => None,
        };
        Ok(self.start_by(live, settings, picture))
    }

    /// The same, through whoever asks otherwise too.
    pub fn start_by(&self, live: Option<Live>, settings: &Settings, picture: &mut Picture) -> Option<Checks> {
        if *self == Self::Nobody {
            return None;
        }
        let live = live.filter(|_| settings.config.dns.live);
        if live.is_none() {
            picture.learn([unwanted()]);
        }
        let cost = Cost::from(&settings.config.dns);
        live.map(|live| Checks::start(live.asker, live.start, cost))
    }
}

/// That the person wants no server asked.
pub fn unwanted() -> Fact {
    Fact::Liveness(Liveness::Off(Off::Unwanted))
}

impl Settings {
    /// Lays the flags about name servers over the configuration.
    pub fn with_live(mut self, args: &LiveArgs) -> Self {
        let dns = &mut self.config.dns;
        if let Some(roots) = &args.roots {
            dns.roots = Some(roots.clone());
        }
        dns.port = args.dns_port.unwrap_or(dns.port);
        dns.allow.extend(args.allow_private_dns.iter().copied());
        self
    }
}
