//! What a person wants, before anything was looked up: a draft turns it into a plan, or says why there is none.
//!
//! The command line and the terminal program make the same wishes, so they get the same plans.

use super::PlanId;
use super::exact::ExactSet;
use super::preflight::Override;
use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;

/// The TTL of a new delegation: short at first, so that a mistake does not last.
pub const FIRST_TTL: u32 = 300;

/// What a person wants, and what they override.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wish {
    /// What is wanted.
    pub want: Want,
    /// The checks that the person goes on in spite of.
    pub overrides: Vec<Override>,
}

/// What is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Want {
    /// A name is delegated.
    Delegate(Delegate),
    /// A finding is mended.
    Repair(Repair),
    /// A delegation and its zone are taken out.
    Teardown(Teardown),
    /// Record sets are changed.
    Records(Records),
    /// A reusable delegation set is made or deleted.
    DelegationSet(SetWish),
    /// A plan that was applied is taken back.
    Undo {
        /// The plan.
        of: PlanId,
        /// Whether what resolvers remember is waited out.
        patience: Patience,
    },
}

/// A name that shall be delegated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegate {
    /// The name.
    pub child: DnsName,
    /// The zone to delegate from; the closest enclosing public zone that the internet uses, where none is named.
    pub parent: Option<ZoneId>,
    /// The zone to delegate to.
    pub to: ChildZone,
    /// The TTL of the NS record set in seconds.
    pub ttl: u32,
    /// What becomes of the parent's record sets that the cut would hide.
    pub hidden: Hidden,
}

/// The zone that a name is delegated to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChildZone {
    /// The one public zone of that name in the accounts.
    Only,
    /// This one.
    Existing(ZoneId),
    /// One that is created.
    Create {
        /// The account, by its name in the configuration or its id.
        account: Untrusted,
        /// The id of the account's reusable delegation set that it shall have.
        delegation_set: Option<Untrusted>,
    },
    /// One in an account that is not ours to read, as a request describes it; its name servers were verified live.
    Requested {
        /// The name servers.
        name_servers: Vec<DnsName>,
        /// The account, where the request names it.
        account: Option<Untrusted>,
        /// The zone, where the request names it.
        zone: Option<ZoneId>,
        /// The DS values that a signed zone asks for: they are checked, and none is added yet.
        ds: Vec<DsValue>,
    },
}

/// What becomes of record sets of the parent that a cut hides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Hidden {
    /// They stay where they are, and are acknowledged as hidden.
    #[default]
    Leave,
    /// They are copied into the child first, where the child has none of that name and type.
    Copy,
}

/// A finding that shall be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The name it is about.
    pub name: DnsName,
    /// Its code; the worst that a write can mend, where none is named.
    pub finding: Option<String>,
    /// Which way of mending it, by its word; the first that is offered, where none is named.
    pub way: Option<String>,
}

/// A delegation and a zone that shall go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Teardown {
    /// The name.
    pub name: DnsName,
    /// The zone; the one public zone of that name in the accounts, where none is named.
    pub zone: Option<ZoneId>,
    /// Whether what resolvers remember is waited out.
    pub patience: Patience,
    /// What becomes of the record sets that the zone still holds.
    pub contents: Contents,
}

/// Whether a wait is kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Patience {
    /// It is.
    #[default]
    Wait,
    /// It is not, for this reason.
    Now(Untrusted),
}

/// What becomes of the record sets of a zone that is deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Contents {
    /// There must be none but SOA and NS at the apex.
    #[default]
    MustBeEmpty,
    /// They are listed in the review, confirmed, and deleted.
    Delete,
}

/// Record sets that shall change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Records {
    /// The zone, by id or by a name that only one public zone has.
    pub zone: ZoneChoice,
    /// What shall become of them.
    pub edits: Vec<Edit>,
}

/// A zone, as a person names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ZoneChoice {
    /// By its id.
    Id(ZoneId),
    /// By its name, which must be one public zone's alone.
    Name(DnsName),
}

/// What shall become of one record set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit {
    /// It shall be so, created where it is absent and replaced where it is otherwise.
    Put(ExactSet),
    /// It shall be created, and must be absent.
    Add(ExactSet),
    /// It shall not be there.
    Remove {
        /// The owner.
        name: DnsName,
        /// The type.
        record_type: RecordType,
        /// The set identifier, where a routing policy makes several.
        identifier: Option<Untrusted>,
    },
}

/// What shall become of a reusable delegation set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SetWish {
    /// One is made.
    Create {
        /// The account, by its name in the configuration or its id.
        account: Untrusted,
        /// The zone whose delegation set becomes reusable; none makes a new one.
        zone: Option<ZoneId>,
    },
    /// One is deleted; no zone may have it.
    Delete {
        /// The account, by its name in the configuration or its id.
        account: Untrusted,
        /// Its id.
        id: Untrusted,
    },
}
