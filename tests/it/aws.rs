//! The adapter to AWS, driven over loopback: by the simulator, and by a server of canned answers for what no sane server says.

mod canned;
mod credentials;
mod cuts;
mod devices;
mod narrowed;
mod refusals;
mod simulated;
mod writing;
