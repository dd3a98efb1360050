//! Looks at what was made from outside: asks the servers of both sides, and resolvers.

use std::sync::Arc;

use super::expected::{Answer, Apex, Expected};
use super::holds::holds;
use crate::engine::ask::{Asker, Budget};
use crate::engine::atlas::{Atlas, Start};
use crate::engine::check::{Anchored, Checker, Cost, HeldParent, Target};
use crate::model::dns::{Outcome, Question, Resolved, Resolver, ResolverPlace, name_servers};
use crate::model::duration::in_words;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::served::{ChildServer, ParentServer, ParentWord, Served, ServerState};
use crate::plan::journal::{Seen, SeenVerdict, Side};
use crate::plan::sight;
use crate::plan::teardown::Outside;
use crate::ports::Dns;

/// Whoever can look at what was made from outside.
pub trait Prover: Send + Sync {
    /// Looks once, at each of these.
    fn look(&self, expected: &[Expected]) -> impl Future<Output = Vec<Seen>> + Send;

    /// Whether somebody refers to servers for a name that shall go.
    fn outside(&self, name: &DnsName, servers: &[DnsName]) -> impl Future<Output = Outside> + Send;
}

/// Nobody is asked, so nothing is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct NobodyAsked;

impl Prover for NobodyAsked {
    async fn look(&self, expected: &[Expected]) -> Vec<Seen> {
        let unknown = |expected: &Expected| Seen {
            side: match expected {
                Expected::Serving { .. } | Expected::Records { .. } => Side::Child,
                Expected::Cut { .. } | Expected::Referral { .. } | Expected::NoCut { .. } => Side::Parent,
            },
            who: "nobody".to_owned(),
            verdict: SeenVerdict::Unknown,
            saying: "no name server is asked in this run".to_owned(),
        };
        expected.iter().map(unknown).collect()
    }

    async fn outside(&self, _: &DnsName, _: &[DnsName]) -> Outside {
        Outside::Unknown("no name server is asked in this run".to_owned())
    }
}

/// Asks the real name servers.
pub struct LiveProver<N> {
    asker: Arc<Asker<N>>,
    start: Start,
    cost: Cost,
    resolvers: Vec<Resolver>,
}

impl<N: Dns> LiveProver<N> {
    /// Asks through `asker`, walking from `start`, and these resolvers.
    pub fn new(asker: Arc<Asker<N>>, start: Start, cost: Cost, resolvers: impl IntoIterator<Item = Resolver>) -> Self {
        Self {
            asker,
            start,
            cost,
            resolvers: resolvers.into_iter().collect(),
        }
    }
}

impl<N: Dns> Prover for LiveProver<N> {
    async fn look(&self, expected: &[Expected]) -> Vec<Seen> {
        let mut seen = Vec::new();
        for one in expected {
            seen.extend(self.look_at(one).await);
        }
        seen
    }

    async fn outside(&self, name: &DnsName, servers: &[DnsName]) -> Outside {
        let target = Target {
            own: servers.to_vec(),
            ..Target::unheld(name.clone())
        };
        sight::outside(name, servers, &[], &Ok(self.check(&target).await))
    }
}

impl<N: Dns> LiveProver<N> {
    async fn look_at(&self, expected: &Expected) -> Vec<Seen> {
        match expected {
            Expected::Serving { zone, servers } => {
                let target = Target {
                    delegated: servers.clone(),
                    own: servers.clone(),
                    ..Target::unheld(zone.clone())
                };
                let served = self.check(&target).await;
                servers
                    .iter()
                    .map(|server| serves(&served, server, servers, Apex::TheSame))
                    .collect()
            }
            Expected::Cut {
                name,
                parent,
                servers,
                apex,
            } => {
                let served = self.check(&cut_of(name, parent, servers)).await;
                let above = served
                    .parent
                    .heard
                    .iter()
                    .map(|heard| refers(&heard.server, heard.word(name), Some(servers)));
                let below = servers.iter().map(|server| serves(&served, server, servers, *apex));
                let mut seen: Vec<Seen> = one_each(above, parent).into_iter().chain(below).collect();
                seen.extend(self.ask_resolvers(name, Some(servers)).await);
                seen
            }
            Expected::Referral { name, parent, servers } => self.look_at_parent(name, parent, Some(servers)).await,
            Expected::NoCut { name, parent } => self.look_at_parent(name, parent, None).await,
            Expected::Records {
                zone,
                name,
                record_type,
                answer,
            } => self.ask_for_records(zone, name, *record_type, answer).await,
        }
    }

    /// Nothing that was found out before counts: what is looked for has just changed.
    async fn check(&self, target: &Target) -> Served {
        let atlas = Arc::new(Atlas::new(self.start.clone()));
        Checker::new(Arc::clone(&self.asker), atlas, self.cost)
            .check(target)
            .await
    }

    /// The zone that was changed is asked, whether it is the one that resolvers are led through or not: below another cut, or
    /// beside a twin, what another zone refers to was never its own.
    async fn look_at_parent(
        &self,
        name: &DnsName,
        parent: &(DnsName, Vec<DnsName>),
        wanted: Option<&[DnsName]>,
    ) -> Vec<Seen> {
        let served = self.check(&cut_of(name, parent, wanted.unwrap_or_default())).await;
        if leads_through(&served, parent) {
            let heard = served.parent.heard.iter();
            let above = heard.map(|heard| refers(&heard.server, heard.word(name), wanted));
            let mut seen = one_each(above, parent);
            seen.extend(self.ask_resolvers(name, wanted).await);
            return seen;
        }
        let question = Question {
            name: name.clone(),
            record_type: RecordType::NS,
        };
        let heard = self.ask_servers(parent, &question).await.into_iter();
        let seen = heard.filter_map(|(server, asked)| match ParentWord::of(asked.as_ref()?, name) {
            ParentWord::CutAbove(referral) => Some(out_of_sight(&server.name, &referral.cut)),
            word => Some(refers(&server.name, word, wanted)),
        });
        one_each(seen, parent)
    }

    async fn ask_for_records(
        &self,
        zone: &(DnsName, Vec<DnsName>),
        name: &DnsName,
        record_type: RecordType,
        answer: &Answer,
    ) -> Vec<Seen> {
        let question = Question {
            name: name.clone(),
            record_type,
        };
        let heard = self.ask_servers(zone, &question).await.into_iter();
        let seen = heard.map(|(server, asked)| match asked {
            Some(outcome) => holds(&server, &question, &outcome, answer),
            None => unknown(
                Side::Child,
                server.name.to_string(),
                "no address of it is known".to_owned(),
            ),
        });
        seen.collect()
    }

    /// Asks each server of a zone the same; none where it is not known where it stands.
    async fn ask_servers(
        &self,
        (zone, servers): &(DnsName, Vec<DnsName>),
        question: &Question,
    ) -> Vec<(ChildServer, Option<Outcome>)> {
        let target = Target {
            delegated: servers.clone(),
            own: servers.clone(),
            ..Target::unheld(zone.clone())
        };
        let served = self.check(&target).await;
        let budget = Budget::new(self.cost.queries, self.cost.time);
        let mut heard = Vec::new();
        // Whom the apex names besides may be a stranger.
        let own = served
            .servers
            .into_iter()
            .filter(|server| servers.contains(&server.name));
        for server in own {
            let mut addresses = server.addresses().into_iter();
            let address = addresses.find(|address| self.asker.admits(*address).is_ok());
            let said = match address {
                Some(address) => Some(self.asker.ask(address, question, zone, &budget).await),
                None => None,
            };
            heard.push((server, said));
        }
        heard
    }

    async fn ask_resolvers(&self, name: &DnsName, servers: Option<&[DnsName]>) -> Vec<Seen> {
        let question = Question {
            name: name.clone(),
            record_type: RecordType::NS,
        };
        let budget = Budget::new(self.cost.queries, self.cost.time);
        let mut seen = Vec::new();
        for resolver in &self.resolvers {
            // One over HTTPS is asked only where no server can be.
            let ResolverPlace::At(address) = resolver.place else {
                continue;
            };
            let said = self.asker.ask_resolver(resolver, &question, &budget).await;
            let who = format!("resolver {}", address.ip());
            seen.push(match said {
                Ok((resolved, _)) => resolves(who, &resolved, servers),
                Err(_) => unknown(Side::Resolver, who, "it was not asked".to_owned()),
            });
        }
        seen
    }
}

fn cut_of(name: &DnsName, (zone, servers): &(DnsName, Vec<DnsName>), to: &[DnsName]) -> Target {
    Target {
        name: name.clone(),
        parent: (!servers.is_empty()).then(|| HeldParent {
            zone: zone.clone(),
            servers: servers.clone(),
        }),
        delegated: to.to_vec(),
        own: to.to_vec(),
        anchored: Anchored::Unknown,
    }
}

/// Whether resolvers are led to a name through a zone of these servers.
fn leads_through(served: &Served, (zone, servers): &(DnsName, Vec<DnsName>)) -> bool {
    let heard = &served.parent.heard;
    let is_of_it = |heard: &ParentServer| servers.contains(&heard.server);
    servers.is_empty()
        || (served.parent.zone.as_ref() == Some(zone) && (heard.is_empty() || heard.iter().any(is_of_it)))
}

fn unknown(side: Side, who: String, saying: String) -> Seen {
    Seen {
        side,
        who,
        verdict: SeenVerdict::Unknown,
        saying,
    }
}

/// A line for each server that was heard; one for all where none was.
fn one_each(heard: impl Iterator<Item = Seen>, (zone, _): &(DnsName, Vec<DnsName>)) -> Vec<Seen> {
    let mut all: Vec<Seen> = Vec::new();
    for seen in heard {
        // A server has several addresses: the worst of what they say stands for it.
        match all.iter_mut().find(|other| other.who == seen.who) {
            Some(other) if rank(seen.verdict) > rank(other.verdict) => *other = seen,
            Some(_) => {}
            None => all.push(seen),
        }
    }
    if all.is_empty() {
        all.push(unknown(
            Side::Parent,
            format!("servers of {zone}"),
            "none of them could be asked".to_owned(),
        ));
    }
    all
}

/// What cannot be asked from here stands behind what was said.
fn rank(verdict: SeenVerdict) -> u8 {
    match verdict {
        SeenVerdict::Unknown => 0,
        SeenVerdict::Good => 1,
        SeenVerdict::Other => 2,
    }
}

/// What one address of a server of the parent says of a cut.
fn refers(server: &DnsName, word: ParentWord<'_>, wanted: Option<&[DnsName]>) -> Seen {
    let seen = |verdict, saying: String| Seen {
        side: Side::Parent,
        who: server.to_string(),
        verdict,
        saying,
    };
    match (word, wanted) {
        (ParentWord::Delegates(referral), Some(wanted)) if same(&referral.name_servers, wanted) => seen(
            SeenVerdict::Good,
            format!("refers to the {} new name servers", wanted.len()),
        ),
        (ParentWord::Delegates(referral), Some(_)) => seen(
            SeenVerdict::Other,
            format!("refers to {}", listed(&referral.name_servers)),
        ),
        (ParentWord::Delegates(referral), None) => seen(
            SeenVerdict::Other,
            format!("still refers to {}", listed(&referral.name_servers)),
        ),
        (ParentWord::Hosts(_), _) => seen(
            SeenVerdict::Good,
            "serves the name itself, so its referral cannot be seen".to_owned(),
        ),
        (ParentWord::Nothing, _) => seen(SeenVerdict::Unknown, "says nothing".to_owned()),
        (ParentWord::Lame, _) => seen(
            SeenVerdict::Other,
            "does not serve the zone above as it should".to_owned(),
        ),
        (ParentWord::NoName | ParentWord::NoDelegation | ParentWord::Alias | ParentWord::CutAbove(_), None) => {
            seen(SeenVerdict::Good, "refers to nobody for the name".to_owned())
        }
        (_, Some(_)) => seen(SeenVerdict::Other, "does not refer to anybody for the name".to_owned()),
    }
}

/// Nobody is led to what a zone holds below a cut.
fn out_of_sight(server: &DnsName, cut: &DnsName) -> Seen {
    Seen {
        side: Side::Parent,
        who: server.to_string(),
        verdict: SeenVerdict::Good,
        saying: format!("refers to the servers of {cut} above it, so nobody can see what was changed"),
    }
}

/// Whether a server serves a zone and names its servers.
fn serves(served: &Served, server: &DnsName, wanted: &[DnsName], apex: Apex) -> Seen {
    let seen = |verdict, saying: String| Seen {
        side: Side::Child,
        who: server.to_string(),
        verdict,
        saying,
    };
    let Some(found) = served.server(server) else {
        return seen(SeenVerdict::Unknown, "it was not asked".to_owned());
    };
    match found.state() {
        ServerState::Serving => match own_names(found) {
            Some(names) if !same(&names, wanted) => seen(
                match apex {
                    Apex::TheSame => SeenVerdict::Other,
                    Apex::Whatever => SeenVerdict::Good,
                },
                format!("answers with authority, and names {}", listed(&names)),
            ),
            Some(_) => seen(
                SeenVerdict::Good,
                "answers with authority and names the same servers".to_owned(),
            ),
            None => seen(
                SeenVerdict::Unknown,
                "answers with authority, and does not say which name servers the zone has".to_owned(),
            ),
        },
        ServerState::Lame(_) | ServerState::LameOrSilent(_) => {
            seen(SeenVerdict::Other, "does not serve the zone yet".to_owned())
        }
        ServerState::Silent => seen(SeenVerdict::Other, "does not answer".to_owned()),
        ServerState::Nowhere | ServerState::Cycle | ServerState::Unfound => {
            seen(SeenVerdict::Other, "has no address that could be found".to_owned())
        }
        ServerState::Unasked(_) => seen(SeenVerdict::Unknown, "could not be asked from here".to_owned()),
    }
}

/// The name servers that a server gives for its own zone.
fn own_names(server: &ChildServer) -> Option<Vec<DnsName>> {
    server
        .heard
        .iter()
        .find_map(|heard| heard.ns.answer().map(name_servers))
}

fn resolves(who: String, resolved: &Resolved, servers: Option<&[DnsName]>) -> Seen {
    let seen = |verdict, saying: String| Seen {
        side: Side::Resolver,
        who,
        verdict,
        saying,
    };
    match (resolved, servers) {
        (Resolved::Answer { records, ttl }, Some(wanted)) => match same(&name_servers(records), wanted) {
            true => seen(SeenVerdict::Good, "knows the new name servers".to_owned()),
            false => seen(
                SeenVerdict::Other,
                format!("remembers others for up to {}", in_words(*ttl)),
            ),
        },
        (Resolved::Answer { ttl, .. }, None) => {
            seen(SeenVerdict::Other, format!("remembers it for up to {}", in_words(*ttl)))
        }
        (Resolved::NoData(_) | Resolved::NoName(_), None) => {
            seen(SeenVerdict::Good, "knows of no delegation".to_owned())
        }
        (Resolved::NoData(_) | Resolved::NoName(_), Some(_)) => {
            seen(SeenVerdict::Other, "remembers that there was none".to_owned())
        }
        _ => seen(SeenVerdict::Unknown, "gives no answer".to_owned()),
    }
}

fn same(one: &[DnsName], other: &[DnsName]) -> bool {
    let sorted = |names: &[DnsName]| {
        let mut names = names.to_vec();
        names.sort();
        names.dedup();
        names
    };
    sorted(one) == sorted(other)
}

fn listed(names: &[DnsName]) -> String {
    let texts: Vec<String> = names.iter().map(ToString::to_string).collect();
    texts.join(", ")
}
