//! Faults to plant, each with what must be found of it.

use zonecut::sim::world::DelegationSpec;

use super::generate::{Draft, Plan, owners};

const PROVIDER: [&str; 2] = ["ns1.provider.example.", "ns2.provider.example."];
const PRIVATE: [&str; 4] = [
    "ns-0.awsdns-00.com.",
    "ns-512.awsdns-00.net.",
    "ns-1024.awsdns-00.org.",
    "ns-1536.awsdns-00.co.uk.",
];
const WRONG_DS: &str = "20326 13 2 E06D44B80B8F1D39A95C0B0D7C65D08458E880409BBC683457104237C7F8EC8D";

type Plant = fn(&mut Draft) -> Option<()>;

/// Every kind of fault. Each finds a place for itself, or none and leaves everything as it was.
pub const KINDS: [(&str, Plant); 44] = [
    ("missing", missing),
    ("missing with a wildcard", missing_with_wildcard),
    ("missing with a CNAME", missing_with_cname),
    ("missing with a DS", missing_with_ds),
    ("skip-level", skip_level),
    ("to private", |d| {
        wrong_delegation(d, "delegation-to-private-zone", PRIVATE.map(str::to_owned).to_vec())
    }),
    ("self", self_delegation),
    ("partly self", partly_self),
    ("stale", |d| {
        wrong_delegation(d, "stale-delegation-set", vec!["$GONE(stale)".into()])
    }),
    ("orphan", |d| {
        wrong_delegation(d, "orphan-zone", PROVIDER.map(str::to_owned).to_vec())
    }),
    ("half orphan", |d| {
        wrong_delegation(d, "orphan-zone", vec!["$GONE(stale)[0..2]".into(), PROVIDER[0].into()])
    }),
    ("white label", white_label),
    ("two providers", two_providers),
    ("secondary in the parent alone", secondary_in_the_parent),
    ("dangling", dangling),
    ("typed", typed),
    ("missing dot", missing_dot),
    ("incomplete", incomplete),
    ("single", single),
    ("twin", twin),
    ("split", split),
    ("dead parent", dead_parent),
    ("dead delegation", dead_delegation),
    ("apex lacks", |d| apex(d, &["[0..3]"], &[], &["apex-ns-edited"])),
    ("apex adds", |d| {
        apex(d, &[""], &["ns1.provider.example."], &["apex-ns-edited"])
    }),
    ("apex foreign", |d| {
        apex(d, &["[0..3]"], &["$GONE(x)[2]"], &["apex-ns-edited", "apex-ns-foreign"])
    }),
    ("top apex", top_apex),
    ("top twin", top_twin),
    ("occluded records", occluded_records),
    ("occluded from above", occluded_from_above),
    ("occluded delegation", occluded_delegation),
    ("grandparent delegates", grandparent_delegates),
    ("unsigned with a DS", unsigned_with_ds),
    ("wrong DS", wrong_ds),
    ("DS in an unsigned parent", ds_in_unsigned_parent),
    ("DS alone", ds_alone),
    ("unverified", |d| name_fault(d, "$GONE(u)", &["unverified-delegation"])),
    ("one server", |d| {
        name_fault(d, "ns1.provider.example.", &["single-nameserver"])
    }),
    ("implausible", |d| {
        name_fault(
            d,
            "ns-200.awsdns-26.com. ns-700.awsdns-23.net.",
            &["unverified-delegation", "ns-name-implausible"],
        )
    }),
    ("private servers", |d| {
        name_fault(
            d,
            "ns-1024.awsdns-00.org. ns-0.awsdns-00.com.",
            &["delegation-to-private-zone"],
        )
    }),
    ("nobody's zone at the parent's servers", self_without_zone),
    ("glue", glue),
    ("hidden parent", hidden_parent),
    ("unread", unread),
];

/// Plants one fault of a random kind.
pub fn fault(draft: &mut Draft) {
    let (kind, plant) = KINDS[draft.rng.usize(0..KINDS.len())];
    if plant(draft).is_some() {
        draft.kinds.push(kind);
    }
}

/// Picks a zone at random.
fn pick(draft: &mut Draft, fits: impl Fn(&Draft, usize, &Plan) -> bool) -> Option<usize> {
    let places: Vec<usize> = (0..draft.zones.len())
        .filter(|place| fits(draft, *place, &draft.zones[*place]))
        .collect();
    match places.is_empty() {
        true => None,
        false => Some(places[draft.rng.usize(0..places.len())]),
    }
}

/// A zone with a parent, in order, without a DS, of which nothing depends on.
fn plain(_: &Draft, _: usize, plan: &Plan) -> bool {
    !plan.taken && plan.parent.is_some() && !plan.has_ds
}

fn take(draft: &mut Draft, zone: usize) -> (String, String, usize) {
    draft.zones[zone].taken = true;
    let plan = &draft.zones[zone];
    (plan.name.clone(), plan.key.clone(), plan.parent.expect("a parent"))
}

fn is_empty(plan: &Plan) -> bool {
    plan.lines.is_empty()
}

fn has_twin(draft: &Draft, zone: usize) -> bool {
    let name = &draft.zones[zone].name;
    let named = draft.zones.iter().filter(|plan| plan.name == *name && !plan.private);
    named.count() > 1
}

fn missing(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, ..) = take(draft, zone);
    draft.zones[zone].delegation = DelegationSpec::Absent;
    if draft.rng.bool() && is_empty(&draft.zones[zone]) {
        let line = draft.line(zone, "A", "192.0.2.7");
        draft.zones[zone].lines.push(line);
    }
    draft.expect("missing-delegation", &name);
    Some(())
}

fn missing_with_wildcard(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| {
        plain(d, 0, plan) && !has_twin(d, plan.parent.expect("plain"))
    })?;
    let (name, _, parent) = take(draft, zone);
    draft.zones[zone].delegation = DelegationSpec::Absent;
    draft.expect("missing-delegation", &name);
    let wildcard = format!("\\052.{}", draft.zones[parent].name.to_lowercase());
    if !owners(&draft.zones, parent).contains(&wildcard) {
        let line = format!("\\052.{}. 60 A 192.0.2.8", draft.zones[parent].name);
        draft.zones[parent].lines.push(line);
    }
    Some(())
}

/// A wildcard answers for every zone that is missing below its name, unless something nearer exists (RFC 4592).
pub fn foresee_wildcards(draft: &mut Draft) {
    let mut covered = Vec::new();
    for plan in &draft.zones {
        let Some(parent) = plan.parent.filter(|_| !plan.private) else {
            continue;
        };
        let is_missing = draft.expected.iter().any(|p| {
            p.code == "missing-delegation"
                && zonecut::model::name::DnsName::parse_route53(&plan.name)
                    .expect("a name")
                    .to_string()
                    == p.name
        });
        if is_missing && wildcard_covers(&plan.name.to_lowercase(), &draft.zones, parent) {
            covered.push(plan.name.clone());
        }
    }
    for name in covered {
        draft.expect("wildcard-shadows-child", &name);
    }
}

fn wildcard_covers(name: &str, zones: &[Plan], parent: usize) -> bool {
    let owners = owners(zones, parent);
    let apex = zones[parent].name.to_lowercase();
    let exists = |name: &str| {
        owners
            .iter()
            .any(|owner| owner == name || owner.ends_with(&format!(".{name}")))
    };
    if exists(name) {
        return false;
    }
    let mut encloser = name;
    while encloser != apex {
        encloser = encloser.split_once('.').expect("below the apex").1;
        if encloser == apex || exists(encloser) {
            break;
        }
    }
    owners.contains(&format!("\\052.{encloser}"))
}

fn missing_with_cname(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, _, parent) = take(draft, zone);
    draft.zones[zone].delegation = DelegationSpec::Absent;
    let line = draft.line(zone, "CNAME", "elsewhere.example.");
    draft.zones[parent].lines.push(line);
    draft.expect("missing-delegation", &name);
    if !name.ends_with(".in-addr.arpa") && !name.ends_with(".ip6.arpa") {
        draft.expect("cname-at-cut", &name);
    }
    Some(())
}

fn missing_with_ds(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, _, parent) = take(draft, zone);
    draft.zones[zone].delegation = DelegationSpec::Absent;
    let line = draft.line(zone, "DS", WRONG_DS);
    draft.zones[parent].lines.push(line);
    draft.expect("missing-delegation", &name);
    draft.expect("ds-without-delegation", &name);
    Some(())
}

/// A zone is not delegated to, and its child is, from above both.
fn skip_level(draft: &mut Draft) -> Option<()> {
    let child = pick(draft, |d, _, plan| {
        let middle = plan.parent.map(|parent| &d.zones[parent]);
        plain(d, 0, plan) && middle.is_some_and(|m| plain(d, 0, m)) && !has_twin(d, plan.parent.expect("plain"))
    })?;
    let (_, key, middle) = take(draft, child);
    let (name, _, upper) = take(draft, middle);
    draft.zones[child].delegation = DelegationSpec::Absent;
    draft.zones[middle].delegation = DelegationSpec::Absent;
    let line = draft.line(child, "NS", &format!("$SET({key})"));
    draft.zones[upper].lines.push(line);
    draft.expect("missing-delegation", &name);
    Some(())
}

fn wrong_delegation(draft: &mut Draft, code: &str, values: Vec<String>) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, ..) = take(draft, zone);
    draft.zones[zone].delegation = DelegationSpec::Values(values);
    draft.expect(code, &name);
    draft.expect("parent-child-ns-mismatch", &name);
    Some(())
}

/// The key of the zone that the builder puts a zone's delegation into.
fn delegating(draft: &Draft, zone: usize) -> String {
    let plan = &draft.zones[zone];
    match &plan.delegate_in {
        Some(key) => key.clone(),
        None => draft.zones[plan.parent.expect("a parent")].key.clone(),
    }
}

fn self_delegation(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| {
        plain(d, 0, plan) && !has_twin(d, plan.parent.expect("plain"))
    })?;
    let parent = delegating(draft, zone);
    let (name, ..) = take(draft, zone);
    draft.zones[zone].delegation = DelegationSpec::Values(vec![format!("$SET({parent})")]);
    draft.expect("self-delegation", &name);
    draft.expect("parent-child-ns-mismatch", &name);
    Some(())
}

fn partly_self(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| {
        plain(d, 0, plan) && !has_twin(d, plan.parent.expect("plain"))
    })?;
    let parent = delegating(draft, zone);
    let (name, key, _) = take(draft, zone);
    let values = vec![format!("$SET({key})[1..4]"), format!("$SET({parent})[2]")];
    draft.zones[zone].delegation = DelegationSpec::Values(values);
    draft.expect("self-delegation", &name);
    draft.expect("parent-child-ns-mismatch", &name);
    Some(())
}

fn white_label(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, ..) = take(draft, zone);
    let names: Vec<String> = ["ns1.acme-dns.example.", "ns2.acme-dns.example."]
        .map(str::to_owned)
        .to_vec();
    draft.zones[zone].delegation = DelegationSpec::Values(names.clone());
    draft.zones[zone].apex_ns = Some(names);
    draft.expect_as("orphan-zone", &name, true);
    Some(())
}

fn two_providers(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (_, key, _) = take(draft, zone);
    let names = vec![format!("$SET({key})"), PROVIDER[0].into()];
    draft.zones[zone].delegation = DelegationSpec::Values(names.clone());
    draft.zones[zone].apex_ns = Some(names);
    Some(())
}

fn partly(draft: &mut Draft, range: &str, extra: &[&str], codes: &[&str]) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, key, _) = take(draft, zone);
    let mut values = vec![format!("$SET({key}){range}")];
    values.extend(extra.iter().map(|value| (*value).to_owned()));
    draft.zones[zone].delegation = DelegationSpec::Values(values);
    for code in codes {
        draft.expect(code, &name);
    }
    draft.expect("parent-child-ns-mismatch", &name);
    Some(())
}

fn secondary_in_the_parent(draft: &mut Draft) -> Option<()> {
    partly(draft, "", &PROVIDER, &[])
}

fn dangling(draft: &mut Draft) -> Option<()> {
    partly(draft, "[0..3]", &["$GONE(d)[3]"], &["dangling-nameserver"])
}

fn typed(draft: &mut Draft) -> Option<()> {
    partly(
        draft,
        "[0..3]",
        &["nns-1471.awsdns-55.org."],
        &["dangling-nameserver", "ns-name-implausible"],
    )
}

fn missing_dot(draft: &mut Draft) -> Option<()> {
    partly(
        draft,
        "[0..3]",
        &["ns-200.awsdns-25.com.example.org."],
        &["ns-name-implausible"],
    )
}

fn incomplete(draft: &mut Draft) -> Option<()> {
    partly(draft, "[1..3]", &[], &["incomplete-set"])
}

fn single(draft: &mut Draft) -> Option<()> {
    partly(draft, "[2]", &[], &["incomplete-set", "single-nameserver"])
}

/// Another zone of the same name, that nobody is led to.
fn add_twin(draft: &mut Draft, zone: usize) -> usize {
    let plan = draft.zones[zone].clone();
    let twin = draft.add(plan.name.clone(), plan.parent);
    draft.zones[twin].delegation = DelegationSpec::Absent;
    draft.zones[twin].taken = true;
    draft.zones[zone].taken = true;
    // The builder must not have to choose between the two.
    let children = draft
        .zones
        .iter_mut()
        .filter(|child| child.parent == Some(zone) && !child.private);
    for child in children.filter(|child| child.delegate_in.is_none()) {
        child.delegate_in = Some(plan.key.clone());
    }
    twin
}

fn twin(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let twin = add_twin(draft, zone);
    let name = draft.zones[zone].name.clone();
    let line = format!("copy.{name}. 300 A 192.0.2.1");
    draft.zones[twin].lines.push(line);
    draft.expect("duplicate-zone", &name);
    Some(())
}

fn split(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let twin = add_twin(draft, zone);
    let (name, key) = (draft.zones[zone].name.clone(), draft.zones[zone].key.clone());
    let values = vec![
        format!("$SET({key})[0..2]"),
        format!("$SET({})[2..4]", draft.zones[twin].key),
    ];
    draft.zones[zone].delegation = DelegationSpec::Values(values);
    draft.expect("split-delegation", &name);
    draft.expect("duplicate-zone", &name);
    draft.expect("parent-child-ns-mismatch", &name);
    Some(())
}

/// A child's delegation stands in the zone that nobody is led to.
fn dead_parent(draft: &mut Draft) -> Option<()> {
    let child = pick(draft, |d, _, plan| {
        plain(d, 0, plan) && plan.parent.is_some_and(|parent| plain(d, 0, &d.zones[parent]))
    })?;
    let (name, _, parent) = take(draft, child);
    let twin = add_twin(draft, parent);
    draft.zones[child].delegate_in = Some(draft.zones[twin].key.clone());
    let upper = draft.zones[parent].name.clone();
    draft.expect("duplicate-zone", &upper);
    draft.expect("missing-delegation", &name);
    draft.expect("delegation-in-dead-parent", &name);
    Some(())
}

fn dead_delegation(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, plain)?;
    let twin = add_twin(draft, zone);
    let upper = draft.zones[zone].name.clone();
    let name = draft.name_below(twin);
    let line = format!("{name}. 300 NS {}", PROVIDER.join(" "));
    draft.zones[twin].lines.push(line);
    draft.expect("duplicate-zone", &upper);
    draft.expect("delegation-in-dead-parent", &name);
    Some(())
}

fn apex(draft: &mut Draft, own: &[&str], extra: &[&str], codes: &[&str]) -> Option<()> {
    let zone = pick(draft, plain)?;
    let (name, key, _) = take(draft, zone);
    set_apex(draft, zone, &key, own, extra);
    for code in codes {
        draft.expect(code, &name);
    }
    draft.expect("parent-child-ns-mismatch", &name);
    Some(())
}

fn set_apex(draft: &mut Draft, zone: usize, key: &str, own: &[&str], extra: &[&str]) {
    let mut values: Vec<String> = own.iter().map(|range| format!("$SET({key}){range}")).collect();
    values.extend(extra.iter().map(|value| (*value).to_owned()));
    draft.zones[zone].apex_ns = Some(values);
}

/// A zone without a visible parent: there is nothing to compare its apex with but its delegation set.
fn is_top(_: &Draft, _: usize, plan: &Plan) -> bool {
    !plan.taken && !plan.private && plan.parent.is_none()
}

fn top_apex(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, is_top)?;
    draft.zones[zone].taken = true;
    let (name, key) = (draft.zones[zone].name.clone(), draft.zones[zone].key.clone());
    match draft.rng.u8(0..3) {
        0 => {
            set_apex(draft, zone, &key, &["[0..3]"], &[]);
            draft.expect("apex-ns-edited", &name);
        }
        1 => {
            set_apex(draft, zone, &key, &["[1..4]"], &["$GONE(t)[0]"]);
            draft.expect("apex-ns-edited", &name);
            draft.expect("apex-ns-foreign", &name);
        }
        _ => {
            set_apex(draft, zone, &key, &[""], &PROVIDER);
            draft.expect_as("apex-ns-edited", &name, true);
        }
    }
    Some(())
}

fn top_twin(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, is_top)?;
    add_twin(draft, zone);
    let name = draft.zones[zone].name.clone();
    draft.expect("duplicate-zone", &name);
    Some(())
}

fn occluded_records(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| {
        plain(d, 0, plan) && plan.delegation == DelegationSpec::Own && plan.delegate_in.is_none()
    })?;
    let (name, _, parent) = take(draft, zone);
    let line = match draft.rng.u8(0..3) {
        0 => format!("{name}. 300 TXT \"at the cut\""),
        1 => format!("{}.{name}. 300 A 192.0.2.9", draft.label()),
        _ => format!("{}.{}.{name}. 300 CNAME x.example.", draft.label(), draft.label()),
    };
    draft.zones[parent].lines.push(line);
    draft.expect("occluded-records", &name);
    Some(())
}

/// The grandparent holds a record set that lies in the child.
fn occluded_from_above(draft: &mut Draft) -> Option<()> {
    let child = pick(draft, |d, _, plan| {
        !plan.private
            && plan
                .parent
                .is_some_and(|p| plain(d, 0, &d.zones[p]) && d.zones[p].delegate_in.is_none())
    })?;
    let parent = draft.zones[child].parent.expect("it has one");
    let (name, _, upper) = take(draft, parent);
    let line = draft.line(child, "MX", "10 mail.example.");
    draft.zones[upper].lines.push(line);
    draft.expect("occluded-records", &name);
    Some(())
}

fn occluded_delegation(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| {
        plain(d, 0, plan) && plan.delegation == DelegationSpec::Own && plan.delegate_in.is_none()
    })?;
    let (_, _, parent) = take(draft, zone);
    let name = draft.name_below(zone);
    draft.zones[parent].lines.push(format!("{name}. 300 NS $GONE(o)"));
    draft.expect("occluded-delegation", &name);
    Some(())
}

/// Grandparent and parent both delegate.
fn grandparent_delegates(draft: &mut Draft) -> Option<()> {
    let child = pick(draft, |d, _, plan| {
        let fits = |p: usize| plain(d, 0, &d.zones[p]) && d.zones[p].delegate_in.is_none();
        plain(d, 0, plan) && plan.parent.is_some_and(fits)
    })?;
    let (name, _, parent) = take(draft, child);
    let (_, _, upper) = take(draft, parent);
    let line = draft.line(child, "NS", "$GONE(g)");
    draft.zones[upper].lines.push(line);
    draft.expect("occluded-delegation", &name);
    Some(())
}

/// A zone below one in which a DS has an effect.
fn below_trust(draft: &Draft, _: usize, plan: &Plan) -> bool {
    plain(draft, 0, plan) && plan.parent.is_some_and(|parent| draft.is_trusted(parent))
}

fn unsigned_with_ds(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, place, plan| {
        let leaf = !d.zones.iter().any(|other| other.parent == Some(place) && other.has_ds);
        below_trust(d, 0, plan) && plan.signing == "NOT_SIGNING" && leaf
    })?;
    let (name, _, parent) = take(draft, zone);
    draft.zones[zone].has_ds = true;
    if draft.rng.bool() {
        draft.zones[zone].signing = "ACTION_NEEDED";
    }
    let line = draft.line(zone, "DS", WRONG_DS);
    draft.zones[parent].lines.push(line);
    draft.expect("ds-without-dnskey", &name);
    Some(())
}

fn wrong_ds(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| below_trust(d, 0, plan) && plan.signing == "SIGNING")?;
    let (name, _, parent) = take(draft, zone);
    draft.zones[zone].has_ds = true;
    let line = draft.line(zone, "DS", WRONG_DS);
    draft.zones[parent].lines.push(line);
    draft.expect("ds-mismatch", &name);
    Some(())
}

fn ds_in_unsigned_parent(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, _, plan| {
        let parent = plan.parent.map(|parent| &d.zones[parent]);
        let no_chain = |p: &Plan| p.signing == "NOT_SIGNING" || (plain(d, 0, p) && p.delegate_in.is_none());
        plain(d, 0, plan) && plan.signing == "SIGNING" && parent.is_some_and(no_chain)
    })?;
    let (name, key, parent) = take(draft, zone);
    draft.zones[parent].taken = true;
    draft.zones[zone].has_ds = true;
    let is_right = draft.rng.bool();
    let value = if is_right {
        format!("$DS({key})")
    } else {
        WRONG_DS.to_owned()
    };
    let line = draft.line(zone, "DS", &value);
    draft.zones[parent].lines.push(line);
    draft.expect("ds-in-unsigned-parent", &name);
    if !is_right {
        draft.expect("ds-mismatch", &name);
    }
    Some(())
}

/// Any public zone in which a name of its own can be made.
fn holds_names(_: &Draft, _: usize, plan: &Plan) -> bool {
    !plan.private && plan.deny.is_empty()
}

fn ds_alone(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, holds_names)?;
    let name = draft.name_below(zone);
    draft.zones[zone].lines.push(format!("{name}. 300 DS {WRONG_DS}"));
    draft.expect("ds-without-delegation", &name);
    Some(())
}

/// A zone whose names are what resolvers follow: not the dead one of several.
fn is_followed(draft: &Draft, place: usize, plan: &Plan) -> bool {
    holds_names(draft, place, plan) && !has_twin(draft, place)
}

/// A delegation at a name of which there is no zone. In the dead one of several zones it is another fault altogether.
fn name_fault(draft: &mut Draft, values: &str, codes: &[&str]) -> Option<()> {
    let zone = pick(draft, is_followed)?;
    draft.zones[zone].taken = true;
    let name = draft.name_below(zone);
    draft.zones[zone].lines.push(format!("{name}. 300 NS {values}"));
    for code in codes {
        draft.expect(code, &name);
    }
    Some(())
}

fn self_without_zone(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, is_followed)?;
    draft.zones[zone].taken = true;
    let name = draft.name_below(zone);
    let values = format!("$SET({})", draft.zones[zone].key);
    draft.zones[zone].lines.push(format!("{name}. 300 NS {values}"));
    draft.expect("self-delegation", &name);
    Some(())
}

fn glue(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, is_followed)?;
    draft.zones[zone].taken = true;
    let name = draft.name_below(zone);
    draft.zones[zone]
        .lines
        .push(format!("{name}. 300 NS ns1.{name}. ns2.{name}."));
    if draft.rng.bool() {
        draft.zones[zone]
            .lines
            .push(format!("ns2.{name}. 300 AAAA 2001:db8::53"));
    }
    if draft.rng.bool() {
        draft.zones[zone].lines.push(format!("ns3.{name}. 300 A 192.0.2.53"));
        draft.expect("occluded-records", &name);
    }
    draft.expect("glue-missing", &name);
    Some(())
}

/// A zone below a name that is delegated out of sight.
fn hidden_parent(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, is_followed)?;
    draft.zones[zone].taken = true;
    let between = draft.name_below(zone);
    draft.zones[zone]
        .lines
        .push(format!("{between}. 300 NS {}", PROVIDER.join(" ")));
    let name = format!("portal.{between}");
    let portal = draft.add(name.clone(), None);
    draft.zones[portal].delegation = DelegationSpec::Absent;
    draft.zones[portal].taken = true;
    draft.expect("parent-not-visible", &name);
    Some(())
}

fn unread(draft: &mut Draft) -> Option<()> {
    let zone = pick(draft, |d, place, plan| {
        let leaf = !d.zones.iter().any(|other| other.parent == Some(place));
        let own = !plan
            .lines
            .iter()
            .any(|line| line.contains(" NS ") || line.contains(" DS "));
        plan.delegation == DelegationSpec::Own && plan.deny.is_empty() && (plan.private || (leaf && own && !plan.taken))
    })?;
    draft.zones[zone].taken = true;
    draft.zones[zone].deny = vec!["ListResourceRecordSets".into()];
    let name = draft.zones[zone].name.clone();
    draft.expect("unread-account", &name);
    Some(())
}
