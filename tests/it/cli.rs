//! The program from outside: what it prints, where, and how it ends.

mod contract;
mod demo;
mod files;
#[cfg(unix)]
mod profiles;
mod recording;
pub mod run;
mod schemas;
mod trace;
