//! A request as policies see it: the action, the resource, and the keys that conditions compare.
//!
//! Names are normalised as Route 53 documents it: lower case, octal escapes, no final dot.

use std::collections::{BTreeMap, BTreeSet};

use crate::model::name::DnsName;
use crate::sim::api::{Change, ChangeAction, Operation, TagTargets};

const NAMES: &str = "route53:changeresourcerecordsetsnormalizedrecordnames";
const TYPES: &str = "route53:changeresourcerecordsetsrecordtypes";
const ACTIONS: &str = "route53:changeresourcerecordsetsactions";

/// A request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The action with its service, as `route53:GetChange`.
    pub action: String,
    /// The ARN; `*` for actions that are about no resource.
    pub resource: String,
    /// The keys, in lower case, with their values.
    keys: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Request {
    /// A request for an action on a resource, without any key.
    pub fn new(action: impl Into<String>, resource: impl Into<String>) -> Self {
        Self {
            action: action.into(),
            resource: resource.into(),
            keys: BTreeMap::new(),
        }
    }

    /// The requests that an operation of Route 53 is: one for each resource it is about.
    pub fn of(operation: &Operation) -> Vec<Self> {
        let action = format!("route53:{}", operation.action());
        let keys = match operation {
            Operation::ChangeResourceRecordSets { changes, .. } => keys(changes),
            _ => BTreeMap::new(),
        };
        let request = |resource| Self {
            keys: keys.clone(),
            ..Self::new(action.clone(), resource)
        };
        resources(operation).into_iter().map(request).collect()
    }

    /// The values of a key; none where the request does not have it.
    pub(super) fn values(&self, key: &str) -> Option<&BTreeSet<String>> {
        self.keys.get(key)
    }
}

fn resources(operation: &Operation) -> Vec<String> {
    let arn = |kind: &str, id: &str| {
        let bare = id.rsplit('/').next().unwrap_or(id);
        format!("arn:aws:route53:::{kind}/{bare}")
    };
    match operation {
        Operation::GetChange { id } => vec![arn("change", id)],
        Operation::GetReusableDelegationSet { id }
        | Operation::DeleteReusableDelegationSet { id }
        | Operation::GetReusableDelegationSetLimit { id, .. } => vec![arn("delegationset", id)],
        Operation::ListTags {
            ids: TagTargets::Several(ids),
            kind,
        } => ids.iter().map(|id| arn(kind, id)).collect(),
        Operation::ListTags {
            ids: TagTargets::One(id),
            kind,
        }
        | Operation::ChangeTags { kind, id, .. } => vec![arn(kind, id)],
        _ => vec![
            operation
                .zone()
                .map_or_else(|| "*".to_owned(), |zone| arn("hostedzone", zone)),
        ],
    }
}

fn keys(changes: &[Change]) -> BTreeMap<&'static str, BTreeSet<String>> {
    let of = |value: fn(&Change) -> String| changes.iter().map(value).collect::<BTreeSet<_>>();
    let keys = [
        (NAMES, of(|change| normalised(&change.set.name))),
        (TYPES, of(|change| change.set.record_type.to_string())),
        (ACTIONS, of(|change| word(change.action).to_owned())),
    ];
    keys.into_iter().filter(|(_, values)| !values.is_empty()).collect()
}

fn normalised(name: &DnsName) -> String {
    name.to_route53().trim_end_matches('.').to_ascii_lowercase()
}

fn word(action: ChangeAction) -> &'static str {
    match action {
        ChangeAction::Create => "CREATE",
        ChangeAction::Delete => "DELETE",
        ChangeAction::Upsert => "UPSERT",
    }
}
