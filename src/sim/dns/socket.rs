//! One UDP and one TCP socket on the same loopback address and port, and how each is served.
//!
//! Buffers live only while a message is handled, so a thousand idle sockets cost little.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::message::{Answered, Transport};

/// The most octets of a query over UDP that are read.
const MAX_QUERY: usize = 4096;
/// After how long a silent TCP connection is closed (RFC 7766 section 6.2.3).
const IDLE: Duration = Duration::from_secs(10);
/// How many TCP connections one address serves at a time.
const MAX_CONNECTIONS: usize = 16;

/// Answers messages.
pub(super) trait Responder: Send + Sync + 'static {
    /// The answer to one message, if it gets one.
    fn respond(&self, octets: &[u8], transport: Transport) -> Option<Answered>;
}

/// A UDP and a TCP socket of one address and port.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) address: SocketAddr,
    udp: std::net::UdpSocket,
    tcp: Option<std::net::TcpListener>,
}

impl Pair {
    /// Binds both sockets; port 0 stands for any that both can have.
    pub(super) fn bind(ip: IpAddr, port: u16) -> io::Result<Self> {
        let mut last = None;
        for _ in 0..if port == 0 { 16 } else { 1 } {
            match Self::try_bind(ip, port) {
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = Some(error),
                done => return done,
            }
        }
        Err(last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
    }

    fn try_bind(ip: IpAddr, port: u16) -> io::Result<Self> {
        let udp = std::net::UdpSocket::bind((ip, port))?;
        let address = udp.local_addr()?;
        let tcp = std::net::TcpListener::bind(address)?;
        udp.set_nonblocking(true)?;
        tcp.set_nonblocking(true)?;
        Ok(Self {
            address,
            udp,
            tcp: Some(tcp),
        })
    }

    /// Stops listening for TCP: whoever connects is refused.
    pub(super) fn close_tcp(&mut self) {
        self.tcp = None;
    }

    /// Serves both on the current runtime, until the tasks are dropped.
    pub(super) fn serve(self, responder: Arc<dyn Responder>, tasks: &mut JoinSet<()>) -> io::Result<()> {
        let udp = UdpSocket::from_std(self.udp)?;
        let tcp = self.tcp.map(TcpListener::from_std).transpose()?;
        tasks.spawn(serve_udp(udp, Arc::clone(&responder)));
        if let Some(tcp) = tcp {
            tasks.spawn(serve_tcp(tcp, responder));
        }
        Ok(())
    }
}

async fn serve_udp(socket: UdpSocket, responder: Arc<dyn Responder>) {
    let socket = Arc::new(socket);
    let mut later = JoinSet::new();
    while socket.readable().await.is_ok() {
        while later.try_join_next().is_some() {}
        if let Some((answer, to, after)) = answer_datagram(&socket, &*responder) {
            let socket = Arc::clone(&socket);
            later.spawn(async move {
                tokio::time::sleep(after).await;
                let _ = socket.try_send_to(&answer, to);
            });
        }
    }
}

/// Answers one datagram, or returns the answer that is to be sent later. A send that would block drops the answer, as a network
/// would.
fn answer_datagram(socket: &UdpSocket, responder: &dyn Responder) -> Option<(Vec<u8>, SocketAddr, Duration)> {
    let mut buffer = [0; MAX_QUERY];
    let (length, from) = socket.try_recv_from(&mut buffer).ok()?;
    let query = buffer.get(..length).unwrap_or_default();
    match responder.respond(query, Transport::Udp)? {
        Answered::Silence => None,
        Answered::Message { octets, after } if after.is_zero() => {
            let _ = socket.try_send_to(&octets, from);
            None
        }
        Answered::Message { octets, after } => Some((octets, from, after)),
    }
}

/// Serves each connection by a task of its own, so many at a time.
pub(super) async fn accept<F>(listener: TcpListener, serve: impl Fn(TcpStream) -> F)
where
    F: Future<Output = ()> + Send + 'static,
{
    let free = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let mut connections = JoinSet::new();
    while let Ok(permit) = Arc::clone(&free).acquire_owned().await {
        while connections.try_join_next().is_some() {}
        // Where no descriptor is left, the next turn waits for one connection to end.
        let Ok((stream, _)) = listener.accept().await else {
            let _ = connections.join_next().await;
            tokio::task::yield_now().await;
            continue;
        };
        let served = serve(stream);
        connections.spawn(async move {
            served.await;
            drop(permit);
        });
    }
}

async fn serve_tcp(listener: TcpListener, responder: Arc<dyn Responder>) {
    let serve = |stream| {
        let responder = Arc::clone(&responder);
        async move {
            let _ = serve_connection(stream, &*responder).await;
        }
    };
    accept(listener, serve).await;
}

/// Answers the messages of one connection, one after another (RFC 7766 section 8).
async fn serve_connection(mut stream: TcpStream, responder: &dyn Responder) -> io::Result<()> {
    stream.set_nodelay(true)?;
    loop {
        let query = tokio::time::timeout(IDLE, read_message(&mut stream)).await??;
        let answer = match responder.respond(&query, Transport::Tcp) {
            None => return Ok(()),
            Some(Answered::Silence) => {
                tokio::time::sleep(IDLE).await;
                return Ok(());
            }
            Some(Answered::Message { octets, after }) => {
                tokio::time::sleep(after).await;
                octets
            }
        };
        let length = u16::try_from(answer.len()).map_err(io::Error::other)?;
        let framed = [&length.to_be_bytes()[..], &answer].concat();
        tokio::time::timeout(IDLE, stream.write_all(&framed)).await??;
    }
}

async fn read_message(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let length = stream.read_u16().await?;
    let mut message = vec![0; usize::from(length)];
    stream.read_exact(&mut message).await?;
    Ok(message)
}
