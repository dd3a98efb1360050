//! What a filter asks of a node: its text, and each field.

use super::{Node, RowId};
use crate::findings::Status;
use crate::model::account::Env;
use crate::model::name::DnsName;
use crate::tui::filter::{self, Field};
use crate::tui::known::Known;

/// A node as the filter sees it.
pub struct Filtered<'a> {
    /// The node.
    pub node: &'a Node,
    /// What is known.
    pub known: Known<'a>,
}

impl filter::Subject for Filtered<'_> {
    fn text(&self) -> &str {
        self.node.text.get_or_init(|| self.searched())
    }

    fn field(&self, field: Field, wanted: &str) -> bool {
        match field {
            Field::Status => self.status_matches(wanted),
            Field::Account => self.account_matches(wanted),
            Field::Env => self.env_matches(wanted),
            Field::Severity => self
                .node
                .severity
                .is_some_and(|s| s.word().starts_with(severity_word(wanted))),
            Field::NameServer => self.name_server_matches(wanted),
            Field::Type => self.kind().starts_with(wanted),
        }
    }
}

/// The severity meant by a shorter word.
pub fn severity_word(wanted: &str) -> &str {
    match wanted {
        "high" => "error",
        "warn" => "warning",
        _ => wanted,
    }
}

impl Filtered<'_> {
    /// Its name, its id and its account, in lower case.
    fn searched(&self) -> String {
        let account = self.node.account.and_then(|place| self.known.account(place));
        let account = account.map_or("", |account| account.name.expose());
        let own = match &self.node.id {
            // Whose zone delegates is not what the name is.
            RowId::Cut(name) => return name.to_string(),
            RowId::Zone(key) => match self.known.zone(key) {
                Some((_, entry)) => format!("{} {} ", entry.zone.name, key.id),
                None => String::new(),
            },
            _ => " ".to_owned(),
        };
        format!("{own}{account}").to_lowercase()
    }

    fn status_matches(&self, wanted: &str) -> bool {
        let word = self.node.status.word();
        let broken = matches!(self.node.status, Status::Dangling | Status::Lame | Status::Bogus);
        word.starts_with(wanted) || (broken && "broken".starts_with(wanted))
    }

    fn account_matches(&self, wanted: &str) -> bool {
        let account = self.node.account.and_then(|place| self.known.account(place));
        account.is_some_and(|account| {
            let by_id = account.id.is_some_and(|id| id.as_str().contains(wanted));
            by_id || account.name.expose().to_lowercase().contains(wanted)
        })
    }

    fn env_matches(&self, wanted: &str) -> bool {
        let account = self.node.account.and_then(|place| self.known.account(place));
        account.is_some_and(|account| {
            let label = account.env_label.as_ref().map(|label| label.expose().to_lowercase());
            let class = match account.env {
                Env::Prod => "prod",
                Env::NonProd => "nonprod",
                Env::Unknown => "unknown",
            };
            label.is_some_and(|label| label.starts_with(wanted)) || class.starts_with(wanted)
        })
    }

    fn name_server_matches(&self, wanted: &str) -> bool {
        let holds = |names: &[DnsName]| names.iter().any(|name| name.to_string().contains(wanted));
        let verdict = match &self.node.id {
            RowId::Cut(name) => self.known.survey.cut(name),
            RowId::Zone(key) => self.known.zone(key).and_then(|(_, entry)| self.known.verdict(entry)),
            _ => None,
        };
        let delegated = verdict.and_then(|v| v.cut.delegation.as_ref());
        let own = match &self.node.id {
            RowId::Zone(key) => self.known.zone(key).and_then(|(zone, _)| {
                let servers = verdict?.cut.servers(self.known.inventory, zone);
                servers.names().map(holds)
            }),
            _ => None,
        };
        delegated.is_some_and(|d| holds(&d.name_servers)) || own == Some(true)
    }

    fn kind(&self) -> &'static str {
        match &self.node.id {
            RowId::Zone(key) => match self.known.zone(key) {
                Some((_, entry)) if !entry.is_public() => "private",
                _ => "public",
            },
            RowId::Cut(_) => "delegation",
            RowId::Account(_) => "account",
            _ => "group",
        }
    }
}
