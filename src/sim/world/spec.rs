//! What a world is built from: accounts and zones as a file or a generator describes them, before anything is assigned.

use std::collections::BTreeMap;

use super::signing::Signatures;
use crate::model::name::DnsName;
use crate::model::zone::Visibility;
use crate::sim::faults::Faults;
use crate::sim::record::ResourceRecordSet;

/// An account to build.
#[derive(Debug, Clone, Default)]
pub struct AccountSpec {
    /// Twelve digits.
    pub id: String,
    /// A name for people.
    pub name: String,
    /// The environment's word, as `prod`.
    pub env: Option<String>,
    /// What `AssumeRole` must state, where the role asks for it.
    pub external_id: Option<String>,
    /// What its user may do, as a policy document of IAM.
    pub policy: Option<String>,
    /// What its roles may do, by their names.
    pub roles: BTreeMap<String, String>,
    /// What goes wrong in it.
    pub faults: Faults,
}

impl AccountSpec {
    /// An account without faults.
    pub fn new(id: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            ..Self::default()
        }
    }
}

/// A hosted zone to build.
#[derive(Debug, Clone)]
pub struct ZoneSpec {
    /// The apex.
    pub name: DnsName,
    /// The handle by which `$SET(…)` and `$DS(…)` name it; the zone's name where not given.
    pub key: Option<String>,
    /// The id; derived where not given.
    pub id: Option<String>,
    /// Public or private.
    pub visibility: Visibility,
    /// How many VPCs a private zone is associated with.
    pub vpcs: u32,
    /// The comment.
    pub comment: String,
    /// The AWS service that owns it.
    pub linked_service: Option<String>,
    /// `ServeSignature`; `NOT_SIGNING` for a zone that was never signed.
    pub signing: String,
    /// What is wrong with its signatures.
    pub signatures: Signatures,
    /// Whether the zone above gets a DS of its key beside the delegation.
    pub ds: Ds,
    /// What its parent holds about it.
    pub delegation: DelegationSpec,
    /// The handle of the parent that gets the delegation, where several zones share the parent's name.
    pub delegate_in: Option<String>,
    /// The values of the apex NS record set, where they differ from the delegation set.
    pub apex_ns: Option<Vec<String>>,
    /// The assigned name servers, where they are not to be dealt out.
    pub delegation_set: Option<Vec<String>>,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// What is protected in it, as lines: `OWNER TYPE`, and the comment behind ` # `.
    pub protected: Vec<String>,
    /// The state of accelerated recovery, in the service's word.
    pub recovery: Option<String>,
    /// The actions that are denied on this zone.
    pub deny: Vec<String>,
    /// Record sets as lines; see [`super::line`].
    pub lines: Vec<String>,
    /// Record sets as they are.
    pub sets: Vec<ResourceRecordSet>,
}

/// Whether the zone above gets a DS of the key.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ds {
    /// It does not.
    #[default]
    Absent,
    /// It does.
    Held,
}

/// The NS record set that the closest enclosing public zone gets for a zone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DelegationSpec {
    /// The zone's own delegation set; nothing where no zone encloses it or it is private.
    #[default]
    Own,
    /// These values, with `$SET(…)` expanded.
    Values(Vec<String>),
    /// Nothing.
    Absent,
}

impl ZoneSpec {
    /// A public zone that its parent delegates to.
    pub fn public(name: DnsName) -> Self {
        Self {
            name,
            key: None,
            id: None,
            visibility: Visibility::Public,
            vpcs: 0,
            comment: String::new(),
            linked_service: None,
            signing: "NOT_SIGNING".into(),
            signatures: Signatures::Valid,
            ds: Ds::Absent,
            delegation: DelegationSpec::Own,
            delegate_in: None,
            apex_ns: None,
            delegation_set: None,
            tags: BTreeMap::new(),
            protected: Vec::new(),
            recovery: None,
            deny: Vec::new(),
            lines: Vec::new(),
            sets: Vec::new(),
        }
    }

    /// A private zone of one VPC.
    pub fn private(name: DnsName) -> Self {
        Self {
            visibility: Visibility::Private,
            vpcs: 1,
            delegation: DelegationSpec::Absent,
            ..Self::public(name)
        }
    }
}
