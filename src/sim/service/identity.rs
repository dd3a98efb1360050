//! Who calls: users by their access keys, sessions of assumed roles, and STS's `GetCallerIdentity` and `AssumeRole`.

use std::collections::HashMap;
use std::time::Duration;

use super::{Asked, Reply, Service, Token};
use crate::model::account::AccountId;
use crate::sim::api::{ApiError, Operation};
use crate::sim::iam::{Policy, Request, Verdict};
use crate::sim::world::{World, derive};

/// Someone who may call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Principal {
    /// The place of the account in the world.
    pub account: usize,
    /// The ARN.
    pub arn: String,
    /// `UserId`.
    pub user_id: String,
    pub(super) session: Option<(String, Duration)>,
    /// The name of the role that is played.
    pub(super) role: Option<String>,
    /// What the session may do at most.
    pub(super) session_policy: Option<Policy>,
    /// Whether a device was shown for the session.
    pub(super) has_mfa: bool,
}

/// What `GetCallerIdentity` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The account.
    pub account: AccountId,
    /// The ARN.
    pub arn: String,
    /// `UserId`.
    pub user_id: String,
}

/// `AssumeRole`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AssumeRole {
    /// The role's ARN.
    pub role_arn: String,
    /// `RoleSessionName`.
    pub session_name: String,
    /// `ExternalId`.
    pub external_id: Option<String>,
    /// `DurationSeconds`.
    pub seconds: Option<u64>,
    /// `SerialNumber` of an MFA device.
    pub serial_number: Option<String>,
    /// `TokenCode` of that device.
    pub token_code: Option<String>,
    /// `Policy`: what the session may do at most, of what the role may.
    pub policy: Option<String>,
}

/// What `AssumeRole` and `GetSessionToken` give.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// The access key id.
    pub access_key: String,
    /// The secret.
    pub secret_key: String,
    /// The session token.
    pub token: String,
    /// When it ends, by the world's clock.
    pub ends: Duration,
    /// The ARN of the session.
    pub arn: String,
    /// `AssumedRoleId`.
    pub role_id: String,
}

/// The user of each account, by access key.
pub(super) fn users(world: &World) -> HashMap<String, Principal> {
    let user = |(place, account): (usize, &crate::sim::world::SimAccount)| {
        let principal = Principal {
            account: place,
            arn: crate::sim::api::user_arn(account.id),
            user_id: format!("AIDA{}", derive::letters(17, &["user", account.id.as_str()])),
            session: None,
            role: None,
            session_policy: None,
            has_mfa: false,
        };
        (account.access_key(), principal)
    };
    world.accounts().iter().enumerate().map(user).collect()
}

impl Service {
    /// Who a request comes from, if the credentials are somebody's and have not expired.
    pub(super) fn principal(&self, now: Duration, token: &Token<'_>) -> Result<Principal, ApiError> {
        let key = token.access_key.ok_or_else(ApiError::missing_token)?;
        let principal = self.principals.get(key).ok_or_else(ApiError::unknown_token)?;
        if let Some((session, ends)) = &principal.session {
            if token.session != Some(session) {
                return Err(ApiError::unknown_token());
            }
            if now >= *ends {
                return Err(ApiError::expired_token());
            }
        }
        let account = self.world.accounts().get(principal.account);
        match account.is_some_and(|account| account.faults.expired) {
            true => Err(ApiError::expired_token()),
            false => Ok(principal.clone()),
        }
    }

    /// Whether the principal's policies allow an operation.
    pub(super) fn permit(&self, principal: &Principal, operation: &Operation) -> Result<(), ApiError> {
        let action = operation.action();
        let Some(account) = self.world.accounts().get(principal.account) else {
            return Ok(());
        };
        let zone = operation.zone().and_then(crate::model::zone::ZoneId::read);
        let on_zone = zone.as_ref().and_then(|id| account.zone(id));
        let denied =
            account.faults.denies(action) || on_zone.is_some_and(|zone| crate::sim::faults::names(&zone.deny, action));
        let resource = match &zone {
            Some(id) => format!("arn:aws:route53:::hostedzone/{id}"),
            None => "*".to_owned(),
        };
        match denied {
            true => Err(ApiError::access_denied(
                &principal.arn,
                &format!("route53:{action}"),
                &resource,
            )),
            false => Request::of(operation)
                .iter()
                .try_for_each(|request| self.judge(principal, request)),
        }
    }

    /// Whether both the policy of the user or role and that of the session allow a request.
    fn judge(&self, principal: &Principal, request: &Request) -> Result<(), ApiError> {
        let account = self.world.accounts().get(principal.account);
        let own = account.and_then(|account| match &principal.role {
            Some(role) => account.role_policies.get(role),
            None => account.user_policy.as_ref(),
        });
        let policies = [("identity-based", own), ("session", principal.session_policy.as_ref())];
        let verdict = |(kind, policy): (&'static str, Option<&Policy>)| Some((kind, policy?.judge(request)));
        let verdicts: Vec<_> = policies.into_iter().filter_map(verdict).collect();
        let worst = [Verdict::Denied, Verdict::NotAllowed];
        let refusal = worst
            .iter()
            .find_map(|bad| verdicts.iter().find(|(_, verdict)| verdict == bad));
        match refusal {
            Some((kind, verdict)) => Err(ApiError::denied_by(&principal.arn, request, kind, *verdict)),
            None => Ok(()),
        }
    }

    /// `sts:GetCallerIdentity`, which no policy can deny.
    pub fn caller_identity(&mut self, now: Duration, token: &Token<'_>) -> Reply<Identity> {
        let asked = asked(now, "GetCallerIdentity");
        self.turn(asked, token, |service| service.caller_identity_now(asked, token))
    }

    fn caller_identity_now(&mut self, asked: Asked, token: &Token<'_>) -> Reply<Identity> {
        let now = asked.at;
        let principal = match self.principal(now, token) {
            Ok(principal) => principal,
            Err(error) => return self.refuse(asked, None, error),
        };
        let account = principal.account;
        match self.throttle(now, account, asked.action) {
            Err(error) => self.refuse(asked, Some(account), error),
            Ok(()) => self.run(asked, account, |service| service.identity_of(&principal)),
        }
    }

    fn identity_of(&mut self, principal: &Principal) -> Result<Identity, ApiError> {
        let account = self
            .world
            .accounts()
            .get(principal.account)
            .ok_or_else(ApiError::unknown_token)?;
        let calls = self.identity_calls.entry(principal.account).or_default();
        *calls += 1;
        let faults = &account.faults;
        let stated = faults
            .identity
            .filter(|_| *calls > faults.identity_after)
            .unwrap_or(account.id);
        Ok(Identity {
            account: stated,
            arn: principal.arn.replace(account.id.as_str(), stated.as_str()),
            user_id: principal.user_id.clone(),
        })
    }

    /// `sts:AssumeRole`: any role of any account of the world, for anyone of it.
    pub fn assume_role(&mut self, now: Duration, token: &Token<'_>, request: &AssumeRole) -> Reply<Session> {
        let asked = asked(now, "AssumeRole");
        self.turn(asked, token, |service| service.assume_role_now(asked, token, request))
    }

    fn assume_role_now(&mut self, asked: Asked, token: &Token<'_>, request: &AssumeRole) -> Reply<Session> {
        let now = asked.at;
        let principal = match self.principal(now, token) {
            Ok(principal) => principal,
            Err(error) => return self.refuse(asked, None, error),
        };
        self.run(asked, principal.account, |service| {
            service.open_session(now, &principal, request)
        })
    }

    fn open_session(&mut self, now: Duration, by: &Principal, request: &AssumeRole) -> Result<Session, ApiError> {
        let denied = || ApiError::access_denied(&by.arn, "sts:AssumeRole", &request.role_arn);
        let (account, role) = role_of(&request.role_arn)?;
        let place = self.world.account_place(account).ok_or_else(denied)?;
        let target = self.world.account(account).ok_or_else(denied)?;
        let wrong_external_id = target.external_id.is_some() && target.external_id != request.external_id;
        if target.faults.denies("AssumeRole") || wrong_external_id {
            return Err(denied());
        }
        self.judge(by, &Request::new("sts:AssumeRole", request.role_arn.as_str()))?;
        let session_policy = session_policy(request)?;
        let wants_mfa = target.faults.wants_mfa;
        let seconds = check_request(request)?;
        let shows_device = self.use_code(now, request.serial_number.as_deref(), request.token_code.as_deref())?;
        if wants_mfa && !shows_device && !by.has_mfa {
            return Err(denied());
        }
        let arn = format!("arn:aws:sts::{account}:assumed-role/{role}/{}", request.session_name);
        let principal = Principal {
            account: place,
            arn,
            user_id: String::new(),
            session: None,
            role: Some(role),
            session_policy,
            has_mfa: false,
        };
        Ok(self.begin_session(now, seconds, principal, &request.session_name))
    }

    /// Gives a principal the credentials of a session; where it has no id of its own, it gets a role's.
    pub(super) fn begin_session(&mut self, now: Duration, seconds: u64, by: Principal, name: &str) -> Session {
        self.requests += 1;
        let serial = self.requests.to_string();
        let seed = |what| ["session", &by.arn, &serial, what].map(str::to_owned);
        let letters = |length, what| derive::letters(length, &seed(what).each_ref().map(String::as_str));
        let session = Session {
            access_key: format!("ASIA{}", letters(16, "key")),
            secret_key: letters(32, "secret"),
            token: format!("SIMULATED{}{}", letters(32, "token"), letters(32, "more")),
            ends: now + Duration::from_secs(seconds),
            arn: by.arn.clone(),
            role_id: match by.user_id.as_str() {
                "" => format!("AROA{}:{name}", letters(17, "role")),
                user => user.to_owned(),
            },
        };
        let principal = Principal {
            user_id: session.role_id.clone(),
            session: Some((session.token.clone(), session.ends)),
            ..by
        };
        self.principals.insert(session.access_key.clone(), principal);
        session
    }
}

pub(super) fn asked(at: Duration, action: &'static str) -> Asked {
    Asked {
        at,
        action,
        write: false,
    }
}

fn role_of(arn: &str) -> Result<(AccountId, String), ApiError> {
    let read = || {
        let rest = arn.strip_prefix("arn:")?.split_once(":iam::")?.1;
        let (account, role) = rest.split_once(":role/")?;
        let name = role.rsplit('/').next().filter(|name| !name.is_empty())?;
        Some((account.parse().ok()?, name.to_owned()))
    };
    read().ok_or_else(|| ApiError::new(400, "ValidationError", format!("{arn} is invalid")))
}

/// The policy of a session, if it is one that STS takes.
fn session_policy(request: &AssumeRole) -> Result<Option<Policy>, ApiError> {
    let Some(text) = &request.policy else { return Ok(None) };
    if text.len() > 2_048 {
        let text = "Policy must have at most 2048 characters";
        return Err(ApiError::new(400, "ValidationError", text));
    }
    let policy = Policy::read(text).map_err(|why| ApiError::new(400, "MalformedPolicyDocument", why.0))?;
    Ok(Some(policy))
}

/// The duration of a session, if the request is one that STS takes.
fn check_request(request: &AssumeRole) -> Result<u64, ApiError> {
    let invalid = |text: &str| Err(ApiError::new(400, "ValidationError", text));
    if request.session_name.len() < 2 || request.session_name.len() > 64 {
        return invalid("RoleSessionName must have 2 to 64 characters");
    }
    let seconds = request.seconds.unwrap_or(3_600);
    if !(900..=43_200).contains(&seconds) {
        return invalid("DurationSeconds must be 900 to 43200");
    }
    Ok(seconds)
}
