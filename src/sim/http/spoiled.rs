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
        Delivery::Closed => stream.shutdown().await,
        Delivery::Cut(at, framing) => send(&mut stream, &spoiled, *at, *framing).await,
        // One octet of what was announced is held back.
        Delivery::Torn(body, framing) => send(&mut stream, &spoiled, body.len().saturating_sub(1), *framing).await,
        Delivery::Replaced(_) | Delivery::Foreign { .. } | Delivery::Intact => {
            send(&mut stream, &spoiled, usize::MAX, Framing::ContentLength).await
        }
    }
}

async fn send(stream: &mut TcpStream, spoiled: &Spoiled, at: usize, framing: Framing) -> io::Result<()> {
    stream.write_all(&cut(spoiled, at, framing)).await?;
    stream.shutdown().await
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
    let (status, body) = match &spoiled.delivery {
        Delivery::Replaced(body) | Delivery::Torn(body, _) => (200, body.as_bytes()),
        Delivery::Foreign { status, body } => (*status, body.as_bytes()),
        _ => (spoiled.page.status, spoiled.page.body.as_bytes()),
    };
    let (sent, _) = body.split_at_checked(at).unwrap_or((body, &[]));
    let frame = match framing {
        Framing::ContentLength => format!("content-length: {}\r\n", body.len()),
        Framing::Chunked => "transfer-encoding: chunked\r\n".to_owned(),
        Framing::UntilClose => String::new(),
    };
    // The connection ends here in any case: whoever is not told so would meet the end in its next, innocent call.
    let mut message = format!(
        "HTTP/1.1 {status} Simulated\r\ncontent-type: text/xml\r\nx-amzn-requestid: {}\r\n{frame}connection: close\r\n\r\n",
        spoiled.request_id
    )
    .into_bytes();
    if framing == Framing::Chunked {
        message.extend(format!("{:x}\r\n", body.len()).into_bytes());
    }
    message.extend(sent);
    message
}
