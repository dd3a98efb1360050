//! Plans that are applied, killed, resumed, taken back and raced for, against the simulated service without sockets, in virtual
//! time; and once over the real protocol.

mod dangling;
mod desk;
mod expired;
mod kills;
mod lag;
mod races;
mod real;
mod refusals;
mod stage;
mod unclear;
mod waits;
