//! Route 53 and STS over HTTP/1.1 on loopback. One endpoint serves both: the path tells them apart, the host does not matter.
//!
//! Accounts are told apart by the access key in the signature; the signature itself is not checked.

mod answer;
mod control;
mod query;
mod route;
mod spoiled;
mod sts;
mod xml;

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, LOCATION};
use hyper::http::request::Parts;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::api::ApiError;
use super::service::{Delivery, Reply, Service, Token};
use answer::Page;
pub use control::Control;
use spoiled::Spoiled;

/// The most octets of a request's body.
const MAX_BODY: usize = 4 << 20;

/// The service behind the sockets, and its clock.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) service: Mutex<Service>,
    pub(super) clock: Clock,
    pub(super) control: Control,
}

/// The world's clock: the runtime's, from the start of the simulator, and what it was advanced by.
#[derive(Debug)]
pub struct Clock {
    started: tokio::time::Instant,
    epoch: jiff::Timestamp,
    advanced: Mutex<Duration>,
}

impl Clock {
    /// A clock that shows `epoch` now.
    pub(super) fn starting_at(epoch: jiff::Timestamp) -> Self {
        Self {
            started: tokio::time::Instant::now(),
            epoch,
            advanced: Mutex::new(Duration::ZERO),
        }
    }

    /// The time since the simulator started.
    pub fn now(&self) -> Duration {
        let advanced = self.advanced.lock().map(|advanced| *advanced).unwrap_or_default();
        self.started.elapsed() + advanced
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: Duration) {
        if let Ok(mut advanced) = self.advanced.lock() {
            *advanced += by;
        }
    }

    /// What the calendar shows now.
    pub fn calendar(&self) -> jiff::Timestamp {
        self.date(self.now())
    }

    /// A time of this clock as Route 53 writes it.
    fn timestamp(&self, at: Duration) -> String {
        self.date(at).to_string()
    }

    fn date(&self, at: Duration) -> jiff::Timestamp {
        let whole = jiff::SignedDuration::from_secs(i64::try_from(at.as_secs()).unwrap_or(i64::MAX));
        self.epoch.checked_add(whole).unwrap_or(self.epoch)
    }
}

/// Accepts connections until it is dropped.
pub(super) async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    connections.spawn(serve(stream, Arc::clone(&shared)));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// A response that the HTTP server must not send, because it is to be spoiled.
#[derive(Debug, thiserror::Error)]
#[error("the answer is spoiled")]
struct GivenUp;

type Answered = Pin<Box<dyn Future<Output = Result<Response<Full<Bytes>>, GivenUp>> + Send>>;

/// Serves one connection to its end.
async fn serve(stream: TcpStream, shared: Arc<Shared>) {
    let _ = stream.set_nodelay(true);
    let slot = Arc::new(Mutex::new(None));
    let service = service_fn(|request: Request<Incoming>| -> Answered {
        let (shared, slot) = (Arc::clone(&shared), Arc::clone(&slot));
        Box::pin(async move {
            match respond(request, &shared).await {
                Ok(response) => Ok(response),
                Err(spoiled) => {
                    if let Ok(mut slot) = slot.lock() {
                        *slot = Some(spoiled);
                    }
                    Err(GivenUp)
                }
            }
        })
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let _ = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let stream = connection.into_parts().io.into_inner();
    let spoiled = slot.lock().ok().and_then(|mut slot| slot.take());
    if let Some(spoiled) = spoiled {
        let _ = spoiled::deliver(stream, spoiled).await;
    }
}

async fn respond(request: Request<Incoming>, shared: &Shared) -> Result<Response<Full<Bytes>>, Spoiled> {
    let (head, body) = request.into_parts();
    let body = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => String::from_utf8_lossy(&body.to_bytes()).into_owned(),
        Err(_) => String::new(),
    };
    if head.uri.path().starts_with(control::PATH) {
        let (status, answer) = control::answer(&head.method, head.uri.path(), &body, shared);
        return Ok(json(status, &answer));
    }
    let done = handle(&head, &body, shared);
    if done.latency > Duration::ZERO {
        tokio::time::sleep(done.latency).await;
    }
    match done.delivery {
        Delivery::Intact => Ok(response(done.page, &done.request_id)),
        delivery => Err(Spoiled {
            page: done.page,
            delivery,
            request_id: done.request_id,
        }),
    }
}

fn response(page: Page, request_id: &str) -> Response<Full<Bytes>> {
    let status = StatusCode::from_u16(page.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut builder = Response::builder()
        .status(status)
        .header(CONTENT_TYPE, "text/xml")
        .header("x-amzn-requestid", request_id);
    if let Some(location) = page.location {
        builder = builder.header(LOCATION, location);
    }
    let body = Full::new(Bytes::from(page.body));
    builder.body(body).expect("status and headers are well-formed")
}

fn json(status: u16, answer: &serde_json::Value) -> Response<Full<Bytes>> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let builder = Response::builder()
        .status(status)
        .header(CONTENT_TYPE, "application/json");
    let body = Full::new(Bytes::from(answer.to_string()));
    builder.body(body).expect("status and headers are well-formed")
}

/// What came of a request.
struct Done {
    page: Page,
    latency: Duration,
    delivery: Delivery,
    request_id: String,
}

fn handle(head: &Parts, body: &str, shared: &Shared) -> Done {
    let header = |name: &str| head.headers.get(name).and_then(|value| value.to_str().ok());
    let token = Token {
        access_key: header(AUTHORIZATION.as_str()).and_then(access_key),
        session: header("x-amz-security-token"),
    };
    match head.uri.path().starts_with(route::VERSION) {
        true => route53(head, body, &token, shared),
        false => security_tokens(body, &token, shared),
    }
}

/// The access key id in `AWS4-HMAC-SHA256 Credential=KEY/DATE/REGION/SERVICE/aws4_request, …`.
fn access_key(authorization: &str) -> Option<&str> {
    let rest = authorization.split_once("Credential=")?.1;
    rest.split('/').next().filter(|key| !key.is_empty())
}

fn route53(head: &Parts, body: &str, token: &Token<'_>, shared: &Shared) -> Done {
    let uri = &head.uri;
    let read = route::operation(head.method.as_str(), uri.path(), uri.query().unwrap_or_default(), body);
    let operation = match read {
        Ok(operation) => operation,
        Err(error) => return unread(answer::error(&error, "unread", false)),
    };
    let now = shared.clock.now();
    let reply = locked(shared, |service| service.call(now, token, &operation));
    let page = match &reply.outcome {
        Ok(answer) => answer::page(operation.action(), answer, &shared.clock),
        Err(error) => answer::error(error, &reply.request_id, reply.bare_change_errors),
    };
    done(reply, page)
}

fn security_tokens(body: &str, token: &Token<'_>, shared: &Shared) -> Done {
    let now = shared.clock.now();
    match sts::request(body) {
        Err(error) => unread(sts::error(&error, "unread")),
        Ok(sts::Request::CallerIdentity) => {
            let reply = locked(shared, |service| service.caller_identity(now, token));
            let page = match &reply.outcome {
                Ok(identity) => sts::identity(identity, &reply.request_id),
                Err(error) => sts::error(error, &reply.request_id),
            };
            done(reply, page)
        }
        Ok(sts::Request::AssumeRole(request)) => {
            let reply = locked(shared, |service| service.assume_role(now, token, &request));
            let page = match &reply.outcome {
                Ok(session) => sts::session(session, &reply.request_id, &shared.clock),
                Err(error) => sts::error(error, &reply.request_id),
            };
            done(reply, page)
        }
        Ok(sts::Request::SessionToken(request)) => {
            let reply = locked(shared, |service| service.session_token(now, token, &request));
            let page = match &reply.outcome {
                Ok(session) => sts::session_token(session, &reply.request_id, &shared.clock),
                Err(error) => sts::error(error, &reply.request_id),
            };
            done(reply, page)
        }
    }
}

fn locked<T>(shared: &Shared, work: impl FnOnce(&mut Service) -> Reply<T>) -> Reply<T> {
    match shared.service.lock() {
        Ok(mut service) => work(&mut service),
        Err(_) => Reply {
            outcome: Err(ApiError::new(
                500,
                "InternalFailure",
                "The simulator failed; see its log.",
            )),
            latency: Duration::ZERO,
            delivery: Delivery::Intact,
            request_id: "unserved".into(),
            bare_change_errors: false,
        },
    }
}

fn done<T>(reply: Reply<T>, page: Page) -> Done {
    Done {
        page,
        latency: reply.latency,
        delivery: reply.delivery,
        request_id: reply.request_id,
    }
}

fn unread(page: Page) -> Done {
    Done {
        page,
        latency: Duration::ZERO,
        delivery: Delivery::Intact,
        request_id: "unread".into(),
    }
}
