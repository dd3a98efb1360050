//! `zonecut config`: where the configuration is, what holds, its schema, and a first one.

pub mod init;
mod show;

use std::io::IsTerminal as _;

use color_eyre::eyre::Report;

use crate::config::{Glyphs, SCHEMA, load};

use crate::report::Format;
use crate::report::privacy::Mask;

use super::args::{ConfigAction, ConfigArgs, Global};
use super::console::Console;
use super::exit::{Exit, Stop};
use super::output::{Output, printable_path};
use super::settings::{Settings, variable};
use super::signals;

/// Does what is asked with the configuration.
pub fn run(args: &ConfigArgs, global: &Global, console: &Console) -> Result<Exit, Report> {
    match &args.action {
        ConfigAction::Schema => print(global, SCHEMA),
        ConfigAction::Path => print(global, &format!("{}\n", shown(&path(global)?))),
        ConfigAction::Show => print(global, &show::toml(&Settings::load(global)?)),
        ConfigAction::Init(args) => signals::block_on(init::run(args, &path(global)?, console)),
    }
}

fn print(global: &Global, text: &str) -> Result<Exit, Report> {
    let mask = global.privacy.then(Mask::default);
    Output::open(global, Glyphs::Auto)?.write(text, Format::Text, mask.as_ref())?;
    Ok(Exit::Done)
}

/// A path as a script can use it; on a terminal, fit to print.
fn shown(path: &std::path::Path) -> String {
    if std::io::stdout().is_terminal() {
        printable_path(path)
    } else {
        path.display().to_string()
    }
}

/// Where the configuration is read from, and written to.
pub fn path(global: &Global) -> Result<std::path::PathBuf, Stop> {
    let named = global.config.clone();
    let from_variable = || variable("ZONECUT_CONFIG").filter(|v| !v.is_empty()).map(Into::into);
    named.or_else(from_variable).or_else(load::default_path).ok_or_else(|| {
        Stop::new(
            Exit::Failed,
            "this system has no home directory; name a file with --config",
        )
    })
}
