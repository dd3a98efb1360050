//! A server that answers octet by octet as it is told, and keeps what it was asked.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use zonecut::aws::{Options, Setup};
use zonecut::config::{Access, AccountConfig, Secret, StaticKeys};
use zonecut::model::account::AccountIx;

/// How the end of a body is marked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    ContentLength,
    Chunked,
    UntilClose,
}

/// An answer, and how much of its body is sent.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub body: String,
    pub framing: Framing,
    pub sent: usize,
}

impl Answer {
    pub fn new(status: u16, body: impl Into<String>) -> Self {
        let body = body.into();
        Self {
            status,
            sent: body.len(),
            framing: Framing::ContentLength,
            body,
        }
    }

    pub fn cut(mut self, framing: Framing, sent: usize) -> Self {
        self.framing = framing;
        self.sent = sent;
        self
    }
}

/// What was asked.
#[derive(Debug, Clone)]
pub struct Asked {
    pub method: String,
    pub target: String,
    pub head: String,
    pub body: String,
}

type Respond = dyn Fn(&Asked) -> Answer + Send + Sync;

/// A running server; it ends with the test's runtime.
#[derive(Clone)]
pub struct Canned {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Canned {
    pub async fn start(respond: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (log, respond): (_, Arc<Respond>) = (Arc::clone(&asked), Arc::new(respond));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&log), Arc::clone(&respond)));
            }
        });
        Self { url, asked }
    }

    pub fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("not poisoned").clone()
    }

    /// An account whose requests all go here, with keys of its own.
    pub async fn account(&self) -> zonecut::aws::Account {
        let config = AccountConfig::new(
            "canned",
            Access::Keys(StaticKeys {
                access_key_id: "AKIAEXAMPLE".into(),
                secret_access_key: Secret::new("canary-secret"),
                session_token: None,
                endpoint: self.url.clone(),
            }),
        );
        let setup = Setup::described(Options::default(), &[("ZONECUT_TEST", "1")], &[]).await;
        setup.account(AccountIx(7), &config)
    }
}

async fn serve(mut stream: TcpStream, log: Arc<Mutex<Vec<Asked>>>, respond: Arc<Respond>) {
    let Some(asked) = read(&mut stream).await else { return };
    let answer = respond(&asked);
    log.lock().expect("not poisoned").push(asked);
    let _ = stream.write_all(&wire(&answer)).await;
    let _ = stream.shutdown().await;
}

async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let mut octets = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&octets).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .filter_map(|l| {
                    l.to_ascii_lowercase()
                        .strip_prefix("content-length:")
                        .map(str::to_owned)
                })
                .find_map(|l| l.trim().parse::<usize>().ok())
                .unwrap_or(0);
            if body.len() >= length {
                let mut words = head.split(' ').map(str::to_owned);
                return Some(Asked {
                    method: words.next()?,
                    target: words.next()?,
                    head: head.to_owned(),
                    body: body.to_owned(),
                });
            }
        }
        match stream.read(&mut buffer).await {
            Ok(0) | Err(_) => return None,
            Ok(count) => octets.extend_from_slice(&buffer[..count]),
        }
    }
}

fn wire(answer: &Answer) -> Vec<u8> {
    let (body, sent) = (answer.body.as_bytes(), answer.sent);
    let framing = match answer.framing {
        Framing::ContentLength => format!("content-length: {}\r\n", body.len()),
        Framing::Chunked => "transfer-encoding: chunked\r\n".to_owned(),
        Framing::UntilClose => String::new(),
    };
    let head = format!(
        "HTTP/1.1 {} Canned\r\ncontent-type: text/xml\r\nx-amzn-requestid: request-1\r\nconnection: close\r\n{framing}\r\n",
        answer.status
    );
    let mut wire = head.into_bytes();
    match answer.framing {
        Framing::Chunked => {
            for chunk in body[..sent].chunks(100) {
                wire.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                wire.extend_from_slice(chunk);
                wire.extend_from_slice(b"\r\n");
            }
            if sent == body.len() {
                wire.extend_from_slice(b"0\r\n\r\n");
            }
        }
        _ => wire.extend_from_slice(&body[..sent]),
    }
    wire
}

pub fn identity(account: &str) -> Answer {
    Answer::new(
        200,
        format!(
            "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
             <Arn>arn:aws:iam::{account}:user/ana</Arn><UserId>AIDA</UserId><Account>{account}</Account>\
             </GetCallerIdentityResult></GetCallerIdentityResponse>"
        ),
    )
}

/// Whether STS is meant, to which the SDK sends its forms.
pub fn is_sts(asked: &Asked) -> bool {
    asked.method == "POST"
}

pub const NAMESPACE: &str = "https://route53.amazonaws.com/doc/2013-04-01/";
