//! `zonecut trace`: the way to a name, who owns each step of it, what its servers said, and what it comes to.

mod resolvers;
mod trust;

use jiff::{Span, Timestamp};
use serde::Serialize;

use crate::findings::ZoneRef;
use crate::findings::trace::{Behind, Diagnosis, Holder, Outlook, Place, Server, Standing, State, Step, clock_words};
use crate::model::dns::{End, Leg, Record, Trace};
use crate::model::served::Verdict as Word;

use super::basis::Basis;
use super::head::{Head, timestamp};
use super::outside::Outside;
use super::tree::{ZoneName, environment};
use super::zone::RecordLine;

pub use resolvers::{HearsayLine, ResolverLine};
pub use trust::{LinkLine, TrustLine};

/// The way to a name.
#[derive(Debug, Clone, Serialize)]
pub struct TraceReport {
    /// How complete the inventory is.
    #[serde(flatten)]
    pub head: Head,
    /// What was asked.
    pub question: QuestionLine,
    /// The zone at which it begins.
    pub from: String,
    /// When it began.
    pub began_at: String,
    /// How long it took, in milliseconds.
    pub took_ms: u64,
    /// How many queries it took.
    pub queries: u32,
    /// What it comes to.
    pub verdict: VerdictLine,
    /// The zones on the way, and the one that should have been.
    pub steps: Vec<StepLine>,
    /// The aliases that were followed.
    pub aliases: Vec<AliasStep>,
    /// How it ended.
    pub answer: AnswerLine,
    /// The record sets that the accounts hold of the names on the way.
    pub held: Vec<HeldLine>,
    /// The chain of trust.
    pub trust: TrustLine,
    /// What resolvers said.
    pub resolvers: Vec<ResolverLine>,
    /// What resolvers over HTTPS say of the names on the way, where no server can be asked: their word, and no server's.
    pub hearsay: Vec<HearsayLine>,
    /// How long it took.
    #[serde(skip)]
    pub took: String,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct QuestionLine {
    /// The name.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub record_type: String,
}

/// What a trace comes to.
#[derive(Debug, Clone, Serialize)]
pub struct VerdictLine {
    /// In one word: `resolves`, `degraded`, `absent`, `unknown`, `broken`.
    pub outlook: &'static str,
    /// The step it is about, by its place in `steps`.
    pub step: Option<usize>,
    /// In a sentence.
    pub sentence: String,
    /// What was seen.
    pub why: Vec<String>,
    /// What mends it.
    pub fix: Option<String>,
    /// The zone to be changed for that, and the account it is in.
    pub who: Option<Owner>,
    /// What else there is to know.
    pub notes: Vec<String>,
    /// In one word, to compare.
    #[serde(skip)]
    pub grade: Option<Outlook>,
}

/// A zone and its account.
#[derive(Debug, Clone, Serialize)]
pub struct Owner {
    /// The zone.
    #[serde(flatten)]
    pub zone: ZoneName,
    /// The account's name.
    pub account_name: Outside,
    /// The profile that reads it.
    pub profile: Option<Outside>,
    /// The account's environment; `PROD` for production.
    pub env: Outside,
}

/// One zone on the way.
#[derive(Debug, Clone, Serialize)]
pub struct StepLine {
    /// The zone.
    pub zone: String,
    /// What its servers were asked; none where nobody refers to it.
    pub question: Option<QuestionLine>,
    /// How it stands: `ok`, `degraded`, `unknown`, `broken`.
    pub standing: &'static str,
    /// What its servers say, in words.
    pub says: String,
    /// For how many seconds that is kept.
    pub ttl: Option<u32>,
    /// Until when whoever hears it now keeps it.
    pub until: Option<Moment>,
    /// How many DS records stand beside its delegation.
    pub ds: usize,
    /// Who has it: `held`, `one-of`, `elsewhere`, `undelegated`, `nobody`, `unknown`.
    pub holder: &'static str,
    /// The zones of the name that the accounts hold.
    pub zones: Vec<Owner>,
    /// Its servers, a line for each address.
    pub servers: Vec<ServerLine>,
    /// The codes of what is wrong with its cut.
    pub findings: Vec<&'static str>,
    /// How it stands, to compare.
    #[serde(skip)]
    pub grade: Standing,
}

/// One address of a server, or a server without one.
#[derive(Debug, Clone, Serialize)]
pub struct ServerLine {
    /// Its name.
    pub name: String,
    /// Its address.
    pub address: Option<String>,
    /// In a word: `ok`, `lame`, `no answer`, `unreachable`, `not asked`, `no address`, `not found`, `waiting`.
    pub verdict: &'static str,
    /// What it said, in words.
    pub says: String,
    /// How long that took, in milliseconds.
    pub rtt_ms: Option<u64>,
    /// Whether it does its work for the zone.
    #[serde(skip)]
    pub serves: bool,
    /// Whether it was not asked, for reasons of this machine's.
    #[serde(skip)]
    pub unasked: bool,
    /// How long it took, in words.
    #[serde(skip)]
    pub rtt: String,
}

/// An alias that was followed.
#[derive(Debug, Clone, Serialize)]
pub struct AliasStep {
    /// The owner.
    pub owner: String,
    /// CNAME or DNAME.
    #[serde(rename = "type")]
    pub record_type: String,
    /// The name that is asked for instead.
    pub target: Option<String>,
    /// Seconds.
    pub ttl: u32,
}

/// How a trace ended.
#[derive(Debug, Clone, Serialize)]
pub struct AnswerLine {
    /// `answer`, `no-data`, `no-name`, `no-server`, `alias-loop`, `too-many-aliases`, `alias-too-long`, `too-deep`, `unasked`.
    pub kind: &'static str,
    /// The records.
    pub records: Vec<DataLine>,
    /// For how many seconds it is kept.
    pub ttl: Option<u32>,
    /// Until when whoever hears it now keeps it.
    pub until: Option<Moment>,
}

/// A record that was served.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DataLine {
    /// The owner.
    pub name: String,
    /// The type.
    #[serde(rename = "type")]
    pub record_type: String,
    /// Seconds.
    pub ttl: u32,
    /// The data as text.
    pub data: String,
}

/// Record sets of a name on the way, in one zone.
#[derive(Debug, Clone, Serialize)]
pub struct HeldLine {
    /// The name that was asked for.
    pub name: String,
    /// The zone.
    pub zone: Owner,
    /// What the zone is to the answer: `answering`, `perhaps`, `hidden`, `shadowed`, `unreached`, `private`.
    pub place: &'static str,
    /// The record sets.
    pub records: Vec<RecordLine>,
}

/// A point in time: RFC 3339 in JSON, a clock's hands for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moment(pub Timestamp);

impl Serialize for Moment {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&timestamp(self.0))
    }
}

impl Moment {
    /// So many seconds after another.
    fn after(at: Timestamp, seconds: u32) -> Option<Self> {
        at.checked_add(Span::new().seconds(seconds)).ok().map(Self)
    }

    /// As a clock shows it there: `14:32:10`, with the date where that is another than at `now`.
    pub fn clock(self, now: Timestamp, zone: &jiff::tz::TimeZone) -> String {
        let (own, today) = (self.0.to_zoned(zone.clone()), now.to_zoned(zone.clone()));
        match own.date() == today.date() {
            true => own.strftime("%H:%M:%S").to_string(),
            false => own.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        }
    }
}

impl TraceReport {
    /// What a trace and its diagnosis say.
    pub fn of(basis: &Basis<'_>, trace: &Trace, diagnosis: &Diagnosis) -> Self {
        let heard_at = trace.began.checked_add(trace.took).unwrap_or(trace.began);
        let walk = &trace.walk;
        let alias = |alias: &crate::model::dns::Alias| AliasStep {
            owner: alias.owner.to_string(),
            record_type: alias.record_type.to_string(),
            target: alias.target.as_ref().map(ToString::to_string),
            ttl: alias.ttl,
        };
        Self {
            head: Head::of(basis),
            question: QuestionLine::of(&walk.question),
            from: walk.legs.first().map_or_else(String::new, |leg| leg.zone.to_string()),
            began_at: timestamp(trace.began),
            took_ms: u64::try_from(trace.took.as_millis()).unwrap_or(u64::MAX),
            queries: walk.queries,
            verdict: VerdictLine::of(basis, diagnosis),
            steps: diagnosis
                .steps
                .iter()
                .map(|step| StepLine::of(basis, trace, step, heard_at))
                .collect(),
            aliases: walk.aliases.iter().map(alias).collect(),
            answer: AnswerLine::of(&walk.end, heard_at),
            held: diagnosis
                .behind
                .iter()
                .filter_map(|behind| HeldLine::of(basis, behind))
                .collect(),
            trust: TrustLine::of(&diagnosis.chain),
            resolvers: trace
                .resolvers
                .iter()
                .map(|said| ResolverLine::of(said, heard_at))
                .collect(),
            hearsay: trace.hearsay.iter().map(|one| HearsayLine::of(one, heard_at)).collect(),
            took: clock_words(trace.took),
        }
    }
}

impl QuestionLine {
    fn of(question: &crate::model::dns::Question) -> Self {
        Self {
            name: question.name.to_string(),
            record_type: question.record_type.to_string(),
        }
    }
}

impl VerdictLine {
    fn of(basis: &Basis<'_>, diagnosis: &Diagnosis) -> Self {
        let verdict = &diagnosis.verdict;
        Self {
            outlook: verdict.outlook.word(),
            step: verdict.step,
            sentence: verdict.sentence.clone(),
            why: verdict.why.clone(),
            fix: verdict.fix.clone(),
            who: verdict.who.as_ref().map(|zone| Owner::of(basis, zone)),
            notes: verdict.notes.clone(),
            grade: Some(verdict.outlook),
        }
    }
}

impl Owner {
    /// A zone and its account.
    pub fn of(basis: &Basis<'_>, zone: &ZoneRef) -> Self {
        let account = basis.account(zone.account);
        Self {
            zone: ZoneName::of(zone, basis),
            account_name: account.map_or_else(|| Outside::from(""), |account| Outside::from(&account.name)),
            profile: account.and_then(|account| account.profile.as_ref()).map(Outside::from),
            env: account.map_or_else(|| Outside::from(""), environment),
        }
    }
}

impl StepLine {
    fn of(basis: &Basis<'_>, trace: &Trace, step: &Step, heard_at: Timestamp) -> Self {
        let leg = step.leg.and_then(|place| trace.walk.legs.get(place));
        let ttl = leg.and_then(Leg::kept);
        Self {
            zone: step.zone.to_string(),
            question: step.question.as_ref().map(QuestionLine::of),
            standing: step.standing.word(),
            says: step.says.clone(),
            ttl,
            until: ttl.and_then(|ttl| Moment::after(heard_at, ttl)),
            ds: leg.map_or(0, |leg| leg.ds.len()),
            holder: holder_word(&step.holder),
            zones: step.holder.zones().iter().map(|zone| Owner::of(basis, zone)).collect(),
            servers: step.servers.iter().map(ServerLine::of).collect(),
            findings: step.findings.iter().map(crate::findings::Finding::code).collect(),
            grade: step.standing,
        }
    }

    /// How many of its servers, by name, do their work, of how many that were asked.
    pub fn tally(&self) -> (usize, usize) {
        let mut tally = (0, 0);
        for of_name in self.servers.chunk_by(|a, b| a.name == b.name) {
            let asked = || of_name.iter().filter(|server| !server.unasked);
            if asked().next().is_some() {
                tally.1 += 1;
                tally.0 += usize::from(asked().all(|server| server.serves));
            }
        }
        tally
    }
}

/// The stable word for who has a zone.
pub fn holder_word(holder: &Holder) -> &'static str {
    match holder {
        Holder::Held(_) => "held",
        Holder::OneOf(_) => "one-of",
        Holder::Elsewhere(_) => "elsewhere",
        Holder::Undelegated(_) => "undelegated",
        Holder::Nobody => "nobody",
        Holder::Unknown => "unknown",
    }
}

impl ServerLine {
    fn of(server: &Server) -> Self {
        Self {
            name: server.name.to_string(),
            address: server.address.map(|address| address.to_string()),
            verdict: server.word(),
            says: server.says.clone(),
            rtt_ms: server.took.and_then(|took| u64::try_from(took.as_millis()).ok()),
            serves: server.serves(),
            unasked: matches!(server.state, State::Asked(Word::Unasked(_)) | State::Unsought),
            rtt: server.took.map_or_else(String::new, clock_words),
        }
    }
}

impl DataLine {
    fn of(record: &Record) -> Self {
        Self {
            name: record.owner.to_string(),
            record_type: record.record_type.to_string(),
            ttl: record.ttl,
            data: record.shown_data(),
        }
    }
}

impl AnswerLine {
    fn of(end: &End, heard_at: Timestamp) -> Self {
        let (kind, ttl) = match end {
            End::Answer(records) => ("answer", records.iter().map(|record| record.ttl).min()),
            End::NoData(negative) => ("no-data", negative.as_ref().map(|negative| negative.ttl)),
            End::NoName(negative) => ("no-name", negative.as_ref().map(|negative| negative.ttl)),
            End::NoServer => ("no-server", None),
            End::AliasLoop(_) => ("alias-loop", None),
            End::TooManyAliases => ("too-many-aliases", None),
            End::AliasTooLong => ("alias-too-long", None),
            End::TooDeep => ("too-deep", None),
            End::Unasked(_) => ("unasked", None),
        };
        let records = match end {
            End::Answer(records) => records.iter().map(DataLine::of).collect(),
            _ => Vec::new(),
        };
        Self {
            kind,
            records,
            ttl,
            until: ttl.and_then(|ttl| Moment::after(heard_at, ttl)),
        }
    }
}

impl HeldLine {
    fn of(basis: &Basis<'_>, behind: &Behind) -> Option<Self> {
        let place = match behind.place {
            Place::Answering => "answering",
            Place::Perhaps => "perhaps",
            Place::Hidden(_) => "hidden",
            Place::Shadowed => "shadowed",
            Place::Unreached => "unreached",
            Place::Private => "private",
        };
        basis.inventory.zone(behind.zone.index)?;
        Some(Self {
            name: behind.name.to_string(),
            zone: Owner::of(basis, &behind.zone),
            place,
            records: behind.records.iter().map(RecordLine::of).collect(),
        })
    }
}
