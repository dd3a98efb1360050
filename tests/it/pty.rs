//! The real program in a pseudo terminal: whatever it reads and however it ends, the terminal is as it was.

mod copying;
mod ending;
mod four;
mod hostile;
mod keys;
mod looks;
mod mfa;
mod secrets;
pub mod served;
mod session;
mod watch;
