//! Queries to resolvers over HTTPS (RFC 8484): one connection and one POST for each, over HTTP/2 where the server speaks it.
//!
//! Invariant: whatever comes back is a value. Nothing is followed (no redirect), and no more is read than a message may have.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, LengthLimitError, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::{http1, http2};
use hyper::header::{ACCEPT, AGE, CONTENT_TYPE, HOST, HeaderMap};
use hyper::{Method, Request, Response, StatusCode, Uri};
use hyper_util::rt::{TokioExecutor, TokioIo};
use rustls_pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpStream, lookup_host};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::{ClientConfig, Error as TlsError, RootCertStore};

use super::wire::{Received, Sent};
use crate::model::dns::{Endpoint, Heard, Host, Record, Response as Message, Scheme, Unreachable};
use crate::ports::{Extension, HttpsQuery, Recursion};

/// The media type of DNS messages.
const MEDIA_TYPE: &str = "application/dns-message";
/// The most octets of a message.
const MAX_MESSAGE: usize = 65_535;
/// The most octets of the headers of a response.
const MAX_HEADERS: u32 = 16 * 1024;
/// How many addresses of a name are tried, and how long each, so that one that leads nowhere does not take all the time.
const MAX_ADDRESSES: usize = 4;
const PATIENCE_WITH_AN_ADDRESS: Duration = Duration::from_millis(1_500);

/// Why nothing was heard.
enum Failed {
    Unreachable(Unreachable),
    Malformed,
}

impl From<Unreachable> for Failed {
    fn from(why: Unreachable) -> Self {
        Self::Unreachable(why)
    }
}

impl From<io::Error> for Failed {
    fn from(error: io::Error) -> Self {
        let certificate = error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>());
        Self::Unreachable(match certificate {
            Some(_) => Unreachable::Untrusted,
            None => super::sockets::unreachable(&error),
        })
    }
}

impl From<hyper::Error> for Failed {
    fn from(error: hyper::Error) -> Self {
        // What is no HTTP is an answer that cannot be read.
        match error.is_parse() || error.is_parse_too_large() {
            true => Self::Malformed,
            false => Self::Unreachable(Unreachable::Closed),
        }
    }
}

/// Asks one resolver one question; `admits` says which addresses may be connected to.
pub(super) async fn hear(query: &HttpsQuery, admits: impl Fn(SocketAddr) -> bool) -> Heard {
    // An id of 0, and letters as they are, let caches on the way recognise the question (RFC 8484 section 4.1).
    let Some(sent) = Sent::new(&query.question, Extension::Edns, Recursion::Desired, [0; 34]) else {
        return Heard::Unreachable(Unreachable::Local);
    };
    match timeout(query.patience, exchange(&query.endpoint, &sent, admits)).await {
        Ok(Ok(message)) => Heard::Response(message),
        Ok(Err(Failed::Malformed)) => Heard::Malformed,
        Ok(Err(Failed::Unreachable(why))) => Heard::Unreachable(why),
        Err(_) => Heard::Silent,
    }
}

async fn exchange(
    endpoint: &Endpoint,
    sent: &Sent,
    admits: impl Fn(SocketAddr) -> bool,
) -> Result<Box<Message>, Failed> {
    let stream = connect(endpoint, admits).await?;
    stream.set_nodelay(true)?;
    let mut connection = JoinSet::new();
    let response = match endpoint.scheme() {
        Scheme::Http => post_1(stream, endpoint, sent, &mut connection).await?,
        Scheme::Https => {
            let name = server_name(endpoint).ok_or(Unreachable::Untrusted)?;
            let tls = TlsConnector::from(tls()?).connect(name, stream).await?;
            match tls.get_ref().1.alpn_protocol() {
                Some(b"h2") => post_2(tls, endpoint, sent, &mut connection).await?,
                _ => post_1(tls, endpoint, sent, &mut connection).await?,
            }
        }
    };
    read(response, sent).await
}

/// A connection to the first address that takes one.
async fn connect(endpoint: &Endpoint, admits: impl Fn(SocketAddr) -> bool) -> Result<TcpStream, Failed> {
    let port = endpoint.port();
    let addresses: Vec<SocketAddr> = match endpoint.host() {
        Host::At(address) => vec![SocketAddr::new(*address, port)],
        Host::Named(name) => match lookup_host((&**name, port)).await {
            Ok(addresses) => addresses.collect(),
            Err(_) => return Err(Unreachable::Unresolved.into()),
        },
    };
    let mut last = Failed::from(Unreachable::Local);
    let admitted = addresses.into_iter().filter(|address| admits(*address));
    for address in admitted.take(MAX_ADDRESSES) {
        last = match timeout(PATIENCE_WITH_AN_ADDRESS, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => error.into(),
            Err(_) => Unreachable::NoRoute.into(),
        };
    }
    Err(last)
}

/// The name, or the address, that the certificate has to be for.
fn server_name(endpoint: &Endpoint) -> Option<ServerName<'static>> {
    match endpoint.host() {
        Host::At(address) => Some(ServerName::from(IpAddr::clone(address))),
        Host::Named(name) => ServerName::try_from(name.to_string()).ok(),
    }
}

/// What TLS trusts: the certificates of this system, as the AWS SDK's client does (SSL_CERT_FILE counts).
fn tls() -> Result<Arc<ClientConfig>, Failed> {
    static CONFIG: OnceLock<Option<Arc<ClientConfig>>> = OnceLock::new();
    let config = CONFIG.get_or_init(|| {
        let mut roots = RootCertStore::empty();
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let builder = builder.with_safe_default_protocol_versions().ok()?;
        let mut config = builder.with_root_certificates(roots).with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Some(Arc::new(config))
    });
    config.clone().ok_or_else(|| Unreachable::Untrusted.into())
}

/// The request as both versions have it.
fn request(endpoint: &Endpoint, sent: &Sent) -> hyper::http::request::Builder {
    Request::builder()
        .method(Method::POST)
        .header(ACCEPT, MEDIA_TYPE)
        .header(CONTENT_TYPE, MEDIA_TYPE)
        .header("content-length", sent.octets().len())
        .uri(endpoint.path())
}

fn body(sent: &Sent) -> Full<Bytes> {
    Full::new(Bytes::copy_from_slice(sent.octets()))
}

async fn post_1<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    endpoint: &Endpoint,
    sent: &Sent,
    connections: &mut JoinSet<()>,
) -> Result<Response<Incoming>, Failed> {
    let (mut sender, connection) = http1::Builder::new()
        .max_buf_size(MAX_HEADERS as usize)
        .handshake(TokioIo::new(stream))
        .await?;
    connections.spawn(async move {
        let _ = connection.await;
    });
    let request = request(endpoint, sent)
        .header(HOST, endpoint.authority())
        .body(body(sent));
    let request = request.map_err(|_| Unreachable::Local)?;
    Ok(sender.send_request(request).await?)
}

async fn post_2<S: AsyncRead + AsyncWrite + Unpin + Send + 'static>(
    stream: S,
    endpoint: &Endpoint,
    sent: &Sent,
    connections: &mut JoinSet<()>,
) -> Result<Response<Incoming>, Failed> {
    let (mut sender, connection) = http2::Builder::new(TokioExecutor::new())
        .max_header_list_size(MAX_HEADERS)
        .handshake(TokioIo::new(stream))
        .await?;
    connections.spawn(async move {
        let _ = connection.await;
    });
    let uri: Uri = endpoint.to_string().parse().map_err(|_| Unreachable::Local)?;
    let request = request(endpoint, sent).uri(uri).body(body(sent));
    let request = request.map_err(|_| Unreachable::Local)?;
    Ok(sender.send_request(request).await?)
}

/// The message of a response; what is none is malformed.
async fn read(response: Response<Incoming>, sent: &Sent) -> Result<Box<Message>, Failed> {
    if response.status() != StatusCode::OK {
        return Err(Unreachable::Status(response.status().as_u16()).into());
    }
    if !is_message(response.headers()) {
        return Err(Failed::Malformed);
    }
    let age = age(response.headers());
    let octets = match Limited::new(response.into_body(), MAX_MESSAGE).collect().await {
        Ok(body) => body.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => return Err(Failed::Malformed),
        Err(_) => return Err(Unreachable::Closed.into()),
    };
    match sent.receive(&octets) {
        Received::Response(message) => Ok(aged(message, age)),
        Received::Malformed | Received::Other => Err(Failed::Malformed),
    }
}

fn is_message(headers: &HeaderMap) -> bool {
    let told = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let told = told.and_then(|told| told.split(';').next());
    told.is_some_and(|told| told.trim().eq_ignore_ascii_case(MEDIA_TYPE))
}

/// For how many seconds a cache on the way has had the response.
fn age(headers: &HeaderMap) -> u32 {
    let told = headers.get(AGE).and_then(|value| value.to_str().ok());
    told.and_then(|told| told.trim().parse().ok()).unwrap_or(0)
}

/// A message that is so many seconds old (RFC 8484 section 5.1).
fn aged(mut message: Box<Message>, age: u32) -> Box<Message> {
    let age_record = |record: &mut Record| record.ttl = record.ttl.saturating_sub(age);
    message.answer.iter_mut().for_each(age_record);
    message.authority.iter_mut().for_each(age_record);
    message
}
