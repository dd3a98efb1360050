//! DNS over sockets: the only code beside the simulator's servers that knows the wire format.
//!
//! A query goes from a socket, port and id of its own, in letters of random case; only the response to it is listened to.

mod https;
mod rdata;
mod sockets;
mod wire;

pub use sockets::Sockets;
pub use wire::{Received, Sent};
