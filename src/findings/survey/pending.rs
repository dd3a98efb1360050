//! The cuts that wait for judgement, those nearer to the root first, each once.
//!
//! What is known at the start is sorted once; only what judgements add goes into a map.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::model::name::{DnsName, TreeKey};

/// The cuts that wait for judgement.
pub(super) struct Pending {
    /// In the reverse of tree order.
    first: Vec<(TreeKey, DnsName)>,
    added: BTreeMap<TreeKey, DnsName>,
}

impl Pending {
    /// These cuts; a name may be given more than once.
    pub(super) fn new(names: Vec<DnsName>) -> Self {
        let mut first: Vec<_> = names.into_iter().map(|name| (name.tree_key(), name)).collect();
        // A stable sort, for it is quick where there is order already: Route 53 lists zones in tree order.
        first.sort_by(|a, b| b.0.cmp(&a.0));
        first.dedup_by(|a, b| a.0 == b.0);
        Self {
            first,
            added: BTreeMap::new(),
        }
    }

    /// Adds a cut below the one that was handed out last.
    pub(super) fn add(&mut self, name: &DnsName) {
        self.added.entry(name.tree_key()).or_insert_with(|| name.clone());
    }

    /// Hands out the next one.
    pub(super) fn next(&mut self) -> Option<(TreeKey, DnsName)> {
        let order = match (self.first.last(), self.added.first_key_value()) {
            (Some((first, _)), Some((added, _))) => first.cmp(added),
            (Some(_), None) => Ordering::Less,
            (None, _) => Ordering::Greater,
        };
        if order.is_eq() {
            self.added.pop_first();
        }
        match order {
            Ordering::Greater => self.added.pop_first(),
            Ordering::Less | Ordering::Equal => self.first.pop(),
        }
    }
}
