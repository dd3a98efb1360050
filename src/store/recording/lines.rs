//! The lines of a recording: a head, the accounts in their order, the zones, the cuts that were asked about, an end.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Stage;
use super::told::{self, Hear, Tell, mirrored};
use crate::model::inventory::{Held, Origin};
use crate::model::served::Liveness;
use crate::model::text::Untrusted;

/// How the first line of every recording begins.
pub(super) const MAGIC: &[u8] = b"{\"zonecut_recording\":";

/// The first line.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Head {
    /// The format.
    pub(super) zonecut_recording: u32,
    /// The version of the program.
    #[serde(with = "told")]
    pub(super) zonecut: Untrusted,
    #[serde(with = "told")]
    pub(super) recorded_at: Timestamp,
    #[serde(with = "told")]
    pub(super) stage: Stage,
    #[serde(with = "told")]
    pub(super) endpoint_override: Option<Untrusted>,
    #[serde(with = "told")]
    pub(super) liveness: Liveness,
}

/// What the first line says in every version.
#[derive(Deserialize)]
pub(super) struct Version {
    pub(super) zonecut_recording: u32,
    pub(super) zonecut: Option<String>,
}

/// One of the other lines, of borrowed parts where it is written and of owned ones where it is read.
#[derive(Serialize, Deserialize)]
#[serde(
    rename_all = "snake_case",
    bound(
        serialize = "A: Tell, Z: Tell, R: Tell, D: Tell, S: Tell, C: Tell",
        deserialize = "A: Hear, Z: Hear, R: Hear, D: Hear, S: Hear, C: Hear"
    )
)]
pub(super) enum Line<A, Z, R, D, S, C> {
    Account(AccountLine<A>),
    Zone(ZoneLine<Z, R, D, S>),
    Served(#[serde(with = "told")] C),
    End(Totals),
}

/// An account.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields, bound(serialize = "A: Tell", deserialize = "A: Hear"))]
pub(super) struct AccountLine<A> {
    #[serde(with = "told")]
    pub(super) account: A,
    /// Whether it was to be read.
    pub(super) chosen: bool,
    pub(super) expected_zones: Option<u64>,
}

/// A zone and what was read of it.
#[derive(Serialize, Deserialize)]
#[serde(
    deny_unknown_fields,
    bound(
        serialize = "Z: Tell, R: Tell, D: Tell, S: Tell",
        deserialize = "Z: Hear, R: Hear, D: Hear, S: Hear"
    )
)]
pub(super) struct ZoneLine<Z, R, D, S> {
    #[serde(with = "told")]
    pub(super) zone: Z,
    #[serde(with = "told")]
    pub(super) origin: Origin,
    #[serde(with = "told")]
    pub(super) delegation_set: Option<D>,
    #[serde(with = "told")]
    pub(super) signing: Option<S>,
    /// Last, because it is the longest.
    #[serde(with = "told")]
    pub(super) records: Option<Held<R>>,
}

/// The last line: how many lines of each kind there are before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Totals {
    pub(super) accounts: usize,
    pub(super) zones: usize,
    pub(super) served: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Stage", rename_all = "snake_case")]
enum StageMirror {
    Aws,
    Demo,
}

mirrored! { Stage => StageMirror }
