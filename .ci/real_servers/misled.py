"""A resolver that lies, and IPv6 that leads nowhere: neither is a reason to call anything broken.

A few of the cases are served as ever; what the resolver of this machine says, or which of the servers' addresses can be reached,
is not as it should be.
"""

import contextlib
import json
import os
import socket
import threading

from . import cases, network, running
from .internet import Internet
from .judged import Organisation

LIE = "93.184.216.99"
TRUTH = "93.184.216.34"
# The cases that are looked at; what else there is must be there for them.
LABELS = ("two", "four", "ipv4-only", "ipv6-only", "all-refuse")


class Liar:
    """A resolver that says what it likes: an address for some names, no such name for all others."""

    def __init__(self, address, lies):
        self.lies = lies
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind((address, 53))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            query, client = self.socket.recvfrom(4096)
            end, labels = 12, []
            while query[end]:
                labels.append(query[end + 1:end + 1 + query[end]].decode().lower())
                end += 1 + query[end]
            lie = self.lies.get(".".join(labels))
            question = query[12:end + 5]
            record = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x01\x2c\x00\x04" + socket.inet_aton(lie) if lie else b""
            head = query[:2] + bytes([0x81, 0x80 if lie else 0x83, 0, 1, 0, 1 if lie else 0, 0, 0, 0, 0])
            self.socket.sendto(head + question + record, client)


class Judge:
    """Counts what is not as it should be."""

    def __init__(self, organisation):
        self.organisation, self.problems = organisation, []

    def expect(self, what, holds, seen):
        if not holds:
            self.problems.append(f"{what}: {seen}")

    def document(self, *arguments, code):
        ran = self.organisation.run(*arguments, "--json", "-q", ends_with=range(8))
        self.expect(" ".join(arguments), ran.returncode == code, f"ended with {ran.returncode} instead of {code}: {ran.stderr[-300:]}")
        return json.loads(ran.stdout or "{}")

    def tell(self, what):
        print(f"{what}: {'as it should be' if not self.problems else 'NOT as it should be'}", flush=True)
        for problem in self.problems:
            print("  " + problem)
        return not self.problems


@contextlib.contextmanager
def served(zonecut, directory):
    """An internet with a few of the cases, and the organisation in it."""
    place = network.Namespace()
    place.prepare(directory)
    internet = Internet(directory, place)
    known = {case.label: case for case in cases.build(internet) if case.label in LABELS}
    started = []
    try:
        running.start(internet, directory, started)
        organisation = Organisation(zonecut, internet, directory)
        started.append(organisation)
        organisation.start()
        yield organisation, known, started
    finally:
        for server in started:
            server.stop()


def findings(document, known):
    """What is found at the names of these cases."""
    names = {name.rstrip(".") for case in known.values() for name in case.codes}
    return {(line["code"], line["name"]) for line in document.get("findings", []) if line["name"] in names}


def labels(known):
    return {(code, name.rstrip(".")) for case in known.values() for name, codes in case.codes.items() for code in codes}


def lying_resolver(organisation, known, started):
    """The resolver of the system says another address, denies a name that exists, and gives an address to one that is broken."""
    resolver = next(server for server in started if getattr(server, "key", None) == "resolver")
    address = resolver.addresses[0]
    resolver.stop()
    two, four, refused = (known[label].question[0].rstrip(".") for label in ("two", "four", "all-refuse"))
    Liar(address, {two: LIE, refused: LIE})
    judge = Judge(organisation)
    document = judge.document("check", code=3)
    judge.expect("check", findings(document, known) == labels(known), findings(document, known) ^ labels(known))
    judge.expect("check is complete", document["complete"], document["live"])
    for name, outlook, code, answer, lie, word in ((two, "resolves", 0, [TRUTH], [LIE], LIE),
                                                  (four, "resolves", 0, [TRUTH], [], "NXDOMAIN"),
                                                  (refused, "broken", 3, [], [LIE], LIE)):
        document = judge.document("trace", name, "A", code=code)
        judge.expect(name, document["verdict"]["outlook"] == outlook, document["verdict"])
        judge.expect(name, [record["data"] for record in document["answer"]["records"]] == answer, document["answer"])
        [said] = document["resolvers"]
        judge.expect(name, (said["address"], said["choice"]) == (address, "system"), said)
        judge.expect(name, [record["data"] for record in said["records"]] == lie, said)
        text = organisation.run("trace", name, "A", ends_with=range(8)).stdout
        beside = [line for line in text.splitlines() if line.split()[:2] == [address, "(system)"]]
        judge.expect(name, len(beside) == 1 and word in beside[0], text)
    return judge.tell("a resolver that lies")


def ipv6_that_is_not_routed(organisation, known, how):
    """Servers with both kinds of addresses are judged by IPv4, and what those with IPv6 alone serve is not known."""
    judge = Judge(organisation)
    document = judge.document("check", code=3)
    wanted = labels(known) - {("delegated-elsewhere", known["ipv6-only"].name.rstrip("."))}
    judge.expect("check", findings(document, known) == wanted, findings(document, known) ^ wanted)
    judge.expect("check is not complete", not document["complete"], document["live"])
    judge.expect("check tells of one cut", document["live"]["unfinished"] == 1, document["live"])
    for label, outlook, code in (("two", "resolves", 0), ("ipv4-only", "resolves", 0), ("ipv6-only", "unknown", 4)):
        name = known[label].question[0].rstrip(".")
        document = judge.document("trace", name, "A", code=code)
        verdict, last = document["verdict"], document["steps"][-1]
        judge.expect(name, verdict["outlook"] == outlook, verdict)
        judge.expect(name, ("no IPv6 from here" in verdict["sentence"]) == (outlook == "unknown"), verdict)
        six = [server for server in last["servers"] if ":" in (server["address"] or "")]
        judge.expect(name, all((server["verdict"], server["says"]) == ("not asked", "not asked: no IPv6 from here") for server in six), six)
        judge.expect(name, bool(six) == (label != "ipv4-only"), last)
    return judge.tell(how)


def all_of_it(zonecut, directory):
    with served(zonecut, directory) as (organisation, known, started):
        right = [lying_resolver(organisation, known, started)]
        network.ip("-6 addr flush dev lo")
        right.append(ipv6_that_is_not_routed(organisation, known, "IPv6 leads nowhere"))
        network.ip("-6 route del default dev void")
        right.append(ipv6_that_is_not_routed(organisation, known, "IPv6 has no route"))
    return all(right)
