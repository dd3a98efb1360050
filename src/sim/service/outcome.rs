//! The ways in which a call can end without its caller learning whether it was applied: each of them, applied or not.

use super::{CallFault, Delivery};
use crate::sim::api::ApiError;
use crate::sim::faults::Framing;

/// What the caller sees instead of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Outcome {
    /// Nothing, and the connection stays open.
    Timeout,
    /// A reset connection.
    Reset,
    /// A connection that is closed without a word.
    Closed,
    /// `InternalFailure` under the status 500.
    InternalFailure,
    /// A page of a proxy under the status 502.
    BadGateway,
    /// `ServiceUnavailable` under the status 503.
    Unavailable,
    /// A page of a proxy under the status 504.
    GatewayTimeout,
    /// The status 200 and no body.
    Empty,
    /// The status 200 and a page that is no XML of the operation.
    Garbage,
    /// The status 200 and a body that is shorter than its `Content-Length`.
    CutLength,
    /// The status 200 and chunks without the last one.
    CutChunked,
    /// The status 200 and a body that ends with the connection, too early.
    CutUntilClose,
}

/// Whether a call was applied before its answer was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Applied {
    /// It was.
    Yes,
    /// It was not.
    No,
}

/// After how many octets a body is cut: behind the start of its root, so that not every reader of XML takes offence.
const CUT: usize = 160;
const PAGE: &str = "<html><head><title>proxy</title></head><body>Sign in to continue.</body></html>";
const BEGINNING: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ChangeResourceRecordSetsResponse xmlns=\"https://route53.amazonaws.com/doc/2013-04-01/\"><";

impl Outcome {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Timeout,
        Self::Reset,
        Self::Closed,
        Self::InternalFailure,
        Self::BadGateway,
        Self::Unavailable,
        Self::GatewayTimeout,
        Self::Empty,
        Self::Garbage,
        Self::CutLength,
        Self::CutChunked,
        Self::CutUntilClose,
    ];

    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Reset => "reset",
            Self::Closed => "closed",
            Self::InternalFailure => "500",
            Self::BadGateway => "502",
            Self::Unavailable => "503",
            Self::GatewayTimeout => "504",
            Self::Empty => "empty",
            Self::Garbage => "garbage",
            Self::CutLength => "cut-length",
            Self::CutChunked => "cut-chunked",
            Self::CutUntilClose => "cut-until-close",
        }
    }

    /// The outcome of a word.
    pub fn read(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }

    /// The fault that lets a call end so.
    pub fn fault(self, applied: Applied) -> CallFault {
        let page = |status, body: &str| {
            Said::Otherwise(Delivery::Foreign {
                status,
                body: body.to_owned(),
            })
        };
        let said = match self {
            Self::Timeout => Said::Otherwise(Delivery::Silence),
            Self::Reset => Said::Otherwise(Delivery::Reset),
            Self::Closed => Said::Otherwise(Delivery::Closed),
            Self::InternalFailure => Said::Error(ApiError::internal_failure()),
            Self::BadGateway => page(502, PAGE),
            Self::Unavailable => Said::Error(ApiError::unavailable()),
            Self::GatewayTimeout => page(504, PAGE),
            Self::Empty => page(200, ""),
            Self::Garbage => page(200, PAGE),
            Self::CutLength => cut(Framing::ContentLength, applied),
            Self::CutChunked => cut(Framing::Chunked, applied),
            Self::CutUntilClose => cut(Framing::UntilClose, applied),
        };
        match (said, applied) {
            (Said::Error(error), Applied::Yes) => CallFault::FailsAfter(error),
            (Said::Error(error), Applied::No) => CallFault::Refused(error),
            (Said::Otherwise(delivery), Applied::Yes) => CallFault::LostAfter(delivery),
            (Said::Otherwise(delivery), Applied::No) => CallFault::LostBefore(delivery),
        }
    }
}

enum Said {
    Error(ApiError),
    Otherwise(Delivery),
}

/// What was not applied has no answer that could be cut: what is sent begins like one all the same.
fn cut(framing: Framing, applied: Applied) -> Said {
    Said::Otherwise(match applied {
        Applied::Yes => Delivery::Cut(CUT, framing),
        Applied::No => Delivery::Torn(BEGINNING.to_owned(), framing),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_outcome_has_a_word_of_its_own() {
        for outcome in Outcome::ALL {
            assert_eq!(Outcome::read(outcome.word()), Some(outcome));
        }
        assert_eq!(Outcome::read("200"), None);
    }
}
