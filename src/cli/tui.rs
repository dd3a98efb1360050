//! `zonecut` without a command: the terminal program on a terminal, the short help elsewhere.

use std::io::IsTerminal as _;
use std::sync::Arc;

use clap::CommandFactory as _;
use color_eyre::eyre::{Report, WrapErr as _};
use jiff::Timestamp;
use tracing::level_filters::LevelFilter;

use crate::aws::{Options, Setup};
use crate::engine::picture::Picture;
use crate::engine::scan::Scan;
use crate::engine::session::Session;
use crate::engine::wants::Audit;
use crate::model::inventory::Inventory;
use crate::model::text::Untrusted;
use crate::ports::MfaPrompt;
use crate::store::log;
use crate::tui::effect::Choice;
use crate::tui::launch::{Banner, FirstRun, Reach as TuiReach, Traces};
use crate::tui::lock::Lock;
use crate::tui::privacy::Privacy;
use crate::tui::theme::Colours;
use crate::tui::works::Works;
use crate::tui::{Desk, Exit as TuiExit, Launch, Remembered, Surroundings};

use super::args::{Args, Global};
use super::cache::Kept;
use super::config::{self, init};
use super::console::Console;
use super::crash::state_dir;
use super::exit::{Exit, Stop};
use super::first_run::{Offer, logins};
use super::gather::Reach;
use super::journal::Notes;
use super::live::{Asking, Live, unwanted};
use super::settings::{Settings, variable};
use super::signals;
use super::traced::Tracers;
use super::works::{self, Changing};

/// Opens the terminal program.
pub fn run(global: &Global, console: &Console) -> Result<Exit, Report> {
    if !std::io::stdin().is_terminal() || !crate::tui::has_terminal() {
        console.line(Args::command().render_help().to_string().trim_end());
        return Ok(Exit::Usage);
    }
    if global.accessible {
        return Err(Stop::usage("the full-screen program does not speak to screen readers")
            .next("the same, as text: zonecut tree, zonecut check, zonecut zone NAME")
            .next("a name is delegated by questions, one after the other: zonecut delegate")
            .into());
    }
    if global.log_file.is_none()
        && let Some(directory) = state_dir()
        && let Ok(subscriber) = log::open(&directory, LevelFilter::INFO)
    {
        let _ = tracing::subscriber::set_global_default(subscriber);
    }
    // Signals are the terminal program's own affair: it restores the terminal first.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .wrap_err("failed to start the async runtime")?;
    let result = runtime.block_on(open(global.clone(), console));
    signals::end(runtime);
    result
}

/// Opens it, and after a choice on the first screen once more.
async fn open(mut global: Global, console: &Console) -> Result<Exit, Report> {
    loop {
        let settings = Settings::load(&global)?;
        let (prompt, desk) = Desk::new();
        let prompt = (!global.no_input).then(|| Arc::new(prompt) as Arc<dyn MfaPrompt>);
        let choice = match Reach::find(&settings, prompt).await {
            Ok(reach) => return explore(&settings, &reach, desk, console).await,
            Err(report) => offer(&settings, report).await?,
        };
        match choice {
            Next::Demo => global.demo = Some(None),
            Next::Configured => {}
            Next::Leave(exit) => return Ok(exit),
        }
    }
}

/// What follows the first screen.
enum Next {
    Demo,
    Configured,
    Leave(Exit),
}

/// Shows the first screen where nothing is configured; any other failure is passed on.
async fn offer(settings: &Settings, report: Report) -> Result<Next, Report> {
    let unconfigured = report
        .downcast_ref::<Stop>()
        .is_some_and(|stop| stop.exit == Exit::NoCredentials);
    if !unconfigured {
        return Err(report);
    }
    let setup = Setup::load(Options::from(&settings.config.scan)).await;
    let found = setup.discover(Timestamp::now());
    let path = config::path(&settings.global)?;
    let offer = Offer::of(&setup, &found, &path);
    let launch = launch(settings, "zonecut", Banner::None, Vec::new(), Some(offer.shown.clone()));
    let nothing = Remembered(Picture::new(Inventory::default(), Audit::WhereNeeded));
    match crate::tui::run(launch, nothing, Desk::closed(), None, None).await?.0 {
        TuiExit::Chosen(Choice::Demo) => Ok(Next::Demo),
        TuiExit::Chosen(Choice::Accounts(places)) => {
            init::save(&path, &offer.chosen(&places))?;
            Ok(Next::Configured)
        }
        other => Ok(Next::Leave(exit_of(&other))),
    }
}

/// Shows the organisation.
async fn explore(settings: &Settings, reach: &Reach, desk: Desk, console: &Console) -> Result<Exit, Report> {
    let banner = match (&reach.simulator, reach.endpoint_override()) {
        (Some(_), _) => Banner::Demo,
        (None, Some(endpoint)) => Banner::Endpoint(Untrusted::from(endpoint)),
        (None, None) => Banner::None,
    };
    let title = match &reach.simulator {
        Some(simulator) => simulator.with_world(|world| world.name().to_owned()),
        None => title(settings),
    };
    let launch = launch(
        settings,
        &title,
        banner,
        logins(&reach.setup, &reach.roster.accounts),
        None,
    );
    let launch = Launch {
        lock: works::lock(settings, reach),
        ..launch
    };
    let kept = Kept::open(settings, reach, console);
    let mut picture = Picture::new(Inventory::new(reach.accounts()), Audit::WhereNeeded);
    picture.learn(kept.load(settings, reach, console));
    if settings.global.offline {
        picture.learn([unwanted()]);
        let (exit, _) = crate::tui::run(launch, Remembered(picture), desk, None, None).await?;
        return Ok(exit_of(&exit));
    }
    let scan = Scan::start(reach.sources(), &(&settings.config.scan).into());
    let live = Live::of(settings, reach)?;
    let journal = Notes::of(reach)?;
    let works: Arc<dyn Works> = Arc::new(Changing::new(settings, reach, live.as_ref(), journal));
    let traces = live.as_ref().map(|live| tracer(settings, reach, live));
    let live = Asking::Servers.start_by(live, settings, &mut picture);
    let session = Session::new(picture, scan).with_live(live);
    let (exit, session) = crate::tui::run(launch, session, desk, traces, Some(works)).await?;
    kept.save(reach, session.picture().inventory(), console);
    Ok(exit_of(&exit))
}

/// Whoever traces names on the screen: through the same sockets, and at the same pace, as all that is asked.
fn tracer(settings: &Settings, reach: &Reach, live: &Live) -> Arc<dyn Traces> {
    Arc::new(Tracers::new(settings, reach, live))
}

/// What stands in the header: the name of the configuration, where it has one of its own.
fn title(settings: &Settings) -> String {
    let stem = settings.file.as_ref().and_then(|file| file.file_stem());
    match stem.map(|stem| stem.to_string_lossy().into_owned()) {
        Some(stem) if stem != "config" => stem,
        _ => "zonecut".to_owned(),
    }
}

fn launch(
    settings: &Settings,
    title: &str,
    banner: Banner,
    logins: Vec<Untrusted>,
    first_run: Option<FirstRun>,
) -> Launch {
    let mut surroundings = Surroundings::of(variable);
    if settings.global.no_color || settings.global.color == super::args::When::Never {
        surroundings.colours = Colours::None;
    }
    Launch {
        ui: settings.config.ui.clone(),
        surroundings,
        title: Untrusted::from(title),
        banner,
        reach: if settings.global.offline {
            TuiReach::CacheOnly
        } else {
            TuiReach::Live
        },
        privacy: if settings.global.privacy {
            Privacy::Masked
        } else {
            Privacy::Shown
        },
        lock: Lock::default(),
        logins,
        first_run,
    }
}

fn exit_of(exit: &TuiExit) -> Exit {
    match exit {
        TuiExit::Quit | TuiExit::Chosen(_) => Exit::Done,
        TuiExit::Signal(number) => Exit::Signal(u8::try_from(*number).unwrap_or(0)),
    }
}
