//! A world from its TOML file. Unknown keys are refused, so that a typing error does not silently heal a fault.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::behaviour::ServerSpec;
use super::line::braces;
use super::signing::Signatures;
use super::spec::{AccountSpec, DelegationSpec, Ds, ZoneSpec};
use super::{Expectation, OutsideSpec, World, WorldBuilder, WorldError};
use crate::model::name::DnsName;
use crate::model::zone::Visibility;
use crate::sim::faults::Faults;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct WorldFile {
    name: String,
    #[serde(default)]
    account: Vec<AccountEntry>,
    #[serde(default)]
    outside: Vec<OutsideEntry>,
    #[serde(default)]
    server: Vec<ServerEntry>,
    #[serde(default)]
    expect: Vec<Expectation>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ServerEntry {
    name: String,
    zone: Option<String>,
    behaviour: Words,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Words {
    One(String),
    Several(Vec<String>),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OutsideEntry {
    name: String,
    #[serde(default)]
    servers: Vec<String>,
    #[serde(default = "yes")]
    delegate: bool,
    delegate_ns: Option<Vec<String>>,
    apex_ns: Option<Vec<String>>,
    signing: Option<String>,
    signatures: Option<String>,
    #[serde(default)]
    ds: bool,
    copy_of: Option<String>,
    #[serde(default)]
    records: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountEntry {
    id: String,
    name: String,
    env: Option<String>,
    external_id: Option<String>,
    policy: Option<String>,
    #[serde(default)]
    role: Vec<RoleEntry>,
    #[serde(default)]
    fault: Faults,
    #[serde(default)]
    zone: Vec<ZoneEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RoleEntry {
    name: String,
    policy: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ZoneEntry {
    name: String,
    key: Option<String>,
    id: Option<String>,
    #[serde(default)]
    private: bool,
    vpcs: Option<u32>,
    #[serde(default)]
    comment: String,
    linked_service: Option<String>,
    signing: Option<String>,
    signatures: Option<String>,
    #[serde(default)]
    ds: bool,
    #[serde(default = "yes")]
    delegate: bool,
    delegate_ns: Option<Vec<String>>,
    delegate_in: Option<String>,
    apex_ns: Option<Vec<String>>,
    delegation_set: Option<Vec<String>>,
    #[serde(default)]
    tags: BTreeMap<String, String>,
    #[serde(default)]
    protected: Vec<String>,
    recovery: Option<String>,
    #[serde(default)]
    deny: Vec<String>,
    #[serde(default)]
    records: Vec<String>,
}

fn yes() -> bool {
    true
}

pub(super) fn from_toml(text: &str) -> Result<World, WorldError> {
    let file: WorldFile = toml::from_str(text).map_err(|why| WorldError::File(why.to_string()))?;
    let mut builder = WorldBuilder::new(file.name);
    for entry in file.account {
        let account = builder.account(AccountSpec {
            id: entry.id.clone(),
            name: entry.name,
            env: entry.env,
            external_id: entry.external_id,
            policy: entry.policy,
            roles: entry.role.into_iter().map(|role| (role.name, role.policy)).collect(),
            faults: entry.fault,
        });
        for zone in entry.zone {
            let place = format!("account {}, zone {:?}", entry.id, zone.name);
            let specs = specs(zone).map_err(|why| WorldError::Content { place, why })?;
            for spec in specs {
                builder.zone(account, spec);
            }
        }
    }
    for entry in file.outside {
        let place = format!("outside zone {:?}", entry.name);
        let specs = outside(&entry).map_err(|why| WorldError::Content { place, why })?;
        specs.into_iter().for_each(|spec| builder.outside(spec));
    }
    for entry in file.server {
        let place = format!("server {:?}", entry.name);
        builder.server(server(entry).map_err(|why| WorldError::Content { place, why })?);
    }
    for expectation in file.expect {
        builder.expect(expectation);
    }
    builder.build()
}

fn server(entry: ServerEntry) -> Result<ServerSpec, String> {
    let zone = entry.zone.as_deref().map(DnsName::parse_route53).transpose();
    Ok(ServerSpec {
        name: entry.name,
        zone: zone.map_err(|why| format!("zone: {why}"))?,
        behaviour: match entry.behaviour {
            Words::One(word) => vec![word],
            Words::Several(words) => words,
        },
    })
}

/// One zone, or several where the name holds braces.
fn outside(entry: &OutsideEntry) -> Result<Vec<OutsideSpec>, String> {
    braces(&entry.name)?
        .iter()
        .map(|name| outside_spec(name, entry))
        .collect()
}

fn outside_spec(name: &str, entry: &OutsideEntry) -> Result<OutsideSpec, String> {
    let read = |text: &str| DnsName::parse_route53(text).map_err(|why| format!("{text:?}: {why}"));
    let name = match name {
        "." => DnsName::root(),
        name => read(name)?,
    };
    let mut servers = Vec::new();
    for server in &entry.servers {
        for server in braces(server)? {
            servers.push(read(&server)?);
        }
    }
    Ok(OutsideSpec {
        delegation: match (entry.delegate, entry.delegate_ns.clone()) {
            (true, None) => DelegationSpec::Own,
            (true, Some(values)) => DelegationSpec::Values(values),
            (false, None) => DelegationSpec::Absent,
            (false, Some(_)) => return Err("delegate = false and delegate_ns contradict each other".into()),
        },
        apex_ns: entry.apex_ns.clone(),
        signing: signing(entry.signing.clone())?,
        signatures: signatures(entry.signatures.as_deref())?,
        ds: ds(entry.ds),
        copy_of: entry.copy_of.clone(),
        lines: entry.records.clone(),
        ..OutsideSpec::new(name, servers)
    })
}

/// The signing of a zone outside Route 53, which has no other words for it.
fn signing(word: Option<String>) -> Result<String, String> {
    let word = word.unwrap_or_else(|| "NOT_SIGNING".into());
    match word.as_str() {
        "SIGNING" | "NOT_SIGNING" => Ok(word),
        _ => Err("signing is SIGNING or NOT_SIGNING".into()),
    }
}

fn signatures(word: Option<&str>) -> Result<Signatures, String> {
    word.map_or(Ok(Signatures::Valid), Signatures::read)
}

fn ds(held: bool) -> Ds {
    if held { Ds::Held } else { Ds::Absent }
}

/// One zone, or several where the name holds braces.
fn specs(entry: ZoneEntry) -> Result<Vec<ZoneSpec>, String> {
    let names = braces(&entry.name)?;
    if names.len() > 1 && (entry.key.is_some() || entry.id.is_some()) {
        return Err("a key or an id is one zone's; the name stands for several".into());
    }
    names.into_iter().map(|name| spec(&name, &entry)).collect()
}

fn spec(name: &str, entry: &ZoneEntry) -> Result<ZoneSpec, String> {
    let name = DnsName::parse_route53(name).map_err(|why| why.to_string())?;
    let base = match entry.private {
        true => ZoneSpec::private(name),
        false => ZoneSpec::public(name),
    };
    Ok(ZoneSpec {
        key: entry.key.clone(),
        id: entry.id.clone(),
        vpcs: entry.vpcs.unwrap_or(base.vpcs),
        comment: entry.comment.clone(),
        linked_service: entry.linked_service.clone(),
        signing: entry.signing.clone().unwrap_or(base.signing),
        signatures: signatures(entry.signatures.as_deref())?,
        ds: ds(entry.ds),
        delegation: delegation(entry, base.visibility)?,
        delegate_in: entry.delegate_in.clone(),
        apex_ns: entry.apex_ns.clone(),
        delegation_set: entry.delegation_set.clone(),
        tags: entry.tags.clone(),
        protected: entry.protected.clone(),
        recovery: entry.recovery.clone(),
        deny: entry.deny.clone(),
        lines: entry.records.clone(),
        ..base
    })
}

fn delegation(entry: &ZoneEntry, visibility: Visibility) -> Result<DelegationSpec, String> {
    match (&entry.delegate_ns, visibility) {
        (Some(_), Visibility::Private) => {
            Err("a private zone is not delegated to; delegate_ns is for public zones".into())
        }
        (Some(_), _) if !entry.delegate => Err("delegate = false and delegate_ns contradict each other".into()),
        (Some(values), _) => Ok(DelegationSpec::Values(values.clone())),
        (None, Visibility::Public) if entry.delegate => Ok(DelegationSpec::Own),
        (None, _) => Ok(DelegationSpec::Absent),
    }
}
