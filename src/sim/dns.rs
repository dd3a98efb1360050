//! The name servers of the simulated world, from the root down, and a resolver that asks them, over UDP and TCP on loopback.
//!
//! Each server answers for the zones it has and no others. Private zones have no server that answers. What is written
//! over HTTP is answered once it is `INSYNC`.

mod alias;
mod authority;
mod choice;
mod https;
mod limit;
mod message;
mod misbehaving;
mod name;
mod rdata;
mod reply;
mod resolver;
mod servers;
mod signer;
mod socket;
mod source;
mod svcb;
mod text;
mod zone;

pub use servers::{Addressing, Binding, Options, Servers, StartError};
pub use source::Source;
