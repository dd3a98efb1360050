//! Where a delegation leads, compared with where the zones of its name are served: at most one fault, the gravest first.

use std::sync::LazyLock;

use crate::model::awsdns;
use crate::model::cut::{Servers, shares};
use crate::model::inventory::ZoneEntry;
use crate::model::name::DnsName;
use crate::model::served::Outlook;

use super::context::Context;

/// What is wrong with where a delegation leads. The order is the one in which they are looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DelegationFault {
    /// To the servers of private zones, which refuse everybody.
    ToPrivateZone,
    /// To the parent zone's own servers.
    ToParent,
    /// To Route 53 servers, while no zone of the name is held, and nobody knows whether they serve it.
    Unverified,
    /// To servers that were heard not to serve the name, while no zone of it is held.
    Dangling,
    /// To Route 53 servers that serve the name from a zone that is not held.
    Unknown,
    /// To Route 53 servers, none of which serves a zone of the name that is held.
    Stale,
    /// To other servers, while zones of the name are held.
    Elsewhere,
    /// To servers of several zones of the name.
    Split,
    /// To the right servers and to others of Route 53.
    DanglingServer,
    /// To some of the right servers only.
    Incomplete,
}

static PRIVATE: LazyLock<Vec<DnsName>> = LazyLock::new(awsdns::private_servers);

impl DelegationFault {
    /// Judges where the delegation of a cut leads; none where there is no delegation, or nothing is wrong or known.
    pub fn of(context: &Context<'_>) -> Option<Self> {
        let to = context.delegated_to();
        if to.is_empty() {
            return None;
        }
        if is_subset(to, &PRIVATE) || is_subset(&PRIVATE, to) {
            return Some(Self::ToPrivateZone);
        }
        if leads_to_parent(context, to) {
            return Some(Self::ToParent);
        }
        if context.cut.children.is_empty() {
            return Self::without_zone(context, to);
        }
        Self::against(context, to)
    }

    fn without_zone(context: &Context<'_>, to: &[DnsName]) -> Option<Self> {
        let all_of_route53 = to.iter().all(awsdns::is_awsdns);
        match context.outlook() {
            Outlook::Serving => serves_as_route53(context, to).then_some(Self::Unknown),
            // That their names do not exist hands nobody the zone.
            Outlook::Dead if is_any_lame(context, to) => Some(Self::Dangling),
            _ => all_of_route53.then_some(Self::Unverified),
        }
    }

    fn against(context: &Context<'_>, to: &[DnsName]) -> Option<Self> {
        let all_known = context.child_servers().all(|servers| servers != Servers::Unknown);
        let known = context.child_servers().filter_map(|servers| servers.names());
        let answers_from = |set: &[DnsName]| context.served().is_some_and(|served| served.answers_from(to, set));
        let mut hits = known.filter(|set| shares(set, to) || answers_from(set));
        match (hits.next(), hits.next()) {
            // What is served at the apex tells which zone it is.
            (None, _) if !context.cut.served.is_empty() => None,
            (None, _) if !all_known => None,
            (None, _) if to.iter().all(awsdns::is_awsdns) && context.outlook() != Outlook::Serving => Some(Self::Stale),
            (None, _) => Some(Self::Elsewhere),
            (Some(_), Some(_)) => Some(Self::Split),
            (Some(set), None) => {
                let serves = |name: &DnsName| context.asked.as_ref().is_some_and(|asked| asked.is_serving(name));
                let mut strangers = to.iter().filter(|name| !set.contains(name) && !serves(name));
                if all_known && strangers.any(awsdns::is_awsdns) {
                    return Some(Self::DanglingServer);
                }
                (to.len() < set.len() && is_subset(to, set)).then_some(Self::Incomplete)
            }
        }
    }
}

/// Whether the delegation names servers of the zone it stands in that serve no zone of the delegated name.
fn leads_to_parent(context: &Context<'_>, to: &[DnsName]) -> bool {
    let parent = context.cut.delegation.as_ref().and_then(|d| context.zone(d.zone));
    let Some(servers) = parent.and_then(servers_of_parent) else {
        return false;
    };
    let serves_child = |name: &DnsName| {
        let is_heard = context.asked.as_ref().is_some_and(|asked| asked.is_serving(name));
        is_heard || context.child_servers().any(|servers| servers.contain(name))
    };
    to.iter().any(|name| servers.contains(name) && !serves_child(name))
}

/// The servers of a parent zone: its delegation set, or its apex NS record set where that looks as Route 53 made it.
fn servers_of_parent(parent: &ZoneEntry) -> Option<&[DnsName]> {
    if let Some(set) = parent.delegation_set.as_ref().and_then(|held| held.value()) {
        return Some(&set.name_servers);
    }
    let apex = parent.apex.as_ref().filter(|apex| apex.is_as_made)?;
    Some(&apex.name_servers)
}

/// Whether a server of Route 53 was heard to serve the name.
fn serves_as_route53(context: &Context<'_>, to: &[DnsName]) -> bool {
    let mut own = to.iter().filter(|name| awsdns::is_awsdns(name));
    own.any(|name| context.asked.as_ref().is_some_and(|asked| asked.is_serving(name)))
}

fn is_any_lame(context: &Context<'_>, to: &[DnsName]) -> bool {
    to.iter()
        .any(|name| context.asked.as_ref().is_some_and(|asked| asked.is_lame(name)))
}

fn is_subset(a: &[DnsName], b: &[DnsName]) -> bool {
    a.iter().all(|name| b.contains(name))
}
