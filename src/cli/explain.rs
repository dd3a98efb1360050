//! `zonecut explain`: what a finding means and how it is mended, what a word of the reports says. Offline.

mod guides;

use color_eyre::eyre::Report;

use crate::config::Glyphs;
use crate::findings::{Ground, RULES, Rule, Status};
use crate::model::text::printable;
use crate::report::FORMATS;

use super::args::{ExplainArgs, Global};
use super::exit::{EXITS, Exit, Stop};
use super::output::Output;

/// A topic that is no finding.
struct Topic {
    word: &'static str,
    about: &'static str,
    text: fn() -> String,
}

const TOPICS: [Topic; 8] = [
    Topic {
        word: "statuses",
        about: "the states a zone or a cut can be in",
        text: statuses,
    },
    Topic {
        word: "confidence",
        about: "how sure a finding is, and what counts",
        text: confidence,
    },
    Topic {
        word: "exit-codes",
        about: "what the exit code says",
        text: exit_codes,
    },
    Topic {
        word: "formats",
        about: "what --format takes",
        text: formats,
    },
    Topic {
        word: "delegation",
        about: "how delegation works on Route 53",
        text: guides::delegation,
    },
    Topic {
        word: "delegation-sets",
        about: "name servers that are known before the zone is",
        text: guides::delegation_sets,
    },
    Topic {
        word: "apex",
        about: "a zone's own NS record set, and why it delegates nothing",
        text: guides::apex,
    },
    Topic {
        word: "undo",
        about: "how a change is taken back, and what cannot be",
        text: guides::undo,
    },
];

/// Explains a code or a topic, or lists them all.
pub fn run(args: &ExplainArgs, global: &Global) -> Result<Exit, Report> {
    let text = match args.topic.as_deref() {
        None => list(),
        Some(word) => explain(word).ok_or_else(|| unknown(word))?,
    };
    Output::open(global, Glyphs::Auto)?.print(&text)?;
    Ok(Exit::Done)
}

fn unknown(word: &str) -> Stop {
    Stop::usage(format!("{} is neither a finding nor a topic", printable(word))).next("list them all: zonecut explain")
}

fn explain(word: &str) -> Option<String> {
    let word = &*word.to_ascii_lowercase();
    let exit = |code: u8| EXITS.iter().find(|(exit, _)| exit.code() == code);
    if let Some((_, meaning)) = word.parse().ok().and_then(exit) {
        return Some(format!(
            "Exit code {word}: {meaning}\n\nAll of them: zonecut explain exit-codes\n"
        ));
    }
    let rule = RULES.iter().find(|rule| rule.code == word).map(|rule| finding(rule));
    rule.or_else(|| {
        TOPICS
            .iter()
            .find(|topic| topic.word == word)
            .map(|topic| (topic.text)())
    })
}

fn finding(rule: &Rule) -> String {
    format!(
        "{code} ({severity}): {title}\n\nWhat it is\n{explanation}\n\nHow to mend it\n{fix}\n\nWhen it is not reported, or misleads\n{false_positives}\n\nStatus: {status}\nRests on: {ground}\n",
        code = rule.code,
        severity = rule.severity,
        title = rule.title,
        explanation = wrapped(rule.explanation),
        fix = wrapped(rule.fix),
        false_positives = wrapped(rule.false_positives),
        status = rule.status,
        ground = match rule.ground {
            Ground::Configured => "what the API said; where servers were asked, on what they said as well",
            Ground::Served => "what servers said; without asking them it is not found",
        },
    )
}

const WIDTH: usize = 96;

/// Breaks a text into indented lines.
fn wrapped(text: &str) -> String {
    let mut lines = vec![String::from(" ")];
    for word in text.split_whitespace() {
        let full = lines.last().is_some_and(|line| line.len() + 1 + word.len() > WIDTH);
        if full {
            lines.push(String::from(" "));
        }
        if let Some(line) = lines.last_mut() {
            line.push(' ');
            line.push_str(word);
        }
    }
    lines.join("\n")
}

fn list() -> String {
    let mut out = String::from("Findings\n");
    let longest = RULES.iter().map(|rule| rule.code.len()).max().unwrap_or(0);
    for rule in RULES {
        let severity = rule.severity;
        out.push_str(&format!("  {:longest$}  {severity:8}  {}\n", rule.code, rule.title));
    }
    out.push_str("\nTopics\n");
    for topic in TOPICS {
        out.push_str(&format!("  {:longest$}  {}\n", topic.word, topic.about));
    }
    out
}

fn statuses() -> String {
    let mut out = String::from("The states of zones and cuts, as trees and reports name them:\n\n");
    for status in Status::ALL {
        out.push_str(&format!("  {:10}  {}\n", status.word(), meaning(status)));
    }
    out
}

fn meaning(status: Status) -> &'static str {
    match status {
        Status::Ok => "delegated, and both sides agree",
        Status::Missing => "the zone is there, its delegation is not",
        Status::Dangling => "delegated to servers that do not host the zone and that others might claim",
        Status::Lame => "delegated to servers that cannot serve the zone",
        Status::Bogus => "a validating resolver refuses the answers",
        Status::Drift => "both sides are there and do not agree",
        Status::Occluded => "something in a parent zone is hidden by a cut",
        Status::Shadow => "another zone of this name is served, or none of those held is",
        Status::Unverified => "nothing read so far says whether it works; live DNS would",
        Status::External => "delegated to servers outside the accounts",
        Status::CutOff => "in order by itself, and unreachable because of a cut above",
        Status::Private => "a private zone: not delegated from the internet",
        Status::Partial => "read only in part",
        Status::Unknown => "not read yet, or not concluded while something is unread",
        Status::NoAccess => "it could not be read",
    }
}

fn confidence() -> String {
    "certain  it follows from data read in full, or all servers that matter said so\n\
     likely   the configuration says so, and what is served was not asked or is not clear\n\
     unknown  it would need data that was not read: listed, never counted\n\n\
     A finding that follows from another one of the same name carries that one as its cause, and only\n\
     the cause is counted. While an account is unread, nothing is claimed that needs \"no such zone\n\
     anywhere\".\n"
        .to_owned()
}

fn exit_codes() -> String {
    let mut out = String::new();
    for (exit, meaning) in EXITS {
        out.push_str(&format!("{:3}  {meaning}\n", exit.code()));
    }
    out.push_str("\n3 wins over 4. With --fail-on none, `check` never ends with 3.\n");
    out
}

fn formats() -> String {
    let mut out = String::new();
    for info in FORMATS {
        let commands: Vec<&str> = info.documents.iter().map(|document| document.command()).collect();
        out.push_str(&format!("{:6}  {} ({})\n", info.word, info.about, commands.join(", ")));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_finding_and_topic_is_listed_and_explained() {
        let list = list();
        for word in RULES.iter().map(|r| r.code).chain(TOPICS.iter().map(|t| t.word)) {
            assert!(list.contains(word), "{word}");
            assert!(explain(word).is_some_and(|text| text.len() > 80), "{word}");
        }
        assert_eq!(explain("nonsense"), None);
        assert_eq!(explain("UNDO"), explain("undo"));
        assert!(explain("6").is_some_and(|text| text.starts_with("Exit code 6: ")));
        assert_eq!(explain("8"), None);
    }
}
