//! The screens, one file each: what it remembers, what it does with an action, how it is drawn. All of it is pure.

pub mod accounts;
pub mod activity;
pub mod changes;
pub mod detail;
pub mod first_run;
pub mod help;
pub mod live;
pub mod menu;
pub mod mfa;
pub mod palette;
pub mod problems;
pub mod round;
pub mod text;
pub mod too_small;
pub mod trace;
pub mod tree;
pub mod unlock;
pub mod ways;
pub mod wizard;
pub mod zone;
