//! The `zonecut` program.

fn main() {}
