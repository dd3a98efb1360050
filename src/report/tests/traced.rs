//! A trace in which every text that a server may choose is hostile.

use std::time::Duration;

use super::AT;
use crate::model::dns::{
    Addresses, Choice, EdnsSupport, End, ExtendedError, HeardFrom, Leg, NameServer, Outcome, Probe, Question, Rdata,
    Record, RecursionOffer, Reply, Resolved, Resolver, ResolverPlace, ResolverSaid, Tcp, Trace, Transport, Walk,
};
use crate::model::name::DnsName;
use crate::model::record::RecordType;

/// A trace to a TXT record of these words: one server has it, one refuses in these words, and a resolver does.
pub fn trace(hostile: &str) -> Trace {
    let name: DnsName = "example.com".parse().expect("a name");
    let question = Question {
        name: name.clone(),
        record_type: RecordType::TXT,
    };
    let octets = hostile.as_bytes().chunks(255).flat_map(|chunk| {
        let length = u8::try_from(chunk.len()).expect("a chunk is short");
        std::iter::once(length).chain(chunk.iter().copied())
    });
    let records = vec![Record {
        owner: name.clone(),
        record_type: RecordType::TXT,
        ttl: 300,
        data: Rdata::Other(octets.collect()),
    }];
    let errors = vec![ExtendedError {
        code: 18,
        text: hostile.into(),
    }];
    let servers = ["ns1.example.com", "ns2.example.com"].map(|server| server.parse::<DnsName>().expect("a name"));
    let heard = [Reply::Answer(records.clone()), Reply::Refused(errors.clone())];
    let heard = servers.iter().zip(heard).map(|(server, reply)| HeardFrom {
        server: server.clone(),
        address: [192, 0, 2, 7].into(),
        outcome: Outcome::Asked(Box::new(probe(reply))),
    });
    let leg = Leg {
        zone: name,
        question: question.clone(),
        servers: servers.iter().map(server).collect(),
        ttl: Some(300),
        ds: Vec::new(),
        heard: heard.collect(),
    };
    let said = [
        Ok(Resolved::Answer {
            records: records.clone(),
            ttl: 300,
        }),
        Ok(Resolved::Failed(errors)),
    ];
    Trace {
        began: AT,
        took: Duration::from_millis(5),
        walk: Walk {
            question,
            legs: vec![leg],
            aliases: Vec::new(),
            end: End::Answer(records),
            queries: 2,
        },
        waiting: 0,
        resolvers: said.into_iter().map(resolver).collect(),
        hearsay: Vec::new(),
        links: Vec::new(),
    }
}

fn server(name: &DnsName) -> NameServer {
    NameServer {
        name: name.clone(),
        addresses: Addresses::Given(vec![[192, 0, 2, 7].into()]),
    }
}

fn resolver(said: Result<Resolved, crate::model::dns::Unasked>) -> ResolverSaid {
    ResolverSaid {
        resolver: Resolver {
            place: ResolverPlace::At(([192, 0, 2, 7], 53).into()),
            choice: Choice::Named,
        },
        said,
        took: Duration::from_millis(1),
    }
}

fn probe(reply: Reply) -> Probe {
    Probe {
        reply,
        took: Duration::from_millis(1),
        transport: Transport::Udp,
        tcp: Tcp::Untried,
        edns: EdnsSupport::Spoken,
        recursion: RecursionOffer::Unoffered,
        size: 100,
        mismatched: 0,
        signatures: Vec::new(),
    }
}
