#!/usr/bin/env python3
"""The demo organisation mended by commands until nothing is left that a change mends, and then taken back to what it was.

    .ci/mend_demo.py [PATH OF ZONECUT] [all | NAME...]

Serves the demo with `zonecut demo --serve --control` and, as a person with a terminal would: mends by `fix NAME FINDING --confirm NAME`
every finding that says it can be mended, round after round, until none is left; has `fix` say of each of the others why no change mends
it; takes every change back by `undo`, the latest first, until `check` finds exactly what it found in the beginning. In between a new
zone is created in another account and delegated, its teardown taken back while it waits and then made with `--now --reason`, and one is asked for by
`request` and delegated by `accept`. Every command has to end with 0. Without `all`, one name of each kind of mending is mended: all take some minutes.

The simulated Route 53 has no rates here and is in sync at once. It needs nothing but the Python standard library, and ends with 1 where something is not as it should be.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ZONECUT = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "target/debug/zonecut"))
# One for each way of mending, and the second of two that wait for each other.
EACH_WAY = ["assets.example.com", "cdn.example.com", "dev.example.com", "grafana.ops.example.com", "id.example.com", "promo.example.com",
            "static.www.example.com", "events.acme.example", "wiki.acme.example", "otp.example.net", "pay.example.net", "tv.example.org",
            "search.example.net"]
WANTED = sys.argv[2:] or EACH_WAY
NAMES = [] if WANTED == ["all"] else WANTED
# What a person has to say yes to besides: a check that stops, and why it is right to go on.
OVERRIDES = {("tv.example.org", "ns-domain-unregistered"): "two-servers=one that works is better than one that anybody can buy"}
AT_ONCE = ["--now", "--reason", "nobody has asked for it yet"]
problems = []
slowest = []


def problem(text):
    problems.append(text)
    print("PROBLEM:", text, flush=True)


class Demo:
    """The demo, its control door, and zonecut in its environment."""

    def __init__(self, home):
        plain = {"HOME": home, "PATH": os.environ["PATH"], "ZONECUT_TEST": "1", "TZ": "UTC", "LANG": "C.UTF-8", "XDG_RUNTIME_DIR": home,
                 "USER": "ana"}
        self.home = home
        self.process = subprocess.Popen([ZONECUT, "demo", "--serve", "--control"], env=plain, stdout=subprocess.PIPE,
                                        stderr=subprocess.DEVNULL, text=True)
        # Nobody waits for rates in a test.
        self.environment = dict(plain, ZONECUT_RPS="1000", ZONECUT_BURST="1000")
        for line in self.process.stdout:
            found = re.match(r"export (\w+)='(.*)'$", line)
            if found:
                self.environment[found[1]] = found[2]
            if line.startswith("# dig +norecurse"):
                break
        self.door = self.environment["ZONECUT_DEMO_CONTROL"]
        self.control("PUT", "insync", {"delay_ms": 0})
        for account in self.control("GET", "")["accounts"]:
            self.control("PUT", f"accounts/{account['id']}/faults", {"rate": {"burst": 1e6, "per_second": 1e6}})

    def control(self, method, path, body=None):
        data = json.dumps(body).encode() if body is not None else None
        with urllib.request.urlopen(urllib.request.Request(self.door + path, data=data, method=method), timeout=30) as answer:
            return json.load(answer)

    def run(self, *words, text=None):
        began = time.monotonic()
        ran = subprocess.run([ZONECUT, *words], env=self.environment, cwd=self.home, capture_output=True, text=True, input=text or "",
                             timeout=300)
        slowest.append((time.monotonic() - began, " ".join(words)))
        return ran

    def document(self, *words, code=0, text=None):
        """What a command says in JSON; it has to end with this code."""
        ran = self.run(*words, "--json", "-q", "--no-input", text=text)
        document = json.loads(ran.stdout) if ran.stdout else None
        if ran.returncode != code:
            told = json.dumps(document["outcome"], indent=1) if document and document.get("outcome") else ran.stdout[-2000:]
            problem(f"{' '.join(words)} ended with {ran.returncode} instead of {code}\n{told}\n{ran.stderr.strip()}")
        return document if ran.returncode == code else None

    def apply(self, name, *words, code=0, text=None):
        """Applies a plan; gives the id of the change."""
        document = self.document(*words, "--confirm", name, "--allow-endpoint-override", code=code, text=text)
        return document and (document["plan"]["id"], name)

    def undo(self, change):
        """Takes a change back; gives the id of what did."""
        return self.apply(change[1], "undo", change[0], *AT_ONCE)

    def findings(self, *names):
        # One account cannot be read, which is said.
        document = self.document("check", *names, "--fail-on", "none", code=4)
        if document is None:
            sys.exit("check does not work")
        return document["findings"]


def key(finding):
    return finding["name"], finding["code"]


def mend(demo, findings):
    """Mends until nothing mendable is left; gives the changes that did, and what is left."""
    changes, refused = [], set()
    for number in range(1, 9):
        # Whatever follows from another finding goes with it, or is left alone in the next round.
        wanted = [f for f in findings if f["ways"] and key(f) not in refused and (not NAMES or f["name"] in NAMES)]
        roots = [f for f in wanted if not f["cause"]] or wanted
        print(f"round {number}: {len(findings)} findings, {len(wanted)} of them to be mended, {len(roots)} first", flush=True)
        if not roots:
            return changes, findings
        mended = set()
        for finding in roots:
            name, code = key(finding)
            # One change at a name may end the others there, and what waits for that name.
            if name in mended or code == "cyclic-dependency" and ("", code) in mended:
                continue
            words = ["fix", name, code]
            if (name, code) in OVERRIDES:
                words += ["--override", OVERRIDES[name, code]]
            change = demo.apply(name, *words)
            if change:
                mended |= {name, ("", code)}
                changes.append(change)
            else:
                refused.add((name, code))
        findings = demo.findings()
    problem("there is no end to it")
    return changes, findings


def why_left(demo, findings):
    """What zonecut says of each finding that is left: why no change mends it."""
    told, asked = {}, set()
    for finding in findings:
        name, code = key(finding)
        if finding["ways"]:
            problem(f"{code} at {name} has ways and is left: {finding['ways']}")
        if code in asked:
            continue
        asked.add(code)
        ran = demo.run("fix", name, code, "-n", "-q", "--no-input")
        said = re.search(rf"error: {re.escape(code)} at {re.escape(name)} is not mended by a change: (.+)", ran.stderr)
        if ran.returncode != 6 or not said:
            problem(f"fix {name} {code} does not say why it mends nothing: {ran.returncode} {ran.stderr}")
            continue
        told.setdefault(code, (said[1], []))[1].append(name)
    for code, (why, names) in sorted(told.items()):
        print(f"  {code}: {why}\n    {', '.join(names)}")


def same(one, other):
    """Whether two lists of findings are the same, but for which of several servers is quoted."""
    return [steady(f) for f in one] == [steady(f) for f in other]


def steady(finding):
    return json.dumps({word: value for word, value in finding.items() if word != "evidence"}, sort_keys=True)


def told_apart(before, after):
    lines = lambda findings: {steady(f) for f in findings}
    for mark, only in (("-", lines(before) - lines(after)), ("+", lines(after) - lines(before))):
        for line in sorted(only):
            print(mark, line)


def new_zone_and_teardown(demo):
    """A name is delegated to a new zone of another account; its teardown is taken back while it waits, and made without waiting."""
    name, account = "brand-new.example.com", "sandbox"
    demo.apply(name, "delegate", name, "--create-in", account)
    if demo.findings(name):
        problem(f"something is wrong with {name}, which was just created")
    # Resolvers remember the zone's own NS record set for two days: the delegation is out, and the zone stays until then.
    begun = demo.apply(name, "teardown", name, "--timeout", "1s", code=7)
    if begun:
        if demo.apply(name, "resume", begun[0], "--timeout", "1s", code=7) is None:
            problem("the wait is not kept")
        demo.undo(begun)
    if demo.findings(name):
        problem(f"something is wrong with {name}, whose teardown was taken back")
    demo.apply(name, "teardown", name, *AT_ONCE)


def asked_and_accepted(demo):
    """The owner of a zone asks for its delegation, and the owner of the zone above gives it."""
    name = "dev.example.com"
    ran = demo.run("request", name, "--account", "sandbox", "-q")
    if ran.returncode != 0:
        return problem(f"request {name}: {ran.stderr}")
    quoted = "".join(f"> {line}\r\n" for line in ran.stdout.splitlines())
    change = demo.apply(name, "accept", "-", "--account", "shared-dns", text=f"Please:\n\n{quoted}\nThanks\n")
    if change and any(f["code"] == "missing-delegation" for f in demo.findings(name)):
        problem(f"{name} is not delegated")
    if change:
        demo.undo(change)


def main():
    home = tempfile.mkdtemp(prefix="zonecut-mend-")
    began = time.monotonic()
    demo = Demo(home)
    try:
        before = demo.findings()
        asked_and_accepted(demo)
        changes, left = mend(demo, before)
        names = {name for _, name in changes}
        print(f"{len(changes)} changes at {len(names)} names; {len(before)} findings became {len(left)}, in {time.monotonic() - began:.0f} s")
        if not NAMES:
            why_left(demo, left)
        new_zone_and_teardown(demo)
        undone = [change for change in reversed(changes) if demo.undo(change)]
        after = demo.findings()
        print(f"{len(undone)} of {len(changes)} changes taken back, in {time.monotonic() - began:.0f} s")
        if not same(before, after):
            problem("what is found after taking everything back is not what was found before")
            told_apart(before, after)
        verified = demo.run("log", "--verify")
        print(verified.stdout.strip() or verified.stderr.strip())
        if verified.returncode != 0:
            problem("the log is not whole")
    finally:
        demo.process.terminate()
        demo.process.wait()
        shutil.rmtree(home, ignore_errors=True)
    slowest.sort(reverse=True)
    total = sum(took for took, _ in slowest)
    print(f"{len(slowest)} commands, {total / len(slowest):.2f} s each; the slowest:")
    for took, words in slowest[:3]:
        print(f"  {took:.1f} s  {words}")
    if problems:
        sys.exit(f"{len(problems)} problems")
    print(f"all as it should be, in {time.monotonic() - began:.0f} s")


main()
