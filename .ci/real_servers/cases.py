"""The labelled cases: what is wrong with each, and which codes checks.md asks for in that state, no more and no fewer."""

from . import names
from .case import Builder
from .zones import ds_value, generate

CASES = []


def case(label, title, parent="example.com."):
    def register(build):
        CASES.append((label, title, parent, build))
        return build

    return register


def organisation(internet):
    """The organisation's own zones, in which the cases are delegated: name to hosted zone."""
    zones = {}
    for name, account, kind, signing in [("example.com.", "network", "nsd", False), ("example.net.", "security", "knot", True),
                                         ("team.example.com.", "team", "bind", False),
                                         ("113.0.203.in-addr.arpa.", "network", "knot", False)]:
        hosted = zones[name] = internet.hosted_zone(account, name, kind, signing=signing)
        above = zones.get(names.parent(name))
        registry = above.zone if above else internet.by_name[names.parent(names.parent(names.parent(name)))
                                                             if name.endswith("203.in-addr.arpa.") else names.parent(name)]
        internet.delegate(registry, name, hosted.set, ds=[hosted.zone.key.ds()] if signing else ())
        hosted.zone.add("www", "A", "93.184.216.34")
    return zones


def build(internet):
    """Puts all cases into the internet."""
    zones = organisation(internet)
    cases = []
    for label, title, parent, function in CASES:
        builder = Builder(internet, zones[parent], label, title)
        for part in [builder, *(function(builder) or ())]:
            if part.served_by_strangers():
                part.case.codes[part.name].add("delegated-elsewhere")
                builder.case.codes.update(part.case.codes)
        cases.append(builder.case)
    return cases if 6 in internet.network.families else without_ipv6(cases)


def without_ipv6(cases):
    """Those that are neither about IPv6 nor need bind9: where nobody has an IPv6 address, the lack of one is no finding."""
    return [case for case in cases if case.label not in ("ipv4-only", "ipv6-only", "open")]


# Healthy ones.


@case("two", "two servers of two kinds")
def _(c):
    c.plain("bind-one", "knot-one")


@case("four", "four servers of three kinds")
def _(c):
    c.plain("bind-one", "knot-one", "nsd-one", "bind-two")


@case("third-level", "below a zone that is itself delegated to another account", "team.example.com.")
def _(c):
    c.plain("nsd-one", "knot-two")


@case("glue", "servers inside the zone, with the right glue")
def _(c):
    hosts = c.delegate([c.host("bind-one", f"ns1.{c.name}"), c.host("nsd-two", f"ns2.{c.name}")])
    zone = c.zone(hosts, "bind-one", "nsd-two")
    for host in hosts:
        c.internet.publish(zone, host)


@case("a.b.c.d.deep", "five labels below its parent, and no cut between")
def _(c):
    c.plain("knot-one", "nsd-one")


@case("xn--mnchen-3ya", "an internationalised name")
def _(c):
    c.plain("bind-two", "nsd-two")


@case(r"point\.in\032label", "a point and a blank in a label")
def _(c):
    c.plain("knot-two", "bind-one")


@case("under_score", "an underscore in the name")
def _(c):
    c.plain("nsd-one", "knot-one")


@case("64/26", "a reverse zone as RFC 2317 delegates it", "113.0.203.in-addr.arpa.")
def _(c):
    hosts = c.delegate(c.hosts("bind-one", "nsd-one"))
    c.zone(hosts, "bind-one", "nsd-one").add("65", "PTR", "www.two.example.com.")
    c.parent.add("65", "CNAME", f"65.{c.name}")
    c.case.question = (f"65.{c.parent.name}", "PTR")


@case("cut.wild", "a wildcard in the parent above the cut")
def _(c):
    c.parent.add("*.wild", "A", "93.184.216.35")
    c.plain("bind-one", "knot-one")


@case("alias", "an alias into another zone, below another cut")
def _(c):
    hosts = c.delegate(c.hosts("nsd-one", "bind-two"))
    zone = c.zone(hosts, "nsd-one", "bind-two")
    zone.add("shop", "CNAME", "www.team.example.com.")
    c.case.question = (f"shop.{c.name}", "A")


@case("dname", "a DNAME into another zone")
def _(c):
    hosts = c.delegate(c.hosts("knot-one", "bind-two"))
    c.zone(hosts, "knot-one", "bind-two").add("old", "DNAME", "two.example.com.")
    c.case.question = (f"www.old.{c.name}", "A")


@case("large-answer", "an answer that does not fit a datagram")
def _(c):
    hosts = c.delegate(c.hosts("nsd-two", "knot-two"))
    zone = c.zone(hosts, "nsd-two", "knot-two")
    for number in range(200):
        zone.add("big", "A", f"93.184.{number}.1")
    c.case.question = (f"big.{c.name}", "A")


@case("unsigned", "an unsigned zone below a signed one", "example.net.")
def _(c):
    c.plain("bind-one", "nsd-one")


@case("signed", "a signed zone with its DS", "example.net.")
def _(c):
    signed(c)


@case("two-keys", "two DS for two keys, both in use", "example.net.")
def _(c):
    zone, key = signed(c)
    other = generate(c.name, c.internet.directory + "/keys")
    zone.add("", "DNSKEY", other.text)
    c.parent.add(c.name, "DS", other.ds())


def signed(c, ds=True, instances=("knot-one", "bind-two")):
    """A signed zone, with its DS unless it is not to have one."""
    hosts = c.hosts(*instances)
    zone = c.zone(hosts, *instances)
    key = c.internet.key(zone)
    c.delegate(hosts, ds=[key.ds()] if ds else ())
    c.case.signed = True
    return zone, key


# Servers that do not serve the zone.


def one_of_two(c, host, code, *more):
    """One good server beside one that is lame."""
    hosts = c.delegate([c.host("bind-one"), host])
    c.found("dangling-nameserver", code, *more)
    return c.zone(hosts, "bind-one")


@case("refused", "one server of two refuses")
def _(c):
    one_of_two(c, c.host("knot-one", fact="refused"), "lame-refused")


@case("refused-of-four", "one server of four refuses")
def _(c):
    hosts = c.delegate([*c.hosts("knot-one", "nsd-one", "bind-two"), c.host("bind-one", fact="refused")])
    c.zone(hosts, "knot-one", "nsd-one", "bind-two")
    c.found("dangling-nameserver", "lame-refused")


def unloadable(c, instance):
    one_of_two(c, c.host(instance, fact="servfail"), "lame-servfail")
    c.internet.unloadable(c.name, instance)


@case("servfail-bind", "bind could not load the zone")
def _(c):
    unloadable(c, "bind-two")


@case("servfail-knot", "knot could not load the zone")
def _(c):
    unloadable(c, "knot-one")


@case("servfail-nsd", "nsd could not load the zone")
def _(c):
    unloadable(c, "nsd-one")


@case("cached", "a resolver's cache in place of a server")
def _(c):
    zone = one_of_two(c, c.host("cache", fact="not-authoritative"), "lame-not-authoritative", "recursion-offered")
    zone.ttl = 86400
    c.internet.primed = c.name


@case("upward", "a server with a copy of the root refers upwards")
def _(c):
    one_of_two(c, c.host("root-copy", fact="upward-referral"), "lame-referral")


@case("old-copy-refers", "a server with a copy of the parent refers to itself")
def _(c):
    host = c.host("old-copies", fact="self-referral")
    one_of_two(c, host, "lame-referral")
    old_copy(c).add(c.name, "NS", host.name)
    c.depends()


@case("old-copy-denies", "a server with a copy of the parent says that the name does not exist")
def _(c):
    one_of_two(c, c.host("old-copies", fact="nxdomain"), "lame-nxdomain")
    old_copy(c)
    c.depends()


@case("old-copy-knows-nothing", "a server with a copy of the parent knows the name, and no zone")
def _(c):
    one_of_two(c, c.host("old-copies", fact="nodata"), "lame-nodata")
    old_copy(c).add(c.name, "TXT", '"moved"')
    c.depends()


def old_copy(c):
    """The parent's zone as it was before the delegations."""
    known = c.internet.served.get("old-copies", {}).get(c.parent.name)
    if known is None:
        known = c.internet.zone(c.parent.name, ["dns1.old-copies-example.net."], "old-copies", serial=9)
    return known


@case("not-implemented", "one server implements nothing")
def _(c):
    one_of_two(c, c.stumbling("not-implemented", "bind-one", fact="notimp"), "lame-unexpected-rcode")


@case("malformed", "one server's answers cannot be read")
def _(c):
    hosts = c.delegate([c.host("bind-one"), c.stumbling("malformed", "bind-one", fact="malformed")])
    c.zone(hosts, "bind-one")
    c.found("ns-malformed-response")


@case("all-refuse", "both servers refuse")
def _(c):
    c.delegate(c.hosts("bind-one", "nsd-one", fact="refused"))
    c.found("dangling-delegation", "no-working-nameserver", "lame-refused")
    c.fails()


@case("all-lame", "each of three servers is lame in its own way")
def _(c):
    c.delegate([c.host("knot-one", fact="refused"), c.host("nsd-two", fact="servfail"),
                c.host("root-copy", fact="upward-referral")])
    c.internet.unloadable(c.name, "nsd-two")
    c.found("dangling-delegation", "no-working-nameserver", "lame-refused", "lame-servfail", "lame-referral")
    c.fails()


@case("all-refer", "both servers hold a copy of the root")
def _(c):
    c.delegate([c.host("root-copy", fact="upward-referral"), c.host("root-copy", fact="upward-referral")])
    c.found("dangling-delegation", "no-working-nameserver", "lame-referral")
    c.fails()


# Servers that do not answer.


@case("silent", "one server of four is silent")
def _(c):
    hosts = c.delegate([*c.hosts("bind-one", "knot-one", "nsd-one"), c.host("void", fact="silent")])
    c.zone(hosts, "bind-one", "knot-one", "nsd-one")
    c.found("ns-no-response")


@case("all-silent", "both servers are silent")
def _(c):
    c.delegate(c.hosts("void", "void", fact="silent"))
    c.found("ns-no-response", "no-working-nameserver")
    c.fails()


@case("port-closed", "nothing listens on port 53 of one server")
def _(c):
    hosts = c.delegate([c.host("bind-one"), c.host("closed", fact="unreachable")])
    c.zone(hosts, "bind-one")
    c.found("ns-no-response")


@case("silent-or-refused", "one is silent, one refuses: nobody can know whether it dangles")
def _(c):
    c.delegate([c.host("void", fact="silent"), c.host("knot-one", fact="refused")])
    c.found("no-working-nameserver", "ns-no-response", "lame-refused")
    c.fails()


@case("tcp-closed", "one server does not serve TCP")
def _(c):
    hosts = c.delegate([c.host("bind-one"), c.stumbling("tcp-closed", "bind-one")])
    c.zone(hosts, "bind-one")
    c.found("tcp-unreachable")


@case("edns-dropped", "one server drops what has an OPT record")
def _(c):
    hosts = c.delegate([c.host("bind-one"), c.stumbling("edns-dropped", "bind-one")])
    c.zone(hosts, "bind-one")
    c.found("edns-broken")


@case("edns-dropped-everywhere", "one server drops what has an OPT record, over TCP as well")
def _(c):
    hosts = c.delegate([c.host("bind-one"), c.stumbling("edns-dropped-everywhere", "bind-one")])
    c.zone(hosts, "bind-one")
    c.found("edns-broken")


@case("edns-formerr", "one server knows no OPT record")
def _(c):
    hosts = c.delegate([c.host("bind-one"), c.stumbling("edns-formerr", "bind-one")])
    c.zone(hosts, "bind-one")
    c.found("edns-unsupported")


@case("slow", "one server takes more than a second")
def _(c):
    hosts = c.delegate([c.host("bind-one"), c.stumbling("slow", "bind-one")])
    c.zone(hosts, "bind-one")
    c.found("slow-nameserver")


@case("open", "one server is an open resolver as well")
def _(c):
    hosts = c.delegate(c.hosts("bind-two", "open"))
    c.zone(hosts, "bind-two", "open")
    c.found("recursion-offered")


# Names and addresses of servers.


@case("ipv4-only", "servers without IPv6")
def _(c):
    hosts = c.delegate([c.host(instance, families=(4,)) for instance in ("bind-one", "knot-one")])
    c.zone(hosts, "bind-one", "knot-one")
    c.found("no-ipv6")


@case("ipv6-only", "servers without IPv4")
def _(c):
    hosts = c.delegate([c.host(instance, families=(6,)) for instance in ("bind-one", "nsd-one")])
    c.zone(hosts, "bind-one", "nsd-one")
    c.found("no-ipv4")


@case("single", "one name server")
def _(c):
    hosts = c.delegate([c.host("bind-one")])
    c.zone(hosts, "bind-one")
    c.found("single-nameserver")


@case("shared-address", "two names, one address")
def _(c):
    first = c.host("knot-one")
    hosts = c.delegate([first, c.host("knot-one", at=first.addresses)])
    c.zone(hosts, "knot-one")
    c.found("ns-shared-address")


@case("glue-wrong", "glue that is not what the zone says, and serves as well")
def _(c):
    hosts = [c.host("bind-one", f"ns1.{c.name}"), c.host("nsd-two", f"ns2.{c.name}")]
    glue = [c.host("bind-one", f"ns1.{c.name}"), hosts[1]]
    c.delegate(hosts, glue=glue)
    zone = c.zone(hosts, "bind-one", "nsd-two")
    for host in hosts:
        c.internet.publish(zone, host)
    c.found("glue-mismatch")


@case("glue-dead", "glue of a server that is gone")
def _(c):
    hosts = [c.host("knot-one", f"ns1.{c.name}"), c.host("nsd-two", f"ns2.{c.name}")]
    c.delegate(hosts, glue=[c.host("void", f"ns1.{c.name}", fact="silent"), hosts[1]])
    zone = c.zone(hosts, "knot-one", "nsd-two")
    for host in hosts:
        c.internet.publish(zone, host)
    c.found("glue-mismatch", "ns-no-response")


@case("glue-missing", "no glue for one of two servers in the zone")
def _(c):
    hosts = [c.host("bind-one", f"ns1.{c.name}"), c.host("nsd-two", f"ns2.{c.name}")]
    c.delegate(hosts, glue=hosts[:1])
    zone = c.zone(hosts, "bind-one", "nsd-two")
    for host in hosts:
        c.internet.publish(zone, host)
    c.found("glue-missing")


@case("no-glue", "no glue for any server, all of which are in the zone")
def _(c):
    hosts = [c.host("bind-one", f"ns1.{c.name}"), c.host("nsd-two", f"ns2.{c.name}")]
    c.delegate(hosts, glue=[])
    zone = c.zone(hosts, "bind-one", "nsd-two")
    for host in hosts:
        c.internet.publish(zone, host)
    c.found("glue-missing", "no-working-nameserver")
    c.fails()


@case("ns-unknown", "the name of one server does not exist, in a domain that does")
def _(c):
    hosts = c.delegate([c.host("bind-one"), "nowhere.bind-one-example.net."])
    c.zone(hosts, "bind-one")
    c.found("ns-unresolvable")


@case("ns-without-address", "the name of one server exists and has no address")
def _(c):
    c.internet.by_name["bind-one-example.net."].add("nothing", "TXT", '"no server here"')
    hosts = c.delegate([c.host("bind-one"), "nothing.bind-one-example.net."])
    c.zone(hosts, "bind-one")
    c.found("ns-unresolvable")


@case("ns-unregistered", "the domain of one server's name can be registered by anybody")
def _(c):
    hosts = c.delegate([c.host("bind-one"), "ns1.nobody-registered-this-example.com."])
    c.zone(hosts, "bind-one")
    c.found("ns-domain-unregistered")


@case("ns-alias", "the name of one server is an alias")
def _(c):
    host = c.host("knot-one")
    c.internet.by_name["knot-one-example.org."].add("alias", "CNAME", host.name)
    hosts = c.delegate([c.host("bind-one"), "alias.knot-one-example.org."])
    c.zone(hosts, "bind-one", "knot-one")
    c.found("ns-is-cname")


@case("ns-private", "one server's address is a private one")
def _(c):
    c.internet.by_name["bind-one-example.net."].add("inside", "A", "10.1.2.3")
    hosts = c.delegate([c.host("bind-one"), c.host("knot-one"), "inside.bind-one-example.net."])
    c.zone(hosts, "bind-one", "knot-one")
    c.found("ns-non-public-address")


@case("large-referral", "the referral is larger than 512 octets")
def _(c):
    hosts = [c.host(instance, f"{letter * 60}.{letter * 55}.{c.name}")
             for letter, instance in zip("abcd", ("bind-one", "knot-one", "nsd-one", "bind-two"))]
    c.delegate(hosts)
    zone = c.zone(hosts, "bind-one", "knot-one", "nsd-one", "bind-two")
    for host in hosts:
        c.internet.publish(zone, host)
    c.found("referral-too-large")


@case("cycle-a", "its servers are in a zone whose servers are in it")
def _(c):
    cycle(c, "cycle-b")


@case("cycle-b", "its servers are in a zone whose servers are in it")
def _(c):
    cycle(c, "cycle-a")


def cycle(c, other):
    other = f"{other}.{c.parent.name}"
    hosts = c.delegate([f"ns1.{other}", f"ns2.{other}"])
    zone = c.zone(hosts, "bind-one")
    for number in (1, 2):
        c.internet.publish(zone, c.internet.host("bind-one", f"ns{number}.{c.name}"))
    c.found("cyclic-dependency", "no-working-nameserver")
    c.fails()


# What the servers say differs.


@case("fewer-in-parent", "the zone lists one server more than its parent")
def _(c):
    hosts = c.hosts("bind-one", "knot-one", "nsd-one")
    c.delegate(hosts[:2])
    c.zone(hosts, "bind-one", "knot-one", "nsd-one")
    c.found("parent-child-ns-mismatch")


@case("nothing-in-common", "parent and zone list different servers, all of which serve")
def _(c):
    c.delegate(c.hosts("bind-one", "knot-one"))
    c.zone(c.hosts("bind-two", "nsd-one"), "bind-one", "knot-one", "bind-two", "nsd-one")
    c.found("parent-child-ns-mismatch")


@case("ns-sets-differ", "the servers list different servers")
def _(c):
    hosts = c.hosts("bind-one", "knot-one", "nsd-one")
    c.delegate(hosts[:2])
    zone = c.zone(hosts[:2], "bind-one", "nsd-one")
    c.internet.serve(zone.copy(servers=[host.name for host in hosts]), "knot-one")
    c.found("ns-set-inconsistent", "parent-child-ns-mismatch")


@case("serials-differ", "one server has an older version")
def _(c):
    hosts, zone = c.plain("bind-one", "knot-one")
    c.internet.serve(zone.copy(serial=7), "knot-one")
    c.found("soa-serial-mismatch")


@case("mnames-differ", "the servers name different primaries")
def _(c):
    hosts, zone = c.plain("bind-one", "nsd-one")
    c.internet.serve(zone.copy(mname=hosts[1].name), "nsd-one")
    c.found("soa-mname-mismatch")


@case("rift", "two of the parent's four servers do not know the delegation")
def _(c):
    c.depends()
    return rift(c, "parent-inconsistent", lambda record, child: record[0] != child)


@case("ds-rift", "two of the parent's four servers do not have the DS")
def _(c):
    # Below a registry: the API would tell of other keys than those that really sign, and its DS be held against them.
    c.move("ds-rift-example.net.", c.internet.by_name["net."])
    return rift(c, "ds-inconsistent", lambda record, child: record[2] != "DS" or record[0] != child, sign=True)


def rift(c, code, keeps, sign=False):
    """A hosted zone of two versions: half of its servers have only the records that `keeps` keeps."""
    halves = [c.internet.delegation_set("nsd"), c.internet.delegation_set("knot")]
    hosts = [*halves[0][:2], *halves[1][2:]]
    hosted = c.internet.hosted_zone("team", c.name, set=hosts, signing=sign)
    for host in c.delegate(hosts, ds=[hosted.zone.key.ds()] if sign else ()):
        c.fact(host, "authoritative")
    inner = Builder(c.internet, hosted, "inner", c.case.title)
    children = inner.hosts("bind-one", "nsd-two")
    zone = inner.zone(children, "bind-one", "nsd-two")
    inner.delegate(children, ds=[c.internet.key(zone).ds()] if sign else ())
    old = hosted.zone.copy()
    old.records = [record for record in old.records if keeps(record, inner.name)]
    c.internet.serve(old, halves[1][0].instance)
    inner.found(code)
    c.case.facts += inner.case.facts
    c.case.question, c.case.signed = inner.case.question, sign
    return [inner]


@case("multi", "a zone of two providers; what it delegates is served by one of them as well")
def _(c):
    hosted_set = c.internet.delegation_set("nsd")
    other = c.internet.host("bind-one")
    hosts = [*hosted_set, other]
    hosted = c.internet.hosted_zone("team", c.name, set=hosted_set, apex=hosts)
    c.internet.serve(hosted.zone, "bind-one")
    c.delegate(hosts)
    for host in hosts:
        c.fact(host, "authoritative")
    inner = Builder(c.internet, hosted, "inner", c.case.title)
    inner.plain("bind-one", "knot-two")
    c.case.facts += inner.case.facts
    c.case.question = inner.case.question
    return [inner]


# DNSSEC.


@case("ds-of-nobody", "the DS is of no key of the zone", "example.net.")
def _(c):
    signed(c, ds=False)
    c.parent.add(c.name, "DS", generate(c.name, c.internet.directory + "/keys").ds())
    c.found("ds-mismatch")
    c.fails()


@case("ds-of-unsigned", "a DS for a zone without keys", "example.net.")
def _(c):
    c.plain("bind-one", "nsd-one", ds=[generate(c.name, c.internet.directory + "/keys").ds()])
    c.case.signed = True
    c.found("ds-without-dnskey")
    c.fails()


@case("expired", "the signatures have expired", "example.net.")
def _(c):
    zone, _ = signed(c, instances=("nsd-one", "bind-two"))
    zone.expired = True
    c.found("rrsig-expired")
    c.fails()


@case("forged", "the signature of the keys is wrong", "example.net.")
def _(c):
    zone, _ = signed(c)
    zone.forged = "DNSKEY"
    c.found("rrsig-invalid")
    c.fails()


@case("other-key-signs", "the key of the DS is there, and does not sign", "example.net.")
def _(c):
    zone, _ = signed(c, ds=False)
    other = generate(c.name, c.internet.directory + "/keys")
    zone.add("", "DNSKEY", other.text)
    c.parent.add(c.name, "DS", other.ds())
    c.found("dnskey-not-signed-by-ds")
    c.fails()


@case("old-ds", "a DS of an old key beside the right one", "example.net.")
def _(c):
    signed(c)
    c.parent.add(c.name, "DS", generate(c.name, c.internet.directory + "/keys").ds())
    c.found("ds-stale")


@case("algorithm-unknown", "signed with an algorithm that nobody implements", "example.net.")
def _(c):
    key = bytes([1, 1, 3, 200]) + bytes(range(64))
    hosts, zone = c.plain("bind-one", "knot-one", ds=[ds_value(c.name, key)])
    zone.add("", "DNSKEY", "257 3 200 AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==")
    c.case.signed = True
    c.found("ds-unsupported")


@case("digest-unknown", "the DS has a digest type that nobody implements", "example.net.")
def _(c):
    _, key = signed(c, ds=False)
    c.parent.add(c.name, "DS", key.ds(digest_type=200))
    c.found("ds-unsupported")


@case("no-ds", "a signed zone without a DS", "example.net.")
def _(c):
    signed(c, ds=False)
    c.found("signed-without-ds")


@case("ds-without-chain", "a DS in a zone that is not signed itself")
def _(c):
    signed(c)
    c.found("ds-in-unsigned-parent")


@case("cds", "the zone asks for another DS", "example.net.")
def _(c):
    zone, _ = signed(c)
    zone.add("", "CDS", generate(c.name, c.internet.directory + "/keys").ds())
    c.found("cds-pending")


# Zones in Route 53.


@case("hosted", "a hosted zone in another account")
def _(c):
    hosted = c.internet.hosted_zone("team", c.name, "bind")
    hosted.zone.add("www", "A", "93.184.216.34")
    for host in c.delegate(hosted.set):
        c.fact(host, "authoritative")


@case("gone", "its hosted zone was deleted")
def _(c):
    for host in c.delegate(c.internet.delegation_set(instance="amazon")):
        c.fact(host, "refused")
    c.found("dangling-delegation", "no-working-nameserver", "lame-refused")
    c.fails()


@case("strangers", "hosted in an account that is not read")
def _(c):
    hosts = c.delegate(c.internet.delegation_set("knot"))
    for host in hosts:
        c.fact(host, "authoritative")
    c.zone(hosts, hosts[0].instance)
    c.found("delegated-to-unknown-account")


@case("created-again", "its hosted zone was deleted and created again")
def _(c):
    hosted = c.internet.hosted_zone("team", c.name, "knot")
    hosted.zone.add("www", "A", "93.184.216.34")
    for host in c.delegate(c.internet.delegation_set(instance="amazon")):
        c.fact(host, "refused")
    c.found("stale-delegation-set", "no-working-nameserver", "lame-refused", "parent-child-ns-mismatch")
    c.fails()


@case("one-gone", "one of four names is of a hosted zone that was deleted")
def _(c):
    hosted = c.internet.hosted_zone("team", c.name, "knot")
    hosted.zone.add("www", "A", "93.184.216.34")
    for host in c.delegate(hosted.set[:3]):
        c.fact(host, "authoritative")
    for host in c.delegate(c.internet.delegation_set(instance="amazon")[3:]):
        c.fact(host, "refused")
    c.found("dangling-nameserver", "lame-refused", "parent-child-ns-mismatch")


@case("half-a-set", "two of four names")
def _(c):
    hosted = c.internet.hosted_zone("team", c.name, "nsd")
    hosted.zone.add("www", "A", "93.184.216.34")
    for host in c.delegate(hosted.set[:2]):
        c.fact(host, "authoritative")
    c.found("incomplete-set", "parent-child-ns-mismatch")


@case("not-delegated", "a hosted zone that its parent does not delegate")
def _(c):
    hosted = c.internet.hosted_zone("team", c.name, "nsd")
    hosted.zone.add("www", "A", "93.184.216.34")
    c.found("missing-delegation")
    c.fails()


@case("cut.shadow", "a hosted zone that a wildcard of its parent covers")
def _(c):
    hosted = c.internet.hosted_zone("team", c.name, "bind")
    hosted.zone.add("www", "A", "93.184.216.34")
    c.parent.add("*.shadow", "A", "93.184.216.36")
    c.found("missing-delegation", "wildcard-shadows-child")
    c.case.differs = "a wildcard of the parent answers in the place of the zone, which nobody refers to"


@case("to-itself", "delegated to its parent's own servers")
def _(c):
    for host in c.delegate(c.hosted.set):
        c.fact(host, "self-referral")
    c.found("self-delegation", "no-working-nameserver", "lame-referral")
    c.fails()


@case("to-private", "delegated to the servers of private zones")
def _(c):
    for host in c.delegate(c.internet.fixed_set):
        c.fact(host, "refused")
    c.found("delegation-to-private-zone", "no-working-nameserver", "lame-refused")
    c.fails()


@case("elsewhere", "a hosted zone that is not used, for another provider serves the name")
def _(c):
    c.internet.hosted_zone("team", c.name, "nsd")
    c.plain("bind-one", "knot-one")
    c.found("orphan-zone", "parent-child-ns-mismatch")


@case("torn", "delegated to two halves of two hosted zones")
def _(c):
    zones = [c.internet.hosted_zone(account, c.name, kind) for account, kind in (("team", "knot"), ("security", "nsd"))]
    for hosted in zones:
        hosted.zone.add("www", "A", "93.184.216.34")
    for host in c.delegate([*zones[0].set[:2], *zones[1].set[2:]]):
        c.fact(host, "authoritative")
    c.found("split-delegation", "ns-set-inconsistent", "soa-mname-mismatch", "parent-child-ns-mismatch",
            "duplicate-zone")


@case("apex-edited", "the zone lists a server that refuses")
def _(c):
    hosted_set = c.internet.delegation_set("knot")
    stranger = c.host("nsd-one", fact="refused")
    hosted = c.internet.hosted_zone("team", c.name, set=hosted_set, apex=[*hosted_set, stranger])
    hosted.zone.add("www", "A", "93.184.216.34")
    for host in c.delegate(hosted_set):
        c.fact(host, "authoritative")
    c.found("apex-ns-foreign", "apex-ns-edited", "lame-refused", "parent-child-ns-mismatch")
