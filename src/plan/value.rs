//! Whether the value of a record is one that Route 53 takes, type by type, in its own text form.

mod octets;

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;
use crate::model::record::RecordType;

pub use octets::octets;

/// The types whose record sets can be written.
pub const WRITABLE: [&str; 10] = ["A", "AAAA", "CAA", "CNAME", "DS", "MX", "NS", "PTR", "SRV", "TXT"];
/// The most characters between one pair of quotation marks.
const MAX_STRING: usize = 255;
/// The most characters of one value.
const MAX_VALUE: usize = 4_000;

/// Why a value is none of its type, in a few words fit to print; nothing where it is one.
pub fn flaw(record_type: RecordType, value: &str) -> Option<String> {
    if value.trim() != value || value.is_empty() {
        return Some("it is empty, or has blanks around it".to_owned());
    }
    if value.len() > MAX_VALUE {
        return Some(format!("it is longer than {MAX_VALUE} characters"));
    }
    if value.chars().any(char::is_control) || !value.is_ascii() {
        return Some("it holds something else than printable ASCII: write it as \\ooo".to_owned());
    }
    let words: Vec<&str> = value.split_ascii_whitespace().collect();
    match record_type.as_str() {
        "A" => value
            .parse::<Ipv4Addr>()
            .err()
            .map(|_| "it is no IPv4 address".to_owned()),
        "AAAA" => value
            .parse::<Ipv6Addr>()
            .err()
            .map(|_| "it is no IPv6 address".to_owned()),
        "CNAME" | "NS" | "PTR" => host(value),
        "MX" => match words.as_slice() {
            [preference, name] => number(preference, "preference").or_else(|| host(name)),
            _ => Some("it is not PREFERENCE NAME".to_owned()),
        },
        "SRV" => match words.as_slice() {
            [priority, weight, port, name] => number(priority, "priority")
                .or_else(|| number(weight, "weight"))
                .or_else(|| number(port, "port"))
                .or_else(|| host(name)),
            _ => Some("it is not PRIORITY WEIGHT PORT NAME".to_owned()),
        },
        "CAA" => caa(value),
        "DS" => ds(value),
        "TXT" => text(value),
        other => Some(format!(
            "record sets of type {other} cannot be written here; these can: {}",
            WRITABLE.join(", ")
        )),
    }
}

/// What a value of a type looks like, for whoever types one.
pub fn example(record_type: RecordType) -> Option<&'static str> {
    Some(match record_type.as_str() {
        "A" => "an IPv4 address: 192.0.2.1",
        "AAAA" => "an IPv6 address: 2001:db8::1",
        "CAA" => "FLAGS TAG \"VALUE\": 0 issue \"ca.example\"",
        "CNAME" => "the name that it stands for: www.example.net.",
        "DS" => "TAG ALGORITHM TYPE DIGEST: 12345 13 2 and 64 digits",
        "MX" => "PREFERENCE NAME: 10 mail.example.net.",
        "NS" => "a name server: ns1.example.net.",
        "PTR" => "the name of the host: host.example.net.",
        "SRV" => "PRIORITY WEIGHT PORT NAME: 1 10 443 sip.example.net.",
        "TXT" => "strings in quotation marks: \"v=spf1 -all\"",
        _ => return None,
    })
}

fn host(text: &str) -> Option<String> {
    if text.parse::<Ipv4Addr>().is_ok() || text.parse::<Ipv6Addr>().is_ok() {
        return Some("it is an address where a name belongs".to_owned());
    }
    let name = match DnsName::parse_route53(text) {
        Ok(name) => name,
        Err(error) => return Some(error.to_string()),
    };
    text.contains([' ', '"']).then(|| format!("{name} is no name"))
}

fn number(text: &str, what: &str) -> Option<String> {
    text.parse::<u16>()
        .err()
        .map(|_| format!("its {what} is no number from 0 to 65535"))
}

fn caa(value: &str) -> Option<String> {
    let shape = || Some("it is not FLAGS TAG \"VALUE\"".to_owned());
    let Some((flags, rest)) = value.split_once(' ') else {
        return shape();
    };
    let Some((tag, quoted)) = rest.trim_start().split_once(' ') else {
        return shape();
    };
    if flags.parse::<u8>().is_err() {
        return Some("its flags are no number from 0 to 255".to_owned());
    }
    if tag.is_empty() || !tag.bytes().all(|octet| octet.is_ascii_alphanumeric()) {
        return Some("its tag is not of letters and digits".to_owned());
    }
    match strings(quoted.trim()) {
        Ok(strings) if strings.len() == 1 => None,
        _ => shape(),
    }
}

fn ds(value: &str) -> Option<String> {
    let Some(ds) = DsValue::read(value) else {
        return Some("it is not TAG ALGORITHM TYPE DIGEST".to_owned());
    };
    let digits = match ds.digest_type {
        1 => 40,
        2 => 64,
        4 => 96,
        other => return Some(format!("its digest type {other} is not 1, 2 or 4")),
    };
    let found = ds.digest.len();
    (found != digits).then(|| format!("its digest has {found} digits, not {digits}"))
}

fn text(value: &str) -> Option<String> {
    let strings = match strings(value) {
        Ok(strings) => strings,
        Err(why) => return Some(why.to_owned()),
    };
    let long = strings.iter().map(Vec::len).find(|length| *length > MAX_STRING)?;
    Some(format!(
        "a string of {long} characters is longer than {MAX_STRING}: divide it, \"like\" \"this\""
    ))
}

/// The strings in quotation marks, divided by blanks; `\"`, `\\` and `\ooo` are one character each.
fn strings(value: &str) -> Result<Vec<Vec<u8>>, &'static str> {
    let mut found = Vec::new();
    let mut rest = value.bytes().peekable();
    loop {
        while rest.peek() == Some(&b' ') {
            rest.next();
        }
        match rest.next() {
            None if found.is_empty() => return Err("it has no string in quotation marks"),
            None => return Ok(found),
            Some(b'"') => found.push(string(&mut rest)?),
            Some(_) => return Err("it is not in quotation marks"),
        }
    }
}

fn string(rest: &mut impl Iterator<Item = u8>) -> Result<Vec<u8>, &'static str> {
    let mut octets = Vec::new();
    loop {
        match rest.next() {
            Some(b'"') => return Ok(octets),
            Some(b'\\') => octets.push(escaped(rest)?),
            Some(octet) => octets.push(octet),
            None => return Err("a quotation mark is not closed"),
        }
    }
}

/// What stands after a backslash: three octal digits, or a character that stands for itself.
fn escaped(rest: &mut impl Iterator<Item = u8>) -> Result<u8, &'static str> {
    const NO_OCTAL: &str = "after a backslash it has digits that are no octal number up to 377";
    let first = rest.next().ok_or("it ends after a backslash")?;
    if !first.is_ascii_digit() {
        return Ok(first);
    }
    let digits = [Some(first), rest.next(), rest.next()];
    let number = digits.into_iter().try_fold(0_u16, |number, digit| {
        let digit = digit.filter(|digit| (b'0'..=b'7').contains(digit))?;
        Some(number * 8 + u16::from(digit - b'0'))
    });
    number.and_then(|number| u8::try_from(number).ok()).ok_or(NO_OCTAL)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaw_of(record_type: &str, value: &str) -> Option<String> {
        flaw(RecordType::read(record_type).unwrap(), value)
    }

    #[test]
    fn values_that_route53_takes_have_no_flaw() {
        for (record_type, value) in [
            ("A", "192.0.2.1"),
            ("AAAA", "2001:db8::1"),
            ("CNAME", "www.example.com."),
            ("CNAME", "_dmarc.example.com"),
            ("MX", "10 mail.example.com."),
            ("SRV", "1 2 443 sip.example.com"),
            ("CAA", "0 issue \"ca.example\""),
            ("CAA", "128 iodef \"mailto:dns@example.com\""),
            ("TXT", "\"v=spf1 -all\""),
            ("TXT", "\"one\" \"two \\\"quoted\\\" \\303\\274\""),
            ("TXT", "\"\""),
            ("NS", "ns1.example.net."),
            ("PTR", "host.example.com."),
            (
                "DS",
                "12345 13 2 B5BB9D8014A0F9B1D61E21E796D78DCCDF1352F23CD32812F4850B878AE4944C",
            ),
        ] {
            assert_eq!(flaw_of(record_type, value), None, "{record_type} {value}");
        }
        let long = format!("\"{}\" \"{}\"", "a".repeat(255), "b".repeat(255));
        assert_eq!(flaw_of("TXT", &long), None);
    }

    #[test]
    fn values_that_are_none_of_their_type_are_refused() {
        for (record_type, value) in [
            ("A", "192.0.2.256"),
            ("A", "192.0.2.1 "),
            ("A", "2001:db8::1"),
            ("AAAA", "192.0.2.1"),
            ("CNAME", "192.0.2.1"),
            ("CNAME", "a..b"),
            ("CNAME", "two words"),
            ("MX", "mail.example.com"),
            ("MX", "70000 mail.example.com"),
            ("SRV", "1 2 sip.example.com"),
            ("CAA", "0 issue ca.example"),
            ("CAA", "256 issue \"ca.example\""),
            ("TXT", "v=spf1 -all"),
            ("TXT", "\"open"),
            ("TXT", "\"a\" b"),
            ("TXT", "\"\\999\""),
            ("TXT", "\"\\477\""),
            ("TXT", "\"f\u{fc}r\""),
            ("TXT", "\"a\nb\""),
            ("DS", "12345 13 2 B5BB"),
            ("DS", "12345 13 3 B5BB"),
            ("SOA", "ns. host. 1 2 3 4 5"),
            ("NAPTR", "1"),
            ("A", ""),
        ] {
            assert!(flaw_of(record_type, value).is_some(), "{record_type} {value}");
        }
        let long = format!("\"{}\"", "a".repeat(256));
        assert!(flaw_of("TXT", &long).is_some());
    }
}
