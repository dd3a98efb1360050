//! What is kept in files: the cache, the log and recordings. Nobody but their owner can read them, and nobody else's are believed.

pub mod cache;
pub mod journal;
pub mod log;
mod logins;
pub mod private;
pub mod recording;
