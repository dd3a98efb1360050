//! The numbers of record types (IANA, "Resource Record (RR) TYPEs"), and `TYPE1234` for the others (RFC 3597 section 5).

use super::RecordType;

/// The types that have a mnemonic here.
const NUMBERS: [(&str, u16); 28] = [
    ("A", 1),
    ("NS", 2),
    ("CNAME", 5),
    ("SOA", 6),
    ("PTR", 12),
    ("HINFO", 13),
    ("MX", 15),
    ("TXT", 16),
    ("AAAA", 28),
    ("LOC", 29),
    ("SRV", 33),
    ("NAPTR", 35),
    ("DNAME", 39),
    ("DS", 43),
    ("SSHFP", 44),
    ("RRSIG", 46),
    ("NSEC", 47),
    ("DNSKEY", 48),
    ("NSEC3", 50),
    ("NSEC3PARAM", 51),
    ("TLSA", 52),
    ("CDS", 59),
    ("CDNSKEY", 60),
    ("SVCB", 64),
    ("HTTPS", 65),
    ("SPF", 99),
    ("ANY", 255),
    ("CAA", 257),
];

impl RecordType {
    /// The type's number; none where the mnemonic is not known.
    pub fn number(self) -> Option<u16> {
        let mnemonic = self.as_str();
        let known = NUMBERS
            .iter()
            .find(|(name, _)| *name == mnemonic)
            .map(|(_, number)| *number);
        known.or_else(|| mnemonic.strip_prefix("TYPE")?.parse().ok())
    }

    /// The type of a number.
    pub fn of_number(number: u16) -> Self {
        let known = NUMBERS.iter().find(|(_, other)| *other == number);
        let mnemonic = known.map_or_else(|| format!("TYPE{number}"), |(name, _)| (*name).to_owned());
        Self::read(&mnemonic).expect("a mnemonic has at most 11 letters and digits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_has_one_type_and_comes_back() {
        for number in 0..=u16::MAX {
            assert_eq!(RecordType::of_number(number).number(), Some(number));
        }
    }

    #[test]
    fn an_unknown_mnemonic_has_no_number() {
        for mnemonic in ["BOGUS", "TYPE", "TYPE65536", "TYPEA"] {
            assert_eq!(
                RecordType::read(mnemonic).and_then(RecordType::number),
                None,
                "{mnemonic}"
            );
        }
    }
}
