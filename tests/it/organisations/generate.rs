//! Random organisations, the same ones for the same seed: healthy first, then with faults planted at disjoint places.
//!
//! What must be found follows from what was planted alone; nothing of the checker's code is used.

use std::collections::BTreeSet;

use fastrand::Rng;
use zonecut::model::name::DnsName;
use zonecut::model::zone::Visibility;
use zonecut::sim::world::{AccountSpec, DelegationSpec, World, WorldBuilder, ZoneSpec};

use super::plant;

/// A finding that follows from what was planted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Planted {
    pub code: String,
    pub name: String,
    /// Whether it can only be unknown.
    pub unknown: bool,
}

/// An organisation and what is wrong with it.
pub struct Organisation {
    pub world: World,
    pub expected: Vec<Planted>,
    /// The kinds of faults that were planted.
    pub kinds: Vec<&'static str>,
}

/// A zone before it is built. Names are in Route 53's dialect, without the final dot.
#[derive(Debug, Clone)]
pub(super) struct Plan {
    pub(super) name: String,
    pub(super) key: String,
    pub(super) account: usize,
    pub(super) parent: Option<usize>,
    pub(super) private: bool,
    pub(super) signing: &'static str,
    /// Whether the parent was given a DS for it.
    pub(super) has_ds: bool,
    pub(super) delegation: DelegationSpec,
    pub(super) delegate_in: Option<String>,
    pub(super) apex_ns: Option<Vec<String>>,
    pub(super) lines: Vec<String>,
    pub(super) deny: Vec<String>,
    /// Whether a fault was planted here, or one elsewhere counts on this zone being in order.
    pub(super) taken: bool,
}

/// An organisation while it is made.
pub(super) struct Draft {
    pub(super) rng: Rng,
    pub(super) accounts: usize,
    pub(super) zones: Vec<Plan>,
    pub(super) expected: Vec<Planted>,
    pub(super) kinds: Vec<&'static str>,
    labels: usize,
}

const ROOTS: [&str; 7] = [
    "example.com",
    "example.net",
    "acme.example",
    "deep.down.acme.test",
    "notexample.com",
    "2.0.192.in-addr.arpa",
    "8.b.d.0.1.0.0.2.ip6.arpa",
];
const DEPTH: usize = 5;

impl Organisation {
    /// The organisation of a seed.
    pub fn of(seed: u64) -> Self {
        let mut draft = Draft::healthy(seed);
        let faults = draft.rng.usize(0..=12);
        for _ in 0..faults {
            plant::fault(&mut draft);
        }
        plant::foresee_wildcards(&mut draft);
        draft.build()
    }

    /// The same without faults.
    pub fn healthy(seed: u64) -> Self {
        Draft::healthy(seed).build()
    }
}

impl Draft {
    fn healthy(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let accounts = rng.usize(1..=6);
        let mut draft = Self {
            rng,
            accounts,
            zones: Vec::new(),
            expected: Vec::new(),
            kinds: Vec::new(),
            labels: 0,
        };
        let mut roots = ROOTS;
        draft.rng.shuffle(&mut roots);
        let count = draft.rng.usize(1..=3);
        for root in roots.into_iter().take(count) {
            draft.grow(root.to_owned(), None, 0);
        }
        draft
    }

    fn grow(&mut self, name: String, parent: Option<usize>, depth: usize) {
        let place = self.add(name, parent);
        self.sign(place);
        self.furnish(place);
        if depth == DEPTH {
            return;
        }
        let most = [6, 3, 2, 2, 1][depth];
        for _ in 0..self.rng.usize(0..=most) {
            let child = self.name_below(place);
            self.grow(child, Some(place), depth + 1);
        }
    }

    /// Adds a public zone that is delegated to.
    pub(super) fn add(&mut self, name: String, parent: Option<usize>) -> usize {
        let key = format!("key-{}", self.zones.len());
        let account = self.rng.usize(0..self.accounts);
        self.zones.push(Plan {
            name,
            key,
            account,
            parent,
            private: false,
            signing: "NOT_SIGNING",
            has_ds: false,
            delegation: DelegationSpec::Own,
            delegate_in: None,
            apex_ns: None,
            lines: Vec::new(),
            deny: Vec::new(),
            taken: false,
        });
        self.zones.len() - 1
    }

    /// Signs some zones, and gives a right DS to some of those that a chain of trust can reach.
    fn sign(&mut self, place: usize) {
        if !self.rng.bool() {
            return;
        }
        self.zones[place].signing = "SIGNING";
        let Some(parent) = self.zones[place].parent else { return };
        if self.is_trusted(parent) && self.rng.u8(0..4) > 0 {
            let line = self.line(place, "DS", &format!("$DS({})", self.zones[place].key));
            self.zones[parent].lines.push(line);
            self.zones[place].has_ds = true;
        }
    }

    /// Whether a DS in a zone has an effect, as far as is visible.
    pub(super) fn is_trusted(&self, zone: usize) -> bool {
        let plan = &self.zones[zone];
        plan.signing == "SIGNING" && (plan.parent.is_none() || plan.has_ds)
    }

    /// Record sets and private zones that are in order.
    fn furnish(&mut self, place: usize) {
        let zone = self.zones[place].name.clone();
        for _ in 0..self.rng.usize(0..3) {
            let owner = self.name_below(place);
            let line = match self.rng.u8(0..6) {
                0 => format!("{owner}. 300 CNAME www.example.org."),
                1 => format!("{owner}. 300 TXT \"v=1\""),
                2 => format!("{owner}. ALIAS A lb.example. Z32O12XQLNTSW2 # id=a weight=1"),
                3 => format!("{owner}. 300 NS ns1.provider.example. ns2.provider.example."),
                4 => {
                    let glue = format!("ns1.{owner}. 300 A 192.0.2.53");
                    self.zones[place].lines.push(glue);
                    format!("{owner}. 300 NS ns1.{owner}. ns2.provider.example.")
                }
                _ => format!("{owner}. 300 A 192.0.2.1"),
            };
            self.zones[place].lines.push(line);
        }
        if self.rng.u8(0..8) == 0 {
            let private = self.add(zone.clone(), None);
            self.zones[private].private = true;
            self.zones[private].taken = true;
            let line = format!("x.{zone}. 300 NS $GONE(private)");
            self.zones[private].lines.push(line);
        }
    }

    /// A name that is not used yet, below a zone: mostly one label, sometimes more.
    pub(super) fn name_below(&mut self, zone: usize) -> String {
        let label = self.label();
        let between = match self.rng.u8(0..6) {
            0 => format!("{}.", self.label()),
            _ => String::new(),
        };
        format!("{label}.{between}{}", self.zones[zone].name)
    }

    pub(super) fn label(&mut self) -> String {
        self.labels += 1;
        let number = self.labels;
        match self.rng.u8(0..10) {
            0 => format!("0\\057{number}"),
            1 => format!("_Svc{number}"),
            2 => format!("xn--n{number}-abc"),
            _ => format!("n{number}"),
        }
    }

    /// A line for the zone that holds the record set of a zone's own name.
    pub(super) fn line(&self, zone: usize, record_type: &str, value: &str) -> String {
        format!("{}. 300 {record_type} {value}", self.zones[zone].name)
    }

    pub(super) fn expect(&mut self, code: &str, name: &str) {
        self.expect_as(code, name, false);
    }

    pub(super) fn expect_as(&mut self, code: &str, name: &str, unknown: bool) {
        let parsed = DnsName::parse_route53(name).expect("a name");
        self.expected.push(Planted {
            code: code.to_owned(),
            name: parsed.to_string(),
            unknown,
        });
    }

    fn build(mut self) -> Organisation {
        let mut builder = WorldBuilder::new("random");
        let accounts: Vec<_> = (0..self.accounts)
            .map(|n| {
                builder.account(AccountSpec::new(
                    format!("{:012}", 111_111_111_111 + n),
                    format!("account-{n}"),
                ))
            })
            .collect();
        // The order in which zones are made must not matter.
        self.rng.shuffle(&mut self.zones);
        for plan in &self.zones {
            builder.zone(accounts[plan.account], spec(plan));
        }
        self.expected.sort();
        Organisation {
            world: builder.build().expect("a world"),
            expected: self.expected,
            kinds: self.kinds,
        }
    }
}

fn spec(plan: &Plan) -> ZoneSpec {
    let name = DnsName::parse_route53(&plan.name).expect("a name");
    let base = ZoneSpec::public(name);
    ZoneSpec {
        key: Some(plan.key.clone()),
        visibility: match plan.private {
            true => Visibility::Private,
            false => Visibility::Public,
        },
        signing: plan.signing.to_owned(),
        delegation: plan.delegation.clone(),
        delegate_in: plan.delegate_in.clone(),
        apex_ns: plan.apex_ns.clone(),
        deny: plan.deny.clone(),
        lines: plan.lines.clone(),
        ..base
    }
}

/// The owners of all record sets of a zone below its apex, in lower case, as its lines and its children's delegations give them.
pub(super) fn owners(zones: &[Plan], zone: usize) -> BTreeSet<String> {
    let lines = zones[zone].lines.iter().filter_map(|line| line.split(' ').next());
    let mut owners: BTreeSet<String> = lines.map(|owner| owner.trim_end_matches('.').to_lowercase()).collect();
    let children = zones.iter().filter(|plan| plan.parent == Some(zone) && !plan.private);
    let held_here = |plan: &&Plan| plan.delegate_in.as_ref().is_none_or(|key| *key == zones[zone].key);
    let delegated = children
        .filter(|plan| plan.delegation != DelegationSpec::Absent)
        .filter(held_here);
    owners.extend(delegated.map(|plan| plan.name.to_lowercase()));
    owners
}
