//! How name servers misbehave: all the time, or for one zone.

use std::time::Duration;

use crate::model::name::DnsName;

/// One way to misbehave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Behaviour {
    /// Nothing listens there.
    Absent,
    /// It never says anything.
    Silent,
    /// REFUSED, though it has the zone.
    Refused,
    /// SERVFAIL.
    Servfail,
    /// NOTIMP.
    Notimp,
    /// Octets that are no message.
    Garbled,
    /// What it has, without the AA bit.
    NotAuthoritative,
    /// A referral to the root.
    UpwardReferral,
    /// FORMERR to whoever sends an OPT record (RFC 6891 section 7).
    NoEdns,
    /// Over UDP, nothing to whoever sends an OPT record.
    DropsEdns,
    /// It does not listen for TCP.
    UdpOnly,
    /// Over UDP, the TC bit and nothing else.
    Truncating,
    /// It takes this long.
    Slow(Duration),
    /// It offers recursion, and resolves whatever it is asked to.
    Recursive,
}

/// A server that misbehaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misbehaviour {
    /// The server.
    pub server: DnsName,
    /// The zone at or below which it does; everywhere, where none is given.
    pub zone: Option<DnsName>,
    /// What it does.
    pub behaviour: Behaviour,
}

/// A server to misbehave, as the file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerSpec {
    /// The server's name, or a placeholder that stands for names.
    pub name: String,
    /// The zone at or below which it does.
    pub zone: Option<DnsName>,
    /// What it does, in the words of the file.
    pub behaviour: Vec<String>,
}

const WORDS: [(&str, Behaviour); 13] = [
    ("absent", Behaviour::Absent),
    ("silent", Behaviour::Silent),
    ("refused", Behaviour::Refused),
    ("servfail", Behaviour::Servfail),
    ("notimp", Behaviour::Notimp),
    ("garbled", Behaviour::Garbled),
    ("not-authoritative", Behaviour::NotAuthoritative),
    ("upward-referral", Behaviour::UpwardReferral),
    ("no-edns", Behaviour::NoEdns),
    ("drops-edns", Behaviour::DropsEdns),
    ("udp-only", Behaviour::UdpOnly),
    ("truncating", Behaviour::Truncating),
    ("recursive", Behaviour::Recursive),
];

impl Behaviour {
    /// Reads the word of the file: `silent`, `slow:400ms`.
    pub fn read(word: &str) -> Result<Self, String> {
        if let Some(time) = word.strip_prefix("slow:") {
            let millis = time.strip_suffix("ms").and_then(|digits| digits.parse().ok());
            let millis = millis.ok_or_else(|| format!("{word:?}: slow:400ms takes 400 milliseconds"))?;
            return Ok(Self::Slow(Duration::from_millis(millis)));
        }
        let known = WORDS.iter().find(|(known, _)| *known == word);
        known.map(|(_, behaviour)| *behaviour).ok_or_else(|| {
            let words: Vec<&str> = WORDS.iter().map(|(word, _)| *word).collect();
            format!("{word:?}: a server may be {} or slow:400ms", words.join(", "))
        })
    }

    /// Whether it concerns the server's sockets, and so all zones.
    pub fn is_of_sockets(self) -> bool {
        matches!(self, Self::Absent | Self::UdpOnly)
    }
}

impl Misbehaviour {
    /// Whether it shows when a name is asked for.
    pub fn concerns(&self, name: &DnsName) -> bool {
        self.zone.as_ref().is_none_or(|zone| name.is_at_or_below(zone))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_file_is_read_and_others_are_refused() {
        for (word, behaviour) in WORDS {
            assert_eq!(Behaviour::read(word), Ok(behaviour));
        }
        assert_eq!(
            Behaviour::read("slow:40ms"),
            Ok(Behaviour::Slow(Duration::from_millis(40)))
        );
        for word in ["slow", "slow:40", "slow:xms", "Silent", ""] {
            assert!(Behaviour::read(word).is_err(), "{word}");
        }
    }
}
