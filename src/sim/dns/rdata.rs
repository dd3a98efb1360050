//! The values of record sets as RDATA on the wire, for every type that Route 53 has, and by RFC 3597 for any other.
//!
//! Names that may be compressed (RFC 3597 section 4) go through hickory; everything else is laid out here, octet by octet.

use std::net::{Ipv4Addr, Ipv6Addr};

use hickory_proto::rr::rdata::{A, AAAA, CNAME, MX, NS, NULL, PTR, SOA};
use hickory_proto::rr::{RData, RecordType};

use super::name::to_hickory;
use super::{svcb, text};
use crate::model;
use crate::model::name::DnsName;

/// The number of a type, as hickory has it.
pub(super) fn type_number(record_type: model::record::RecordType) -> Option<RecordType> {
    record_type.number().map(RecordType::from)
}

/// The RDATA of one value; none where the value is malformed.
pub(super) fn rdata(record_type: RecordType, value: &str) -> Option<RData> {
    let value = value.trim();
    let fields = text::fields(value);
    match (record_type, fields.as_slice()) {
        (code, ["\\#", length, hex @ ..]) => opaque(code, generic(length, hex)?),
        (RecordType::A, [address]) => Some(RData::A(A(address.parse::<Ipv4Addr>().ok()?))),
        (RecordType::AAAA, [address]) => Some(RData::AAAA(AAAA(address.parse::<Ipv6Addr>().ok()?))),
        (RecordType::NS, [target]) => Some(RData::NS(NS(to_hickory(&name(target)?)))),
        (RecordType::CNAME, [target]) => Some(RData::CNAME(CNAME(to_hickory(&name(target)?)))),
        (RecordType::PTR, [target]) => Some(RData::PTR(PTR(to_hickory(&name(target)?)))),
        (RecordType::MX, [preference, exchange]) => Some(RData::MX(MX::new(
            preference.parse().ok()?,
            to_hickory(&name(exchange)?),
        ))),
        (RecordType::SOA, fields) => soa(fields),
        (code, fields) => opaque(code, laid_out(code, value, fields)?),
    }
}

fn opaque(code: RecordType, octets: Vec<u8>) -> Option<RData> {
    let fits = u16::try_from(octets.len()).is_ok();
    fits.then(|| RData::Unknown {
        code,
        rdata: NULL::with(octets),
    })
}

fn laid_out(code: RecordType, value: &str, fields: &[&str]) -> Option<Vec<u8>> {
    match (u16::from(code), fields) {
        (16 | 99, _) => text::strings(value),
        (257, [flags, tag, value]) => caa(flags, tag, value),
        (33, [priority, weight, port, target]) => srv([priority, weight, port], target),
        (35, fields) => naptr(fields),
        (43, [tag, algorithm, digest_type, digest @ ..]) => Some(
            [
                &short(tag)?[..],
                &[octet(algorithm)?, octet(digest_type)?],
                &hex(digest)?,
            ]
            .concat(),
        ),
        (44, [algorithm, kind, fingerprint @ ..]) => {
            Some([&[octet(algorithm)?, octet(kind)?], &hex(fingerprint)?[..]].concat())
        }
        (52, [usage, selector, matching, data @ ..]) => {
            Some([&[octet(usage)?, octet(selector)?, octet(matching)?], &hex(data)?[..]].concat())
        }
        (64 | 65, [priority, target, parameters @ ..]) => {
            let mut wire = short(priority)?.to_vec();
            wire.extend_from_slice(name(target)?.as_wire());
            wire.extend(svcb::parameters(parameters)?);
            Some(wire)
        }
        _ => None,
    }
}

fn soa(fields: &[&str]) -> Option<RData> {
    let [primary, contact, serial, refresh, retry, expire, minimum] = fields else {
        return None;
    };
    Some(RData::SOA(SOA::new(
        to_hickory(&name(primary)?),
        to_hickory(&name(contact)?),
        serial.parse().ok()?,
        refresh.parse().ok()?,
        retry.parse().ok()?,
        expire.parse().ok()?,
        minimum.parse().ok()?,
    )))
}

fn caa(flags: &str, tag: &str, value: &str) -> Option<Vec<u8>> {
    let mut wire = vec![octet(flags)?];
    wire.extend(text::character_string(&text::octets(tag)?)?);
    wire.extend(text::octets(value)?);
    Some(wire)
}

fn srv(numbers: [&str; 3], target: &str) -> Option<Vec<u8>> {
    let mut wire = Vec::new();
    for number in numbers {
        wire.extend(short(number)?);
    }
    wire.extend_from_slice(name(target)?.as_wire());
    Some(wire)
}

fn naptr(fields: &[&str]) -> Option<Vec<u8>> {
    let [order, preference, flags, service, expression, replacement] = fields else {
        return None;
    };
    let mut wire = [short(order)?, short(preference)?].concat();
    for string in [flags, service, expression] {
        wire.extend(text::character_string(&text::octets(string)?)?);
    }
    wire.extend_from_slice(name(replacement)?.as_wire());
    Some(wire)
}

fn generic(length: &str, fields: &[&str]) -> Option<Vec<u8>> {
    let octets = hex(fields)?;
    (length.parse() == Ok(octets.len())).then_some(octets)
}

/// A name as Route 53 takes it: absolute, with or without the final dot.
pub(super) fn name(field: &str) -> Option<DnsName> {
    DnsName::parse_route53(field).ok()
}

fn octet(field: &str) -> Option<u8> {
    field.parse().ok()
}

pub(super) fn short(field: &str) -> Option<[u8; 2]> {
    field.parse::<u16>().ok().map(u16::to_be_bytes)
}

fn hex(fields: &[&str]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = fields
        .concat()
        .chars()
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let (pairs, rest) = digits.as_chunks::<2>();
    rest.is_empty()
        .then(|| pairs.iter().map(|[high, low]| high << 4 | low).collect())
}
