//! The real program in a pseudo terminal: whatever it reads and however it ends, the terminal is as it was.

mod copying;
mod ending;
mod hostile;
mod keys;
mod looks;
mod mfa;
mod served;
mod session;
mod watch;
