//! Mirrors of accounts, and of why something could not be read.

use serde::{Deserialize, Serialize};

use super::told::{self, mirrored};
use crate::model::account::{Account, AccountId, AccountIx, AccountStatus, Env, Problem, ProblemKind};
use crate::model::text::Untrusted;

mirrored! {
    Account => AccountMirror,
    AccountIx => AccountIxMirror,
    Env => EnvMirror,
    AccountStatus => AccountStatusMirror,
    Problem => ProblemMirror,
    ProblemKind => ProblemKindMirror,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Account", deny_unknown_fields)]
struct AccountMirror {
    #[serde(with = "told")]
    name: Untrusted,
    #[serde(with = "told")]
    id: Option<AccountId>,
    #[serde(with = "told")]
    profile: Option<Untrusted>,
    #[serde(with = "told")]
    env_label: Option<Untrusted>,
    #[serde(with = "told")]
    env: Env,
    #[serde(with = "told")]
    status: AccountStatus,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "AccountIx")]
struct AccountIxMirror(u32);

#[derive(Serialize, Deserialize)]
#[serde(remote = "Env", rename_all = "snake_case")]
enum EnvMirror {
    Prod,
    NonProd,
    Unknown,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "AccountStatus", rename_all = "snake_case")]
enum AccountStatusMirror {
    Waiting,
    Reading,
    Complete,
    Partial(#[serde(with = "told")] Problem),
    Failed(#[serde(with = "told")] Problem),
    Stale,
    Merged(#[serde(with = "told")] AccountIx),
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "Problem", deny_unknown_fields)]
struct ProblemMirror {
    #[serde(with = "told")]
    kind: ProblemKind,
    #[serde(with = "told")]
    message: Untrusted,
    #[serde(with = "told")]
    remedy: Option<Untrusted>,
    #[serde(with = "told")]
    request_id: Option<Untrusted>,
}

#[derive(Serialize, Deserialize)]
#[serde(remote = "ProblemKind", rename_all = "snake_case")]
enum ProblemKindMirror {
    Credentials,
    Denied,
    Quarantined,
    Throttled,
    Service,
    Inconsistent,
    Cancelled,
}
