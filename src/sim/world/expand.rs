//! The placeholders of a world's file: `$SET(KEY)`, `$DS(KEY)`, `$GONE(WORD)`, and where servers stand: `$ADDRESS(NAME)`,
//! `$ADDRESSES(KEY)`. `[N]` or `[FROM..TO]` behind a placeholder takes some of its values.

use std::collections::HashMap;

use super::places::Places;
use super::servers;
use super::signing::{ZoneSigning, ds_value};
use crate::model::name::DnsName;

/// What the handles of zones stand for.
#[derive(Debug)]
pub(super) struct Handles {
    zones: HashMap<String, Handle>,
    places: Places,
}

#[derive(Debug)]
enum Handle {
    One { set: Vec<DnsName>, ds: Option<String> },
    Several,
}

impl Handles {
    /// No handle yet, and the servers that stand at these places.
    pub(super) fn new(places: Places) -> Self {
        Self {
            zones: HashMap::new(),
            places,
        }
    }

    /// Enters a zone under its handle; a handle that two zones have by default stands for neither.
    pub(super) fn enter(&mut self, key: &str, set: &[DnsName], signing: &ZoneSigning) {
        let handle = Handle::One {
            set: set.to_vec(),
            ds: signing.key.as_ref().map(ds_value),
        };
        self.zones
            .entry(key.to_owned())
            .and_modify(|known| *known = Handle::Several)
            .or_insert(handle);
    }

    /// The values that a text stands for: itself, unless it is a placeholder.
    pub(super) fn expand(&self, text: &str) -> Result<Vec<String>, String> {
        let Some((word, rest)) = text.strip_prefix('$').and_then(|text| text.split_once('(')) else {
            return Ok(vec![text.to_owned()]);
        };
        let (key, range) = rest
            .rsplit_once(')')
            .ok_or_else(|| format!("{text}: the bracket is not closed"))?;
        let values = match word {
            "SET" => dotted(self.find(key)?.0),
            "ADDRESS" => vec![self.address(key)?],
            "ADDRESSES" => self.addresses(key)?,
            "GONE" => dotted(&servers::of_gone_zone(key)),
            "DS" => vec![
                self.find(key)?
                    .1
                    .ok_or_else(|| format!("{text}: that zone has no key-signing key"))?,
            ],
            _ => {
                return Err(format!(
                    "{text}: the placeholders are $SET, $DS, $GONE, $ADDRESS and $ADDRESSES"
                ));
            }
        };
        slice(values, range).ok_or_else(|| format!("{text}: after the bracket comes nothing, [N] or [FROM..TO]"))
    }

    /// Whether a name is a server's.
    pub(super) fn knows_server(&self, server: &DnsName) -> bool {
        self.places.address_of(server).is_some()
    }

    fn address(&self, server: &str) -> Result<String, String> {
        let name = server.parse().map_err(|why| format!("{server:?}: {why}"))?;
        let address = self.places.address_of(&name);
        address
            .map(|address| address.to_string())
            .ok_or_else(|| format!("{server:?} is no name server of this world"))
    }

    fn addresses(&self, key: &str) -> Result<Vec<String>, String> {
        let (set, _) = self.find(key)?;
        set.iter().map(|server| self.address(&server.to_string())).collect()
    }

    fn find(&self, key: &str) -> Result<(&[DnsName], Option<String>), String> {
        match self.zones.get(key) {
            Some(Handle::One { set, ds }) => Ok((set, ds.clone())),
            Some(Handle::Several) => Err(format!("several zones are called {key:?}; give each a key of its own")),
            None => Err(format!("no zone has the key {key:?}")),
        }
    }
}

fn dotted(set: &[DnsName]) -> Vec<String> {
    set.iter().map(|server| format!("{server}.")).collect()
}

fn slice(values: Vec<String>, range: &str) -> Option<Vec<String>> {
    if range.is_empty() {
        return Some(values);
    }
    let inside = range.strip_prefix('[')?.strip_suffix(']')?;
    let (from, to) = match inside.split_once("..") {
        Some((from, to)) => (from.parse::<usize>().ok()?, to.parse::<usize>().ok()?),
        None => {
            let index = inside.parse::<usize>().ok()?;
            (index, index + 1)
        }
    };
    values.get(from..to).map(<[String]>::to_vec)
}
