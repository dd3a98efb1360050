//! The resolver over HTTP (RFC 8484), POST and GET, on loopback: without TLS, for this machine's own clients alone.
//!
//! Anything may come in: what is no query is answered with a status, as other servers do.

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use data_encoding::BASE64URL_NOPAD;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::message::{Answered, Transport};
use super::socket::{Responder, accept};

/// The path of the resolver.
pub(super) const PATH: &str = "/dns-query";
const MEDIA_TYPE: &str = "application/dns-message";
/// The most octets of a query.
const MAX_QUERY: usize = 4096;
/// How long a connection is served at most.
const LONGEST: Duration = Duration::from_secs(30);

/// A socket that waits for HTTP.
#[derive(Debug)]
pub(super) struct Listener {
    pub(super) address: SocketAddr,
    socket: std::net::TcpListener,
}

impl Listener {
    /// Binds it at an address, to any free port.
    pub(super) fn bind(ip: IpAddr) -> io::Result<Self> {
        let socket = std::net::TcpListener::bind((ip, 0))?;
        socket.set_nonblocking(true)?;
        Ok(Self {
            address: socket.local_addr()?,
            socket,
        })
    }

    /// Serves it on the current runtime, until the tasks are dropped.
    pub(super) fn serve(self, responder: Arc<dyn Responder>, tasks: &mut JoinSet<()>) -> io::Result<()> {
        let listener = TcpListener::from_std(self.socket)?;
        tasks.spawn(async move {
            let serve = |stream| {
                let serving = tokio::time::timeout(LONGEST, serve(stream, Arc::clone(&responder)));
                async move {
                    let _ = serving.await;
                }
            };
            accept(listener, serve).await;
        });
        Ok(())
    }
}

async fn serve(stream: TcpStream, responder: Arc<dyn Responder>) {
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request: Request<Incoming>| {
        let responder = Arc::clone(&responder);
        async move { Ok::<_, Infallible>(answer(request, &*responder).await) }
    });
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(request: Request<Incoming>, responder: &dyn Responder) -> Response<Full<Bytes>> {
    let query = match query(request).await {
        Ok(query) => query,
        Err(status) => return status_alone(status),
    };
    match responder.respond(&query, Transport::Tcp) {
        None => status_alone(StatusCode::BAD_REQUEST),
        Some(Answered::Silence) => {
            tokio::time::sleep(LONGEST).await;
            status_alone(StatusCode::GATEWAY_TIMEOUT)
        }
        Some(Answered::Message { octets, after }) => {
            tokio::time::sleep(after).await;
            let mut response = Response::new(Full::new(Bytes::from(octets)));
            let media_type = HeaderValue::from_static(MEDIA_TYPE);
            response.headers_mut().insert(CONTENT_TYPE, media_type);
            response
        }
    }
}

/// The query of a request.
async fn query(request: Request<Incoming>) -> Result<Vec<u8>, StatusCode> {
    if request.uri().path() != PATH {
        return Err(StatusCode::NOT_FOUND);
    }
    match *request.method() {
        Method::GET => {
            let told = request.uri().query().unwrap_or_default();
            let mut parameters = told.split('&').filter_map(|parameter| parameter.split_once('='));
            let query = parameters
                .find(|(name, _)| *name == "dns")
                .ok_or(StatusCode::BAD_REQUEST)?;
            BASE64URL_NOPAD
                .decode(query.1.as_bytes())
                .map_err(|_| StatusCode::BAD_REQUEST)
        }
        Method::POST
            if request
                .headers()
                .get(CONTENT_TYPE)
                .is_none_or(|told| told != MEDIA_TYPE) =>
        {
            Err(StatusCode::UNSUPPORTED_MEDIA_TYPE)
        }
        Method::POST => match Limited::new(request.into_body(), MAX_QUERY).collect().await {
            Ok(body) => Ok(body.to_bytes().to_vec()),
            Err(_) => Err(StatusCode::PAYLOAD_TOO_LARGE),
        },
        _ => Err(StatusCode::METHOD_NOT_ALLOWED),
    }
}

fn status_alone(status: StatusCode) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(Bytes::new()));
    *response.status_mut() = status;
    response
}
