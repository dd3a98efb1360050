//! A request for a delegation as text that survives a ticket: what the child's owner asks the parent's owner for.
//!
//! It is read back through quoting, other line ends, blanks, broken lines and prose around it. Invariant: what is read is what was
//! written, or it is refused: a hash is over all of it.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

use crate::model::account::AccountId;
use crate::model::dnssec::DsValue;
use crate::model::name::DnsName;
use crate::model::text::printable;
use crate::model::zone::ZoneId;

/// The most octets of a text in which a request is looked for.
pub const MAX_OCTETS: usize = 256 * 1024;
const SCHEMA: &str = "1";
const BEGIN: &str = "BEGIN ZONECUT DELEGATION REQUEST";
const END: &str = "END ZONECUT DELEGATION REQUEST";
/// More name servers than anybody has: Route 53 assigns four.
const MAX_SERVERS: usize = 13;
/// The digits of a digest on one line.
const GROUP: usize = 64;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The name to be delegated.
    pub name: DnsName,
    /// The name servers of its zone, sorted.
    pub name_servers: Vec<DnsName>,
    /// The zone.
    pub zone: ZoneId,
    /// The account that has it.
    pub account: AccountId,
    /// What the parent of a signed zone should hold.
    pub ds: Vec<DsValue>,
}

/// Why a text holds no request that can be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RequestError {
    /// It is too large to be one.
    #[error("the text has {0} octets, more than {MAX_OCTETS}")]
    TooLarge(usize),
    /// It has none.
    #[error("there is no request in it: no line says {BEGIN}")]
    None,
    /// It has more than one, or one within another.
    #[error("there is more than one request in it; keep one")]
    Several,
    /// Its end is missing.
    #[error("the request is cut off: no line says {END}")]
    CutOff,
    /// It is of another version, or holds what this one does not know.
    #[error("the request was written by another version of zonecut: {0}")]
    Version(String),
    /// Something is missing, double or malformed.
    #[error("the request cannot be read: {0}")]
    Malformed(String),
    /// It was changed after it was written.
    #[error("the request was changed after it was written: its hash is not that of its contents")]
    Edited,
}

/// The request as text.
pub fn write(request: &Request) -> String {
    let mut text = format!("-----{BEGIN}-----\n");
    for (key, value) in fields(request) {
        let _ = writeln!(text, "{key}: {value}");
    }
    let _ = writeln!(text, "hash: {}", hash(request));
    let _ = writeln!(text, "-----{END}-----");
    text
}

/// The lines of a request without its hash; what the hash is over.
fn fields(request: &Request) -> Vec<(&'static str, String)> {
    let absolute = |name: &DnsName| format!("{name}.");
    let mut fields = vec![
        ("zonecut-request", SCHEMA.to_owned()),
        ("name", absolute(&request.name)),
        ("account", request.account.to_string()),
        ("zone", request.zone.to_string()),
    ];
    fields.extend(
        request
            .name_servers
            .iter()
            .map(|server| ("name-server", absolute(server))),
    );
    fields.extend(request.ds.iter().map(|ds| ("ds", ds_text(ds))));
    fields
}

fn ds_text(ds: &DsValue) -> String {
    let mut text = format!("{} {} {}", ds.tag, ds.algorithm, ds.digest_type);
    for (at, digit) in ds.digest.chars().enumerate() {
        if at % GROUP == 0 {
            text.push_str("\n  ");
        }
        text.push(digit);
    }
    text
}

fn hash(request: &Request) -> String {
    let mut digest = Sha256::new();
    for (key, value) in fields(request) {
        digest.update(format!("{key}: {value}\n"));
    }
    data_encoding::HEXLOWER.encode(digest.finalize().get(..16).unwrap_or_default())
}

/// Reads the one request of a text, and refuses one that was edited.
pub fn read(text: &str) -> Result<Request, RequestError> {
    if text.len() > MAX_OCTETS {
        return Err(RequestError::TooLarge(text.len()));
    }
    let mut draft = Draft::default();
    for (key, value) in pairs(&body(text)?) {
        draft.take(&key, &value)?;
    }
    draft.finish()
}

/// The lines between the marks, without what quotes them.
fn body(text: &str) -> Result<Vec<String>, RequestError> {
    let mut lines = text.lines().map(unquoted).skip_while(|line| !line.contains(BEGIN));
    lines.next().ok_or(RequestError::None)?;
    let mut body = Vec::new();
    let mut is_ended = false;
    for line in lines {
        if line.contains(BEGIN) {
            return Err(RequestError::Several);
        }
        is_ended |= line.contains(END);
        if !is_ended {
            body.push(line.to_owned());
        }
    }
    is_ended.then_some(body).ok_or(RequestError::CutOff)
}

/// A line without the marks of quoting and the blanks before it, and without blanks after it.
fn unquoted(line: &str) -> &str {
    line.trim_start_matches(|c: char| c == '>' || c == '|' || c.is_whitespace())
        .trim_end()
}

/// Keys with their values; a line without a key goes on with the one before.
fn pairs(lines: &[String]) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = Vec::new();
    for line in lines.iter().filter(|line| !line.is_empty()) {
        match (keyed(line), pairs.last_mut()) {
            (Some((key, value)), _) => pairs.push((key.to_owned(), value.to_owned())),
            (None, Some((_, value))) => {
                value.push(' ');
                value.push_str(line);
            }
            (None, None) => pairs.push((String::new(), line.clone())),
        }
    }
    pairs
}

fn keyed(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let is_key = !key.is_empty() && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    // What a mail program makes of a name, `http://…`, is no key.
    (is_key && !value.starts_with("//")).then_some((key, value.trim()))
}

#[derive(Default)]
struct Draft {
    version: Option<String>,
    name: Option<DnsName>,
    account: Option<AccountId>,
    zone: Option<ZoneId>,
    name_servers: Vec<DnsName>,
    ds: Vec<DsValue>,
    hash: Option<String>,
}

impl Draft {
    fn take(&mut self, key: &str, value: &str) -> Result<(), RequestError> {
        // Ticket systems put a link after what looks like a name.
        let word = value.split_whitespace().next().unwrap_or_default();
        match key {
            "zonecut-request" if word != SCHEMA => Err(RequestError::Version(format!("format {}", printable(word)))),
            "zonecut-request" => once(&mut self.version, key, Some(word.to_owned())),
            "name" => once(&mut self.name, key, DnsName::parse_rfc1035(word).ok()),
            "account" => once(&mut self.account, key, word.parse().ok()),
            "zone" => once(&mut self.zone, key, ZoneId::read(word)),
            "hash" => once(&mut self.hash, key, Some(word.to_ascii_lowercase())),
            "name-server" => many(&mut self.name_servers, key, DnsName::parse_rfc1035(word).ok()),
            "ds" => many(&mut self.ds, key, DsValue::read(value)),
            _ => Err(RequestError::Version(format!("it says {}", printable(key)))),
        }
    }

    fn finish(self) -> Result<Request, RequestError> {
        let lacks = |key: &str| RequestError::Malformed(format!("{key} is missing"));
        self.version.ok_or_else(|| lacks("zonecut-request"))?;
        let request = Request {
            name: self.name.ok_or_else(|| lacks("name"))?,
            account: self.account.ok_or_else(|| lacks("account"))?,
            zone: self.zone.ok_or_else(|| lacks("zone"))?,
            name_servers: self.name_servers,
            ds: self.ds,
        };
        if request.name_servers.len() < 2 {
            return Err(RequestError::Malformed(
                "it names fewer than two name servers".to_owned(),
            ));
        }
        match self.hash.ok_or_else(|| lacks("hash"))? == hash(&request) {
            true => Ok(request),
            false => Err(RequestError::Edited),
        }
    }
}

fn once<T>(place: &mut Option<T>, key: &str, value: Option<T>) -> Result<(), RequestError> {
    let value = value.ok_or_else(|| RequestError::Malformed(format!("its {key} is malformed")))?;
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(RequestError::Malformed(format!("{key} is there twice"))),
    }
}

fn many<T>(all: &mut Vec<T>, key: &str, value: Option<T>) -> Result<(), RequestError> {
    all.push(value.ok_or_else(|| RequestError::Malformed(format!("one {key} is malformed")))?);
    match all.len() > MAX_SERVERS {
        false => Ok(()),
        true => Err(RequestError::Malformed(format!(
            "there are more than {MAX_SERVERS} of {key}"
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn request() -> Request {
        let name = |text: &str| DnsName::parse_rfc1035(text).unwrap();
        Request {
            name: name("dev.example.com"),
            name_servers: vec![name("ns-12.awsdns-01.com"), name("ns-640.awsdns-16.net")],
            zone: ZoneId::read("Z04A8EXAMPLE1").unwrap(),
            account: "444455556666".parse().unwrap(),
            ds: vec![DsValue::read(&format!("12345 13 2 {}", "0123456789abcdef".repeat(4))).unwrap()],
        }
    }

    #[test]
    fn a_request_comes_back_from_its_text() {
        let text = write(&request());
        assert!(text.lines().all(|line| line.len() < 80), "{text}");
        assert_eq!(read(&text).unwrap(), request());
    }

    #[test]
    fn a_ticket_may_quote_it_break_it_and_put_prose_around_it() {
        let text = write(&request());
        let quoted: String = text.lines().map(|line| format!("> > {line}  \r\n")).collect();
        let linked = text.replace("com.\n", "com. <http://ns-12.awsdns-01.com.>\n");
        let broken = text.replace(" 0123456789abcdef", "\n0123456789abcdef");
        let spaced = text.replace('\n', "\n\n");
        let nested = format!(
            "Hi,\nplease delegate: thanks\n\n    {}\n-- \nAna",
            text.replace('\n', "\n    ")
        );
        let upper = text.replace("dev.example", "DEV.Example");
        for changed in [quoted, linked, broken, spaced, nested, upper] {
            assert_eq!(read(&changed), Ok(request()), "{changed}");
        }
    }

    #[test]
    fn an_edit_is_seen_wherever_it_is() {
        let text = write(&request());
        let edits = [
            ("dev.example", "div.example"),
            ("ns-12.", "ns-13."),
            ("444455556666", "444455556667"),
            ("Z04A8EXAMPLE1", "Z04A8EXAMPLE2"),
            ("12345 13", "12346 13"),
        ];
        for (old, new) in edits {
            let edited = text.replacen(old, new, 1);
            assert_ne!(edited, text);
            assert_eq!(read(&edited), Err(RequestError::Edited), "{old}");
        }
        let without = text.replacen("name-server: ns-12.awsdns-01.com.\n", "", 1);
        assert!(read(&without).is_err());
        let added = text.replacen(
            "hash:",
            "ds: 1 13 2 00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\nhash:",
            1,
        );
        assert_eq!(read(&added), Err(RequestError::Edited));
    }

    #[test]
    fn what_is_no_request_says_why() {
        let text = write(&request());
        assert_eq!(read("hello"), Err(RequestError::None));
        assert_eq!(read(&format!("{text}{text}")), Err(RequestError::Several));
        assert_eq!(read(text.split("hash").next().unwrap()), Err(RequestError::CutOff));
        let newer = text.replacen("zonecut-request: 1", "zonecut-request: 2", 1);
        assert!(matches!(read(&newer), Err(RequestError::Version(_))));
        let unknown = text.replacen("name:", "owner: x\nname:", 1);
        assert!(matches!(read(&unknown), Err(RequestError::Version(_))));
        let twice = text.replacen("name:", "name: a.example.\nname:", 1);
        assert!(matches!(read(&twice), Err(RequestError::Malformed(_))));
    }

    proptest! {
        #[test]
        fn no_text_is_taken_for_another_request(at in 0_usize..600, with in "\\PC{0,3}") {
            let text = write(&request());
            let at = at.min(text.len());
            let mut edited = text.clone();
            edited.insert_str(at, &with);
            // Either it is refused, or what was put in changed nothing that is asked for.
            if let Ok(read) = read(&edited) {
                prop_assert_eq!(read, request());
            }
        }
    }
}
