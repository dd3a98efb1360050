//! Reads what a command speaks of: all chosen accounts through the AWS SDK, AWS's own or the demo's.

use std::collections::BTreeSet;
use std::sync::Arc;

use color_eyre::eyre::Report;
use jiff::Timestamp;

use crate::aws::{Options, Setup};
use crate::config::AccountConfig;
use crate::engine::picture::Picture;
use crate::engine::progress::Progress;
use crate::engine::scan::{Scan, Source};
use crate::engine::session::Session;
use crate::engine::wants::Audit;
use crate::model::account::{Account, AccountIx, AccountStatus, ProblemKind};
use crate::model::inventory::{Fact, Inventory};
use crate::model::text::Untrusted;
use crate::ports::MfaPrompt;
use crate::report::Basis;
use crate::report::asked::Asked;
use crate::report::basis::Backdrop;
use crate::report::privacy::{Mask, alias};
use crate::sim::simulator::{self, Simulator};
use crate::store::recording::{Circumstances, Recording, Stage};

use super::cache::Kept;
use super::console::Console;
use super::crash::forbid_dumps;
use super::demo;
use super::exit::{Exit, Stop};
use super::live::{Asking, unwanted};
use super::mfa::TerminalPrompt;
use super::progress::{Meter, TICK};
use super::roster::Roster;
use super::settings::Settings;

/// The accounts to read, and how they are reached.
pub struct Reach {
    /// The AWS set-up.
    pub setup: Setup,
    /// The accounts.
    pub roster: Roster,
    /// The demo's endpoint, which runs as long as this lives.
    pub simulator: Option<Simulator>,
    /// What `--privacy` hides.
    pub mask: Option<Mask>,
}

impl Reach {
    /// Finds the accounts: those of the demo, else those of flags, configuration and environment.
    ///
    /// Codes of multi-factor devices are asked for by `prompt`; without one, accounts that need a code say so.
    pub async fn find(settings: &Settings, prompt: Option<Arc<dyn MfaPrompt>>) -> Result<Self, Report> {
        let mut options = Options::from(&settings.config.scan);
        options.mfa = prompt;
        options.attempts = Some(Arc::new(super::log::attempt));
        forbid_dumps();
        if let Some(file) = &settings.global.demo {
            let simulator = demo::start(demo::world(file.as_deref())?, simulator::Options::default()).await?;
            let roster = Roster::all(&settings.global, demo::accounts(&simulator))?;
            // Nothing of this machine's own set-up has a say in the demo.
            let setup = Setup::described(options, &[], &[]).await;
            return Ok(Self {
                mask: mask(settings, &roster),
                setup,
                roster,
                simulator: Some(simulator),
            });
        }
        let setup = Setup::load(options).await;
        let found = setup.discover(Timestamp::now());
        let roster = Roster::of(&settings.global, &settings.config.accounts, &found)?;
        Ok(Self {
            mask: mask(settings, &roster),
            setup,
            roster,
            simulator: None,
        })
    }

    /// The accounts as the inventory begins with them: nothing of them was read.
    pub fn accounts(&self) -> Vec<Account> {
        let account = |config: &AccountConfig| Account {
            name: Untrusted::from(config.name.as_str()),
            id: config.id,
            profile: config.profile().map(Untrusted::from),
            env_label: config.env.as_deref().map(Untrusted::from),
            env: config.env_class(self.setup.color(config)),
            status: AccountStatus::Waiting,
        };
        self.roster.accounts.iter().map(account).collect()
    }

    /// The same, by the names that reports may tell.
    fn told_accounts(&self) -> Vec<Account> {
        let told = |(place, account): (AccountIx, Account)| Account {
            name: self.told_name(place, &account.name),
            ..account
        };
        (0..).map(AccountIx).zip(self.accounts()).map(told).collect()
    }

    /// The name of an account, as reports may tell it.
    pub fn told_name(&self, place: AccountIx, name: &Untrusted) -> Untrusted {
        match &self.mask {
            Some(_) => alias(place).into(),
            None => name.clone(),
        }
    }

    /// The chosen accounts behind the ports.
    pub fn clients(&self) -> Vec<crate::aws::Account> {
        (0..)
            .map(AccountIx)
            .zip(&self.roster.accounts)
            .filter(|(place, _)| self.roster.chosen.contains(place))
            .map(|(place, config)| self.setup.account(place, config))
            .collect()
    }

    /// The chosen accounts as a scan reads them.
    pub fn sources(&self) -> Vec<Source<crate::aws::Account, crate::aws::Account>> {
        let source = |client: crate::aws::Account| Source {
            account: client.place(),
            pinned: client.config().id,
            route53: Arc::new(client.clone()),
            identity: Arc::new(client),
        };
        self.clients().into_iter().map(source).collect()
    }

    /// The URLs that replace AWS's own for the chosen accounts, each once.
    pub fn endpoint_override(&self) -> Option<String> {
        let urls: BTreeSet<String> = self.clients().iter().filter_map(|c| c.endpoint_override()).collect();
        let urls: Vec<String> = urls.into_iter().collect();
        (!urls.is_empty()).then(|| urls.join(" "))
    }

    /// Who answers there.
    pub fn backdrop(&self) -> Backdrop {
        match self.simulator {
            Some(_) => Backdrop::Demo,
            None => Backdrop::Stranger,
        }
    }
}

/// What `--privacy` hides of these accounts: what they are called, and their profiles.
fn mask(settings: &Settings, roster: &Roster) -> Option<Mask> {
    let called = |config: &AccountConfig| [Some(config.name.clone()), config.profile().map(str::to_owned)];
    mask_of(settings, roster.accounts.iter().map(called))
}

fn mask_of(settings: &Settings, accounts: impl Iterator<Item = [Option<String>; 2]>) -> Option<Mask> {
    let names = (0..).map(AccountIx).zip(accounts).flat_map(|(place, names)| {
        let names = names.into_iter().flatten();
        names.map(move |name| (place, crate::model::text::printable(&name)))
    });
    settings.global.privacy.then(|| Mask::of_accounts(names))
}

/// What was read.
pub struct Gathered {
    picture: Picture,
    /// How the scan went.
    pub progress: Progress,
    expected_zones: Vec<Option<u64>>,
    endpoint_override: Option<String>,
    chosen: BTreeSet<AccountIx>,
    stage: Stage,
    mask: Option<Mask>,
    at: Timestamp,
    /// The signal that ended it before everything was read.
    pub ended_by: Option<Exit>,
}

/// Reads all chosen accounts to the end, and refuses where no login works; with `--offline`, gives what the cache holds.
pub async fn gather(settings: &Settings, console: &Console, audit: Audit, asking: Asking) -> Result<Gathered, Report> {
    let gathered = read(settings, console, audit, asking, std::future::pending()).await?;
    gathered.refuse_without_credentials()?;
    Ok(gathered)
}

/// The same, for those who have something to do with logins that do not work, and with what is known when a signal comes.
pub async fn read(
    settings: &Settings,
    console: &Console,
    audit: Audit,
    asking: Asking,
    signal: impl Future<Output = Exit>,
) -> Result<Gathered, Report> {
    let reach = Reach::find(settings, TerminalPrompt::on(console)).await?;
    let gathered = read_through(&reach, settings, console, audit, asking, signal).await?;
    if settings.global.offline {
        gathered.refuse_without_memory()?;
    }
    Ok(gathered)
}

/// Finds the accounts for a command that has something to say without any: none where none is configured, which is said.
pub async fn find_if_any(settings: &Settings, console: &Console) -> Result<Option<Reach>, Report> {
    let report = match Reach::find(settings, TerminalPrompt::on(console)).await {
        Ok(reach) => return Ok(Some(reach)),
        Err(report) => report,
    };
    match report.downcast::<Stop>() {
        Ok(stop) if stop.exit == Exit::NoCredentials => {
            console.warn(&format!("{}; owners stay unknown", stop.message));
            Ok(None)
        }
        Ok(stop) => Err(stop.into()),
        Err(report) => Err(report),
    }
}

/// Reads what there is for such a command: what cannot be read is said, and owners are unknown.
pub async fn gather_if_any(reach: Option<&Reach>, settings: &Settings, console: &Console) -> Result<Gathered, Report> {
    let Some(reach) = reach else {
        return Ok(Gathered::nothing(settings));
    };
    let never = std::future::pending();
    let gathered = read_through(reach, settings, console, Audit::WhereNeeded, Asking::Nobody, never).await?;
    let lack = match settings.global.offline {
        true => gathered.refuse_without_memory(),
        false => gathered.refuse_without_credentials(),
    };
    if let Err(stop) = lack {
        console.warn(&format!("{}; owners stay unknown", stop.message));
        stop.next.iter().for_each(|line| console.line(&format!("  {line}")));
    }
    Ok(gathered)
}

/// Reads all accounts for a plan, by the names that people give them: what a plan says is hidden when it is printed.
pub async fn gather_plainly(
    reach: &Reach,
    settings: &Settings,
    console: &Console,
    audit: Audit,
    asking: Asking,
) -> Result<Gathered, Report> {
    let never = std::future::pending();
    let gathered = read_of(reach, reach.accounts(), settings, console, audit, asking, never).await?;
    gathered.refuse_without_credentials()?;
    Ok(gathered)
}

async fn read_through(
    reach: &Reach,
    settings: &Settings,
    console: &Console,
    audit: Audit,
    asking: Asking,
    signal: impl Future<Output = Exit>,
) -> Result<Gathered, Report> {
    read_of(reach, reach.told_accounts(), settings, console, audit, asking, signal).await
}

async fn read_of(
    reach: &Reach,
    accounts: Vec<Account>,
    settings: &Settings,
    console: &Console,
    audit: Audit,
    asking: Asking,
    signal: impl Future<Output = Exit>,
) -> Result<Gathered, Report> {
    console.hide(reach.mask.as_ref());
    let kept = Kept::open(settings, reach, console);
    let mut picture = Picture::new(Inventory::new(accounts), audit);
    picture.learn(kept.load(settings, reach, console));
    if settings.global.offline {
        picture.learn([unwanted()]);
        return Ok(Gathered::of(reach, picture, Progress::default()));
    }
    let scan = Scan::start(reach.sources(), &(&settings.config.scan).into());
    let live = asking.start(settings, reach, &mut picture)?;
    let mut session = Session::new(picture, scan).with_live(live).around(asking.names());
    let ended_by = {
        let mut meter = Meter::new(console);
        tokio::select! {
            biased;
            () = session.run_to_end(TICK, |progress, _| meter.show(progress)) => None,
            exit = signal => Some(exit),
        }
    };
    let progress = session.progress();
    let picture = session.into_picture();
    if ended_by.is_none() {
        kept.save(reach, picture.inventory(), console);
    }
    Ok(Gathered {
        ended_by,
        ..Gathered::of(reach, picture, progress)
    })
}

impl Gathered {
    /// Where there is no account.
    fn nothing(settings: &Settings) -> Self {
        Self {
            picture: Picture::default(),
            progress: Progress::default(),
            expected_zones: Vec::new(),
            endpoint_override: None,
            chosen: BTreeSet::new(),
            stage: Stage::Aws,
            mask: settings.global.privacy.then(Mask::default),
            at: Timestamp::now(),
            ended_by: None,
        }
    }

    /// Where nothing is read, as a plan that was made before needs nothing else.
    pub fn unread(reach: &Reach) -> Self {
        let picture = Picture::new(Inventory::new(reach.accounts()), Audit::WhereNeeded);
        Self::of(reach, picture, Progress::default())
    }

    fn of(reach: &Reach, picture: Picture, progress: Progress) -> Self {
        let mut expected_zones = vec![None; reach.roster.accounts.len()];
        for account in &progress.accounts {
            if let Some(slot) = expected_zones.get_mut(account.account.0 as usize) {
                *slot = account.zones_expected;
            }
        }
        Self {
            picture,
            progress,
            expected_zones,
            endpoint_override: reach.endpoint_override(),
            chosen: reach.roster.chosen.clone(),
            stage: if reach.simulator.is_some() {
                Stage::Demo
            } else {
                Stage::Aws
            },
            mask: reach.mask.clone(),
            at: Timestamp::now(),
            ended_by: None,
        }
    }

    /// What a recording holds, as if it had just been read.
    pub fn of_recording(recording: Recording, settings: &Settings) -> Self {
        let Recording {
            circumstances,
            inventory,
        } = recording;
        let called = |account: &Account| {
            let names = [Some(&account.name), account.profile.as_ref()];
            names.map(|name| name.map(|name| name.expose().to_owned()))
        };
        let mask = mask_of(settings, inventory.accounts().iter().map(called));
        let inventory = match &mask {
            Some(_) => inventory.renamed(|place| alias(place).into()),
            None => inventory,
        };
        Self {
            picture: Picture::new(inventory, Audit::WhereNeeded),
            progress: Progress::default(),
            expected_zones: circumstances.expected_zones,
            endpoint_override: circumstances.endpoint_override.map(|url| url.expose().to_owned()),
            chosen: circumstances.chosen,
            stage: circumstances.stage,
            mask,
            at: Timestamp::now(),
            ended_by: None,
        }
    }

    /// How it was read, as a recording tells it.
    pub fn circumstances(&self) -> Circumstances {
        Circumstances {
            version: env!("CARGO_PKG_VERSION").into(),
            at: self.at,
            stage: self.stage,
            endpoint_override: self.endpoint_override.as_deref().map(Untrusted::from),
            chosen: self.chosen.clone(),
            expected_zones: self.expected_zones.clone(),
        }
    }

    /// What documents are written from.
    pub fn basis(&self) -> Basis<'_> {
        Basis {
            inventory: self.picture.inventory(),
            survey: self.picture.survey(),
            expected_zones: &self.expected_zones,
            endpoint_override: self.endpoint_override.as_deref(),
            backdrop: match self.stage {
                Stage::Aws => Backdrop::Stranger,
                Stage::Demo => Backdrop::Demo,
            },
            at: self.at,
        }
    }

    /// Takes in what servers said.
    pub fn learn(&mut self, facts: impl IntoIterator<Item = Fact>) {
        self.picture.learn(facts);
    }

    /// Everything that was read.
    pub fn inventory(&self) -> &Inventory {
        self.picture.inventory()
    }

    /// What `--privacy` hides.
    pub fn mask(&self) -> Option<Mask> {
        let ids = self.inventory().iter().map(|(_, entry)| entry.zone.key.id.to_string());
        self.mask.clone().map(|mask| mask.with_zones(ids))
    }

    /// The chosen accounts.
    fn accounts(&self) -> impl Iterator<Item = &Account> {
        self.chosen.iter().filter_map(|place| self.inventory().account(*place))
    }

    /// Whether everything was read and asked that was to be: the chosen accounts, each of their zones, each delegation.
    pub fn is_complete(&self) -> bool {
        let zones = self.inventory().iter().map(|(_, entry)| entry);
        self.accounts().all(|account| account.status.is_listed())
            && zones
                .filter(|entry| self.chosen.contains(&entry.zone.key.account))
                .all(|entry| entry.is_whole())
            && Asked::of(self.inventory()).gap().is_none()
    }

    /// The exit code of a command that found nothing to complain about.
    pub fn exit(&self) -> Exit {
        if self.is_complete() {
            Exit::Done
        } else {
            Exit::Incomplete
        }
    }

    /// Says on stderr what could not be read, for formats that have no place to say it.
    pub fn warn(&self, console: &Console) {
        for account in self.accounts() {
            if let Some(problem) = account.status.problem() {
                let name = account.name.printable();
                console.warn(&format!("{name} was not read in full: {}", problem.message.printable()));
                if let Some(remedy) = &problem.remedy {
                    console.line(&format!("  run: {}", remedy.printable()));
                }
            }
        }
        if let Some(gap) = Asked::of(self.inventory()).gap() {
            console.warn(&gap);
        }
        if let Some(endpoint) = self.endpoint_override.as_ref().filter(|_| self.stage == Stage::Aws) {
            console.warn(&format!(
                "not AWS: all requests went to {}",
                crate::model::text::printable(endpoint)
            ));
        }
    }

    /// The exit code of a command that did not find what it was asked for: it may be in what was not read.
    pub fn exit_of_absence(&self) -> Exit {
        if self.is_complete() {
            Exit::Failed
        } else {
            Exit::Incomplete
        }
    }

    /// Where the cache holds nothing there is nothing to show offline.
    fn refuse_without_memory(&self) -> Result<(), Stop> {
        if self.inventory().zone_count() > 0 {
            return Ok(());
        }
        let stop = Stop::new(
            Exit::Failed,
            "the cache holds nothing of these accounts that may be shown",
        );
        Err(stop.next("read them once: zonecut scan"))
    }

    /// Where no account at all has usable credentials there is nothing to speak of.
    pub fn refuse_without_credentials(&self) -> Result<(), Stop> {
        let problems: Vec<_> = self
            .accounts()
            .map(|account| (account, account.status.problem()))
            .collect();
        let all_lack = problems
            .iter()
            .all(|(_, problem)| problem.is_some_and(|p| p.kind == ProblemKind::Credentials));
        if problems.is_empty() || !all_lack {
            return Ok(());
        }
        let mut stop = Stop::new(Exit::NoCredentials, "no usable credentials");
        for (account, problem) in problems {
            let Some(problem) = problem else { continue };
            stop = stop.next(format!("{}: {}", account.name.printable(), problem.message.printable()));
            if let Some(remedy) = &problem.remedy {
                stop = stop.next(format!("  run: {}", remedy.printable()));
            }
        }
        Err(stop)
    }
}
