//! The trace on the stage: what real servers of the demo said, as it is drawn.

use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use jiff::Timestamp;
use zonecut::dns::Sockets;
use zonecut::engine::ask::{Asker, Ipv6, Manners, Pace, Reach};
use zonecut::engine::atlas::Start;
use zonecut::engine::trace::Tracer;
use zonecut::model::dns::{Addresses, Choice, NameServer, Outcome, Question, Resolver, ResolverPlace, Trace};
use zonecut::model::name::DnsName;
use zonecut::sim::dns::{Binding, Options, Servers};
use zonecut::tui::effect::Effect;
use zonecut::tui::glyphs::GlyphSet;
use zonecut::tui::message::{Message, Progress};

use super::stage::{Stage, now, world};

/// Traces a question in the demo; every round trip takes the same time, for the sake of the picture.
fn trace(question: &Question) -> Trace {
    let mut trace = traced(question, now(), |tracer, _| tracer);
    trace.took = Duration::from_millis(612);
    trace.walk.queries = 21;
    for heard in trace.walk.legs.iter_mut().flat_map(|leg| &mut leg.heard) {
        if let Outcome::Asked(probe) = &mut heard.outcome {
            probe.took = Duration::from_millis(18);
        }
    }
    trace
}

/// Traces a question in the demo.
fn traced(
    question: &Question,
    began: Timestamp,
    set_up: impl for<'a> FnOnce(Tracer<'a, Sockets>, &Servers) -> Tracer<'a, Sockets>,
) -> Trace {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let options = Options {
            binding: Binding::WhenTold,
            ..Options::default()
        };
        let servers = Servers::start(Arc::new(Mutex::new(world())), options).expect("loopback can be bound");
        let given = |(name, address)| NameServer {
            name,
            addresses: Addresses::Given(vec![address]),
        };
        let root = Start {
            zone: DnsName::root(),
            servers: servers.hints().into_iter().map(given).collect(),
        };
        let loopback = ipnet::Ipv4Net::new(Ipv4Addr::new(127, 0, 0, 0), 8).expect("a network");
        let reach = Reach {
            port: servers.port(),
            allowed: vec![loopback.into()],
            ipv6: Ipv6::Missing,
        };
        let manners = Manners::at([].into(), Pace::FREE, Pace::FREE, Pace::FREE);
        let asker = Asker::new(Arc::new(Sockets::within_this_machine()), reach, manners);
        let tracer = set_up(Tracer::new(&asker, root), &servers);
        tracer.trace(question, began, |_| {}).await
    })
}

/// Answers what the stage asks for.
pub fn answer(stage: &mut Stage) {
    let asked = stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::Trace(question) => Some(question.clone()),
        _ => None,
    });
    let trace = Box::new(trace(&asked.expect("a name is traced")));
    stage.tell(Message::Traced {
        trace,
        progress: Progress::Done,
    });
}

fn shot(name: &str, stage: &Stage) {
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false, snapshot_path => "../snapshots" }, {
        insta::assert_snapshot!(format!("tui_{name}"), stage.screen());
    });
}

#[test]
fn a_name_is_typed_and_its_trace_shows_the_broken_step_with_its_servers() {
    let mut stage = Stage::demo((120, 36));
    stage.press("3");
    assert!(stage.screen().contains("No name was traced yet"), "{}", stage.screen());
    stage.press("e \"pop-ams.eu.example.com\" enter");
    answer(&mut stage);
    shot("trace_120x36", &stage);
    stage.press("G enter");
    assert!(stage.screen().contains("Verdict    ok"), "{}", stage.screen());
    stage.press("esc");
    stage.tell(Message::Resize(80, 24));
    shot("trace_80x24", &stage);
}

#[test]
fn t_on_a_row_traces_its_zone_and_what_is_copied_is_markdown() {
    let mut stage = Stage::demo((120, 36)).with_glyphs(GlyphSet::Ascii);
    stage.press("/ \"promo\" enter t");
    answer(&mut stage);
    let screen = stage.screen();
    assert!(
        screen.is_ascii() && screen.contains("broken at cut 3 (promo.example.com)"),
        "{screen}"
    );
    stage.press("y m");
    let copied = stage.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    let copied = copied.expect("a text");
    assert!(copied.starts_with("### Trace of promo.example.com SOA"), "{copied}");
    stage.press("p");
    let masked = stage.screen();
    for told in ["111122223333", "shared-dns", "127.53."] {
        assert!(!masked.contains(told), "{told}: {masked}");
    }
}

#[test]
fn a_trace_is_repeated_until_it_is_no_longer_wanted_and_what_was_heard_of_another_is_passed_over() {
    let mut stage = Stage::demo((120, 36));
    stage.press("3 e \"www.example.com\" enter");
    let before = stage.screen();
    let question = Question {
        name: "promo.example.com".parse().expect("a name"),
        record_type: zonecut::model::record::RecordType::A,
    };
    stage.tell(Message::Traced {
        trace: Box::new(trace(&question)),
        progress: Progress::Done,
    });
    assert_eq!(stage.screen(), before);
    answer(&mut stage);
    stage.press("R");
    stage.effects.clear();
    let progress = stage.state.progress.clone();
    for (seconds, traced) in [(4, 0), (5, 1), (6, 1)] {
        stage.tell(Message::Tick {
            now: Timestamp::from_second(now().as_second() + seconds).expect("a time"),
            progress: progress.clone(),
            news: zonecut::tui::message::News::None,
        });
        let begun = stage.effects.iter().filter(|effect| matches!(effect, Effect::Trace(_)));
        assert_eq!(begun.count(), traced, "after {seconds} s");
    }
}

#[test]
fn what_is_no_name_is_refused_and_without_servers_the_person_is_told() {
    let mut stage = Stage::demo((120, 36));
    stage.press("3 e \"www.example.com NOSUCH\" enter");
    assert!(
        stage
            .state
            .toast
            .as_ref()
            .is_some_and(|toast| toast.text.contains("no record type"))
    );
    stage.press("e \"x\" esc r");
    assert!(
        stage
            .state
            .toast
            .as_ref()
            .is_some_and(|toast| toast.text.contains("no name is selected"))
    );
    stage.tell(Message::Untraceable);
    assert!(
        stage
            .state
            .toast
            .as_ref()
            .is_some_and(|toast| toast.text.contains("cannot be asked"))
    );
}

#[test]
fn the_chain_of_trust_and_what_resolvers_say_in_the_servers_place_stand_below_the_answer() {
    let mut stage = Stage::demo((120, 60));
    stage.press("3 e \"audit.example.net\" enter");
    let question = Question {
        name: "audit.example.net".parse().expect("a name"),
        record_type: zonecut::model::record::RecordType::A,
    };
    let heard = traced(&question, Timestamp::now(), |tracer, servers| {
        let resolver = Resolver {
            place: ResolverPlace::Https(servers.over_http().parse().expect("a URL")),
            choice: Choice::Named,
        };
        tracer.anchored(servers.anchors()).beside([resolver]).without_servers()
    });
    stage.tell(Message::Traced {
        trace: Box::new(heard),
        progress: Progress::Done,
    });
    let screen = stage.screen();
    for told in [
        "secure  down to example.net",
        "bogus  audit.example.net: the signature of its keys ended at",
        "example.net NS  http://127.",
        "broken at cut 3 (audit.example.net): resolvers that validate refuse it",
    ] {
        assert!(screen.contains(told), "{told}: {screen}");
    }
}
