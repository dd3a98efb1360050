//! Mirrors of what name servers said to single questions.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::told::{self, mirrored};
use super::words::octets;
use crate::model::dns::{
    Alias, Direction, Dnskey, EdnsSupport, ExtendedError, Negative, Outcome, Probe, Rdata, Record, RecursionOffer,
    Referral, Reply, ResponseCode, Rrsig, Soa, SpecialPurpose, Tcp, Transport, Unasked, Unreachable,
};
use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::Untrusted;

mirrored! {
    Outcome => OutcomeMirror,
    Unasked => UnaskedMirror,
    Probe => ProbeMirror,
    Transport => TransportMirror,
    Tcp => TcpMirror,
    EdnsSupport => EdnsSupportMirror,
    RecursionOffer => RecursionOfferMirror,
    Reply => ReplyMirror,
    ResponseCode => ResponseCodeMirror,
    ExtendedError => ExtendedErrorMirror,
    Unreachable => UnreachableMirror,
    Negative => NegativeMirror,
    Alias => AliasMirror,
    Referral => ReferralMirror,
    Direction => DirectionMirror,
    Record => RecordMirror,
    Rdata => RdataMirror,
    Soa => SoaMirror,
    Dnskey => DnskeyMirror,
    Rrsig => RrsigMirror,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Outcome", rename_all = "snake_case")]
enum OutcomeMirror {
    Asked(#[serde(with = "told")] Box<Probe>),
    Unasked(#[serde(with = "told")] Unasked),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Unasked", rename_all = "snake_case")]
enum UnaskedMirror {
    Special(#[serde(with = "told")] SpecialPurpose),
    NoIpv6,
    NoSocket,
    NoQueries,
    NoTime,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Probe", deny_unknown_fields)]
struct ProbeMirror {
    #[serde(with = "told")]
    reply: Reply,
    /// In nanoseconds.
    #[serde(rename = "took_ns", with = "told")]
    took: Duration,
    #[serde(with = "told")]
    transport: Transport,
    #[serde(with = "told")]
    tcp: Tcp,
    #[serde(with = "told")]
    edns: EdnsSupport,
    #[serde(with = "told")]
    recursion: RecursionOffer,
    size: usize,
    mismatched: u32,
    #[serde(with = "told")]
    signatures: Vec<Record>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Transport", rename_all = "snake_case")]
enum TransportMirror {
    Udp,
    Tcp,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Tcp", rename_all = "snake_case")]
enum TcpMirror {
    Untried,
    Works,
    Fails,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "EdnsSupport", rename_all = "snake_case")]
enum EdnsSupportMirror {
    Spoken,
    Unsupported,
    Broken,
    Untold,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "RecursionOffer", rename_all = "snake_case")]
enum RecursionOfferMirror {
    Offered,
    Unoffered,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Reply", rename_all = "snake_case")]
enum ReplyMirror {
    Answer(#[serde(with = "told")] Vec<Record>),
    Alias(#[serde(with = "told")] Alias),
    NoData(#[serde(with = "told")] Option<Negative>),
    NoName(#[serde(with = "told")] Option<Negative>),
    Referral(#[serde(with = "told")] Referral),
    Refused(#[serde(with = "told")] Vec<ExtendedError>),
    Failed(#[serde(with = "told")] Vec<ExtendedError>),
    Code(#[serde(with = "told")] ResponseCode),
    NotAuthoritative(#[serde(with = "told")] Vec<Record>),
    Empty,
    Malformed,
    Silent,
    Unreachable(#[serde(with = "told")] Unreachable),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ResponseCode")]
struct ResponseCodeMirror(u16);

#[derive(Serialize, Deserialize)]
#[serde(remote = "ExtendedError", deny_unknown_fields)]
struct ExtendedErrorMirror {
    code: u16,
    #[serde(with = "told")]
    text: Untrusted,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Unreachable", rename_all = "snake_case")]
enum UnreachableMirror {
    Refused,
    NoRoute,
    Closed,
    Local,
    Unresolved,
    Untrusted,
    Status(u16),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Negative", deny_unknown_fields)]
struct NegativeMirror {
    #[serde(with = "told")]
    zone: DnsName,
    ttl: u32,
    #[serde(with = "told")]
    soa: Soa,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Alias", deny_unknown_fields)]
struct AliasMirror {
    #[serde(rename = "type", with = "told")]
    record_type: RecordType,
    #[serde(with = "told")]
    owner: DnsName,
    #[serde(with = "told")]
    target: Option<DnsName>,
    ttl: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Referral", deny_unknown_fields)]
struct ReferralMirror {
    #[serde(with = "told")]
    cut: DnsName,
    #[serde(with = "told")]
    direction: Direction,
    #[serde(with = "told")]
    name_servers: Vec<DnsName>,
    ttl: u32,
    #[serde(with = "told")]
    glue: Vec<(DnsName, IpAddr)>,
    #[serde(with = "told")]
    ds: Vec<DsValue>,
    #[serde(with = "told", default, skip_serializing_if = "Vec::is_empty")]
    ds_signatures: Vec<Record>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Direction", rename_all = "snake_case")]
enum DirectionMirror {
    Down,
    Sideways,
    Up,
    Astray,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Record", deny_unknown_fields)]
struct RecordMirror {
    #[serde(with = "told")]
    owner: DnsName,
    #[serde(rename = "type", with = "told")]
    record_type: RecordType,
    ttl: u32,
    #[serde(with = "told")]
    data: Rdata,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Rdata", rename_all = "snake_case")]
enum RdataMirror {
    A(#[serde(with = "told")] Ipv4Addr),
    Aaaa(#[serde(with = "told")] Ipv6Addr),
    Ns(#[serde(with = "told")] DnsName),
    Cname(#[serde(with = "told")] DnsName),
    Dname(#[serde(with = "told")] DnsName),
    Soa(#[serde(with = "told")] Soa),
    Ds(#[serde(with = "told")] DsValue),
    Dnskey(#[serde(with = "told")] Dnskey),
    Rrsig(#[serde(with = "told")] Rrsig),
    Other(#[serde(with = "octets")] Vec<u8>),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Soa", deny_unknown_fields)]
struct SoaMirror {
    #[serde(with = "told")]
    primary: DnsName,
    #[serde(with = "told")]
    contact: DnsName,
    serial: u32,
    refresh: u32,
    retry: u32,
    expire: u32,
    minimum: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Dnskey", deny_unknown_fields)]
struct DnskeyMirror {
    flags: u16,
    protocol: u8,
    algorithm: u8,
    #[serde(with = "octets")]
    public_key: Vec<u8>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Rrsig", deny_unknown_fields)]
struct RrsigMirror {
    type_covered: u16,
    algorithm: u8,
    labels: u8,
    original_ttl: u32,
    expiration: u32,
    inception: u32,
    key_tag: u16,
    #[serde(with = "told")]
    signer: DnsName,
    #[serde(with = "octets")]
    signature: Vec<u8>,
}
