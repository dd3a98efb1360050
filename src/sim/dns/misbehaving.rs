//! What a name server says if it behaves as the world's file says.

use hickory_proto::op::ResponseCode;
use hickory_proto::rr::RData;
use hickory_proto::rr::rdata::NS;

use super::authority::Served;
use super::message::{Recursion, Transport};
use super::name::to_hickory;
use super::reply::{Answer, Extension, Question, Reply};
use super::resolver;
use crate::model::name::DnsName;
use crate::sim::world::behaviour::Behaviour;

/// The TTL of the root's NS records in an upward referral.
const ROOT_TTL: u32 = 518_400;

/// What a server says to a client, who may wish for recursion.
pub(super) fn answer(served: Served<'_>, server: &DnsName, question: &Question, desired: Recursion) -> Reply {
    let reply = ask(served, server, question);
    let is_foreign = reply.code == ResponseCode::Refused;
    if !(reply.shows(Behaviour::Recursive) && desired == Recursion::Available && is_foreign) {
        return reply;
    }
    Reply {
        behaviours: reply.behaviours,
        ..resolver::resolve(served, question)
    }
}

/// What a server says from what it has.
pub(super) fn ask(served: Served<'_>, server: &DnsName, question: &Question) -> Reply {
    let behaviours = served.world.outside().behaviours(server, &question.name);
    let mut reply = served.ask(server, question);
    for behaviour in &behaviours {
        reply = changed(served, reply, *behaviour, question);
    }
    let heeds_edns = question.extension == Extension::Edns;
    reply.behaviours = behaviours
        .into_iter()
        .filter_map(|behaviour| match behaviour {
            Behaviour::NoEdns if !heeds_edns => None,
            Behaviour::DropsEdns => (heeds_edns && question.transport == Transport::Udp).then_some(Behaviour::Silent),
            _ => Some(behaviour),
        })
        .collect();
    reply
}

/// Whether nothing comes of a question.
pub(super) fn is_mute(reply: &Reply) -> bool {
    let mute = [Behaviour::Silent, Behaviour::Absent, Behaviour::Garbled];
    mute.iter().any(|behaviour| reply.shows(*behaviour))
}

fn changed(served: Served<'_>, reply: Reply, behaviour: Behaviour, question: &Question) -> Reply {
    match behaviour {
        Behaviour::Refused => Reply::code(ResponseCode::Refused),
        Behaviour::Servfail => Reply::code(ResponseCode::ServFail),
        Behaviour::Notimp => Reply::code(ResponseCode::NotImp),
        Behaviour::NotAuthoritative => Reply {
            authoritative: false,
            ..reply
        },
        Behaviour::UpwardReferral => upward(served),
        Behaviour::NoEdns if question.extension == Extension::Edns => Reply::code(ResponseCode::FormErr),
        _ => reply,
    }
}

fn upward(served: Served<'_>) -> Reply {
    let mut reply = Reply::code(ResponseCode::NoError);
    let servers = served.world.outside().root_servers().iter();
    reply.authority = servers
        .map(|server| Answer {
            owner: DnsName::root(),
            ttl: ROOT_TTL,
            data: RData::NS(NS(to_hickory(server))),
        })
        .collect();
    reply
}
