//! Whole organisations, from a simulated world to findings, in memory: told as stories, at random, and as the demo.

mod reading;
mod story;
