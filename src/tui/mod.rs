//! The terminal program, in the Elm architecture: `update` changes the state by a message and returns effects, `view` draws it.
//!
//! Only `run` and what it is made of (`terminal`, `clipboard`, `signals`) touch the outside; everything else is pure.

pub mod action;
pub mod copy;
pub mod cursor;
pub mod effect;
pub mod field;
pub mod filter;
pub mod filter_line;
pub mod glyphs;
pub mod keymap;
pub mod known;
pub mod launch;
pub mod lock;
pub mod look;
pub mod mark;
pub mod message;
pub mod privacy;
mod refusal;
mod run;
pub mod screens;
pub mod state;
pub mod theme;
pub mod update;
pub mod view;
pub mod when;
pub mod widgets;
pub mod works;

pub use launch::{Exit, Launch, Surroundings};
pub use run::{Desk, Remembered, ScreenPrompt, columns, has_terminal, restore, run};
