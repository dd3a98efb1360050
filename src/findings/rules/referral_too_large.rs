//! A referral that does not fit into a plain datagram.

use crate::findings::context::Context;
use crate::findings::context::list;
use crate::findings::finding::{Finding, Ground, Rule, Severity, Topic};
use crate::findings::status::Status;
use crate::model::dns::Referral;
use crate::model::name::DnsName;
use crate::model::served::SeenDelegation;

/// The rule.
pub static RULE: Rule = Rule {
    code: "referral-too-large",
    title: "The delegation does not fit into 512 octets",
    explanation: "The names and addresses of the delegation take more than the 512 octets that a message without EDNS may have (RFC 1035 section 4.2.1). Resolvers without EDNS, or behind a network that drops large datagrams, have to ask again over TCP.",
    fix: "Use fewer or shorter names of servers, below one common name.",
    false_positives: "What comes with DNSSEC is left out: whoever asks for it knows EDNS.",
    severity: Severity::Notice,
    status: Status::Drift,
    topic: Topic::Remark,
    ground: Ground::Served,
    check,
};

/// What a message without EDNS may have.
const MOST: usize = 512;

fn check(context: &Context<'_>) -> Vec<Finding> {
    let seen = context.asked.as_ref().map(|asked| asked.seen);
    let Some(SeenDelegation::Delegated(referral)) = seen else {
        return Vec::new();
    };
    let size = size(&context.cut.name, referral);
    if size <= MOST {
        return Vec::new();
    }
    vec![Finding {
        evidence: vec![format!(
            "a referral to {} takes {size} octets",
            list(&referral.name_servers)
        )],
        fix: "use fewer or shorter names of servers".to_owned(),
        ..context.finding_by_hearing(&RULE)
    }]
}

/// The octets of a referral without EDNS: header, question, NS records, and the addresses that it cannot do without.
fn size(cut: &DnsName, referral: &Referral) -> usize {
    const HEADER: usize = 12;
    const FIXED: usize = 10;
    const POINTER: usize = 2;
    let question = cut.as_wire().len() + 4;
    let mut written: Vec<&[u8]> = cut.suffixes().filter(|suffix| suffix.len() > 1).collect();
    let mut size = HEADER + question;
    for name in &referral.name_servers {
        size += POINTER + FIXED + compressed(name, &mut written);
    }
    let needed = referral.glue.iter().filter(|(name, _)| name.is_at_or_below(cut));
    let glue = needed.map(|(_, address)| POINTER + FIXED + if address.is_ipv4() { 4 } else { 16 });
    size + glue.sum::<usize>()
}

/// The octets of a name behind others, of which it can share an end (RFC 1035 section 4.1.4).
fn compressed<'n>(name: &'n DnsName, written: &mut Vec<&'n [u8]>) -> usize {
    let mut own = 0;
    for suffix in name.suffixes() {
        if suffix.len() == 1 {
            return own + 1;
        }
        if written.contains(&suffix) {
            return own + 2;
        }
        written.push(suffix);
        own += 1 + suffix.first().map_or(0, |length| usize::from(*length));
    }
    own
}
