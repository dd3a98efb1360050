//! The real program in a pseudo terminal: whatever it reads and however it ends, the terminal is as it was.

mod ending;
mod hostile;
mod looks;
mod served;
mod session;
mod watch;
