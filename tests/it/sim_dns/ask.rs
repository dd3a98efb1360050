//! Running servers, and a client that asks them.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream, UdpSocket};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hickory_proto::op::{Edns, Message, MessageType, OpCode, Query, ResponseCode};
use hickory_proto::rr::{Name, Record, RecordType};
use zonecut::model::name::DnsName;
use zonecut::sim::dns::{Options, Servers};
use zonecut::sim::world::World;

/// How long a test waits before it fails.
const PATIENCE: Duration = Duration::from_secs(10);

/// Running servers of a world.
pub(super) struct Stage {
    pub(super) world: Arc<Mutex<World>>,
    pub(super) servers: Arc<Servers>,
    pub(super) runtime: Arc<tokio::runtime::Runtime>,
}

pub(super) fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime")
}

impl Stage {
    pub(super) fn of(toml: &str) -> Self {
        Self::with(toml, Options::default())
    }

    pub(super) fn with(toml: &str, options: Options) -> Self {
        let world = Arc::new(Mutex::new(World::from_toml(toml).expect("a valid world")));
        let runtime = runtime();
        let source = Arc::clone(&world);
        let servers = {
            let _runtime = runtime.enter();
            Servers::start(source, options).expect("loopback can be bound")
        };
        Self {
            world,
            servers: Arc::new(servers),
            runtime: Arc::new(runtime),
        }
    }

    /// The address of the first name server of a zone, by the zone's handle.
    pub(super) fn server(&self, key: &str) -> SocketAddr {
        let world = self.world.lock().expect("no test panics with it");
        let (_, zone) = world.zone_by_key(key).expect("a zone");
        self.servers.address_of(&zone.delegation_set[0]).expect("it is bound")
    }

    /// Asks the first server of a zone over UDP, without recursion.
    pub(super) fn ask(&self, key: &str, name: &str, record_type: RecordType) -> Message {
        udp(self.server(key), &query(name, record_type))
    }

    /// Asks the resolver.
    pub(super) fn resolve(&self, name: &str, record_type: RecordType) -> Message {
        let mut query = query(name, record_type);
        query.metadata.recursion_desired = true;
        udp(self.servers.resolver(), &query)
    }
}

/// A query for a name in presentation form, without EDNS.
pub(super) fn query(name: &str, record_type: RecordType) -> Message {
    let name: DnsName = name.parse().expect("a name");
    let labels: Vec<&[u8]> = name.labels().collect();
    let mut message = Message::new(4711, MessageType::Query, OpCode::Query);
    message.add_query(Query::query(Name::from_labels(labels).expect("labels"), record_type));
    message
}

/// The same query with EDNS and the payload size that the client takes.
pub(super) fn with_edns(mut message: Message, payload: u16) -> Message {
    let mut edns = Edns::new();
    edns.set_max_payload(payload);
    message.edns = Some(edns);
    message
}

pub(super) fn udp(server: SocketAddr, message: &Message) -> Message {
    let octets = udp_octets(server, &message.to_vec().expect("it encodes"));
    let answer = Message::from_vec(&octets).expect("the answer decodes");
    assert_eq!(answer.metadata.id, message.metadata.id);
    answer
}

/// Sends octets as they are and returns what comes back.
pub(super) fn udp_octets(server: SocketAddr, octets: &[u8]) -> Vec<u8> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("a socket");
    socket.connect(server).expect("loopback");
    socket.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    socket.send(octets).expect("it is sent");
    let mut buffer = [0; 65_535];
    let length = socket.recv(&mut buffer).expect("an answer");
    buffer[..length].to_vec()
}

pub(super) fn tcp(server: SocketAddr, message: &Message) -> Message {
    let mut stream = connect(server);
    exchange(&mut stream, message)
}

pub(super) fn connect(server: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(server).expect("it listens");
    stream.set_read_timeout(Some(PATIENCE)).expect("a timeout");
    stream
}

pub(super) fn exchange(stream: &mut TcpStream, message: &Message) -> Message {
    let octets = message.to_vec().expect("it encodes");
    let length = u16::try_from(octets.len()).expect("short");
    stream.write_all(&length.to_be_bytes()).expect("it is sent");
    stream.write_all(&octets).expect("it is sent");
    let mut length = [0; 2];
    stream.read_exact(&mut length).expect("a length");
    let mut answer = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut answer).expect("an answer");
    Message::from_vec(&answer).expect("the answer decodes")
}

/// Records as sorted lines: owner, type, data.
pub(super) fn lines(records: &[Record]) -> Vec<String> {
    let mut lines: Vec<_> = records
        .iter()
        .map(|record| format!("{} {} {}", record.name, record.record_type(), record.data))
        .collect();
    lines.sort();
    lines
}

/// The code, AA, and how many records of each section there are.
pub(super) fn shape(message: &Message) -> (ResponseCode, bool, usize, usize, usize) {
    (
        message.metadata.response_code,
        message.metadata.authoritative,
        message.answers.len(),
        message.authorities.len(),
        message.additionals.len(),
    )
}
