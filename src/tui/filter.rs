//! The live filter: fuzzy words, `status:` `acct:` `env:` `sev:` `ns:` `type:`, and `!` before what must not match.

use nucleo_matcher::pattern::{Atom, AtomKind, CaseMatching, Normalization};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// A filter, read from what was typed.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    terms: Vec<Term>,
}

#[derive(Debug, Clone)]
struct Term {
    negated: bool,
    kind: Kind,
}

#[derive(Debug, Clone)]
enum Kind {
    Fuzzy { atom: Atom, least: u16 },
    Field(Field, String),
}

/// What a `field:` looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Field {
    /// The status.
    Status,
    /// The name or the id of the account.
    Account,
    /// The environment.
    Env,
    /// The severity of a finding.
    Severity,
    /// A name server.
    NameServer,
    /// Public, private, delegation, or the type of a record set.
    Type,
}

impl Field {
    /// Every field and the words for it; the first is the one help shows.
    pub const ALL: [(Self, &'static [&'static str]); 6] = [
        (Self::Status, &["status"]),
        (Self::Account, &["acct", "account"]),
        (Self::Env, &["env"]),
        (Self::Severity, &["sev", "severity"]),
        (Self::NameServer, &["ns"]),
        (Self::Type, &["type"]),
    ];
}

/// Something a filter can be held against. Texts are lower-case.
pub trait Subject {
    /// What fuzzy words are looked for in.
    fn text(&self) -> &str;
    /// Whether a field of it matches the wanted text.
    fn field(&self, field: Field, wanted: &str) -> bool;
}

/// What matching needs besides the filter; made once, used for many.
pub struct Matching(Matcher);

impl Default for Matching {
    fn default() -> Self {
        Self(Matcher::new(Config::DEFAULT))
    }
}

/// Of the points a run of matching letters is worth, how many each letter must bring: scattered letters are no match.
const POINTS_PER_LETTER: u16 = 20;

impl Filter {
    /// Reads a filter.
    pub fn read(text: &str) -> Self {
        Self {
            terms: text.split_whitespace().filter_map(Term::read).collect(),
        }
    }

    /// Whether it lets everything through.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether every term matches.
    pub fn matches(&self, subject: &impl Subject, matching: &mut Matching) -> bool {
        self.terms.iter().all(|term| term.matches(subject, matching))
    }
}

impl Term {
    fn read(word: &str) -> Option<Self> {
        let (negated, word) = match word.strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, word),
        };
        if word.is_empty() {
            return None;
        }
        let kind = Self::field(word).unwrap_or_else(|| Kind::fuzzy(word, negated));
        Some(Self { negated, kind })
    }

    fn field(word: &str) -> Option<Kind> {
        let (name, wanted) = word.split_once(':')?;
        let name = name.to_lowercase();
        let (field, _) = Field::ALL.iter().find(|(_, words)| words.contains(&name.as_str()))?;
        Some(Kind::Field(*field, wanted.to_lowercase()))
    }

    fn matches(&self, subject: &impl Subject, matching: &mut Matching) -> bool {
        let found = match &self.kind {
            // A field that is still being typed lets everything through, negated or not.
            Kind::Field(_, wanted) if wanted.is_empty() => return true,
            Kind::Field(field, wanted) => subject.field(*field, wanted),
            Kind::Fuzzy { atom, least } => {
                let mut buffer = Vec::new();
                let text = Utf32Str::new(subject.text(), &mut buffer);
                atom.score(text, &mut matching.0).is_some_and(|score| score >= *least)
            }
        };
        found != self.negated
    }
}

impl Kind {
    /// What must not be there has to be there literally: letters that are merely scattered should not hide a row.
    fn fuzzy(word: &str, negated: bool) -> Self {
        let kind = if negated { AtomKind::Substring } else { AtomKind::Fuzzy };
        let letters = u16::try_from(word.chars().count()).unwrap_or(u16::MAX);
        Self::Fuzzy {
            atom: Atom::new(word, CaseMatching::Ignore, Normalization::Never, kind, false),
            least: if negated {
                0
            } else {
                letters.saturating_mul(POINTS_PER_LETTER)
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Zone(&'static str, &'static str);

    impl Subject for Zone {
        fn text(&self) -> &str {
            self.0
        }

        fn field(&self, field: Field, wanted: &str) -> bool {
            field == Field::Status && self.1.starts_with(wanted)
        }
    }

    fn holds(filter: &str, name: &'static str, status: &'static str) -> bool {
        Filter::read(filter).matches(&Zone(name, status), &mut Matching::default())
    }

    #[test]
    fn words_match_in_any_place_and_with_small_gaps() {
        assert!(holds("dev", "dev.example.com", "ok"));
        assert!(holds("exmple", "dev.example.com", "ok"));
        assert!(holds("DEV com", "dev.example.com", "ok"));
        assert!(holds("d.ex", "dev.example.com", "ok"));
        assert!(!holds("dvm", "data.virginia.example.com", "ok"));
        assert!(!holds("shop", "dev.example.com", "ok"));
    }

    #[test]
    fn fields_narrow_and_negation_excludes() {
        assert!(holds("status:miss", "dev.example.com", "missing"));
        assert!(!holds("status:ok", "dev.example.com", "missing"));
        assert!(holds("!status:ok", "dev.example.com", "missing"));
        assert!(!holds("!dev", "dev.example.com", "ok"));
        assert!(holds("!shop dev", "dev.example.com", "ok"));
    }

    #[test]
    fn what_is_still_being_typed_hides_nothing() {
        for text in ["", "!", "status:", "!status:", "  "] {
            assert!(holds(text, "dev.example.com", "ok"), "{text}");
        }
    }
}
