//! Glue that is not where the server is.

use crate::findings::context::Context;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use core::net::IpAddr;

use crate::model::served::{ChildServer, Located};

/// The rule.
pub static RULE: Rule = Rule {
    code: "glue-mismatch",
    title: "The parent gives another address for a server than the server's own zone",
    explanation: "The delegation comes with the address of a name server (glue), and the zone of that server's name says otherwise. Resolvers go to one or the other, depending on whom they asked first; an old address may be somebody else's by now. Where the parent only lacks an address it is a warning.",
    fix: "Give the parent the same addresses as the zone of the server's name: change the A and AAAA record sets there, or the host objects at the registry.",
    false_positives: "Not reported where the server's own zone was not asked. A family of addresses that the parent lacks altogether is left out.",
    severity: Severity::Error,
    status: Status::Drift,
    topic: Topic::Cause,
    ground: Ground::Served,
    check,
};

fn check(context: &Context<'_>) -> Vec<Finding> {
    let Some(asked) = &context.asked else {
        return Vec::new();
    };
    let differences: Vec<Difference> = asked.servers.iter().filter_map(|server| difference(server)).collect();
    let Some(gravest) = differences.iter().map(|difference| difference.severity).max() else {
        return Vec::new();
    };
    vec![Finding {
        severity: gravest,
        evidence: differences.into_iter().map(|difference| difference.sentence).collect(),
        fix: "give the parent the addresses that the server's own zone has".to_owned(),
        ..context.finding(&RULE)
    }]
}

struct Difference {
    severity: Severity,
    sentence: String,
}

fn difference(server: &ChildServer) -> Option<Difference> {
    let own = match &server.located {
        Located::At(own) => own.as_slice(),
        Located::NoName { .. } | Located::NoData => &[],
        _ => return None,
    };
    let is_left_out = |address: &&IpAddr| {
        let family = server.glue.iter().any(|glue| glue.is_ipv4() == address.is_ipv4());
        family && !server.glue.contains(address)
    };
    let is_wrong = server.glue.iter().any(|address| !own.contains(address));
    if !is_wrong && !own.iter().any(|address| is_left_out(&address)) {
        return None;
    }
    let own = if own.is_empty() {
        "nothing".to_owned()
    } else {
        list(own)
    };
    Some(Difference {
        severity: if is_wrong { Severity::Error } else { Severity::Warning },
        sentence: format!(
            "the parent gives {} for {}, its own zone {own}",
            list(&server.glue),
            server.name
        ),
    })
}

fn list(addresses: &[IpAddr]) -> String {
    let addresses: Vec<String> = addresses.iter().map(ToString::to_string).collect();
    addresses.join(", ")
}
