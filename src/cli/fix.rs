//! `zonecut fix`: what is wrong with a name is mended.

use color_eyre::eyre::Report;

use crate::model::name::DnsName;
use crate::plan::repair::{self, Way};
use crate::plan::wish::{Repair, Want};

use super::args::FixArgs;
use super::change::{Bench, name};
use super::console::Console;
use super::exit::{Exit, Stop};
use super::live::Asking;
use super::settings::Settings;

/// Plans what mends a finding, and applies it where that is confirmed.
pub async fn run(args: &FixArgs, settings: &Settings, console: &Console) -> Result<Exit, Report> {
    let settings = &settings.clone().with_live(&args.plan.live);
    let name = name(&args.name)?;
    if let Some(code) = &args.finding {
        known(code)?;
    }
    let asking = Asking::Around(vec![name.clone()]);
    let bench = Bench::open(settings, console, &args.plan.consent, asking).await?;
    tell_ways(&bench, &name, args)?;
    let want = Want::Repair(Repair {
        name,
        finding: args.finding.clone(),
        way: args.way.clone(),
    });
    bench.carry_out(want, &args.plan).await
}

fn known(code: &str) -> Result<(), Stop> {
    match crate::findings::RULES.iter().any(|rule| rule.code == code) {
        true => Ok(()),
        false => Err(Stop::usage(format!(
            "{} is not the code of a finding",
            crate::model::text::printable(code)
        ))
        .next("zonecut explain lists them all")),
    }
}

/// Says which ways there are where the person has a choice, and why there is none where that is so.
fn tell_ways(bench: &Bench<'_>, name: &DnsName, args: &FixArgs) -> Result<(), Stop> {
    let basis = bench.gathered.basis();
    let Some((finding, ways)) = repair::choose(name, args.finding.as_deref(), basis.survey, basis.inventory) else {
        return Err(nothing(bench, name, args));
    };
    let ways = ways.map_err(|why| {
        Stop::new(
            Exit::Refused,
            format!("{} at {name} is not mended by a change: {why}", finding.code()),
        )
        .next(format!("what to do instead: zonecut explain {}", finding.code()))
    })?;
    let chosen = args.way.as_deref();
    if let Some(word) = chosen
        && !ways.iter().any(|way| way.word == word)
    {
        let stop = Stop::usage(format!(
            "{} at {name} is not mended by the way {}",
            finding.code(),
            crate::model::text::printable(word)
        ));
        return Err(ways.iter().map(line).fold(stop, Stop::next));
    }
    if chosen.is_none() && ways.len() > 1 {
        bench.console.hint(&format!(
            "{} at {name} can be mended in {} ways; this is the first:",
            finding.code(),
            ways.len()
        ));
        ways.iter()
            .for_each(|way| bench.console.hint(&format!("  {}", line(way))));
    }
    Ok(())
}

fn line(way: &Way) -> String {
    format!("--way {}: {}", way.word, crate::model::text::printable(&way.title))
}

fn nothing(bench: &Bench<'_>, name: &DnsName, args: &FixArgs) -> Stop {
    let what = match &args.finding {
        Some(code) => format!("there is no {code} at {name}"),
        None => format!("nothing was found to be wrong with {name}"),
    };
    Stop::new(bench.gathered.exit_of_absence(), what).next(format!("zonecut check {name} prints what is wrong there"))
}
