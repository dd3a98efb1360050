//! What resolvers say in a trace's report: of the name itself, and of the names on the way where no server can be asked.

use jiff::Timestamp;
use serde::Serialize;

use super::{DataLine, Moment, QuestionLine};
use crate::findings::trace::clock_words;
use crate::model::dns::{Choice, Hearsay, Record, Resolved, ResolverSaid};

/// What a resolver said.
#[derive(Debug, Clone, Serialize)]
pub struct ResolverLine {
    /// Where it is: an address, or the URL of one over HTTPS.
    pub address: String,
    /// Who named it: `system` or `named`.
    pub choice: &'static str,
    /// What it said, in words.
    pub says: String,
    /// For how many seconds it goes on saying so.
    pub ttl: Option<u32>,
    /// Until when.
    pub until: Option<Moment>,
    /// How long it took, in milliseconds.
    pub rtt_ms: Option<u64>,
    /// The records.
    pub records: Vec<DataLine>,
    /// How long it took, in words.
    #[serde(skip)]
    pub rtt: String,
}

/// What a resolver said of a name on the way.
#[derive(Debug, Clone, Serialize)]
pub struct HearsayLine {
    /// What it was asked.
    pub question: QuestionLine,
    /// What it said.
    #[serde(flatten)]
    pub said: ResolverLine,
}

impl HearsayLine {
    pub(super) fn of(one: &Hearsay, heard_at: Timestamp) -> Self {
        let mut said = ResolverLine::of(&one.said, heard_at);
        if let Some(name) = one.alias_of() {
            said.says = format!("an alias of {name}: {}", said.says);
        }
        Self {
            question: QuestionLine::of(&one.question),
            said,
        }
    }
}

impl ResolverLine {
    pub(super) fn of(said: &ResolverSaid, heard_at: Timestamp) -> Self {
        let ttl = said.said.as_ref().ok().and_then(Resolved::ttl);
        let records = match &said.said {
            Ok(Resolved::Answer { records, .. }) => records.iter().map(DataLine::of).collect(),
            _ => Vec::new(),
        };
        let is_heard =
            matches!(&said.said, Ok(resolved) if !matches!(resolved, Resolved::Silent | Resolved::Unreachable(_)));
        Self {
            address: said.resolver.to_string(),
            choice: match said.resolver.choice {
                Choice::System => "system",
                Choice::Named => "named",
            },
            says: says(said),
            ttl,
            until: ttl.and_then(|ttl| Moment::after(heard_at, ttl)),
            rtt_ms: is_heard.then(|| u64::try_from(said.took.as_millis()).unwrap_or(u64::MAX)),
            rtt: if is_heard {
                clock_words(said.took)
            } else {
                String::new()
            },
            records,
        }
    }
}

/// What a resolver said, in words.
fn says(said: &ResolverSaid) -> String {
    let errors = |errors: &[crate::model::dns::ExtendedError]| {
        let meaning = errors.first().map(|error| error.meaning().unwrap_or("unknown code"));
        meaning.map_or_else(String::new, |meaning| format!(" ({meaning})"))
    };
    match &said.said {
        Err(_) => "not asked: too many queries, or out of time".to_owned(),
        Ok(Resolved::Answer { records, .. }) => {
            let data: Vec<String> = records.iter().take(3).map(Record::shown_data).collect();
            data.join(", ")
        }
        Ok(Resolved::NoData(_)) => "no data".to_owned(),
        Ok(Resolved::NoName(_)) => "NXDOMAIN".to_owned(),
        Ok(Resolved::Refused(why)) => format!("REFUSED{}", errors(why)),
        Ok(Resolved::Failed(why)) => format!("SERVFAIL{}", errors(why)),
        Ok(Resolved::Code(code)) => code.to_string(),
        Ok(Resolved::Malformed) => "an answer that cannot be read".to_owned(),
        Ok(Resolved::Silent) => "no answer".to_owned(),
        Ok(Resolved::Unreachable(why)) => format!("cannot be reached: {}", why.words()),
    }
}
