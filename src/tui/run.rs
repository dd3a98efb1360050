//! The loop that ties it together: waits for keys, signals, the scan and the clock, performs effects, draws.
//!
//! Invariant: nothing is awaited between a key and its frame, and the terminal is restored whichever way this ends.

mod clipboard;
mod keys;
mod provoke;
mod questions;
mod scans;
mod signals;
mod terminal;
mod traces;
mod working;

use std::io::{IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use color_eyre::eyre::{WrapErr as _, bail};
use crossterm::event::Event;
use jiff::Timestamp;
use tokio::sync::mpsc;
use tokio::time::{Interval, MissedTickBehavior, interval};

use super::effect::{Effect, Farewell};
use super::known::Known;
use super::launch::{Exit, Launch, Reach, Scan, Surroundings, Traces};
use super::message::{Message, News};
use super::screens::mfa::Question;
use super::state::State;
use super::update::update;
use super::works::Works;
use clipboard::Delivery;
use keys::Keys;
use signals::{Signal, Signals};
use terminal::Screen;
use traces::Tracing;
use working::Working;

pub use questions::{Desk, ScreenPrompt};
pub use scans::Remembered;
pub use terminal::restore;

/// While something moves, the screen is drawn this often.
const TICK: Duration = Duration::from_millis(250);
/// How often it is looked whether the terminal is still there.
const HEARTBEAT: Duration = Duration::from_secs(1);
/// With `auto_refresh`, what is older than this is read again.
const REFRESH: Duration = Duration::from_secs(600);
/// Keys that are taken in before the next frame, where they come faster than frames.
const KEYS_AT_ONCE: usize = 64;

/// Runs the terminal program until it ends; gives back the scan, with what it learned. What arrives at the desk is asked on
/// the screen.
///
/// # Errors
/// Fails where there is no terminal, or where it cannot be drawn to.
pub async fn run<S: Scan>(
    launch: Launch,
    scan: S,
    desk: Desk,
    traces: Option<Arc<dyn Traces>>,
    works: Option<Arc<dyn Works>>,
) -> color_eyre::Result<(Exit, S)> {
    let mouse = launch.ui.mouse;
    let refresh = launch.ui.auto_refresh && launch.reach == Reach::Live;
    let surroundings = launch.surroundings;
    terminal::restore_on_panic();
    let screen = Screen::enter(mouse).wrap_err("failed to take over the terminal")?;
    let (width, height) = screen.size();
    let working = Working::by(works, launch.lock.clone());
    let state = State::new(launch, (width, height), Timestamp::now());
    let mut program = Program {
        state,
        scan,
        desk,
        screen,
        surroundings,
        news: News::Some,
        deliveries: mpsc::channel(4),
        tracing: Tracing::by(traces),
        working,
    };
    program.state.start(Known {
        inventory: program.scan.inventory(),
        survey: program.scan.survey(),
    });
    let outcome = match program.run(refresh).await {
        // To a terminal that has gone nothing can be drawn, and there is nobody to tell.
        Err(report) if terminal::is_gone() || terminal::is_hang_up(&report) => Ok(Ending::Signal(signals::HANG_UP)),
        outcome => outcome,
    };
    terminal::restore();
    let left = match outcome {
        Ok(Ending::Farewell(Farewell::Screen)) => program.leave_screen(),
        _ => Ok(()),
    };
    let Program { scan, screen, .. } = program;
    // Its destructor would show the cursor once more, and where that fails complain on the same dead terminal, and panic.
    std::mem::forget(screen);
    left?;
    let exit = match outcome? {
        Ending::Farewell(Farewell::Chosen(choice)) => Exit::Chosen(choice),
        Ending::Farewell(_) => Exit::Quit,
        Ending::Signal(number) => Exit::Signal(number),
    };
    Ok((exit, scan))
}

struct Program<S> {
    state: State,
    scan: S,
    desk: Desk,
    screen: Screen,
    surroundings: Surroundings,
    news: News,
    deliveries: (mpsc::Sender<Delivery>, mpsc::Receiver<Delivery>),
    tracing: Tracing,
    working: Working,
}

enum Ending {
    Farewell(Farewell),
    Signal(i32),
}

enum Wake {
    Terminal(Option<Event>),
    Signal(Signal),
    Delivery(Delivery),
    Asked(Question),
    Told(Message),
    Learned,
    Tick,
    Heartbeat,
    Refresh,
}

fn every(period: Duration) -> Interval {
    let mut interval = interval(period);
    interval.set_missed_tick_behavior(MissedTickBehavior::Skip);
    interval
}

impl<S: Scan> Program<S> {
    async fn run(&mut self, refresh: bool) -> color_eyre::Result<Ending> {
        let mut keys = Keys::listen();
        let ending = self.listen(refresh, &mut keys).await;
        // After a choice the program goes on with another screen, and that one must get all keys.
        if matches!(ending, Ok(Ending::Farewell(Farewell::Chosen(_)))) {
            keys.stop();
        }
        ending
    }

    async fn listen(&mut self, refresh: bool, events: &mut Keys) -> color_eyre::Result<Ending> {
        let mut signals = Signals::listen().wrap_err("failed to listen for signals")?;
        let (mut ticks, mut beats, mut refreshes) =
            (every(TICK), every(HEARTBEAT), every(provoke::refresh_after(REFRESH)));
        refreshes.reset();
        self.working.read_journal();
        self.draw()?;
        loop {
            let due = self.news == News::Some || self.state.is_moving();
            // Keys come first, and the scan last: it may have something to say at any time.
            let wake = tokio::select! {
                biased;
                signal = signals.next() => Wake::Signal(signal),
                event = events.next() => Wake::Terminal(event),
                Some(delivery) = self.deliveries.1.recv() => Wake::Delivery(delivery),
                Some(question) = self.desk.next() => Wake::Asked(question),
                traced = self.tracing.next() => Wake::Told(traced),
                told = self.working.next() => Wake::Told(told),
                _ = ticks.tick(), if due => Wake::Tick,
                _ = beats.tick() => Wake::Heartbeat,
                _ = refreshes.tick(), if refresh => Wake::Refresh,
                () = self.scan.learn() => Wake::Learned,
            };
            if let Some(ending) = self.on_wake(wake, events)? {
                return Ok(ending);
            }
        }
    }

    fn on_wake(&mut self, wake: Wake, events: &mut Keys) -> color_eyre::Result<Option<Ending>> {
        self.state.now = Timestamp::now();
        let ending = match wake {
            Wake::Learned => {
                self.news = News::Some;
                return Ok(None);
            }
            _ if terminal::has_panicked() => {
                terminal::wait_until_told();
                bail!("a part of zonecut failed; see the report above")
            }
            Wake::Heartbeat if terminal::is_gone() => return Ok(Some(Ending::Signal(signals::HANG_UP))),
            Wake::Heartbeat => {
                self.forget_withdrawn()?;
                return Ok(None);
            }
            Wake::Signal(Signal::End(number)) => return Ok(Some(Ending::Signal(number))),
            Wake::Signal(Signal::Stop) => self.perform(Effect::Suspend)?,
            Wake::Signal(Signal::Continue) => {
                self.screen.take_back()?;
                None
            }
            // Without a terminal nothing more can be asked or shown.
            Wake::Terminal(None) => return Ok(Some(Ending::Signal(signals::HANG_UP))),
            Wake::Terminal(Some(event)) => self.on_events(event, events)?,
            Wake::Delivery(delivery) => {
                let copied = self.screen.deliver(delivery)?;
                self.update(Message::Copied(copied))?
            }
            Wake::Asked(question) => self.update(Message::Asked(question))?,
            Wake::Told(message) => self.update(message)?,
            Wake::Refresh => self.update(Message::Due)?,
            Wake::Tick => {
                let news = std::mem::replace(&mut self.news, News::None);
                let progress = self.scan.progress();
                self.update(Message::Tick {
                    now: self.state.now,
                    progress,
                    news,
                })?
            }
        };
        if ending.is_none() {
            self.draw()?;
        }
        Ok(ending)
    }

    /// Takes questions off the screen that nobody waits for any more.
    fn forget_withdrawn(&mut self) -> color_eyre::Result<()> {
        let withdrawn = self.desk.withdrawn();
        if withdrawn.is_empty() {
            return Ok(());
        }
        for number in withdrawn {
            self.update(Message::Withdrawn(number))?;
        }
        self.draw()
    }

    /// Takes in an event, and those that are waiting already, before the next frame.
    fn on_events(&mut self, first: Event, events: &mut Keys) -> color_eyre::Result<Option<Ending>> {
        let mut next = Some(first);
        for _ in 0..KEYS_AT_ONCE {
            let Some(event) = next else { break };
            provoke::fault(&event)?;
            if let Some(message) = message(event)
                && let Some(ending) = self.update(message)?
            {
                return Ok(Some(ending));
            }
            next = events.ready();
        }
        Ok(None)
    }

    fn update(&mut self, message: Message) -> color_eyre::Result<Option<Ending>> {
        let known = Known {
            inventory: self.scan.inventory(),
            survey: self.scan.survey(),
        };
        for effect in update(&mut self.state, known, message) {
            if let Some(ending) = self.perform(effect)? {
                return Ok(Some(ending));
            }
        }
        Ok(None)
    }

    fn perform(&mut self, effect: Effect) -> color_eyre::Result<Option<Ending>> {
        match effect {
            Effect::Scan(command) => self.scan.ask(command),
            Effect::Copy(text) => clipboard::deliver(text, self.surroundings, self.deliveries.0.clone()),
            Effect::Answer { number, code } => self.desk.answer(number, code.as_ref()),
            Effect::Trace(question) => self.tracing.begin(question),
            Effect::Draft { number, wish } => {
                let known = Known {
                    inventory: self.scan.inventory(),
                    survey: self.scan.survey(),
                };
                self.working.draft(number, *wish, known);
            }
            Effect::Apply { plan, how } => {
                let known = Known {
                    inventory: self.scan.inventory(),
                    survey: self.scan.survey(),
                };
                self.working.apply(*plan, how, known, self.state.now);
            }
            Effect::StopApplying => self.working.stop(),
            Effect::SavePlan(plan) => self.working.save(&plan),
            Effect::ReadRequest { name, zone } => self.working.read_request(name, zone),
            Effect::SaveRequest { name, text } => self.working.save_request(&name, &text),
            Effect::ReadSets(account) => self.working.read_sets(account),
            Effect::ReadJournal => self.working.read_journal(),
            Effect::Unlock { accounts, until } => self.working.unlock(&accounts, until),
            Effect::Lock => self.working.lock(),
            Effect::Redraw => self.screen.clear()?,
            Effect::Suspend => self.screen.suspend()?,
            Effect::Quit(farewell) => return Ok(Some(Ending::Farewell(farewell))),
        }
        Ok(None)
    }

    fn draw(&mut self) -> color_eyre::Result<()> {
        let size = self.screen.size();
        if size != self.state.size {
            self.update(Message::Resize(size.0, size.1))?;
        }
        let known = Known {
            inventory: self.scan.inventory(),
            survey: self.scan.survey(),
        };
        self.screen.draw(&self.state, known).wrap_err("failed to draw")
    }

    /// Writes the screen as text, for the scrollback.
    fn leave_screen(&mut self) -> color_eyre::Result<()> {
        let known = Known {
            inventory: self.scan.inventory(),
            survey: self.scan.survey(),
        };
        let text = terminal::as_text(&self.state, known);
        let mut out = std::io::stdout().lock();
        out.write_all(text.as_bytes()).wrap_err("failed to write the screen")?;
        out.flush().wrap_err("failed to write the screen")
    }
}

fn message(event: Event) -> Option<Message> {
    match event {
        Event::Key(key) => Some(Message::Key(key)),
        Event::Paste(text) => Some(Message::Paste(text)),
        Event::Mouse(mouse) => Some(Message::Mouse(mouse)),
        Event::Resize(width, height) => Some(Message::Resize(width, height)),
        Event::FocusGained | Event::FocusLost => None,
    }
}

/// Whether there is a terminal to draw to.
pub fn has_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// How many columns the terminal has, where there is one.
pub fn columns() -> Option<u16> {
    let size = has_terminal().then(crossterm::terminal::size)?;
    size.ok().map(|(columns, _)| columns)
}
