//! `zonecut help`: the help of a command, or the keys of the terminal program.

use clap::CommandFactory as _;
use color_eyre::eyre::Report;

use crate::config::Glyphs;
use crate::model::text::printable;
use crate::report::columns::{Row, align};
use crate::tui::keymap::{Context, Keymap};

use super::args::{Args, Global, HelpArgs};
use super::exit::{Exit, Stop};
use super::output::Output;

/// Prints the help of what is named.
pub fn run(args: &HelpArgs, global: &Global) -> Result<Exit, Report> {
    if args.topic.first().is_some_and(|word| word == "keys") {
        Output::open(global, Glyphs::Auto)?.print(&keys(Keymap::standard()))?;
        return Ok(Exit::Done);
    }
    let mut command = Args::command();
    // Without this, subcommands do not know the options for every command.
    command.build();
    let mut found = &mut command;
    for word in &args.topic {
        found = found
            .find_subcommand_mut(word)
            .ok_or_else(|| Stop::usage(format!("there is no command {}", printable(word))).next("see: zonecut help"))?;
    }
    let text = found.render_long_help().to_string();
    Output::open(global, Glyphs::Auto)?.print(&text)?;
    Ok(Exit::Done)
}

fn keys(keymap: &Keymap) -> String {
    let mut out = String::from("Everywhere\n");
    let row = |binding: &crate::tui::keymap::Binding| -> Row {
        vec!["".into(), binding.shown().into(), binding.help.clone().into()]
    };
    out.push_str(&indented(&keymap.general().iter().map(row).collect::<Vec<_>>()));
    for context in Context::ALL {
        let own: Vec<Row> = keymap.own(context).iter().map(row).collect();
        if !own.is_empty() {
            out.push_str(&format!("\n{}\n{}", context.word(), indented(&own)));
        }
    }
    out
}

fn indented(rows: &[Row]) -> String {
    align(rows).lines().map(|line| format!("  {line}\n")).collect()
}
