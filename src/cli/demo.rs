//! `zonecut demo`, and the demo organisation for every other command: the simulator, read through the same AWS SDK.

use std::path::Path;

use color_eyre::eyre::{Report, WrapErr as _};

use crate::config::{Access, AccountConfig, Secret, StaticKeys};
use crate::sim::simulator::{Handle, Options, Simulator};
use crate::sim::world::World;

use super::args::{DemoArgs, Global};
use super::console::Console;
use super::exit::{Exit, Stop};
use super::output::printable_path;
use super::{serve, signals, tui};

/// The demo organisation.
pub const WORLD: &str = include_str!("../../assets/demo.toml");

/// Opens the terminal program over the demo organisation, or serves that to other programs.
pub fn run(args: &DemoArgs, global: &Global, console: &Console) -> Result<Exit, Report> {
    if args.serve {
        return signals::block_on(serve::run(args, global, console)).or_else(ended_as_wanted);
    }
    let mut global = global.clone();
    global.demo.get_or_insert(None);
    global.write |= args.write;
    tui::run(&global, console)
}

/// A signal is the way to end a server, and no failure.
fn ended_as_wanted(report: Report) -> Result<Exit, Report> {
    match report.downcast_ref::<Stop>().map(|stop| stop.exit) {
        Some(Exit::Interrupted | Exit::Terminated | Exit::Signal(_)) => Ok(Exit::Done),
        _ => Err(report),
    }
}

/// The world that `--demo` means: the built-in one, or that of a file.
pub fn world(file: Option<&Path>) -> Result<World, Report> {
    let Some(path) = file else {
        return World::from_toml(WORLD).wrap_err("the built-in demo organisation is damaged");
    };
    let shown = printable_path(path);
    let text = std::fs::read_to_string(path).wrap_err_with(|| format!("failed to read {shown}"))?;
    World::from_toml(&text).map_err(|error| {
        Stop::usage(format!(
            "{shown}: {}",
            crate::model::text::printable(&error.to_string())
        ))
        .into()
    })
}

/// Starts the simulator over a world.
pub async fn start(world: World, options: Options) -> Result<Simulator, Report> {
    Simulator::start(world, options)
        .await
        .wrap_err("failed to start the demo organisation")
}

/// The accounts of a running simulator, as a configuration would name them.
pub fn accounts(simulator: &Handle) -> Vec<AccountConfig> {
    let endpoint = simulator.endpoint();
    simulator.with_world(|world| {
        let account = |account: &crate::sim::world::SimAccount| AccountConfig {
            id: Some(account.id),
            env: account.env.clone(),
            ..AccountConfig::new(
                account.name.clone(),
                Access::Keys(StaticKeys {
                    access_key_id: account.access_key(),
                    secret_access_key: Secret::new(account.secret_key()),
                    session_token: None,
                    endpoint: endpoint.clone(),
                }),
            )
        };
        world.accounts().iter().map(account).collect()
    })
}
