//! The program from outside: what it prints, where, and how it ends.

mod change;
mod contract;
mod demo;
mod files;
#[cfg(unix)]
mod interrupted;
#[cfg(unix)]
mod profiles;
mod recording;
pub mod run;
mod schemas;
mod trace;
