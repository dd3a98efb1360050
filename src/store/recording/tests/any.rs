//! Values at random, with every field and every variant. One that is added to the model does not compile until it is here too.

use core::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;
use std::time::Duration;

use fastrand::Rng;
use jiff::Timestamp;

use crate::model::account::{Account, AccountIx, AccountStatus, Env, Problem, ProblemKind};
use crate::model::dns::{
    Alias, Direction, Dnskey, EdnsSupport, End, ExtendedError, Negative, Outcome, Probe, Rdata, Record, RecursionOffer,
    Referral, Reply, ResponseCode, Rrsig, Soa, SpecialPurpose, Tcp, Transport, Unasked, Unreachable,
};
use crate::model::dnssec::{DsValue, ServeSignature, Signing, SigningKey};
use crate::model::inventory::{Fact, Inventory, Origin, Reading, Source};
use crate::model::name::DnsName;
use crate::model::record::{self, RecordData, RecordSet, RecordType, Routing};
use crate::model::records::Records;
use crate::model::served::{
    ChildAddress, ChildServer, Extent, Liveness, Located, Off, ParentServer, ParentSide, Reached, Served,
};
use crate::model::text::Untrusted;
use crate::model::zone::{DelegationSet, Visibility, Zone, ZoneId, ZoneKey};

/// A value at random.
pub(super) trait Any: Sized {
    fn any(random: &mut Rng) -> Self;
}

/// One of several values, at random.
macro_rules! one_of {
    ($random:ident, $($value:expr),+ $(,)?) => {{
        let choices: Vec<fn(&mut Rng) -> Self> = vec![$(|$random: &mut Rng| { let _ = &$random; $value }),+];
        let place = $random.usize(..choices.len());
        choices[place]($random)
    }};
}

macro_rules! numbers {
    ($($number:ident),+) => {$(
        impl Any for $number {
            fn any(random: &mut Rng) -> Self {
                random.$number(..)
            }
        }
    )+};
}

numbers! { u8, u16, u32, u64 }

impl Any for bool {
    fn any(random: &mut Rng) -> Self {
        random.bool()
    }
}

impl Any for usize {
    fn any(random: &mut Rng) -> Self {
        random.usize(..70_000)
    }
}

impl<T: Any> Any for Option<T> {
    fn any(random: &mut Rng) -> Self {
        random.bool().then(|| T::any(random))
    }
}

impl<T: Any> Any for Vec<T> {
    fn any(random: &mut Rng) -> Self {
        (0..random.usize(..3)).map(|_| T::any(random)).collect()
    }
}

impl<T: Any> Any for Box<T> {
    fn any(random: &mut Rng) -> Self {
        Self::new(T::any(random))
    }
}

impl<A: Any, B: Any> Any for (A, B) {
    fn any(random: &mut Rng) -> Self {
        (A::any(random), B::any(random))
    }
}

/// Structs, field by field.
macro_rules! fields {
    ($($model:ident { $($field:ident),+ $(,)? })+) => {$(
        impl Any for $model {
            fn any(random: &mut Rng) -> Self {
                Self { $($field: Any::any(random)),+ }
            }
        }
    )+};
}

/// Enums, variant by variant; `_` stands for a value at random. An enum that gains a variant stops compiling at the match.
macro_rules! variants {
    ($($model:ident { $($variant:ident $(($($hole:tt),+))?),+ $(,)? })+) => {$(
        impl Any for $model {
            fn any(random: &mut Rng) -> Self {
                let value = one_of!(random, $(Self::$variant $(($(variants!(@value random $hole)),+))?),+);
                match &value {
                    $(Self::$variant $(($(variants!(@pattern $hole)),+))? => {})+
                }
                value
            }
        }
    )+};
    (@value $random:ident _) => { Any::any($random) };
    (@pattern _) => { _ };
}

fields! {
    Problem { kind, message, remedy, request_id }
    Account { name, id, profile, env_label, env, status }
    Origin { source, at }
    DelegationSet { id, name_servers }
    Signing { status, keys }
    Routing { set_identifier, policy }
    Served { name, at, parent, servers, queries, walked, extent }
    ParentSide { zone, reached, heard }
    ParentServer { server, address, ns, ds }
    ChildServer { name, glue, located, heard }
    ChildAddress { address, soa, soa_over_tcp, ns, dnskey, cds, foreign }
    Probe { reply, took, transport, tcp, edns, recursion, size, mismatched, signatures }
    ExtendedError { code, text }
    Negative { zone, ttl, soa }
    Alias { record_type, owner, target, ttl }
    Referral { cut, direction, name_servers, ttl, glue, ds, ds_signatures }
    Record { owner, record_type, ttl, data }
    Soa { primary, contact, serial, refresh, retry, expire, minimum }
    Dnskey { flags, protocol, algorithm, public_key }
    Rrsig { type_covered, algorithm, labels, original_ttl, expiration, inception, key_tag, signer, signature }
}

variants! {
    Env { Prod, NonProd, Unknown }
    AccountStatus { Waiting, Reading, Complete, Partial(_), Failed(_), Stale, Merged(_) }
    ProblemKind { Credentials, Denied, Quarantined, Throttled, Service, Inconsistent, Cancelled }
    Source { Live, Cache }
    Visibility { Public, Private }
    ServeSignature { Signing, NotSigning, Unsure }
    Liveness { Unasked, On, Off(_) }
    Off { Intercepted, Blocked, Unwanted }
    Extent { Whole, UnderWay, Stopped(_), Off(_) }
    Reached { Walked, Held(_), Unreached(_), Unsought }
    End {
        Answer(_), NoData(_), NoName(_), NoServer, AliasLoop(_), TooManyAliases, AliasTooLong, TooDeep, Unasked(_),
    }
    Outcome { Asked(_), Unasked(_) }
    Unasked { Special(_), NoIpv6, NoSocket, NoQueries, NoTime }
    Tcp { Untried, Works, Fails }
    EdnsSupport { Spoken, Unsupported, Broken, Untold }
    RecursionOffer { Offered, Unoffered }
    Transport { Udp, Tcp }
    Reply {
        Answer(_), Alias(_), NoData(_), NoName(_), Referral(_), Refused(_), Failed(_), Code(_), NotAuthoritative(_),
        Empty, Malformed, Silent, Unreachable(_),
    }
    Unreachable { Refused, NoRoute, Closed, Local, Unresolved, Untrusted, Status(_) }
    Direction { Down, Sideways, Up, Astray }
    Rdata { A(_), Aaaa(_), Ns(_), Cname(_), Dname(_), Soa(_), Ds(_), Dnskey(_), Rrsig(_), Other(_) }
}

impl Any for Located {
    fn any(random: &mut Rng) -> Self {
        let value = one_of!(
            random,
            Self::At(Any::any(random)),
            Self::Alias {
                target: Any::any(random),
                addresses: Any::any(random),
            },
            Self::NoName {
                denied_by: Any::any(random),
            },
            Self::NoData,
            Self::Cycle,
            Self::Unanswered,
            Self::Unasked(Any::any(random)),
            Self::Unsought,
        );
        match &value {
            Self::At(_)
            | Self::Alias { .. }
            | Self::NoName { .. }
            | Self::NoData
            | Self::Cycle
            | Self::Unanswered
            | Self::Unasked(_)
            | Self::Unsought => value,
        }
    }
}

impl Any for AccountIx {
    /// An account is merged with the first, which is always there.
    fn any(_: &mut Rng) -> Self {
        Self(0)
    }
}

impl Any for crate::model::account::AccountId {
    fn any(random: &mut Rng) -> Self {
        format!("{:012}", random.u32(..)).parse().unwrap()
    }
}

impl Any for ResponseCode {
    fn any(random: &mut Rng) -> Self {
        Self(random.u16(..))
    }
}

impl Any for SpecialPurpose {
    fn any(random: &mut Rng) -> Self {
        SpecialPurpose::read(
            random
                .choice(["private use", "loopback", "deprecated site-local"])
                .unwrap(),
        )
        .unwrap()
    }
}

impl Any for Duration {
    fn any(random: &mut Rng) -> Self {
        Self::from_nanos(random.u64(..))
    }
}

impl Any for Timestamp {
    fn any(random: &mut Rng) -> Self {
        Self::new(random.i64(..4_000_000_000), random.i32(..1_000_000_000)).unwrap_or_default()
    }
}

impl Any for IpAddr {
    fn any(random: &mut Rng) -> Self {
        one_of!(random, Self::V4(Any::any(random)), Self::V6(Any::any(random)))
    }
}

impl Any for Ipv4Addr {
    fn any(random: &mut Rng) -> Self {
        Self::from_bits(random.u32(..))
    }
}

impl Any for Ipv6Addr {
    fn any(random: &mut Rng) -> Self {
        one_of!(
            random,
            Self::from_bits(random.u128(..)),
            Self::from_bits(random.u128(..) & 0xffff << 112),
            Ipv4Addr::any(random).to_ipv6_mapped(),
        )
    }
}

impl Any for RecordType {
    fn any(random: &mut Rng) -> Self {
        Self::of_number(random.u16(..300))
    }
}

impl Any for DnsName {
    fn any(random: &mut Rng) -> Self {
        let label = |random: &mut Rng| -> Vec<u8> { (0..random.usize(1..5)).map(|_| random.u8(..)).collect() };
        let labels: Vec<Vec<u8>> = (0..random.usize(..4)).map(|_| label(random)).collect();
        Self::from_labels(labels).unwrap()
    }
}

impl Any for Untrusted {
    fn any(random: &mut Rng) -> Self {
        let text: String = (0..random.usize(..6))
            .map(|_| {
                if random.bool() {
                    random
                        .choice([
                            '"',
                            '\\',
                            '/',
                            '\u{1b}',
                            '\n',
                            '\u{7f}',
                            '\u{9b}',
                            '\u{202e}',
                            'é',
                            '\u{10ffff}',
                            ' ',
                        ])
                        .unwrap()
                } else {
                    random.char(..)
                }
            })
            .collect();
        Self::from(text)
    }
}

fn digest(random: &mut Rng) -> String {
    (0..random.usize(..9)).map(|_| random.digit(16)).collect()
}

impl Any for SigningKey {
    fn any(random: &mut Rng) -> Self {
        Self {
            tag: Any::any(random),
            algorithm: Any::any(random),
            digest_sha256: digest(random),
            public_key: Any::any(random),
            published: Any::any(random),
        }
    }
}

impl Any for DsValue {
    fn any(random: &mut Rng) -> Self {
        Self {
            tag: Any::any(random),
            algorithm: Any::any(random),
            digest_type: Any::any(random),
            digest: digest(random),
        }
    }
}

impl Any for RecordData {
    fn any(random: &mut Rng) -> Self {
        one_of!(
            random,
            Self::Values(Any::any(random)),
            Self::Alias(record::Alias {
                target: Any::any(random),
                zone_id: Any::any(random),
            }),
        )
    }
}

fn record_set(random: &mut Rng, zone: &DnsName) -> RecordSet {
    let below = DnsName::any(random);
    let (_, relative) = below.as_wire().split_last().unwrap();
    RecordSet {
        name: DnsName::join(relative, zone).unwrap(),
        record_type: RecordType::any(random),
        ttl: Any::any(random),
        data: Any::any(random),
        routing: Any::any(random),
    }
}

fn zone(random: &mut Rng, account: AccountIx, number: usize) -> Zone {
    Zone {
        key: ZoneKey {
            account,
            id: ZoneId::read(&format!("Z{number}")).unwrap(),
        },
        name: Any::any(random),
        visibility: Any::any(random),
        record_count: Any::any(random),
        comment: Any::any(random),
        linked_service: Any::any(random),
    }
}

fn reading<T>(random: &mut Rng, value: impl FnOnce(&mut Rng) -> T) -> Reading<T> {
    match random.u8(..3) {
        0 => Reading::Whole(value(random)),
        1 => Reading::Part(value(random), Any::any(random)),
        _ => Reading::Failed(Any::any(random)),
    }
}

fn facts_of_a_zone(random: &mut Rng, zone: Zone) -> Vec<Fact> {
    let (key, name) = (zone.key.clone(), zone.name.clone());
    let mut facts = vec![Fact::Zones {
        account: key.account,
        zones: vec![zone],
        origin: Any::any(random),
    }];
    let records = |random: &mut Rng| {
        let sets = (0..random.usize(..6)).map(|_| record_set(random, &name)).collect();
        Arc::new(Records::pack(&name, sets).0)
    };
    if random.bool() {
        facts.push(Fact::Records {
            zone: key.clone(),
            reading: reading(random, records),
            origin: Any::any(random),
        });
    }
    if random.bool() {
        facts.push(Fact::DelegationSet {
            zone: key.clone(),
            reading: reading(random, Any::any),
            origin: Any::any(random),
        });
    }
    if random.bool() {
        facts.push(Fact::Signing {
            zone: key,
            reading: reading(random, Any::any),
            origin: Any::any(random),
        });
    }
    facts
}

/// An inventory with something of everything.
pub(super) fn inventory(random: &mut Rng) -> Inventory {
    let accounts: Vec<Account> = (0..random.usize(1..4)).map(|_| Any::any(random)).collect();
    let places = accounts.len();
    let mut inventory = Inventory::new(accounts);
    inventory.apply(Fact::Liveness(Any::any(random)));
    for number in 0..random.usize(..6) {
        let place = AccountIx(u32::try_from(random.usize(..places)).unwrap());
        let zone = zone(random, place, number);
        let facts = facts_of_a_zone(random, zone);
        facts.into_iter().for_each(|fact| inventory.apply(fact));
    }
    for _ in 0..random.usize(..4) {
        inventory.apply(Fact::Served(Arc::new(Any::any(random))));
    }
    inventory
}
