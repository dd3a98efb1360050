//! DNS messages octet by octet, so that they can be wrong in every way.

/// One record of a response.
#[derive(Debug, Clone)]
pub struct Rr {
    pub owner: String,
    pub record_type: u16,
    pub data: Vec<u8>,
}

/// A response before it is written.
#[derive(Debug, Clone, Default)]
pub struct Message {
    pub code: u8,
    pub authoritative: bool,
    pub truncated: bool,
    pub recursion: bool,
    pub edns: bool,
    pub answer: Vec<Rr>,
    pub authority: Vec<Rr>,
    pub additional: Vec<Rr>,
}

/// A query, read.
#[derive(Debug, Clone)]
pub struct Query {
    pub octets: Vec<u8>,
    pub name: String,
    pub record_type: u16,
    pub edns: bool,
    /// Where the question ends.
    pub end: usize,
}

pub const A: u16 = 1;
pub const NS: u16 = 2;
pub const CNAME: u16 = 5;
pub const SOA: u16 = 6;
pub const AAAA: u16 = 28;
pub const DNAME: u16 = 39;
pub const DS: u16 = 43;
pub const DNSKEY: u16 = 48;

pub fn wire_name(name: &str) -> Vec<u8> {
    let mut octets = Vec::new();
    for label in name.split('.').filter(|label| !label.is_empty()) {
        octets.push(u8::try_from(label.len()).expect("a label"));
        octets.extend_from_slice(label.as_bytes());
    }
    octets.push(0);
    octets
}

impl Query {
    pub fn read(octets: &[u8]) -> Self {
        let (mut at, mut labels) = (12, Vec::new());
        while octets[at] != 0 {
            let length = usize::from(octets[at]);
            labels.push(String::from_utf8_lossy(&octets[at + 1..at + 1 + length]).to_ascii_lowercase());
            at += 1 + length;
        }
        Self {
            octets: octets.to_vec(),
            name: labels.join("."),
            record_type: u16::from_be_bytes([octets[at + 1], octets[at + 2]]),
            edns: octets[11] == 1,
            end: at + 5,
        }
    }
}

impl Rr {
    pub fn read(owner: &str, record_type: &str, value: &str) -> Self {
        let (record_type, data) = match record_type {
            "A" => (
                A,
                value
                    .parse::<std::net::Ipv4Addr>()
                    .expect("an address")
                    .octets()
                    .to_vec(),
            ),
            "AAAA" => (
                AAAA,
                value
                    .parse::<std::net::Ipv6Addr>()
                    .expect("an address")
                    .octets()
                    .to_vec(),
            ),
            "NS" => (NS, wire_name(value)),
            "CNAME" => (CNAME, wire_name(value)),
            "DNAME" => (DNAME, wire_name(value)),
            "DS" => (DS, [&[0, 1, 13, 2][..], value.as_bytes()].concat()),
            "DNSKEY" => (DNSKEY, [&[1, 1, 3, 13][..], value.as_bytes()].concat()),
            other => panic!("{other}"),
        };
        Self {
            owner: owner.trim_end_matches('.').to_owned(),
            record_type,
            data,
        }
    }

    pub fn soa(zone: &str) -> Self {
        let mut data = [wire_name("ns.invalid"), wire_name("h.invalid")].concat();
        for number in [1_u32, 7200, 900, 1_209_600, 300] {
            data.extend_from_slice(&number.to_be_bytes());
        }
        Self {
            owner: zone.to_owned(),
            record_type: SOA,
            data,
        }
    }

    fn write(&self) -> Vec<u8> {
        let mut octets = wire_name(&self.owner);
        octets.extend_from_slice(&self.record_type.to_be_bytes());
        octets.extend_from_slice(&[0, 1, 0, 0, 1, 44]);
        octets.extend_from_slice(&u16::try_from(self.data.len()).expect("it fits").to_be_bytes());
        octets.extend_from_slice(&self.data);
        octets
    }
}

impl Message {
    /// The response to a query.
    pub fn write(&self, query: &Query) -> Vec<u8> {
        let mut octets = query.octets[..query.end].to_vec();
        let flag = |set: bool, bit: u8| if set { bit } else { 0 };
        octets[2] = 0x80 | flag(self.authoritative, 4) | flag(self.truncated, 2);
        octets[3] = self.code | flag(self.recursion, 0x80);
        let sections = [&self.answer, &self.authority, &self.additional];
        for (place, section) in [6, 8, 10].into_iter().zip(sections) {
            let opt = usize::from(place == 10 && self.edns && query.edns);
            let count = u16::try_from(section.len() + opt).expect("it fits");
            octets[place..place + 2].copy_from_slice(&count.to_be_bytes());
        }
        for record in sections.into_iter().flatten() {
            octets.extend(record.write());
        }
        if self.edns && query.edns {
            octets.extend_from_slice(&[0, 0, 41, 4, 208, 0, 0, 128, 0, 0, 0]);
        }
        octets
    }
}
