//! Servers of a small internet on loopback that answer as they should, but for what they are told to do instead.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::time::sleep;

use super::message::*;

/// The zones, by apex: `""` is the root.
pub type Zones = BTreeMap<String, Vec<Rr>>;

/// One server.
pub struct Server {
    pub zones: Arc<Zones>,
    pub serves: Vec<String>,
    /// What it does instead of what it should, in words.
    pub quirk: Vec<String>,
    /// How many queries came.
    pub asked: Arc<AtomicUsize>,
}

fn is_at_or_below(name: &str, zone: &str) -> bool {
    zone.is_empty() || name == zone || name.strip_suffix(zone).is_some_and(|rest| rest.ends_with('.'))
}

impl Server {
    /// The right answer.
    fn answer(&self, query: &Query) -> Message {
        let zones = self.serves.iter().filter(|zone| is_at_or_below(&query.name, zone));
        let Some(zone) = zones.max_by_key(|zone| zone.len()) else {
            return Message {
                code: 5,
                edns: true,
                ..Message::default()
            };
        };
        let empty = Vec::new();
        let records = self.zones.get(zone).unwrap_or(&empty);
        let cuts = records
            .iter()
            .filter(|record| record.record_type == NS && record.owner != *zone);
        let cut = cuts
            .map(|record| &record.owner)
            .filter(|owner| is_at_or_below(&query.name, owner))
            .min_by_key(|owner| owner.len());
        match cut {
            Some(cut) if !(query.record_type == DS && query.name == *cut) => refer(records, cut),
            _ => answer(records, zone, query),
        }
    }

    fn says(&self, word: &str) -> bool {
        self.quirk.first().is_some_and(|quirk| quirk == word)
    }

    fn number(&self) -> usize {
        self.quirk.get(1).and_then(|word| word.parse().ok()).expect("a number")
    }
}

fn refer(records: &[Rr], cut: &str) -> Message {
    let at_cut = |record: &&Rr| record.owner == cut && [NS, DS].contains(&record.record_type);
    let authority: Vec<Rr> = records.iter().filter(at_cut).cloned().collect();
    let named = |record: &&Rr| {
        let name = wire_name(&record.owner);
        [A, AAAA].contains(&record.record_type) && authority.iter().any(|server| server.data == name)
    };
    Message {
        additional: records.iter().filter(named).cloned().collect(),
        authority,
        edns: true,
        ..Message::default()
    }
}

fn answer(records: &[Rr], zone: &str, query: &Query) -> Message {
    let fits = |record: &&Rr| {
        record.owner == query.name && [query.record_type, CNAME].contains(&record.record_type)
            || record.record_type == DNAME && query.name.ends_with(&format!(".{}", record.owner))
    };
    let apex = (query.name == zone && query.record_type == SOA).then(|| Rr::soa(zone));
    let answer: Vec<Rr> = records.iter().filter(fits).cloned().chain(apex).collect();
    let exists = query.name == zone || records.iter().any(|record| is_at_or_below(&record.owner, &query.name));
    Message {
        code: if exists || !answer.is_empty() { 0 } else { 3 },
        authoritative: true,
        edns: true,
        authority: if answer.is_empty() {
            vec![Rr::soa(zone)]
        } else {
            Vec::new()
        },
        answer,
        ..Message::default()
    }
}

/// What goes out for one datagram in: when, from the server's own socket or from another, and what.
struct Out {
    after: Duration,
    from_elsewhere: bool,
    octets: Vec<u8>,
}

impl From<Vec<u8>> for Out {
    fn from(octets: Vec<u8>) -> Self {
        Self {
            after: Duration::ZERO,
            from_elsewhere: false,
            octets,
        }
    }
}

impl Server {
    /// What goes out for the how manieth datagram.
    fn datagrams(&self, query: &Query, place: usize) -> Vec<Out> {
        let right = self.answer(query).write(query);
        match self.quirk.first().map_or("", String::as_str) {
            "silent" => Vec::new(),
            "loses" if place < self.number() => Vec::new(),
            "drops-edns" if query.edns => Vec::new(),
            "slow" => vec![Out {
                after: Duration::from_millis(self.number().try_into().expect("a number")),
                ..right.into()
            }],
            "from-elsewhere" => vec![Out {
                from_elsewhere: true,
                ..right.into()
            }],
            "forges" => self.forged(query, right),
            _ => vec![self.message(query).into()],
        }
    }

    /// Many lies, then the truth.
    fn forged(&self, query: &Query, right: Vec<u8>) -> Vec<Out> {
        let lie = Message {
            code: 3,
            authoritative: true,
            edns: true,
            ..Message::default()
        };
        let lies = (1..=self.number()).map(|shift| {
            let mut octets = lie.write(query);
            let id = u16::from_be_bytes([octets[0], octets[1]]).wrapping_add(u16::try_from(shift).expect("it fits"));
            octets[..2].copy_from_slice(&id.to_be_bytes());
            octets.into()
        });
        lies.chain([right.into()]).collect()
    }

    /// One message, right or as it is told to be wrong.
    fn message(&self, query: &Query) -> Vec<u8> {
        let right = self.answer(query);
        let empty = Message {
            edns: true,
            ..Message::default()
        };
        let words: Vec<&str> = self.quirk.iter().map(String::as_str).collect();
        let message = match words.as_slice() {
            ["code", code] => Message {
                code: code.parse().expect("a number"),
                ..empty
            },
            ["objects-to-edns", code] if query.edns => {
                return Message {
                    code: code.parse().expect("a number"),
                    ..Message::default()
                }
                .write(query);
            }
            ["ignores-edns"] => Message { edns: false, ..right },
            ["without-authority"] => Message {
                authoritative: false,
                ..right
            },
            ["recursor"] => Message {
                recursion: true,
                ..right
            },
            ["empty"] => empty,
            [
                "truncates"
                | "truncates-all"
                | "truncates-and-hangs"
                | "truncates-and-drips"
                | "truncates-and-closes"
                | "truncates-and-floods"
                | "truncates-and-gorges"
                | "truncates-and-lies",
            ] => Message {
                truncated: true,
                edns: true,
                ..Message::default()
            },
            ["refers", cut, server] => Message {
                authority: vec![Rr::read(cut, "NS", server)],
                ..empty
            },
            ["refers-deeper"] => Message {
                authority: vec![Rr::read(&query.name, "NS", &format!("ns.{}", query.name))],
                additional: vec![Rr::read(&format!("ns.{}", query.name), "A", "127.1.0.9")],
                ..empty
            },
            ["alias", target] => Message {
                authoritative: true,
                answer: vec![Rr::read(&query.name, "CNAME", target)],
                ..empty
            },
            ["alias-without-end"] => Message {
                authoritative: true,
                answer: vec![Rr::read(
                    &query.name,
                    "CNAME",
                    &format!("x{}.provider.net", self.asked.load(Ordering::Relaxed)),
                )],
                ..empty
            },
            ["soa-of", owner] => Message {
                authoritative: true,
                answer: vec![Rr::soa(owner)],
                ..empty
            },
            ["no-such-name"] => Message {
                code: 3,
                authoritative: true,
                authority: vec![Rr::soa("example.com")],
                ..empty
            },
            ["no-such-data"] => Message {
                authoritative: true,
                authority: vec![Rr::soa("example.com")],
                ..empty
            },
            ["octets", kind] => return octets(kind, query, &right),
            _ => right,
        };
        message.write(query)
    }
}

/// As many records of the type that is asked for as a message can hold, each of a few octets.
fn gorged(query: &Query) -> Vec<u8> {
    let data: &[u8] = match query.record_type {
        NS => &[0xc0, 12],
        SOA => &[
            0xc0, 12, 0xc0, 12, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4, 0, 0, 0, 5,
        ],
        DS => &[0, 1, 13, 2, 7],
        _ => &[1, 1, 3, 13, 7],
    };
    let mut message = Message::default().write(query)[..query.end].to_vec();
    message[2] |= 4;
    let mut count = 0_u16;
    while message.len() + 12 + data.len() <= usize::from(u16::MAX) {
        message.extend_from_slice(&[0xc0, 12]);
        message.extend_from_slice(&query.record_type.to_be_bytes());
        message.extend_from_slice(&[0, 1, 0, 0, 1, 44, 0, u8::try_from(data.len()).expect("it is short")]);
        message.extend_from_slice(data);
        count += 1;
    }
    message[6..8].copy_from_slice(&count.to_be_bytes());
    message[10..12].fill(0);
    message
}

/// A message that is wrong as an octet string.
fn octets(kind: &str, query: &Query, right: &Message) -> Vec<u8> {
    let mut message = right.write(query);
    let head = query.end;
    let record = |name: &[u8], length: u16, data: &[u8]| {
        let mut octets = right.write(query)[..head].to_vec();
        octets[4..12].copy_from_slice(&[0, 1, 0, 1, 0, 0, 0, 0]);
        octets.extend_from_slice(name);
        octets.extend_from_slice(&[0, 6, 0, 1, 0, 0, 1, 44]);
        octets.extend_from_slice(&length.to_be_bytes());
        octets.extend_from_slice(data);
        octets
    };
    let here = u16::try_from(head).expect("it fits") | 0xc000;
    match kind {
        "none" => Vec::new(),
        "one" => vec![message[0]],
        "half-a-header" => message[..7].to_vec(),
        "cut-short" => message[..message.len() - 3].to_vec(),
        "pointer-to-itself" => record(&here.to_be_bytes(), 0, &[]),
        "pointer-forward" => record(&(here + 2).to_be_bytes(), 0, &[]),
        "pointer-beyond" => record(&[0xff, 0xff], 0, &[]),
        "pointers-in-a-ring" => record(&[&(here + 2).to_be_bytes()[..], &here.to_be_bytes()].concat(), 0, &[]),
        "pointer-cut-short" => record(&[0xc0], 0, &[])[..head + 1].to_vec(),
        "label-of-64" => record(&[&[64][..], &[b'a'; 64], &[0]].concat(), 0, &[]),
        "label-of-128" => record(&[&[128][..], &[b'a'; 128], &[0]].concat(), 0, &[]),
        "name-of-300" => record(&[[&[59][..], &[b'a'; 59]].concat().repeat(5), vec![0]].concat(), 0, &[]),
        "label-beyond-the-end" => record(&[63, b'a'], 0, &[]),
        "length-beyond-the-end" => record(&[0], 40_000, &[1, 2, 3]),
        "length-too-short" => record(&wire_name(&query.name), 3, &[1, 2, 3]),
        "length-of-nothing" => record(&wire_name(&query.name), 0, &[]),
        "soa-of-pointers" => record(
            &wire_name(&query.name),
            24,
            &[&here.to_be_bytes().repeat(2)[..], &[0; 20]].concat(),
        ),
        "counts-that-lie" => {
            message[6..12].fill(0xff);
            message
        }
        "two-questions" => {
            message[5] = 2;
            let question = message[12..head].to_vec();
            message.splice(head..head, question);
            message
        }
        "no-question" => {
            message[5] = 0;
            message.drain(12..head);
            message
        }
        "two-opts" => {
            message[11] += 1;
            message.extend_from_slice(&[0, 0, 41, 4, 208, 0, 0, 128, 0, 0, 0]);
            message
        }
        "opt-with-a-lie" => {
            let end = message.len();
            message[end - 2..].copy_from_slice(&[0x70, 0x00]);
            message
        }
        "extended-error-of-one-octet" => {
            let end = message.len();
            message[end - 2..].copy_from_slice(&[0, 5]);
            message.extend_from_slice(&[0, 15, 0, 1, 7]);
            message
        }
        "garbage-behind" => {
            message.extend_from_slice(&[0xc0; 900]);
            message
        }
        "noise" => {
            let noise = (0..1_200_u32).map(|place| place.wrapping_mul(2_654_435_761).to_be_bytes()[0]);
            message[..2].iter().copied().chain([0x84, 0]).chain(noise).collect()
        }
        "a-query" => {
            message[2] &= 0x7f;
            message
        }
        "a-notify" => {
            message[2] |= 0x20;
            message
        }
        "of-chaos" => {
            message[head - 1] = 3;
            message
        }
        "another-question" => {
            message[head - 3] ^= 1;
            message
        }
        "other-letters" => {
            message[12..head].make_ascii_uppercase();
            message
        }
        "bomb" => {
            message.truncate(head);
            message[6..12].copy_from_slice(&[0x0f, 0xff, 0, 0, 0, 0]);
            // Each name is a label and a pointer to the name before.
            let mut before = here - 0xc000;
            for _ in 0..0x0fff {
                let start = u16::try_from(message.len()).expect("it fits");
                message.extend_from_slice(&[1, b'a']);
                message.extend_from_slice(&(before | 0xc000).to_be_bytes());
                message.extend_from_slice(&[0, 6, 0, 1, 0, 0, 0, 0, 0, 0]);
                before = if start < 0x3fff { start } else { before };
            }
            message
        }
        other => panic!("{other}"),
    }
}

impl Server {
    /// Serves until the sockets are dropped.
    pub async fn run(self: Arc<Self>, udp: UdpSocket, tcp: Option<TcpListener>) {
        let elsewhere = UdpSocket::bind(SocketAddr::new(IpAddr::from([127, 1, 0, 250]), 0))
            .await
            .expect("a socket");
        let connections = Arc::clone(&self).accept(tcp);
        let datagrams = async {
            let mut buffer = vec![0; 2_048];
            loop {
                let Ok((length, from)) = udp.recv_from(&mut buffer).await else {
                    continue;
                };
                let place = self.asked.fetch_add(1, Ordering::Relaxed);
                for out in self.datagrams(&Query::read(&buffer[..length]), place) {
                    sleep(out.after).await;
                    let socket = if out.from_elsewhere { &elsewhere } else { &udp };
                    let _ = socket.send_to(&out.octets, from).await;
                }
            }
        };
        tokio::join!(connections, datagrams);
    }

    async fn accept(self: Arc<Self>, tcp: Option<TcpListener>) {
        let Some(tcp) = tcp else { return };
        loop {
            if let Ok((stream, _)) = tcp.accept().await {
                let server = Arc::clone(&self);
                tokio::spawn(async move {
                    let _ = server.serve(stream).await;
                });
            }
        }
    }

    async fn serve(&self, mut stream: TcpStream) -> std::io::Result<()> {
        let length = stream.read_u16().await?;
        let mut query = vec![0; usize::from(length)];
        stream.read_exact(&mut query).await?;
        self.asked.fetch_add(1, Ordering::Relaxed);
        let query = Query::read(&query);
        if self.says("silent") || self.says("truncates-and-hangs") || self.says("deaf") {
            sleep(Duration::from_secs(60)).await;
        }
        let message = match self.quirk.first().map(String::as_str) {
            Some("truncates") => self.answer(&query).write(&query),
            Some("truncates-and-gorges") => gorged(&query),
            _ => self.message(&query),
        };
        let length = u16::try_from(message.len()).unwrap_or(u16::MAX).to_be_bytes();
        let framed = [&length[..], &message].concat();
        if self.says("truncates-and-closes") {
            return stream.write_all(&framed[..framed.len() / 2]).await;
        }
        if self.says("truncates-and-lies") {
            return stream.write_all(&[&[0xff, 0xff][..], &message].concat()).await;
        }
        if self.says("truncates-and-drips") {
            for octet in framed {
                stream.write_all(&[octet]).await?;
                sleep(Duration::from_millis(200)).await;
            }
            return Ok(());
        }
        if self.says("truncates-and-floods") {
            for _ in 0..1_000 {
                stream.write_all(&framed).await?;
            }
        }
        stream.write_all(&framed).await
    }
}
