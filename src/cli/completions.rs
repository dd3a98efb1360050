//! `zonecut completions`.

use clap_complete::generate;
use color_eyre::eyre::Report;

use crate::config::Glyphs;

use super::args::{CompletionsArgs, Global};
use super::exit::Exit;
use super::output::Output;

/// Prints the completions for a shell.
pub fn run(args: &CompletionsArgs, global: &Global) -> Result<Exit, Report> {
    let mut text = Vec::new();
    generate(args.shell, &mut super::command(), "zonecut", &mut text);
    Output::open(global, Glyphs::Auto)?.print(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Done)
}
