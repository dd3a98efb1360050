//! Identifiers of resources, made of the names they are about; no two of one text are alike.

use std::collections::BTreeSet;

use crate::model::name::DnsName;

/// The identifiers that were given out.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeSet<String>);

impl Names {
    /// `dev_example_com_ns`, with a number where that is taken.
    pub(super) fn snake(&mut self, name: &DnsName, kind: &str) -> String {
        let text: String = plain(name).chars().map(|c| if c == ' ' { '_' } else { c }).collect();
        self.unique(format!("{text}_{}", kind.to_ascii_lowercase()))
    }

    /// `DevExampleComNs`, with a number where that is taken.
    pub(super) fn camel(&mut self, name: &DnsName, kind: &str) -> String {
        let mut text = String::new();
        for part in plain(name).split(' ').chain([kind.to_ascii_lowercase().as_str()]) {
            let mut chars = part.chars();
            text.extend(chars.next().map(|c| c.to_ascii_uppercase()));
            text.extend(chars);
        }
        self.unique(text)
    }

    fn unique(&mut self, wanted: String) -> String {
        let wanted = match wanted.chars().next() {
            Some(first) if first.is_ascii_alphabetic() => wanted,
            _ => format!("r{wanted}"),
        };
        let mut found = wanted.clone();
        let mut number = 2;
        while !self.0.insert(found.clone()) {
            found = format!("{wanted}{number}");
            number += 1;
        }
        found
    }
}

/// The letters and digits of a name, with a blank for each run of anything else.
fn plain(name: &DnsName) -> String {
    let text = name.to_string().replace('*', "wildcard");
    let words: Vec<&str> = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|w| !w.is_empty())
        .collect();
    words.join(" ")
}
