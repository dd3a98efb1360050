//! The ports `Desk` and `Writer` over the SDK: accounts that are read, and written to where there is leave.
//!
//! Invariants: whoever writes holds a [`WriteCap`]; each request that changes something is sent once, signed with the very
//! credentials that `GetCallerIdentity` was asked about right before; reading never uses the profile that writes.

mod policy;

use std::sync::Arc;

use aws_credential_types::provider::SharedCredentialsProvider;
use aws_sdk_route53::Client;
use aws_sdk_route53::types::{Change, ChangeAction, ChangeBatch, ChangeInfo, HostedZoneConfig, ResourceRecordSet};
use hyper::Uri;

use super::account::{Account, Opened};
use super::convert;
use super::error::plain;
use super::exact::malformed;
use super::setup::Setup;
use super::transport::is_loopback;
use crate::config::{Access, AccountConfig, Overridden, WriteCap, read_only};
use crate::model::account::AccountIx;
use crate::model::name::DnsName;
use crate::model::text::Untrusted;
use crate::model::zone::ZoneId;
use crate::plan::batch::Values;
use crate::plan::exact::ExactSet;
use crate::plan::{Party, PartyIx, Plan};
use crate::ports::{
    ApiError, ApiErrorKind, Caller, ChangeId, ChangeState, CreatedZone, Desk, Exact, ExactPage, ManagedSet, NewZone,
    NotWritable, RecordPlace, WriteError, Writer, ZoneDetail,
};

const CREATE_ZONE: &str = "route53:CreateHostedZone";
const DELETE_ZONE: &str = "route53:DeleteHostedZone";
const CHANGE: &str = "route53:ChangeResourceRecordSets";
const CREATE_SET: &str = "route53:CreateReusableDelegationSet";
const DELETE_SET: &str = "route53:DeleteReusableDelegationSet";

/// The accounts of a run, as plans are drafted from them and applied to them.
#[derive(Clone)]
pub struct Accounts {
    setup: Setup,
    accounts: Arc<[Account]>,
    leave: Option<WriteCap>,
}

impl Accounts {
    /// Reads these accounts, and writes to them as far as there is leave.
    pub fn new(setup: Setup, accounts: impl IntoIterator<Item = Account>, leave: Option<WriteCap>) -> Self {
        Self {
            setup,
            accounts: accounts.into_iter().collect(),
            leave,
        }
    }

    fn account(&self, place: AccountIx) -> Option<&Account> {
        self.accounts.iter().find(|account| account.place() == place)
    }

    /// Refuses to write where somebody could stand between this machine and AWS.
    fn refuse_overrides(&self, config: &AccountConfig, leave: &WriteCap) -> Result<(), NotWritable> {
        if matches!(config.access, Access::Keys(_)) {
            return Ok(());
        }
        for endpoint in self.setup.endpoints(config) {
            let shown = crate::model::text::printable(&super::endpoint::shown(&endpoint));
            let name = crate::model::text::printable(&config.name);
            if leave.overridden() == Overridden::Refused {
                return Err(NotWritable {
                    why: format!(
                        "requests of the account {name} go to {shown} instead of AWS, so nothing is written to it"
                    ),
                    next: Some("where that is meant, add --allow-endpoint-override".to_owned()),
                });
            }
            if !is_safe(&endpoint) {
                return Err(NotWritable {
                    why: format!("{shown} is neither HTTPS nor this machine, so nothing is written through it"),
                    next: Some("use an https:// endpoint".to_owned()),
                });
            }
        }
        Ok(())
    }
}

/// Whether an endpoint is this machine or authenticates itself.
fn is_safe(endpoint: &str) -> bool {
    let Ok(uri) = endpoint.parse::<Uri>() else {
        return false;
    };
    uri.scheme_str() == Some("https") || uri.host().is_some_and(is_loopback)
}

impl Desk for Accounts {
    type Reader = Account;
    type Writer = Writing;

    fn place_of(&self, party: &Party) -> Option<AccountIx> {
        let pinned = |account: &&Account| account.config().id == Some(party.id);
        let named = |account: &&Account| account.config().id.is_none() && account.config().name == party.name.expose();
        let found = self.accounts.iter().find(pinned);
        found.or_else(|| self.accounts.iter().find(named)).map(Account::place)
    }

    fn reader(&self, account: AccountIx) -> Option<Account> {
        self.account(account).cloned()
    }

    async fn writer(&self, account: AccountIx, plan: &Plan) -> Result<Writing, NotWritable> {
        let reader = self.account(account).ok_or_else(|| NotWritable {
            why: "the account is not configured here".to_owned(),
            next: None,
        })?;
        let config = reader.config();
        let leave = self.leave.as_ref().ok_or_else(|| read_only(config))?;
        leave.covers(config)?;
        let (at, party) = plan
            .parties
            .iter()
            .enumerate()
            .find(|(_, party)| self.place_of(party) == Some(account))
            .ok_or_else(|| NotWritable {
                why: "the plan does not concern this account".to_owned(),
                next: None,
            })?;
        let writing = writing_config(config, party);
        self.refuse_overrides(config, leave)?;
        self.refuse_overrides(&writing, leave)?;
        let policy = policy::narrowed(plan, PartyIx(at), self.setup.partition_of(&writing));
        Ok(Writing {
            reader: reader.clone(),
            hand: Account::narrowed(self.setup.clone(), account, writing, policy),
            leave: leave.clone(),
        })
    }
}

/// How an account is written to: with its own profile for that where there is one, and never as another account.
fn writing_config(config: &AccountConfig, party: &Party) -> AccountConfig {
    let mut writing = config.clone();
    writing.id = Some(party.id);
    if let Some(profile) = &config.write_profile {
        writing.access = Access::Profile(profile.clone());
    }
    writing
}

/// The writing side of one account, for one plan.
#[derive(Debug, Clone)]
pub struct Writing {
    reader: Account,
    hand: Account,
    leave: WriteCap,
}

/// A client that signs with credentials whose owner was asked just now.
struct Signed<'a> {
    client: Client,
    opened: &'a Opened,
    caller: Caller,
}

impl Writing {
    async fn signed(&self) -> Result<Signed<'_>, WriteError> {
        let (opened, held) = self.hand.ready().await.map_err(WriteError::Refused)?;
        let caller = opened.session.ask_again(&held).await.map_err(WriteError::Refused)?;
        let credentials = SharedCredentialsProvider::new(held.credentials);
        Ok(Signed {
            client: opened.clients.writing(credentials, &self.leave),
            opened,
            caller,
        })
    }

    /// What the answer to a request that changes something lacks: it may have been made.
    fn incomplete(action: &'static str, why: impl Into<Box<str>>) -> WriteError {
        WriteError::Unknown(malformed(action, why))
    }

    fn change_of(action: &'static str, info: Option<ChangeInfo>) -> Result<ChangeId, WriteError> {
        match info {
            Some(info) if !info.id.is_empty() => Ok(ChangeId(Untrusted::from(info.id))),
            _ => Err(Self::incomplete(action, "the answer names no change")),
        }
    }

    /// Tells how leave is got for what was denied.
    fn with_remedy(&self, error: WriteError, zone: &ZoneId, name: Option<&DnsName>) -> WriteError {
        let advised = |mut error: ApiError| {
            if error.kind == ApiErrorKind::Denied {
                let name = name.map_or_else(|| "NAME".to_owned(), |name| super::method::word(&name.to_string()));
                error.remedy = Some(Untrusted::from(format!("zonecut iam-policy --write {zone} {name}")));
            }
            error
        };
        match error {
            WriteError::Refused(error) => WriteError::Refused(advised(error)),
            WriteError::Unknown(error) => WriteError::Unknown(advised(error)),
        }
    }
}

/// A batch as the SDK takes it: what is deleted comes first.
fn batch(values: &Values, comment: &str) -> Option<ChangeBatch> {
    let deleted = values.delete.iter().map(|set| change(ChangeAction::Delete, set));
    let created = values.create.iter().map(|set| change(ChangeAction::Create, set));
    let changes: Option<Vec<Change>> = deleted.chain(created).collect();
    ChangeBatch::builder()
        .comment(comment)
        .set_changes(changes)
        .build()
        .ok()
}

fn change(action: ChangeAction, set: &ExactSet) -> Option<Change> {
    let set: ResourceRecordSet = convert::exact::stated(set)?;
    Change::builder().action(action).resource_record_set(set).build().ok()
}

impl Writer for Writing {
    async fn create_zone(&self, zone: &NewZone) -> Result<CreatedZone, WriteError> {
        let signed = self.signed().await?;
        let config = HostedZoneConfig::builder().comment(zone.comment.expose()).build();
        let request = signed
            .client
            .create_hosted_zone()
            .name(zone.name.to_route53())
            .caller_reference(&zone.reference)
            .hosted_zone_config(config)
            .set_delegation_set_id(zone.delegation_set.as_ref().map(|id| id.expose().to_owned()));
        let answer = match request.send().await {
            Ok(answer) => answer,
            Err(error) => {
                return Err(self
                    .hand
                    .not_made(CREATE_ZONE, signed.opened, &signed.caller, error)
                    .await);
            }
        };
        let id = answer.hosted_zone.and_then(|zone| ZoneId::read(&zone.id));
        let set = answer
            .delegation_set
            .ok_or_else(|| Self::incomplete(CREATE_ZONE, "the answer names no servers"))?;
        Ok(CreatedZone {
            id: id.ok_or_else(|| Self::incomplete(CREATE_ZONE, "the answer names no zone"))?,
            delegation_set: convert::delegation_set(&set).map_err(|why| Self::incomplete(CREATE_ZONE, why))?,
            change: Self::change_of(CREATE_ZONE, answer.change_info)?,
        })
    }

    async fn delete_zone(&self, zone: &ZoneId) -> Result<ChangeId, WriteError> {
        let signed = self.signed().await?;
        match signed.client.delete_hosted_zone().id(zone.as_str()).send().await {
            Ok(answer) => Self::change_of(DELETE_ZONE, answer.change_info),
            Err(error) => {
                let error = self
                    .hand
                    .not_made(DELETE_ZONE, signed.opened, &signed.caller, error)
                    .await;
                Err(self.with_remedy(error, zone, None))
            }
        }
    }

    async fn change(&self, zone: &ZoneId, values: &Values, comment: &str) -> Result<ChangeId, WriteError> {
        let batch = batch(values, comment).ok_or_else(|| {
            WriteError::Refused(plain(
                CHANGE,
                ApiErrorKind::Refused,
                "the record sets cannot be stated exactly",
            ))
        })?;
        let signed = self.signed().await?;
        let request = signed.client.change_resource_record_sets();
        match request.hosted_zone_id(zone.as_str()).change_batch(batch).send().await {
            Ok(answer) => Self::change_of(CHANGE, answer.change_info),
            Err(error) => {
                let error = self.hand.not_made(CHANGE, signed.opened, &signed.caller, error).await;
                let name = values.create.first().or(values.delete.first()).map(|set| &set.name);
                Err(self.with_remedy(error, zone, name))
            }
        }
    }

    async fn create_set(&self, reference: &str, zone: Option<&ZoneId>) -> Result<ManagedSet, WriteError> {
        let signed = self.signed().await?;
        let request = signed
            .client
            .create_reusable_delegation_set()
            .caller_reference(reference);
        let answer = match request
            .set_hosted_zone_id(zone.map(|zone| zone.as_str().to_owned()))
            .send()
            .await
        {
            Ok(answer) => answer,
            Err(error) => {
                return Err(self
                    .hand
                    .not_made(CREATE_SET, signed.opened, &signed.caller, error)
                    .await);
            }
        };
        let set = answer
            .delegation_set
            .ok_or_else(|| Self::incomplete(CREATE_SET, "the answer names no set"))?;
        convert::exact::managed_set(&set).map_err(|why| Self::incomplete(CREATE_SET, why))
    }

    async fn delete_set(&self, id: &Untrusted) -> Result<(), WriteError> {
        let signed = self.signed().await?;
        match signed
            .client
            .delete_reusable_delegation_set()
            .id(id.expose())
            .send()
            .await
        {
            Ok(_) => Ok(()),
            Err(error) => Err(self
                .hand
                .not_made(DELETE_SET, signed.opened, &signed.caller, error)
                .await),
        }
    }
}

/// Reading goes on with the reading credentials; only who writes is asked of those that write.
impl Exact for Writing {
    async fn caller(&self) -> Result<Caller, ApiError> {
        Exact::caller(&self.hand).await
    }

    async fn zone(&self, id: &ZoneId) -> Result<ZoneDetail, ApiError> {
        self.reader.zone(id).await
    }

    async fn zones_named(&self, name: &DnsName) -> Result<Vec<ZoneDetail>, ApiError> {
        self.reader.zones_named(name).await
    }

    async fn exact_sets(&self, zone: &ZoneId, from: Option<&RecordPlace>) -> Result<ExactPage, ApiError> {
        self.reader.exact_sets(zone, from).await
    }

    async fn tags(&self, zone: &ZoneId) -> Result<Vec<(Untrusted, Untrusted)>, ApiError> {
        self.reader.tags(zone).await
    }

    async fn reusable_sets(&self) -> Result<Vec<ManagedSet>, ApiError> {
        self.reader.reusable_sets().await
    }

    async fn change_state(&self, id: &ChangeId) -> Result<ChangeState, ApiError> {
        self.reader.change_state(id).await
    }
}
