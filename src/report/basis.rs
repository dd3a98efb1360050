//! What a document is written from: everything that was read, the verdicts on it, and the circumstances.

use jiff::Timestamp;

use crate::findings::{Finding, Subject, Survey, ZoneRef};
use crate::model::account::{Account, AccountIx};
use crate::model::inventory::Inventory;
use crate::model::name::DnsName;

use super::asked::Asked;
use super::outside::Outside;

/// Everything that was read, the verdicts on it, and the circumstances.
pub struct Basis<'a> {
    /// What was read.
    pub inventory: &'a Inventory,
    /// What is wrong.
    pub survey: &'a Survey,
    /// How many zones each account says it has, by the accounts' places; shorter or none where nobody asked.
    pub expected_zones: &'a [Option<u64>],
    /// The URL that requests go to instead of AWS.
    pub endpoint_override: Option<&'a str>,
    /// Who answers at that URL.
    pub backdrop: Backdrop,
    /// When the document is written.
    pub at: Timestamp,
}

/// Who answers where it is not AWS.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Backdrop {
    /// Whoever is at the URL.
    #[default]
    Stranger,
    /// The demo, which this program plays itself.
    Demo,
}

impl Backdrop {
    /// What every document for people says where requests did not go to AWS.
    pub fn warning(self, endpoint: &str) -> String {
        match self {
            Self::Stranger => format!("Not AWS: all requests went to {endpoint}"),
            Self::Demo => format!("DEMO: nothing here is real; zonecut plays Route 53 itself, at {endpoint}"),
        }
    }
}

impl Basis<'_> {
    /// Whether every account and every zone was read in full, and all servers asked that were to be asked.
    pub fn is_complete(&self) -> bool {
        self.inventory.is_read() && Asked::of(self.inventory).gap().is_none()
    }

    /// One account.
    pub fn account(&self, place: AccountIx) -> Option<&Account> {
        self.inventory.account(place)
    }

    /// An account's twelve digits, where they are known.
    pub fn account_id(&self, place: AccountIx) -> Option<String> {
        self.account(place)?.id.map(|id| id.to_string())
    }

    /// What a finding is about, as documents name it: a domain name, or the name of an account.
    pub fn subject(&self, finding: &Finding) -> Outside {
        match &finding.subject {
            Subject::Name(name) => Outside::from(name.to_string()),
            Subject::Account(place) => self
                .account(*place)
                .map_or_else(|| Outside::from(""), |account| Outside::from(&account.name)),
        }
    }

    /// The account to speak of beside a finding: that of its first zone, of its parent, or its own.
    pub fn account_of(&self, finding: &Finding) -> Option<&Account> {
        let place = match &finding.subject {
            Subject::Account(place) => Some(*place),
            Subject::Name(_) => {
                let zone = finding.children.first().or(finding.parent.as_ref());
                zone.map(|zone: &ZoneRef| zone.account)
            }
        };
        self.account(place?)
    }
}

/// Which names a document is about: all, or those at or below some.
#[derive(Debug, Clone, Default)]
pub struct Selection(pub Vec<DnsName>);

impl Selection {
    /// Whether a name is selected.
    pub fn holds(&self, name: &DnsName) -> bool {
        self.0.is_empty() || self.0.iter().any(|top| name.is_at_or_below(top))
    }
}
