//! `zonecut man`: the manual pages, made from the arguments themselves.

use clap_mangen::Man;
use color_eyre::eyre::{Report, WrapErr as _};

use crate::config::Glyphs;

use super::args::{Global, ManArgs};
use super::exit::{EXITS, Exit};
use super::output::{Output, printable_path, replace};

/// Prints the page of zonecut, or writes all pages into a directory.
pub fn run(args: &ManArgs, global: &Global) -> Result<Exit, Report> {
    let command = super::command();
    let Some(dir) = &args.dir else {
        Output::open(global, Glyphs::Auto)?.print(&page(command, "zonecut")?)?;
        return Ok(Exit::Done);
    };
    std::fs::create_dir_all(dir).wrap_err_with(|| format!("failed to make {}", printable_path(dir)))?;
    for subcommand in command.get_subcommands() {
        let name = format!("zonecut-{}", subcommand.get_name());
        let text = page(subcommand.clone(), &name)?;
        replace(&dir.join(format!("{name}.1")), text.as_bytes())?;
    }
    replace(&dir.join("zonecut.1"), page(command, "zonecut")?.as_bytes())?;
    Ok(Exit::Done)
}

fn page(command: clap::Command, name: &str) -> Result<String, Report> {
    let mut text = Vec::new();
    let man = Man::new(command.display_name(name).bin_name(name.replacen('-', " ", 1)));
    man.render(&mut text)?;
    let mut text = String::from_utf8_lossy(&text).into_owned();
    text.push_str(".SH \"EXIT STATUS\"\n");
    for (exit, meaning) in EXITS {
        text.push_str(&format!(".TP\n{}\n{}\n", exit.code(), meaning.replace('-', "\\-")));
    }
    Ok(text)
}
