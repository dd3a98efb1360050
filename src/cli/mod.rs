//! The command line: the composition root, which alone knows every layer.
//!
//! Results go to stdout, everything else to stderr; what a run came to is its exit code.

mod accept;
mod accepted;
mod accounts;
mod apply;
mod args;
mod cache;
mod change;
mod check;
mod completions;
mod config;
mod console;
mod crash;
mod delegate;
mod demo;
mod desk;
mod exit;
mod explain;
mod first_run;
mod fix;
mod gather;
mod help;
mod history;
mod iam_policy;
mod journal;
mod live;
mod log;
mod man;
mod mfa;
mod output;
mod progress;
mod question;
mod record;
mod recording;
mod request;
mod resolvers;
mod resume;
mod roster;
mod scan;
mod serve;
mod sets;
mod settings;
mod settle;
mod signals;
mod teardown;
mod trace;
mod traced;
mod tree;
mod tui;
mod undo;
mod verify;
mod walk;
mod who;
mod works;
mod zone;

use std::panic::{AssertUnwindSafe, catch_unwind};

use clap::{CommandFactory as _, Parser as _};
use color_eyre::eyre::Report;

pub use args::{Args, Command};
pub use exit::{EXITS, Exit};

use crate::model::text::printable;

use console::Console;
use exit::Stop;
use settings::Settings;

/// Does what the arguments of the process say.
pub fn run() -> Exit {
    if let Err(report) = crash::install() {
        return Console::plain().fail(&report);
    }
    match Args::try_parse() {
        // The handler of panics has told it already.
        Ok(args) => catch_unwind(AssertUnwindSafe(|| dispatch(args))).unwrap_or(Exit::Failed),
        Err(error) => usage(&error),
    }
}

/// The arguments as clap sees them: for help, completions, man pages and tests.
pub fn command() -> clap::Command {
    Args::command()
}

fn usage(error: &clap::Error) -> Exit {
    // What clap complains of quotes the arguments, and a script may have got those from anywhere.
    let shown = std::env::args_os().map(|argument| printable(&argument.to_string_lossy()));
    let again = Args::try_parse_from(shown).err();
    let error = again.as_ref().filter(|again| again.use_stderr()).unwrap_or(error);
    match error.print() {
        Ok(()) if error.use_stderr() => Exit::Usage,
        Ok(()) => Exit::Done,
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Exit::ClosedPipe,
        Err(_) => Exit::Failed,
    }
}

fn dispatch(args: Args) -> Exit {
    let console = Console::new(&args.global);
    match perform(args, &console) {
        Ok(exit) => exit,
        Err(report) => match report.downcast_ref::<Stop>() {
            Some(stop) => console.stop(stop),
            None => console.fail(&report),
        },
    }
}

fn perform(args: Args, console: &Console) -> Result<Exit, Report> {
    let global = args.global;
    log::start(&global)?;
    let Some(command) = args.command else {
        return tui::run(&global, console);
    };
    match command {
        Command::Completions(args) => completions::run(&args, &global),
        Command::Man(args) => man::run(&args, &global),
        Command::Explain(args) => explain::run(&args, &global),
        Command::IamPolicy(args) => iam_policy::run(&args, &global),
        Command::Help(args) => help::run(&args, &global),
        Command::Config(args) => config::run(&args, &global, console),
        Command::Demo(args) => demo::run(&args, &global, console),
        Command::Scan => signals::block_on(scan::run(&Settings::load(&global)?, console)),
        Command::Tree(args) => signals::block_on(tree::run(&args, &Settings::load(&global)?, console)),
        Command::Check(args) => signals::block_on(check::run(&args, &Settings::load(&global)?, console)),
        Command::Zone(args) => signals::block_on(zone::run(&args, &Settings::load(&global)?, console)),
        Command::Trace(args) => signals::block_on(trace::run(&args, &Settings::load(&global)?, console)),
        Command::Who(args) => signals::block_on(who::run(&args, &Settings::load(&global)?, console)),
        Command::Verify(args) => signals::block_on(verify::run(&args, &Settings::load(&global)?, console)),
        Command::Delegate(args) => signals::block_on(delegate::run(&args, &Settings::load(&global)?, console)),
        Command::Fix(args) => signals::block_on(fix::run(&args, &Settings::load(&global)?, console)),
        Command::Teardown(args) => signals::block_on(teardown::run(&args, &Settings::load(&global)?, console)),
        Command::Record(args) => signals::block_on(record::run(&args, &Settings::load(&global)?, console)),
        Command::Undo(args) => signals::block_on(undo::run(&args, &Settings::load(&global)?, console)),
        Command::Resume(args) => signals::block_on(resume::run(&args, &Settings::load(&global)?, console)),
        Command::Log(args) => history::run(&args, &Settings::load(&global)?, console),
        Command::Request(args) => signals::block_on(request::run(&args, &Settings::load(&global)?, console)),
        Command::Accept(args) => signals::block_on(accept::run(&args, &Settings::load(&global)?, console)),
        Command::Sets(args) => signals::block_on(sets::run(&args, &Settings::load(&global)?, console)),
        Command::Apply(args) => signals::block_on(apply::run(&args, &Settings::load(&global)?, console)),
        Command::Accounts => signals::block_on(accounts::run(&Settings::load(&global)?, console)),
    }
}
