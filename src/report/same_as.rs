//! The `zonecut` command that is equal to a wish, as a review shows it to be copied.

use super::shell;
use crate::plan::exact::{Content, ExactSet};
use crate::plan::wish::{
    ChildZone, Contents, Delegate, Edit, Hidden, Patience, Records, Repair, SetWish, Teardown, Want, Wish, ZoneChoice,
};

/// The command, quoted for a shell; none where what is wanted cannot be said by one command.
pub fn command(wish: &Wish) -> Option<String> {
    let mut words = vec!["zonecut".to_owned()];
    words.extend(match &wish.want {
        Want::Delegate(delegate) => delegated(delegate)?,
        Want::Repair(repair) => repaired(repair),
        Want::Teardown(teardown) => torn_down(teardown),
        Want::Records(records) => recorded(records)?,
        Want::DelegationSet(set) => set_words(set),
        Want::Undo { of, patience } => [strings(["undo", of.as_str()]), hurry(patience)].concat(),
    });
    for over in &wish.overrides {
        words.extend(option(
            "--override",
            &format!("{}={}", over.check, over.reason.expose()),
        ));
    }
    Some(shell::line(words.iter().map(String::as_str)))
}

fn strings<const N: usize>(words: [&str; N]) -> Vec<String> {
    words.map(str::to_owned).to_vec()
}

fn option(name: &str, value: &str) -> Vec<String> {
    // In one word, so that a value that begins with a hyphen is still a value.
    vec![format!("{name}={value}")]
}

fn delegated(delegate: &Delegate) -> Option<Vec<String>> {
    let mut words = strings(["delegate", &delegate.child.to_string()]);
    if let Some(parent) = &delegate.parent {
        words.extend(option("--parent", parent.as_str()));
    }
    match &delegate.to {
        ChildZone::Only => {}
        ChildZone::Existing(id) => words.extend(option("--zone", id.as_str())),
        ChildZone::Create {
            account,
            delegation_set,
        } => {
            words.extend(option("--create-in", account.expose()));
            if let Some(set) = delegation_set {
                words.extend(option("--delegation-set", set.expose()));
            }
        }
        // What a request says is in its file.
        ChildZone::Requested { .. } => return None,
    }
    words.extend(option("--ttl", &delegate.ttl.to_string()));
    if delegate.hidden == Hidden::Copy {
        words.push("--copy-hidden".to_owned());
    }
    Some(words)
}

fn repaired(repair: &Repair) -> Vec<String> {
    let mut words = strings(["fix", &repair.name.to_string()]);
    words.extend(repair.finding.clone());
    if let Some(way) = &repair.way {
        words.extend(option("--way", way));
    }
    words
}

fn torn_down(teardown: &Teardown) -> Vec<String> {
    let mut words = strings(["teardown", &teardown.name.to_string()]);
    if let Some(zone) = &teardown.zone {
        words.extend(option("--zone", zone.as_str()));
    }
    words.extend(hurry(&teardown.patience));
    if teardown.contents == Contents::Delete {
        words.push("--delete-records".to_owned());
    }
    words
}

fn hurry(patience: &Patience) -> Vec<String> {
    match patience {
        Patience::Wait => Vec::new(),
        Patience::Now(reason) => [strings(["--now"]), option("--reason", reason.expose())].concat(),
    }
}

/// One command changes one record set.
fn recorded(records: &Records) -> Option<Vec<String>> {
    let [edit] = records.edits.as_slice() else {
        return None;
    };
    let zone = match &records.zone {
        ZoneChoice::Id(id) => id.as_str().to_owned(),
        ZoneChoice::Name(name) => name.to_string(),
    };
    match edit {
        Edit::Put(set) => set_of("set", &zone, set),
        Edit::Add(set) => set_of("add", &zone, set),
        Edit::Remove {
            name,
            record_type,
            identifier,
        } => {
            let mut words = strings(["record", "remove", &zone, &name.to_string(), record_type.as_str()]);
            if let Some(identifier) = identifier {
                words.extend(option("--set-identifier", identifier.expose()));
            }
            Some(words)
        }
    }
}

fn set_of(verb: &str, zone: &str, set: &ExactSet) -> Option<Vec<String>> {
    if set.routing.is_some() || set.health_check.is_some() {
        return None;
    }
    let mut words = strings(["record", verb, zone, &set.name.to_string(), set.record_type.as_str()]);
    words.extend(set.ttl.map(|ttl| format!("--ttl={ttl}")));
    match &set.content {
        Content::Values(values) => {
            words.push("--".to_owned());
            words.extend(values.iter().map(|value| value.expose().to_owned()));
        }
        Content::Alias {
            target,
            zone,
            evaluates_health,
        } => {
            words.extend(option("--alias", target.expose()));
            words.extend(option("--alias-zone", zone.expose()));
            if *evaluates_health {
                words.push("--evaluate-health".to_owned());
            }
        }
    }
    Some(words)
}

fn set_words(set: &SetWish) -> Vec<String> {
    match set {
        SetWish::Create { account, zone } => {
            let mut words = strings(["sets", "create", account.expose()]);
            if let Some(zone) = zone {
                words.extend(option("--zone", zone.as_str()));
            }
            words
        }
        SetWish::Delete { account, id } => strings(["sets", "delete", account.expose(), id.expose()]),
    }
}
