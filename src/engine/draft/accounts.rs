//! The accounts of a draft: each names itself once, and is a party of the plan from then on.

use std::collections::HashMap;

use crate::engine::patience::patiently;
use crate::model::account::AccountIx;
use crate::model::inventory::Inventory;
use crate::model::text::Untrusted;
use crate::plan::live::Occasion;
use crate::plan::{Party, PartyIx, Refusal};
use crate::ports::{ApiError, Desk, Exact as _};

use super::Sources;

/// The accounts that a draft has to do with so far.
pub(super) struct Accounts<'a, D: Desk> {
    desk: &'a D,
    inventory: &'a Inventory,
    readers: HashMap<AccountIx, D::Reader>,
    places: Vec<AccountIx>,
}

impl<'a, D: Desk> Accounts<'a, D> {
    pub(super) fn new<N>(sources: &Sources<'a, D, N>) -> Self {
        Self {
            desk: sources.desk,
            inventory: sources.inventory,
            readers: HashMap::new(),
            places: Vec::new(),
        }
    }

    /// The account that a person means: by its id, or by its name, which only one has.
    pub(super) fn meant(&self, text: &Untrusted) -> Result<AccountIx, Refusal> {
        let is_meant = |name: &Untrusted, id: Option<String>| name == text || id.as_deref() == Some(text.expose());
        let mut fitting = self
            .inventory
            .accounts_with_places()
            .filter(|(_, account)| is_meant(&account.name, account.id.map(|id| id.to_string())));
        match (fitting.next(), fitting.next()) {
            (Some((place, _)), None) => Ok(place),
            (None, _) => Err(Refusal::new(format!("no account is called {}", text.clipped(80)))
                .next("zonecut accounts lists those that there are")),
            (Some(_), Some(_)) => Err(
                Refusal::new(format!("several accounts are called {}", text.clipped(80)))
                    .next("name the one that is meant by its id"),
            ),
        }
    }

    /// The reading side of an account that takes part.
    pub(super) fn reader(&mut self, account: AccountIx) -> Result<&D::Reader, Refusal> {
        if !self.readers.contains_key(&account) {
            let reader = self.desk.reader(account).ok_or_else(|| self.unreachable(account))?;
            self.readers.insert(account, reader);
        }
        self.readers.get(&account).ok_or_else(|| self.unreachable(account))
    }

    /// The party that an account is; it names itself the first time.
    pub(super) async fn party(&mut self, account: AccountIx, occasion: &mut Occasion) -> Result<PartyIx, Refusal> {
        if let Some(at) = self.places.iter().position(|place| *place == account) {
            return Ok(PartyIx(at));
        }
        let reader = self.reader(account)?;
        let told = patiently(|| reader.caller()).await;
        let caller = told.map_err(|error| failed("say whose its credentials are", &error))?;
        let Some(known) = self.inventory.account(account) else {
            return Err(self.unreachable(account));
        };
        if let Some(id) = known.id
            && id != caller.account
        {
            let name = known.name.printable();
            let what = format!("the credentials of {name} are those of {}, not of {id}", caller.account);
            return Err(Refusal::new(what).next("see zonecut accounts: nothing is planned with them"));
        }
        occasion.parties.push(Party {
            id: caller.account,
            name: known.name.clone(),
            principal: caller.arn,
            profile: known.profile.clone(),
            env_label: known.env_label.clone(),
            env: known.env,
        });
        self.places.push(account);
        Ok(PartyIx(occasion.parties.len() - 1))
    }

    fn unreachable(&self, account: AccountIx) -> Refusal {
        let name = self.inventory.account(account).map(|account| account.name.printable());
        let name = name.unwrap_or_default();
        Refusal::new(format!("the account {name} cannot be read")).next("zonecut accounts says why")
    }
}

/// That something which a plan cannot do without could not be read.
pub(super) fn failed(what: &str, error: &ApiError) -> Refusal {
    let refusal = Refusal::new(format!("AWS did not {what}: {error}"));
    match &error.remedy {
        Some(remedy) => refusal.next(remedy.printable()),
        None => refusal,
    }
}
