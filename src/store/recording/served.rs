//! Mirrors of what the servers of both sides of a cut said.

use core::net::IpAddr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::told::{self, mirrored};
use crate::model::dns::{End, Negative, Outcome, Record, Unasked};
use crate::model::name::DnsName;
use crate::model::served::{
    ChildAddress, ChildServer, Extent, Liveness, Located, Off, ParentServer, ParentSide, Reached, Served,
};

mirrored! {
    Served => ServedMirror,
    Extent => ExtentMirror,
    Off => OffMirror,
    Liveness => LivenessMirror,
    ParentSide => ParentSideMirror,
    Reached => ReachedMirror,
    End => EndMirror,
    ParentServer => ParentServerMirror,
    ChildServer => ChildServerMirror,
    Located => LocatedMirror,
    ChildAddress => ChildAddressMirror,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Served", deny_unknown_fields)]
struct ServedMirror {
    #[serde(with = "told")]
    name: DnsName,
    #[serde(with = "told")]
    at: Timestamp,
    #[serde(with = "told")]
    parent: ParentSide,
    #[serde(with = "told")]
    servers: Vec<ChildServer>,
    queries: u32,
    walked: u32,
    #[serde(with = "told")]
    extent: Extent,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Extent", rename_all = "snake_case")]
enum ExtentMirror {
    Whole,
    UnderWay,
    Stopped(#[serde(with = "told")] Unasked),
    Off(#[serde(with = "told")] Off),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Off", rename_all = "snake_case")]
enum OffMirror {
    Intercepted,
    Blocked,
    Unwanted,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Liveness", rename_all = "snake_case")]
enum LivenessMirror {
    Unasked,
    On,
    Off(#[serde(with = "told")] Off),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ParentSide", deny_unknown_fields)]
struct ParentSideMirror {
    #[serde(with = "told")]
    zone: Option<DnsName>,
    #[serde(with = "told")]
    reached: Reached,
    #[serde(with = "told")]
    heard: Vec<ParentServer>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Reached", rename_all = "snake_case")]
enum ReachedMirror {
    Walked,
    Held(#[serde(with = "told")] Box<End>),
    Unreached(#[serde(with = "told")] Box<End>),
    Unsought,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "End", rename_all = "snake_case")]
enum EndMirror {
    Answer(#[serde(with = "told")] Vec<Record>),
    NoData(#[serde(with = "told")] Option<Negative>),
    NoName(#[serde(with = "told")] Option<Negative>),
    NoServer,
    AliasLoop(#[serde(with = "told")] DnsName),
    TooManyAliases,
    AliasTooLong,
    TooDeep,
    Unasked(#[serde(with = "told")] Unasked),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ParentServer", deny_unknown_fields)]
struct ParentServerMirror {
    #[serde(with = "told")]
    server: DnsName,
    #[serde(with = "told")]
    address: IpAddr,
    #[serde(with = "told")]
    ns: Outcome,
    #[serde(with = "told")]
    ds: Outcome,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ChildServer", deny_unknown_fields)]
struct ChildServerMirror {
    #[serde(with = "told")]
    name: DnsName,
    #[serde(with = "told")]
    glue: Vec<IpAddr>,
    #[serde(with = "told")]
    located: Located,
    #[serde(with = "told")]
    heard: Vec<ChildAddress>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Located", rename_all = "snake_case", deny_unknown_fields)]
enum LocatedMirror {
    At(#[serde(with = "told")] Vec<IpAddr>),
    Alias {
        #[serde(with = "told")]
        target: DnsName,
        #[serde(with = "told")]
        addresses: Vec<IpAddr>,
    },
    NoName {
        #[serde(with = "told")]
        denied_by: Option<DnsName>,
    },
    NoData,
    Cycle,
    Unanswered,
    Unasked(#[serde(with = "told")] Unasked),
    Unsought,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ChildAddress", deny_unknown_fields)]
struct ChildAddressMirror {
    #[serde(with = "told")]
    address: IpAddr,
    #[serde(with = "told")]
    soa: Outcome,
    #[serde(with = "told")]
    soa_over_tcp: Outcome,
    #[serde(with = "told")]
    ns: Outcome,
    #[serde(with = "told")]
    dnskey: Option<Outcome>,
    #[serde(with = "told", default, skip_serializing_if = "Option::is_none")]
    cds: Option<Outcome>,
    #[serde(with = "told")]
    foreign: Option<Outcome>,
}
