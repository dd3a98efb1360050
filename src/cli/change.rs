//! What all commands that change something do: draft, show, confirm, apply, and say how to go back.
//!
//! Invariant: nothing is sent that changes anything before the review was printed and confirmed by name, and never where a check
//! stands in the way.

mod asked;
mod confirm;
mod ending;
mod planfile;
mod show;
mod tidings;

use std::path::Path;
use std::time::Instant;

use color_eyre::eyre::Report;
use jiff::tz::TimeZone;

use crate::engine::apply::NobodyLooks;
use crate::engine::wants::Audit;
use crate::model::account::Account;
use crate::model::name::DnsName;
use crate::model::text::{Untrusted, printable};
use crate::model::zone::{Visibility, ZoneId};
use crate::plan::consent::Consent;
use crate::plan::journal::History;
use crate::plan::preflight::Override;
use crate::plan::wish::{Want, Wish};
use crate::plan::{Moment, Plan, Refusal};
use crate::report::review::clock;
use crate::report::{same_as, text};

use super::args::{ConsentArgs, PlanArgs};
use super::console::Console;
use super::desk::{Desk, Fresh, Hand, now};
use super::exit::{Exit, Stop};
use super::gather::{self, Gathered, Reach};
use super::live::Asking;
use super::mfa::TerminalPrompt;
use super::settings::Settings;

use ending::Course;
use show::Shown;

pub use planfile::{keep as keep_plan, read as read_plan};
pub use show::{View, columns, setting};

/// What a plan is made with.
pub struct Bench<'a> {
    /// What the run goes by.
    pub settings: &'a Settings,
    /// Where things are said.
    pub console: &'a Console,
    /// The accounts, and how they are reached.
    pub reach: Reach,
    /// What was read of them; nothing for plans that were made before.
    pub gathered: Gathered,
    /// What plans are made and applied with.
    pub desk: Desk,
    /// What was done before, where that is to be taken back.
    pub history: Option<History>,
}

/// How a plan is to be treated once it is there.
pub struct Treatment<'a> {
    /// How it is shown, and whether it is saved.
    pub view: View<'a>,
    /// How it is confirmed.
    pub consent: &'a ConsentArgs,
    /// Whether `--detailed-exitcode` is given.
    pub detailed: bool,
    /// The equal command.
    pub same_as: Option<String>,
    /// The file it came from.
    pub file: Option<&'a Path>,
    /// Since when it is there, where it was made in this run.
    pub since: Option<Instant>,
}

impl<'a> Bench<'a> {
    /// Reads the accounts, and gets ready to plan.
    pub async fn open(
        settings: &'a Settings,
        console: &'a Console,
        consent: &ConsentArgs,
        asking: Asking,
    ) -> Result<Self, Report> {
        if settings.global.offline {
            let stop = Stop::usage("a plan rests on what is read now, so --offline cannot make one");
            return Err(stop.into());
        }
        let reach = Self::reach(settings, console).await?;
        let gathered = gather::gather_plainly(&reach, settings, console, Audit::WhereNeeded, asking).await?;
        Self::over(settings, console, consent, reach, gathered)
    }

    /// The same with what was done before, which can be taken back.
    pub fn after(self, history: History) -> Self {
        Self {
            history: Some(history),
            ..self
        }
    }

    /// Gets ready to apply what was planned before.
    pub async fn for_plan(settings: &'a Settings, console: &'a Console, consent: &ConsentArgs) -> Result<Self, Report> {
        let reach = Self::reach(settings, console).await?;
        let gathered = Gathered::unread(&reach);
        Self::over(settings, console, consent, reach, gathered)
    }

    async fn reach(settings: &Settings, console: &Console) -> Result<Reach, Report> {
        let reach = Reach::find(settings, TerminalPrompt::on(console)).await?;
        console.hide(reach.mask.as_ref());
        Ok(reach)
    }

    fn over(
        settings: &'a Settings,
        console: &'a Console,
        consent: &ConsentArgs,
        reach: Reach,
        gathered: Gathered,
    ) -> Result<Self, Report> {
        let overridden = match consent.allow_endpoint_override {
            true => crate::config::Overridden::Allowed,
            false => crate::config::Overridden::Refused,
        };
        let desk = Desk::of(settings, &reach, Hand::Writing(overridden))?;
        Ok(Self {
            settings,
            console,
            reach,
            gathered,
            desk,
            history: None,
        })
    }

    /// Makes the plan that is wanted, and does with it what the arguments say.
    pub async fn carry_out(self, want: Want, args: &PlanArgs) -> Result<Exit, Report> {
        let wish = Wish {
            want,
            overrides: overrides(args),
        };
        let treatment = treatment(args, same_as::command(&wish));
        match self.draft(&wish).await {
            Ok(plan) => self.treat(plan, &treatment).await,
            Err(refusal) if refusal.is_so_already => {
                show::unchanged(&self, &refusal, &treatment.view)?;
                Ok(Exit::Done)
            }
            Err(refusal) => Err(refused(refusal).into()),
        }
    }

    /// Makes the plan that is wished for.
    pub async fn draft(&self, wish: &Wish) -> Result<Plan, Refusal> {
        self.desk.draft(&self.gathered, wish, self.history.as_ref()).await
    }

    /// Prints the checklist of a plan.
    pub fn show_checks(&self, plan: &Plan) -> Result<(), Report> {
        show::checks(self, plan)
    }

    /// Shows a plan, and applies it where that is confirmed.
    pub async fn treat(self, plan: Plan, treatment: &Treatment<'_>) -> Result<Exit, Report> {
        self.take(plan, treatment, Course::Anew, &mut Consent::default()).await
    }

    /// Shows a plan that was begun, and goes on with it where that is confirmed.
    pub async fn resume(self, plan: Plan, treatment: &Treatment<'_>) -> Result<Exit, Report> {
        self.take(plan, treatment, Course::Resumed, &mut Consent::default())
            .await
    }

    /// Shows a plan at the end of a walk, whose consent it is that is asked for.
    pub async fn end_walk(
        self,
        plan: Plan,
        same_as: Option<String>,
        args: &PlanArgs,
        consent: &mut Consent,
    ) -> Result<Exit, Report> {
        let treatment = treatment(args, same_as);
        self.take(plan, &treatment, Course::Anew, consent).await
    }

    async fn take(
        self,
        plan: Plan,
        treatment: &Treatment<'_>,
        course: Course,
        consent: &mut Consent,
    ) -> Result<Exit, Report> {
        let shown = Shown::new(&self, &plan, treatment)?;
        if let Some(path) = treatment.view.out {
            planfile::write(path, &plan)?;
            self.console.hint(&planfile::saved(path, &plan));
        }
        if let Some(tool) = treatment.view.words_of {
            shown.print_as(&self, &plan, tool)?;
            return Ok(Exit::Done);
        }
        match confirm::decide(&self, &plan, treatment, &shown, consent).await? {
            confirm::Decision::Apply => ending::apply(&self, &plan, treatment, &shown, course).await,
            confirm::Decision::Show(exit) => {
                shown.print_unless_printed(&self, &plan)?;
                Ok(exit)
            }
            confirm::Decision::Stop(stop) => {
                shown.print_unless_printed(&self, &plan)?;
                Err(stop.into())
            }
        }
    }

    /// Looks again at what a plan rests on that is too old; nobody does where the accounts were not read in this run.
    fn fresh(&self) -> Fresh<'_> {
        match self.gathered.inventory().iter().next() {
            Some(_) => Fresh::Looks(&self.desk, self.gathered.basis()),
            None => Fresh::Nobody(NobodyLooks),
        }
    }

    /// A moment on the reader's clock.
    fn clock(&self, moment: Moment) -> String {
        clock(moment, now(), &TimeZone::system())
    }

    /// Refuses an account that nobody configured, as a person names it: by its name or its id.
    pub fn expect_account(&self, text: &str) -> Result<(), Stop> {
        let is_it =
            |account: &Account| account.name.expose() == text || account.id.is_some_and(|id| id.to_string() == text);
        match self.gathered.inventory().accounts().iter().any(is_it) {
            true => Ok(()),
            false => Err(Stop::usage(format!("no account is called {}", printable(text)))
                .next("zonecut accounts lists those that there are")),
        }
    }

    /// The zone that a person names by its id or by its name; one of several of a name must be named by its id.
    pub fn zone(&self, text: &str) -> Result<ZoneId, Stop> {
        let zones = || self.gathered.inventory().iter().map(|(_, entry)| &entry.zone);
        let by_id = ZoneId::read(text).filter(|id| zones().any(|zone| zone.key.id == *id));
        if let Some(id) = by_id {
            return Ok(id);
        }
        let name = super::check::read_name(text)?;
        let found: Vec<&ZoneId> = zones()
            .filter(|zone| zone.name == name && zone.visibility == Visibility::Public)
            .map(|zone| &zone.key.id)
            .collect();
        match found.as_slice() {
            [only] => Ok((*only).clone()),
            [] => Err(
                Stop::new(Exit::Refused, format!("no public zone that was read is called {name}"))
                    .next("zonecut tree prints all zones"),
            ),
            several => {
                let ids: Vec<&str> = several.iter().map(|id| id.as_str()).collect();
                let what = format!("{} public zones are called {name}", several.len());
                Err(Stop::new(Exit::Refused, what).next(format!("name one by its id: {}", ids.join(", "))))
            }
        }
    }
}

/// The id of a zone that a person names.
pub fn zone_id(text: &str) -> Result<ZoneId, Stop> {
    ZoneId::read(text).ok_or_else(|| Stop::usage(format!("{} is not the id of a hosted zone", printable(text))))
}

/// A name that a person gives.
pub fn name(text: &str) -> Result<DnsName, Stop> {
    super::check::read_name(text)
}

/// How the arguments want a plan to be treated that was just made.
fn treatment(args: &PlanArgs, same_as: Option<String>) -> Treatment<'_> {
    Treatment {
        view: View {
            dry_run: args.dry_run,
            out: args.out.as_deref(),
            words_of: args.words_of.as_deref(),
        },
        consent: &args.consent,
        detailed: args.detailed_exitcode,
        same_as,
        file: None,
        since: Some(Instant::now()),
    }
}

/// The checks that the arguments go on in spite of.
pub fn overrides(args: &PlanArgs) -> Vec<Override> {
    let over = |(check, reason): &(String, String)| Override {
        check: check.clone(),
        reason: Untrusted::from(reason.as_str()),
    };
    args.overrides.iter().map(over).collect()
}

/// A refusal as the end of a command.
pub fn refused(refusal: Refusal) -> Stop {
    let exit = match refusal.is_so_already {
        true => Exit::Done,
        false => Exit::Refused,
    };
    let stop = Stop::new(exit, printable(&refusal.what));
    let stop = refusal.conflicts.iter().flat_map(text::conflict).fold(stop, Stop::next);
    match refusal.next {
        Some(next) => stop.next(printable(&next)),
        None => stop,
    }
}
