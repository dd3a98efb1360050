//! A record set as it is typed: texts, and what is wrong with each of them in its own words.
//!
//! The command line and the terminal program read what is typed by this alone. Invariant: what passes here may still be
//! refused for what the zone holds; what is refused here never leaves.

use crate::model::awsdns;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::text::{Untrusted, printable};
use crate::model::zone::ZoneId;

use super::exact::{ExactSet, Policy, Routing};
use super::records::{MAX_TTL, apex_flaw};
use super::value::{self, WRITABLE};
use super::wish::{Edit, Records, ZoneChoice};

/// A record set as it is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The zone.
    pub zone: ZoneId,
    /// Its name.
    pub apex: DnsName,
    /// What becomes of the record set.
    pub task: Task,
    /// The owner, in full.
    pub name: String,
    /// The type.
    pub record_type: String,
    /// The TTL in seconds.
    pub ttl: String,
    /// The values; blank ones are none.
    pub values: Vec<String>,
}

/// What becomes of a record set that is typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// It is created.
    Add,
    /// It takes the place of the one that is there.
    Change {
        /// The set identifier, where a routing policy makes several.
        identifier: Option<Untrusted>,
    },
}

/// One of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// The owner.
    Name,
    /// The type.
    Type,
    /// The TTL.
    Ttl,
    /// A value, by its number from 0.
    Value(usize),
}

impl Place {
    /// What it is called.
    pub fn word(self) -> &'static str {
        match self {
            Self::Name => "Name",
            Self::Type => "Type",
            Self::Ttl => "TTL",
            Self::Value(_) => "Value",
        }
    }
}

/// Reads the mnemonic of a type, in any case.
pub fn record_type(word: &str) -> Result<RecordType, String> {
    RecordType::read(&word.trim().to_ascii_uppercase())
        .ok_or_else(|| format!("{} is no record type", printable(word.trim())))
}

impl Entry {
    /// What is wrong with one of the texts; nothing while it is blank.
    pub fn flaw(&self, place: Place) -> Option<String> {
        match place {
            Place::Name if self.is_untouched() => None,
            Place::Name => self.owner().err(),
            Place::Type if self.record_type.trim().is_empty() => None,
            Place::Type => self.kind().err(),
            Place::Ttl if self.ttl.trim().is_empty() => None,
            Place::Ttl => self.seconds().err(),
            Place::Value(number) => self.value_flaw(number),
        }
    }

    /// Nothing was put before the dot of the zone.
    fn is_untouched(&self) -> bool {
        let text = self.name.trim();
        text.is_empty() || text.strip_prefix('.') == Some(self.apex.to_string().as_str())
    }

    fn owner(&self) -> Result<DnsName, String> {
        if self.is_untouched() {
            return Err("type a name; without the dot before it, it is the zone's own".to_owned());
        }
        let name = DnsName::parse_input(self.name.trim()).map_err(|error| error.to_string())?;
        match name.is_at_or_below(&self.apex) {
            true => Ok(name),
            false => Err(format!("it is not in the zone {}", self.apex)),
        }
    }

    fn kind(&self) -> Result<RecordType, String> {
        if self.record_type.trim().is_empty() {
            return Err(format!("type one of {}", WRITABLE.join(" ")));
        }
        let kind = record_type(&self.record_type)?;
        if !WRITABLE.contains(&kind.as_str()) {
            return Err(format!(
                "{kind} is shown and not written, unlike {}",
                WRITABLE.join(" ")
            ));
        }
        match self.owner() {
            Ok(name) if name == self.apex => apex_flaw(kind).map_or(Ok(kind), |why| Err(why.to_owned())),
            _ => Ok(kind),
        }
    }

    fn seconds(&self) -> Result<u32, String> {
        let seconds: Option<u32> = self.ttl.trim().parse().ok();
        seconds
            .filter(|seconds| *seconds <= MAX_TTL)
            .ok_or_else(|| format!("it is no number of seconds from 0 to {MAX_TTL}"))
    }

    /// The values that are not blank, with their numbers.
    fn typed(&self) -> impl Iterator<Item = (usize, &str)> {
        let all = self.values.iter().map(|value| value.trim()).enumerate();
        all.filter(|(_, value)| !value.is_empty())
    }

    fn value_flaw(&self, number: usize) -> Option<String> {
        let (_, text) = self.typed().find(|(other, _)| *other == number)?;
        let kind = self.kind().ok()?;
        if let Some(flaw) = value::flaw(kind, text) {
            return Some(flaw);
        }
        if self.typed().any(|(other, value)| other < number && value == text) {
            return Some("it is there twice".to_owned());
        }
        let is_first = self.typed().next().is_some_and(|(first, _)| first == number);
        if kind == RecordType::CNAME && !is_first {
            return Some("a CNAME has one value only".to_owned());
        }
        let is_typed =
            kind == RecordType::NS && DnsName::parse_route53(text).is_ok_and(|server| awsdns::is_awsdns(&server));
        is_typed.then(|| "name servers of Route 53 are not typed: d delegates the name".to_owned())
    }

    /// What it comes to, or the first text that is wrong, and why.
    pub fn edit(&self) -> Result<Edit, (Place, String)> {
        let name = self.owner().map_err(|why| (Place::Name, why))?;
        let kind = self.kind().map_err(|why| (Place::Type, why))?;
        let ttl = self.seconds().map_err(|why| (Place::Ttl, why))?;
        for (number, _) in self.typed() {
            if let Some(why) = self.value_flaw(number) {
                return Err((Place::Value(number), why));
            }
        }
        let values: Vec<Untrusted> = self.typed().map(|(_, value)| Untrusted::from(value)).collect();
        if values.is_empty() {
            return Err((Place::Value(0), "type a value".to_owned()));
        }
        let mut set = ExactSet::simple(name, kind, ttl, values);
        Ok(match &self.task {
            Task::Add => Edit::Add(set),
            Task::Change { identifier } => {
                // Which policy it is stands in the zone, and is kept.
                set.routing = identifier.clone().map(|set_identifier| Routing {
                    set_identifier,
                    policy: Policy::Unknown,
                });
                Edit::Put(set)
            }
        })
    }

    /// The same as a wish.
    pub fn records(&self) -> Option<Records> {
        Some(Records {
            zone: ZoneChoice::Id(self.zone.clone()),
            edits: vec![self.edit().ok()?],
        })
    }

    /// What a value of the type looks like; nothing where there is no such type yet.
    pub fn example(&self) -> Option<&'static str> {
        value::example(self.kind().ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, record_type: &str, ttl: &str, values: &[&str]) -> Entry {
        Entry {
            zone: ZoneId::read("Z1EXAMPLE").unwrap(),
            apex: "example.com".parse().unwrap(),
            task: Task::Add,
            name: name.to_owned(),
            record_type: record_type.to_owned(),
            ttl: ttl.to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
        }
    }

    #[test]
    fn what_is_typed_whole_is_a_record_set_and_blank_rows_are_no_values() {
        let typed = entry("www.example.com", "a", " 300 ", &["192.0.2.1 ", "", "192.0.2.2", ""]);
        let Ok(Edit::Add(set)) = typed.edit() else {
            panic!("{:?}", typed.edit());
        };
        let values: Vec<&str> = set.values().iter().map(Untrusted::expose).collect();
        assert_eq!((set.name.to_string().as_str(), set.ttl), ("www.example.com", Some(300)));
        assert_eq!(values, ["192.0.2.1", "192.0.2.2"]);
    }

    #[test]
    fn nothing_is_wrong_with_what_is_not_typed_yet_but_it_does_not_leave() {
        let blank = entry(".example.com", "", "", &[""]);
        for place in [Place::Name, Place::Type, Place::Ttl, Place::Value(0)] {
            assert_eq!(blank.flaw(place), None, "{place:?}");
        }
        assert_eq!(blank.edit().unwrap_err().0, Place::Name);
        assert_eq!(blank.records(), None);
    }

    #[test]
    fn each_text_is_told_in_its_own_words_what_is_wrong_with_it() {
        let cases = [
            (
                entry("www.example.net", "A", "60", &[]),
                Place::Name,
                "not in the zone example.com",
            ),
            (entry("a..example.com", "A", "60", &[]), Place::Name, ""),
            (
                entry("www.example.com", "BOGUS!", "60", &[]),
                Place::Type,
                "no record type",
            ),
            (
                entry("www.example.com", "SOA", "60", &[]),
                Place::Type,
                "shown and not written",
            ),
            (entry("example.com", "NS", "60", &[]), Place::Type, "at the apex"),
            (entry("example.com", "CNAME", "60", &[]), Place::Type, "at the apex"),
            (
                entry("www.example.com", "A", "soon", &[]),
                Place::Ttl,
                "no number of seconds",
            ),
            (
                entry("www.example.com", "A", "2147483648", &[]),
                Place::Ttl,
                "no number of seconds",
            ),
            (
                entry("www.example.com", "A", "60", &["192.0.2.300"]),
                Place::Value(0),
                "no IPv4 address",
            ),
            (
                entry("www.example.com", "MX", "60", &["mail.example.com"]),
                Place::Value(0),
                "PREFERENCE NAME",
            ),
            (
                entry("www.example.com", "A", "60", &["192.0.2.1", "192.0.2.1"]),
                Place::Value(1),
                "twice",
            ),
            (
                entry("www.example.com", "CNAME", "60", &["a.example.", "b.example."]),
                Place::Value(1),
                "one value only",
            ),
            (
                entry("www.example.com", "NS", "60", &["ns-1.awsdns-00.com."]),
                Place::Value(0),
                "not typed",
            ),
        ];
        for (entry, place, words) in cases {
            let flaw = entry
                .flaw(place)
                .unwrap_or_else(|| panic!("{entry:?} has no flaw at {place:?}"));
            assert!(flaw.contains(words), "{flaw}");
            assert!(entry.edit().is_err());
        }
    }

    #[test]
    fn a_change_says_which_set_it_means_and_leaves_its_policy_to_what_is_there() {
        let mut typed = entry("lb.example.com", "A", "60", &["192.0.2.1"]);
        typed.task = Task::Change {
            identifier: Some("blue".into()),
        };
        let Ok(Edit::Put(set)) = typed.edit() else {
            panic!("{:?}", typed.edit());
        };
        assert_eq!(set.identifier(), Some("blue"));
    }

    #[test]
    fn every_type_that_is_written_has_an_example() {
        for word in WRITABLE {
            let typed = entry("www.example.com", word, "60", &[]);
            assert!(typed.example().is_some(), "{word}");
        }
    }
}
