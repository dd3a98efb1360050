//! The checks of record sets that are changed one by one: whether anybody sees the zone, and what each cut comes to afterwards.
//!
//! Invariant: a zone that nobody is seen to be referred to is never taken for one that is used.

use crate::findings::Survey;
use crate::model::cut::shares;
use crate::model::dnssec::Signing;
use crate::model::inventory::Inventory;
use crate::model::name::DnsName;
use crate::model::served::{Reached, SeenDelegation, Served};
use crate::plan::live::{LiveZone, Seen};
use crate::plan::preflight::{Check, Outcome};
use crate::plan::touched::TouchedCut;

use super::{apex_as_served, child_answers, cuts_below, dnssec, in_use, private_twins, unread};

/// Whether the internet is referred to a zone, and to no twin of it; what was heard is of its apex.
pub fn zone_in_use(zone: &LiveZone, served: &Seen<Served>, inventory: &Inventory) -> Check {
    let name = &zone.name;
    let twins = inventory.public_zones(name.as_wire()).len();
    let twins = (twins > 1).then(|| format!("{twins} public zones of the accounts are called {name}"));
    let check = |outcome: Outcome, saying: String| {
        Check::new("zone-is-used", "Zone is used", outcome, saying).with(twins.clone())
    };
    let served = match served {
        Ok(served) => served,
        Err(why) => {
            let saying = format!(
                "whether the internet is referred to {} is not known: {why}",
                zone.describe()
            );
            return check(Outcome::Unchecked, saying);
        }
    };
    if served.parent.reached != Reached::Walked {
        let saying = format!("no way from the root to the servers above {name} was found");
        return check(Outcome::Unchecked, saying);
    }
    let is_own =
        |servers: &[DnsName]| shares(servers, &zone.name_servers) || served.answers_from(servers, &zone.name_servers);
    match served.parent.seen(name) {
        SeenDelegation::Delegated(referral) if is_own(&referral.name_servers) => check(
            Outcome::Ok,
            format!("the internet is referred to the servers of {}", zone.describe()),
        ),
        SeenDelegation::Delegated(referral) => check(
            Outcome::Stop,
            format!(
                "the internet is referred to other servers for {name} than those of {}: nobody would see what changes here",
                zone.id
            ),
        )
        .with(referral.name_servers.iter().map(DnsName::to_string)),
        SeenDelegation::NoName | SeenDelegation::NoDelegation => check(
            Outcome::Warn,
            format!("nobody is referred to {}: what changes here is not seen yet", zone.describe()),
        ),
        SeenDelegation::Inconsistent => {
            let saying = format!("the servers above {name} do not agree on who serves it");
            check(Outcome::Unchecked, saying)
        }
        SeenDelegation::Hidden | SeenDelegation::Unseen => check(
            Outcome::Unchecked,
            format!("no server above {name} said whom it refers to"),
        ),
    }
}

/// What is to be known of a cut at which record sets are changed, as it stands afterwards.
pub fn touched_cut(
    cut: &TouchedCut,
    signing: Option<&Signing>,
    served: &Seen<Served>,
    inventory: &Inventory,
    survey: &Survey,
) -> Vec<Check> {
    let name = &cut.name;
    let mut checks = Vec::new();
    if let Some(servers) = cut.coming() {
        checks.push(child_answers(name, servers, served));
        checks.push(apex_as_served(name, servers, served));
        checks.push(private_twins(name, inventory));
        checks.push(cuts_below(name, survey));
    }
    if let Some(servers) = cut.going() {
        checks.push(in_use(name, servers, served));
        checks.extend(unread(inventory));
        checks.push(cuts_below(name, survey));
    }
    let anchor = cut.anchor();
    checks.extend(anchor.map(|ds| dnssec(name, Some(ds), signing, served)));
    checks
}
