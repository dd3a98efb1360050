//! What is asked of name servers and what they say (RFC 1034, RFC 1035, RFC 6891), as values.
//!
//! A negative answer, a referral, a refusal and silence are replies like any other, never errors.

mod code;
mod endpoint;
pub mod hints;
mod presentation;
mod probe;
mod rdata;
mod reply;
mod resolved;
mod response;
mod special;
mod trace;
mod walk;

pub use code::{ExtendedError, ResponseCode};
pub use endpoint::{BadEndpoint, Endpoint, Host, Scheme};
pub use probe::{EdnsSupport, Outcome, Probe, RecursionOffer, Tcp, Transport, Unasked, name_servers};
pub use rdata::{Dnskey, Rdata, Rrsig, Soa};
pub use reply::{Alias, Direction, Heard, Negative, Referral, Reply, Unreachable};
pub use resolved::Resolved;
pub use response::{Edns, Question, Record, Response};
pub use special::{SpecialPurpose, special_purpose};
pub use trace::{Choice, Hearsay, Resolver, ResolverPlace, ResolverSaid, Trace};
pub use walk::{Addresses, End, HeardFrom, Leg, NameServer, NoAddress, Walk};
