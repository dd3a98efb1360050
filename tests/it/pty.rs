//! The real program in a pseudo terminal: whatever it reads and however it ends, the terminal is as it was.

mod asked;
mod copying;
mod ending;
mod four;
mod handover;
mod hostile;
mod keys;
mod looks;
mod mfa;
mod monkey;
mod records;
mod round;
mod secrets;
pub mod served;
mod session;
mod watch;
mod wizard;
