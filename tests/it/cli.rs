//! The program from outside: what it prints, where, and how it ends.

mod contract;
mod demo;
mod files;
#[cfg(unix)]
mod profiles;
pub mod run;
mod schemas;
