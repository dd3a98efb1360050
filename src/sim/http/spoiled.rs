//! Answers that do not arrive whole: written past the HTTP server, octet by octet, onto the connection itself.

use std::io;

use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

use super::answer::Page;
use crate::sim::faults::Framing;
use crate::sim::service::Delivery;

/// An answer and how it is to be spoiled.
#[derive(Debug)]
pub(super) struct Spoiled {
    pub(super) page: Page,
    pub(super) delivery: Delivery,
    pub(super) request_id: String,
}

/// Delivers it and leaves the connection in the state that the fault asks for.
pub(super) async fn deliver(mut stream: TcpStream, spoiled: Spoiled) -> io::Result<()> {
    match &spoiled.delivery {
        Delivery::Reset => stream.set_zero_linger(),
        Delivery::Silence => wait_for_the_end(&stream).await,
        Delivery::Cut(at, framing) => {
            stream.write_all(&cut(&spoiled, *at, *framing)).await?;
            stream.shutdown().await
        }
        Delivery::Replaced(_) | Delivery::Intact => {
            stream
                .write_all(&cut(&spoiled, usize::MAX, Framing::ContentLength))
                .await?;
            stream.shutdown().await
        }
    }
}

/// Waits until the client gives up.
async fn wait_for_the_end(stream: &TcpStream) -> io::Result<()> {
    let mut waste = [0_u8; 1_024];
    loop {
        stream.readable().await?;
        match stream.try_read(&mut waste) {
            Ok(0) => return Ok(()),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
}

fn cut(spoiled: &Spoiled, at: usize, framing: Framing) -> Vec<u8> {
    let body = match &spoiled.delivery {
        Delivery::Replaced(body) => body.as_bytes(),
        _ => spoiled.page.body.as_bytes(),
    };
    let (sent, _) = body.split_at_checked(at).unwrap_or((body, &[]));
    let status = match &spoiled.delivery {
        Delivery::Replaced(_) => 200,
        _ => spoiled.page.status,
    };
    let frame = match framing {
        Framing::ContentLength => format!("content-length: {}", body.len()),
        Framing::Chunked => "transfer-encoding: chunked".to_owned(),
        Framing::UntilClose => "connection: close".to_owned(),
    };
    let mut message = format!(
        "HTTP/1.1 {status} Simulated\r\ncontent-type: text/xml\r\nx-amzn-requestid: {}\r\n{frame}\r\n\r\n",
        spoiled.request_id
    )
    .into_bytes();
    if framing == Framing::Chunked {
        message.extend(format!("{:x}\r\n", body.len()).into_bytes());
    }
    message.extend(sent);
    message
}
