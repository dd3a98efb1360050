//! What becomes of the two record sets at a cut, NS and DS, as changes that state the old exactly.

use super::{Child, CutScene, DsChange, NsChange, UNKNOWN_TTL};
use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;
use crate::model::record::{RecordType, name_servers};
use crate::model::text::Untrusted;
use crate::plan::Refusal;
use crate::plan::batch::{Change, Wanted};
use crate::plan::exact::ExactSet;

/// What becomes of the NS record set.
pub(super) fn ns_change(scene: &CutScene, change: &NsChange) -> Result<Option<Change>, Refusal> {
    let (name, parent) = (&scene.name, &scene.parent);
    let old = parent.sets.find(name, RecordType::NS);
    let new = match change {
        NsChange::Keep => return Ok(None),
        NsChange::Gone => {
            let old = old.ok_or_else(|| gone(scene))?;
            return Ok(Some(Change::Delete(old.clone())));
        }
        NsChange::Without(servers) => {
            let old = old.ok_or_else(|| gone(scene))?;
            Wanted::Set(without(old, servers))
        }
        NsChange::ToChild { ttl } => {
            check_ttl(*ttl)?;
            refuse_below_a_cut(scene)?;
            match scene.child.servers() {
                Some([]) => return Err(no_servers(scene)),
                Some(servers) if !matches!(scene.child, Child::Created { .. }) => {
                    Wanted::Set(ExactSet::name_servers(name.clone(), *ttl, servers))
                }
                _ if matches!(scene.child, Child::Created { .. }) => Wanted::Servers {
                    name: name.clone(),
                    ttl: *ttl,
                    of: 0,
                },
                _ => return Err(no_servers(scene)),
            }
        }
    };
    let Some(old) = old else {
        return Ok(Some(Change::Create(new)));
    };
    if let Wanted::Set(new) = &new
        && servers_of(new) == servers_of(old)
    {
        return Err(already_delegated(scene));
    }
    Ok(Some(Change::Replace {
        old: Box::new(old.clone()),
        new: Box::new(new),
    }))
}

/// What becomes of the DS record set; none where nothing does.
pub(super) fn ds_change(scene: &CutScene, change: &DsChange) -> Option<Change> {
    let old = scene.parent.sets.find(&scene.name, RecordType::DS)?;
    let gone = match change {
        DsChange::Keep => return None,
        DsChange::Gone => return Some(Change::Delete(old.clone())),
        DsChange::Without(gone) => gone,
    };
    let is_gone = |value: &Untrusted| DsValue::read(value.expose()).is_some_and(|ds| gone.contains(&ds));
    let left: Vec<Untrusted> = old.values().iter().filter(|value| !is_gone(value)).cloned().collect();
    match (left.len(), old.values().len()) {
        (0, _) => Some(Change::Delete(old.clone())),
        (left, all) if left == all => None,
        _ => {
            let new = ExactSet::simple(old.name.clone(), RecordType::DS, old.ttl.unwrap_or(300), left);
            Some(Change::Replace {
                old: Box::new(old.clone()),
                new: Box::new(Wanted::Set(new)),
            })
        }
    }
}

/// The names that an NS record set gives, sorted.
pub fn servers_of(set: &ExactSet) -> Vec<DnsName> {
    name_servers(set.values().iter().map(|value| value.expose().as_bytes()))
}

fn without(old: &ExactSet, servers: &[DnsName]) -> ExactSet {
    let stays = |value: &&Untrusted| {
        DnsName::parse_route53(value.expose().trim()).map_or(true, |name| !servers.contains(&name))
    };
    let values = old.values().iter().filter(stays).cloned().collect();
    ExactSet::simple(old.name.clone(), RecordType::NS, old.ttl.unwrap_or(300), values)
}

fn check_ttl(ttl: u32) -> Result<(), Refusal> {
    match ttl {
        1..=UNKNOWN_TTL => Ok(()),
        _ => Err(Refusal::new(format!(
            "a delegation lives for 1 to {UNKNOWN_TTL} seconds, not for {ttl}"
        ))),
    }
}

fn refuse_below_a_cut(scene: &CutScene) -> Result<(), Refusal> {
    let (name, parent) = (&scene.name, &scene.parent);
    match parent.sets.cut_above(&parent.name, name) {
        None => Ok(()),
        Some(upper) => Err(Refusal::new(format!(
            "{} delegates {upper} already: nobody would see an NS record set at {name} there",
            parent.describe()
        ))
        .next(format!("delegate {name} from the zone {upper}"))),
    }
}

fn already_delegated(scene: &CutScene) -> Refusal {
    Refusal::so_already(format!(
        "{} is already delegated to exactly these name servers",
        scene.name
    ))
    .next(format!("zonecut verify {} shows whether they answer", scene.name))
}

fn no_servers(scene: &CutScene) -> Refusal {
    Refusal::new(format!(
        "no name servers are known that {} could be delegated to",
        scene.name
    ))
}

fn gone(scene: &CutScene) -> Refusal {
    Refusal::new(format!(
        "{} no longer has an NS record set at {}",
        scene.parent.describe(),
        scene.name
    ))
    .next("scan again: what was to be changed is not there any more")
}

/// The name servers that a new zone will have, where they are known before.
pub(super) fn of_new_zone(child: &super::Child) -> Option<String> {
    let super::Child::Created { set: Some(set), .. } = child else {
        return None;
    };
    let servers: Vec<String> = set.name_servers.iter().map(ToString::to_string).collect();
    Some(format!(
        "the name servers of the new zone will be {}",
        servers.join(", ")
    ))
}
