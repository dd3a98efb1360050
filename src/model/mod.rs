//! What is true: names, accounts, zones, record sets, and the inventory that joins them.
//!
//! Pure: no IO, clock, randomness, environment or `async`.

pub mod account;
pub mod awsdns;
pub mod cut;
pub mod dns;
pub mod dnssec;
pub mod duration;
pub mod inventory;
pub mod name;
pub mod record;
pub mod records;
pub mod served;
pub mod text;
pub mod zone;
