//! Reviews of plans as people read them.

use jiff::tz::TimeZone;

use super::*;
use crate::model::account::Env;
use crate::model::name::DnsName;
use crate::model::record::RecordType;
use crate::model::zone::ZoneId;
use crate::plan::batch::{Batch, Change, Wanted};
use crate::plan::exact::{ExactSet, Policy, Routing};
use crate::plan::outlook::{Effect, EffectKind, Scope};
use crate::plan::preflight::{Check, Firmness, Override};
use crate::plan::step::{Step, ZoneTarget};
use crate::plan::{Goal, Outlook, Party, PartyIx, Plan, PlanId, Preflight};
use crate::report::paint::Style;
use crate::report::text;

pub fn name(text: &str) -> DnsName {
    DnsName::parse_input(text).unwrap()
}

fn party(id: &str, called: &str, env: Env) -> Party {
    Party {
        id: id.parse().unwrap(),
        name: called.into(),
        principal: format!("arn:aws:sts::{id}:assumed-role/dns-writer/ana").as_str().into(),
        profile: Some(format!("{called}-write").as_str().into()),
        env_label: None,
        env,
    }
}

fn held(id: &str, zone: &str, record_sets: u64) -> ZoneTarget {
    ZoneTarget::Held {
        id: ZoneId::read(id).unwrap(),
        name: name(zone),
        reference: "made-by-hand".into(),
        name_servers: Vec::new(),
        record_sets,
    }
}

fn servers(owner: &str, ttl: u32, servers: &[&str]) -> ExactSet {
    let servers: Vec<DnsName> = servers.iter().map(|server| name(server)).collect();
    ExactSet::name_servers(name(owner), ttl, &servers)
}

fn check(code: &str, title: &str, outcome: Outcome, saying: &str) -> Check {
    Check {
        code: code.into(),
        title: title.into(),
        outcome,
        saying: saying.into(),
        details: Vec::new(),
        firmness: Firmness::Overridable,
        about: None,
        overridden: None,
    }
}

/// A zone is created in one account and delegated from another.
pub fn delegation() -> Plan {
    let cut = Change::Create(Wanted::Servers {
        name: name("dev.example.com"),
        ttl: 300,
        of: 0,
    });
    let mut occluded = check(
        "occluded-records",
        "Occluded records",
        Outcome::Warn,
        "1 record set becomes invisible",
    );
    occluded.details.push("api.dev.example.com. A 192.0.2.10".into());
    Plan {
        id: PlanId::new([7; 16]),
        goal: Goal::Delegate,
        subject: name("dev.example.com"),
        made: Moment(1_700_000_000),
        expires: Moment(1_700_000_900),
        parties: vec![
            party("444455556666", "sandbox", Env::NonProd),
            party("111122223333", "shared-dns", Env::Prod),
        ],
        steps: vec![
            Step::CreateZone {
                party: PartyIx(0),
                name: name("dev.example.com"),
                delegation_set: None,
                comment: "".into(),
            },
            Step::AwaitServers {
                party: PartyIx(0),
                zone: ZoneTarget::Created {
                    step: 0,
                    name: name("dev.example.com"),
                },
            },
            Step::Change {
                party: PartyIx(1),
                zone: held("Z01C3EXAMPLE9", "example.com", 147),
                batch: Batch::new(vec![cut]).unwrap(),
            },
        ],
        preflight: Preflight(vec![
            check(
                "name-free",
                "Name is free",
                Outcome::Ok,
                "no NS, CNAME or DS at dev.example.com",
            ),
            occluded,
            check(
                "dnssec",
                "DNSSEC",
                Outcome::Unchecked,
                "the parent's DNSSEC state could not be read",
            ),
        ]),
        outlook: Outlook {
            effects: vec![
                Effect {
                    kind: EffectKind::Appears,
                    name: name("dev.example.com"),
                    record_type: None,
                    scope: Scope::Subtree,
                    saying: "dev.example.com becomes resolvable".into(),
                },
                Effect {
                    kind: EffectKind::Hidden,
                    name: name("api.dev.example.com"),
                    record_type: Some(RecordType::A),
                    scope: Scope::Name,
                    saying: "api.dev.example.com A 192.0.2.10 of example.com becomes hidden".into(),
                },
            ],
            monthly_cents: 50,
            settles_after: 900,
            undo: "zonecut undo deletes exactly this record set, then the zone".into(),
            undo_settles_after: 300,
            notes: Vec::new(),
        },
    }
}

fn setting(glyphs: Lines) -> Setting<'static> {
    Setting {
        now: Moment(1_700_000_060),
        zone: TimeZone::UTC,
        glyphs,
        same_as: Some("zonecut delegate dev.example.com --create-in=sandbox --ttl=300"),
        place: Place::Command,
    }
}

fn drawn(plan: &Plan, glyphs: Lines) -> String {
    text::review(&lines(plan, &setting(glyphs)), 100, Style::default())
}

/// A plan of one batch in example.com, which has ten record sets.
pub fn batch(changes: Vec<Change>) -> Plan {
    let mut plan = delegation();
    plan.steps = vec![Step::Change {
        party: PartyIx(1),
        zone: held("Z01C3EXAMPLE9", "example.com", 10),
        batch: Batch::new(changes).unwrap(),
    }];
    plan
}

#[test]
fn a_new_zone_and_its_delegation_are_drawn_under_the_account_of_each() {
    insta::assert_snapshot!(drawn(&delegation(), Lines::Unicode));
}

#[test]
fn a_record_set_that_changes_shows_what_stays_in_it() {
    let old = servers("eu.example.com", 172_800, &["ns-1.example.net", "ns-333.example.net"]);
    let new = servers("eu.example.com", 300, &["ns-1.example.net", "ns-1900.example.net"]);
    let plan = batch(vec![
        Change::Replace {
            old: Box::new(old),
            new: Box::new(Wanted::Set(new)),
        },
        Change::Delete(servers(
            "promo.example.com",
            300,
            &["ns-5.example.net", "ns-6.example.net"],
        )),
    ]);
    let drawn = text::review(&diff(&plan, &setting(Lines::Unicode)), 100, Style::default());
    insta::assert_snapshot!(drawn);
}

#[test]
fn ascii_is_seven_bits_whatever_the_plan_holds() {
    let mut plan = delegation();
    if let Some(party) = plan.parties.get_mut(0) {
        party.name = "caf\u{e9}\u{1b}[2J".into();
    }
    plan.outlook.undo = "caf\u{e9}".into();
    assert!(drawn(&plan, Lines::Ascii).is_ascii());
}

#[test]
fn nothing_that_a_terminal_obeys_comes_out_of_a_plan_file() {
    let evil = "x\u{1b}]52;c;eA==\u{7}\u{9b}2J\r\n\u{202e}y";
    let mut plan = delegation();
    plan.goal = Goal::Repair { finding: evil.into() };
    plan.outlook.undo = evil.into();
    plan.outlook.notes.push(evil.into());
    plan.outlook
        .effects
        .iter_mut()
        .for_each(|effect| effect.saying = evil.into());
    for check in &mut plan.preflight.0 {
        check.code = evil.into();
        check.title = evil.into();
        check.saying = evil.into();
        check.details.push(evil.into());
        check.overridden = Some(Override {
            check: evil.into(),
            reason: evil.into(),
        });
    }
    for party in &mut plan.parties {
        party.name = evil.into();
        party.principal = evil.into();
        party.profile = Some(evil.into());
        party.env = Env::NonProd;
        party.env_label = Some(evil.into());
    }
    let mut set = ExactSet::simple(name("a.example.com"), RecordType::TXT, 60, vec![evil.into()]);
    set.routing = Some(Routing {
        set_identifier: evil.into(),
        policy: Policy::Latency(evil.into()),
    });
    set.health_check = Some(evil.into());
    set.traffic_policy = Some(evil.into());
    let old = set.clone();
    set.ttl = Some(61);
    let replace = Change::Replace {
        old: Box::new(old),
        new: Box::new(Wanted::Set(set)),
    };
    plan.steps.extend(batch(vec![replace]).steps);
    plan.steps.push(Step::Hold {
        seconds: 5,
        why: evil.into(),
        skipped: Some(evil.into()),
    });
    plan.steps.push(Step::DeleteSet {
        party: PartyIx(0),
        id: evil.into(),
    });
    for line in lines(&plan, &setting(Lines::Unicode)) {
        let text = format!("{}{:?}", line.text, line.badge.as_deref().map(str::len));
        assert!(!text.chars().any(|c| c.is_control() || c == '\u{202e}'), "{line:?}");
    }
}

#[test]
fn no_word_is_lost_however_narrow_the_screen() {
    let plan = delegation();
    let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let all = lines(&plan, &setting(Lines::Unicode));
    for columns in [20, 40, 60, 80, 120] {
        let drawn = text::review(&all, columns, Style::default());
        let expected: Vec<String> = all
            .iter()
            .flat_map(|line| {
                let badge = line
                    .badge
                    .as_ref()
                    .map(|badge| format!("[{badge}]"))
                    .unwrap_or_default();
                words(&format!("{} {} {badge}", line.label, line.text))
            })
            .collect();
        assert_eq!(words(&drawn), expected, "{columns}");
    }
}

#[test]
fn an_expired_plan_says_so() {
    let mut setting = setting(Lines::Unicode);
    setting.now = Moment(1_700_000_900);
    let lines = lines(&delegation(), &setting);
    let expires = lines.iter().find(|line| line.role == Role::Expires).unwrap();
    assert!(expires.text.contains("too old"), "{}", expires.text);
}

#[test]
fn old_checks_say_of_when_they_are() {
    let heading = |now: u64| {
        let mut setting = setting(Lines::Unicode);
        setting.now = Moment(now);
        let lines = lines(&delegation(), &setting);
        let checks = lines.iter().find(|line| line.role == Role::Checks);
        checks.expect("a heading").text.clone()
    };
    assert!(!heading(1_700_000_060).contains("as of"));
    assert!(
        heading(1_700_000_300).ends_with(", as of 22:13"),
        "{}",
        heading(1_700_000_300)
    );
}

#[test]
fn clocks_are_said_as_people_say_them() {
    let now = Moment(1_700_000_000);
    assert_eq!(clock(now.after(900), now, &TimeZone::UTC), "22:28");
    assert_eq!(clock(now.after(86_400), now, &TimeZone::UTC), "2023-11-15 22:13");
}
