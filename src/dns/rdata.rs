//! Names and data of records from hickory's form into ours. Names cross label by label: the two differ about names as text.

use hickory_proto::rr::{Name, RData};
use hickory_proto::serialize::binary::{BinEncodable as _, BinEncoder};

use crate::model::dns::{Dnskey, Rdata, Rrsig, Soa};
use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;

/// The numbers of the types that hickory leaves as they are without its DNSSEC feature.
const DNAME: u16 = 39;
const DS: u16 = 43;
const RRSIG: u16 = 46;
const DNSKEY: u16 = 48;
const CDS: u16 = 59;

/// Hickory's name as ours, in lower case.
pub(super) fn name(name: &Name) -> Option<DnsName> {
    DnsName::from_labels(name.iter()).ok()
}

/// The data of a record; none where it is malformed.
pub(super) fn read(data: &RData) -> Option<Rdata> {
    Some(match data {
        RData::A(address) => Rdata::A(address.0),
        RData::AAAA(address) => Rdata::Aaaa(address.0),
        RData::NS(server) => Rdata::Ns(name(&server.0)?),
        RData::CNAME(target) => Rdata::Cname(name(&target.0)?),
        RData::SOA(soa) => Rdata::Soa(Soa {
            primary: name(&soa.mname)?,
            contact: name(&soa.rname)?,
            serial: soa.serial,
            refresh: soa.refresh.cast_unsigned(),
            retry: soa.retry.cast_unsigned(),
            expire: soa.expire.cast_unsigned(),
            minimum: soa.minimum,
        }),
        RData::Unknown { code, rdata } => opaque((*code).into(), &rdata.anything)?,
        other => Rdata::Other(octets(other)),
    })
}

/// The data in canonical form, as signatures are made of it (RFC 4034 section 6.2).
fn octets(data: &RData) -> Vec<u8> {
    let mut octets = Vec::new();
    let mut encoder = BinEncoder::new(&mut octets);
    encoder.set_canonical_form(true);
    match data.emit(&mut encoder) {
        Ok(()) => octets,
        Err(_) => Vec::new(),
    }
}

fn opaque(number: u16, octets: &[u8]) -> Option<Rdata> {
    match number {
        DNAME => DnsName::from_wire(octets).ok().map(Rdata::Dname),
        DS | CDS => DsValue::from_wire(octets).map(Rdata::Ds),
        DNSKEY => dnskey(octets).map(Rdata::Dnskey),
        RRSIG => rrsig(octets).map(Rdata::Rrsig),
        _ => Some(Rdata::Other(octets.to_vec())),
    }
}

fn dnskey(octets: &[u8]) -> Option<Dnskey> {
    let ([flags, more, protocol, algorithm], public_key) = octets.split_first_chunk::<4>()?;
    Some(Dnskey {
        flags: u16::from_be_bytes([*flags, *more]),
        protocol: *protocol,
        algorithm: *algorithm,
        public_key: public_key.to_vec(),
    })
}

fn rrsig(octets: &[u8]) -> Option<Rrsig> {
    let (type_covered, rest) = octets.split_first_chunk::<2>()?;
    let ([algorithm, labels], rest) = rest.split_first_chunk::<2>()?;
    let (original_ttl, rest) = rest.split_first_chunk::<4>()?;
    let (expiration, rest) = rest.split_first_chunk::<4>()?;
    let (inception, rest) = rest.split_first_chunk::<4>()?;
    let (key_tag, rest) = rest.split_first_chunk::<2>()?;
    let (signer, signature) = rest.split_at_checked(name_length(rest)?)?;
    Some(Rrsig {
        type_covered: u16::from_be_bytes(*type_covered),
        algorithm: *algorithm,
        labels: *labels,
        original_ttl: u32::from_be_bytes(*original_ttl),
        expiration: u32::from_be_bytes(*expiration),
        inception: u32::from_be_bytes(*inception),
        key_tag: u16::from_be_bytes(*key_tag),
        signer: DnsName::from_wire(signer).ok()?,
        signature: signature.to_vec(),
    })
}

/// The length of the name at the front, its final zero included; a name in a signature is never compressed (RFC 4034 section 3.1.7).
fn name_length(octets: &[u8]) -> Option<usize> {
    let mut length = 0;
    loop {
        let label = usize::from(*octets.get(length)?);
        length += 1 + label;
        match label {
            0 => return Some(length),
            64.. => return None,
            _ => {}
        }
    }
}
