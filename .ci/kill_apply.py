#!/usr/bin/env python3
"""Kills zonecut at its system calls, fails its disk, and lets fifty apply one plan, and looks at what is left (safety.md A.5).

    .ci/kill_apply.py ZONECUT [--kills N] [--faults N] [--races N] [--seconds N] [--jobs N] [--seed N] [--only TASK [--times N]]

Each run has a world of its own: an organisation served by `zonecut demo --serve --control`, in sync at once, and a home of its own.
strace counts the system calls of one apply of each kind that nobody harms, then kills or fails each of them in turn (`when=N`
counts per thread; one worker thread, so that the numbers stay the same). After each kill the journal is read with `zonecut log`,
`zonecut resume` and `zonecut undo` recover by turns, every third time killed once more, and boto3 reads what the world holds:

I1  one zone of a caller reference at most        I5  the journal reads; what was said to be accepted is in it
I2  no other record set has changed               I6  what is open says what to do
I3  no delegation to a zone that is not there     I7  resumed: what was planned; undone: what was there before, octet by octet
I4  what is there is the old or the new           I8  the cache is whole or not there (kills of `zonecut scan`)
and: never more requests that change something than records on the disk that say that they are sent.
"""

import argparse
import collections
import concurrent.futures
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request

import boto3
from botocore.config import Config

RATE = "fault = { rate = { burst = 100000.0, per_second = 100000.0 } }"
WORLD = f"""name = "crash"
[[account]]
id = "111122223333"
name = "hub"
env = "dev"
{RATE}
[[account.zone]]
name = "example.com"
id = "Z1HUB"
records = ["www 300 A 192.0.2.9 192.0.2.1", "txt 60 TXT \\"b;c\\"",
  "old 300 NS ns-900.awsdns-48.net. ns-1.awsdns-00.com. ns-1600.awsdns-08.co.uk. ns-1100.awsdns-09.org."]
[[account]]
id = "444455556666"
name = "team"
env = "dev"
{RATE}
[[account.zone]]
name = "lost.example.com"
id = "Z2LOST"
delegate = false
records = ["www 300 A 192.0.2.2"]
[[account.zone]]
name = "old.example.com"
id = "Z3OLD"
delegate = false
[[account.zone]]
name = "gone.example.com"
id = "Z4GONE"
"""
# The plans, each with the name that confirms it.
KINDS = {
    "new zone": (["delegate", "new.example.com", "--create-in", "team"], "new.example.com"),
    "existing zone": (["delegate", "lost.example.com"], "lost.example.com"),
    "replaced": (["fix", "old.example.com"], "old.example.com"),
    "teardown": (["teardown", "gone.example.com", "--now", "--reason", "a test"], "gone.example.com"),
    "record": (["record", "set", "example.com", "www.example.com", "A", "192.0.2.77", "--ttl", "18"], "www.example.com"),
}
# What is done to files, to the network, and by whoever waits for it.
FILES = ("open", "openat", "mkdir", "read", "write", "fsync", "fdatasync", "ftruncate", "flock", "fchmod", "rename", "renameat",
         "renameat2", "unlink", "getdents64", "pread64", "statx", "newfstatat", "fstat")
NETWORK = ("writev", "shutdown", "epoll_wait", "recvfrom", "connect", "sendto", "close")
DURABLE = ("write", "fsync", "fdatasync", "open", "openat", "mkdir", "rename", "renameat", "renameat2", "writev", "shutdown")
ERRORS = ("EIO", "ENOSPC")
# What is asked of Route 53 where the journal says that it is sent.
ACTIONS = {"new-set": "CreateReusableDelegationSet", "new-zone": "CreateHostedZone", "change": "ChangeResourceRecordSets",
           "zone-gone": "DeleteHostedZone", "set-gone": "DeleteReusableDelegationSet"}
PLAN_AGE = 600
# As strace tells of its own end, and as a shell does.
KILLED = (-signal.SIGKILL, 128 + signal.SIGKILL)
# Reading back what came of a request whose answer is missing takes a minute.
WAIT = 180


class Broken(Exception):
    """A promise that was not kept."""


def check(holds, what):
    if not holds:
        raise Broken(what)


def is_gone(group):
    """Whether nobody is left of a process group."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return True
    return False


class Place:
    """Where a worker runs: the plans that were made once, and boto3, which is led to the world that is served now."""

    def __init__(self, zonecut, base):
        self.zonecut, self.base = zonecut, base
        os.makedirs(base, exist_ok=True)
        self.world = os.path.join(base, "world.toml")
        with open(self.world, "w") as file:
            file.write(WORLD)
        self.plans, self.made, self.before = {}, 0.0, None
        self.clients, self.served_at = None, None

    def lead(self, environment):
        """Leads boto3 to a world; its clients are made once, for that takes long."""
        self.served_at = urllib.parse.urlsplit(environment["ZONECUT_DEMO_CONTROL"]).netloc
        if self.clients is not None:
            return
        os.environ.update({key: value for key, value in environment.items() if key.startswith("AWS_")})
        patient = Config(retries={"mode": "standard", "max_attempts": 5})
        self.clients = {
            profile: boto3.Session(profile_name=profile, region_name="us-east-1").client("route53", config=patient)
            for profile in ("hub", "team")
        }
        for client in self.clients.values():
            client.meta.events.register_first("request-created.route53", self.redirect)

    def redirect(self, request, **_):
        request.url = urllib.parse.urlsplit(request.url)._replace(netloc=self.served_at).geturl()

    def ready(self):
        """Makes the plans where they are about to expire; each serves many worlds, for all begin alike."""
        if time.monotonic() - self.made < PLAN_AGE:
            return
        with Served(self) as served:
            self.before = served.state()
            for kind, (words, _) in KINDS.items():
                path = os.path.join(self.base, kind.replace(" ", "-") + ".json")
                if os.path.exists(path):
                    os.remove(path)
                served.run(*words, "--out", path, codes=[0])
                self.plans[kind] = path
        self.made = time.monotonic()


class Served:
    """One world, its home, and zonecut and boto3 in it."""

    def __init__(self, place):
        self.place = place
        self.home = tempfile.mkdtemp(prefix="run-", dir=place.base)

    def __enter__(self):
        plain = {"HOME": self.home, "PATH": os.environ["PATH"], "ZONECUT_TEST": "1", "TZ": "UTC", "LANG": "C.UTF-8",
                 "XDG_RUNTIME_DIR": self.home, "USER": "ana", "TOKIO_WORKER_THREADS": "1"}
        command = [self.place.zonecut, "demo", "--serve", "--control", f"--demo={self.place.world}"]
        # Each world has a port of its own: whoever is late for an older one does not find this one.
        self.server = subprocess.Popen(command, env=plain, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.started = []
        self.environment = dict(plain)
        try:
            for line in self.server.stdout:
                found = re.match(r"export (\w+)='(.*)'$", line)
                if found:
                    self.environment[found[1]] = found[2]
                if line.startswith("# dig +norecurse @") and "SOA" in line:
                    break
            else:
                raise Broken(f"the demo cannot be served: it ended with {self.server.wait()}")
            self.door("PUT", "insync", {"delay_ms": 0})
            self.place.lead(self.environment)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        # Whoever is not waited for any more ends first, with those that it started: nobody outlives the world that it was meant for.
        for one in self.started:
            if one.poll() is None:
                os.killpg(one.pid, signal.SIGKILL)
                one.wait()
            for pipe in filter(None, (one.stdout, one.stderr)):
                pipe.close()
        self.server.terminate()
        self.server.wait()
        self.server.stdout.close()
        shutil.rmtree(self.home, ignore_errors=True)

    def start(self, command, out, err):
        """Starts a program in a process group of its own."""
        one = subprocess.Popen(command, env=self.environment, cwd=self.home, stdout=out, stderr=err, stdin=subprocess.DEVNULL,
                               text=True, start_new_session=True)
        self.started.append(one)
        return one

    def door(self, method, what, body=None):
        request = urllib.request.Request(self.environment["ZONECUT_DEMO_CONTROL"] + what, method=method,
                                         data=None if body is None else json.dumps(body).encode())
        with urllib.request.urlopen(request, timeout=WAIT) as answer:
            return json.load(answer)

    def writes(self):
        """What was asked of the service that changes something."""
        return [entry for entry in self.door("GET", "log") if entry["write"]]

    def mutations(self):
        """What of it was carried out."""
        return [entry["action"] for entry in self.writes() if not entry["error"]]

    def told(self):
        """What was asked that changes something, by whom and when, and the zones that are new, with their caller references."""
        asked = [f"{entry['at_seconds']:.3f} s: {entry['action']} of {entry['account']}: {entry['error'] or 'done'}"
                 for entry in self.writes()]
        new = [f"{key} {zone[1]} by {zone[2]}" for key, zone in self.state().items() if key not in (self.place.before or {})]
        return "\n".join(["what was asked:", *asked, "new zones:", *new])

    def run(self, *words, codes=None, strace=None, trace=None, paths=()):
        command = [self.place.zonecut, *words]
        if "--confirm" in words:
            command.append("--allow-endpoint-override")
        if trace:
            # Whatever is not of interest runs at its own pace.
            watched = strace.split(":")[0] if strace else ",".join((*FILES, *NETWORK))
            inject = ["-e", f"inject={strace}"] if strace else []
            only = [word for path in paths for word in ("-P", path)]
            command = ["strace", "-f", "-qq", "-o", trace, "-e", f"trace={watched}", *inject, *only, *command]
        kept = [os.path.join(self.home, name) for name in ("stdout", "stderr")]
        with open(kept[0], "w") as out, open(kept[1], "w") as err:
            one = self.start(command, out, err)
            code = one.wait(WAIT)
        if not is_gone(one.pid):
            os.killpg(one.pid, signal.SIGKILL)
            raise Broken(f"{' '.join(command)} ended, and what it started did not")
        ran = subprocess.CompletedProcess(command, code, *(open(path).read() for path in kept))
        check("failed by a defect" not in ran.stderr and "panicked" not in ran.stderr, f"{words} {strace} failed by a defect:\n{ran.stderr}")
        if codes is not None:
            check(code in codes, f"{' '.join(words)} ended with {code}\n{ran.stdout[-2000:]}\n{ran.stderr[-2000:]}")
        return ran

    def files(self, kind):
        """The files of an apply: what it reads, where it writes, and where its words go."""
        journal = os.path.join(self.home, ".local/share/zonecut")
        month = time.strftime("journal-%Y-%m.jsonl", time.gmtime())
        read = [self.environment[name] for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "ZONECUT_CONFIG",
                                                    "ZONECUT_DEMO_ROOT_HINTS")]
        said = [os.path.join(self.home, name) for name in ("stdout", "stderr")]
        return [journal, os.path.join(journal, "lock"), os.path.join(journal, month), self.place.plans[kind], *read, *said]

    def apply(self, kind, **how):
        return self.run("apply", self.place.plans[kind], "--confirm", KINDS[kind][1], **how)

    def state(self):
        """Every zone with everything in it, as boto3 sees it."""
        zones = {}
        for account, client in self.place.clients.items():
            for zone in client.list_hosted_zones()["HostedZones"]:
                detail = client.get_hosted_zone(Id=zone["Id"])
                records = client.list_resource_record_sets(HostedZoneId=zone["Id"])["ResourceRecordSets"]
                key = zone["Id"].rpartition("/")[2]
                zones[key] = (account, zone["Name"], zone["CallerReference"], detail["DelegationSet"]["NameServers"], records)
        return zones

    def journal(self):
        """The records of the journal that are whole, with their chain, read by somebody else than zonecut."""
        folder = os.path.join(self.home, ".local/share/zonecut")
        lines = []
        for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else []:
            if name.startswith("journal-"):
                with open(os.path.join(folder, name), "rb") as file:
                    whole = file.read().rpartition(b"\n")[0]
                lines += whole.split(b"\n") if whole else []
        previous, records = "0" * 64, []
        for line in lines:
            document = json.loads(line.partition(b" ")[2])
            check(document["prev"] == previous, "I5: the chain of the journal is broken")
            previous = hashlib.sha256(line).hexdigest()
            records.append(document["entry"])
        return records


def is_record(entry, kind):
    record = entry["record"]
    return record == kind or (isinstance(record, dict) and kind in record)


def sendings(journal):
    return [entry for entry in journal if is_record(entry, "sending")]


def comparable(state, before):
    """A state in which zones that are new have the names of their names, and so have their name servers."""
    text = {}
    for key, (account, name, _, servers, _) in state.items():
        if key not in before:
            for place, server in enumerate(sorted(servers)):
                text[server] = f"server-{place}-of-{name}"
    out = {}
    for key, (account, name, reference, servers, records) in state.items():
        is_new = key not in before
        sets = json.dumps(sorted(records, key=lambda one: (one["Name"], one["Type"])))
        for server, placeholder in text.items():
            sets = sets.replace(server, placeholder)
        sets = json.loads(sets)
        for one in sets:
            if one["Type"] == "NS" and any("server-" in value["Value"] for value in one["ResourceRecords"]):
                one["ResourceRecords"].sort(key=lambda value: value["Value"])
            if one["Type"] == "SOA" and is_new:
                one["ResourceRecords"] = [{"Value": "of the new zone"}]
        out[f"new {name}" if is_new else key] = (account, name, None if is_new else reference, sets)
        if is_new:
            check(f"new {name}" not in [other for other in out if other != f"new {name}"], "one new zone")
    check(len(out) == len(state), f"I1: two new zones of one name\n{state}")
    return out


def changed_places(before, after):
    """The places in zones that are there before and after at which something else is."""
    places = set()
    for key in before.keys() & after.keys():
        sets = [{(one["Name"], one["Type"]): one for one in state[key][4]} for state in (before, after)]
        places |= {place for place in sets[0].keys() | sets[1].keys() if sets[0].get(place) != sets[1].get(place)}
    return places


def invariants(kind, before, after):
    """What holds whatever happened."""
    subject = KINDS[kind][1] + "."
    kind_of = "A" if kind == "record" else "NS"
    references = [zone[2] for zone in after.values()]
    check(len(references) == len(set(references)), "I1: one caller reference, two zones")
    names = collections.Counter(zone[1] for zone in after.values())
    check(names[subject] <= 1, f"I1: {names[subject]} zones {subject}")
    check(changed_places(before, after) <= {(subject, kind_of)}, f"I2: {changed_places(before, after)}")
    others = {key for key in before if before[key][1] != subject}
    check(others <= after.keys(), "I2: another zone is gone")
    there = next((one for one in after["Z1HUB"][4] if (one["Name"], one["Type"]) == (subject, kind_of)), None)
    old = next((one for one in before["Z1HUB"][4] if (one["Name"], one["Type"]) == (subject, kind_of)), None)
    if kind != "record" and there is not None and (there != old or kind == "teardown"):
        values = sorted(value["Value"].rstrip(".") for value in there["ResourceRecords"])
        servers = [sorted(zone[3]) for zone in after.values() if zone[1] == subject]
        check(values in servers, f"I3: {subject} is delegated to {values}, and its zone is on {servers}")
    if kind == "record":
        values = there and [value["Value"] for value in there["ResourceRecords"]]
        check(there == old or values == ["192.0.2.77"], f"I4: {there}")


def counted(trace):
    """How often each call comes; of the thread that does it most, for strace counts so."""
    counts, most = collections.Counter(), collections.Counter()
    with open(trace) as file:
        for line in file:
            found = re.match(r"(\d+) +(\w+)\(", line)
            if found:
                counts[found[1], found[2]] += 1
    for (_, call), count in counts.items():
        most[call] = max(most[call], count)
    return [(call, number) for call, count in sorted(most.items()) for number in range(1, count + 1)]


def unharmed(place):
    """Every call of a run of each kind, every call to one of its files, and what it comes to."""
    calls, files, planned = [], [], {}
    for kind in [*KINDS, "scan"]:
        with Served(place) as served:
            trace = os.path.join(served.home, "trace")
            if kind == "scan":
                served.run("scan", "--refresh", codes=[0], trace=trace)
            else:
                served.apply(kind, codes=[0], trace=trace)
                planned[kind] = comparable(served.state(), place.before)
                check(len(sendings(served.journal())) == len(served.mutations()), "each request is noted once")
            calls += [(kind, *point) for point in counted(trace)]
    for kind in KINDS:
        with Served(place) as served:
            trace = os.path.join(served.home, "trace")
            served.apply(kind, codes=[0], trace=trace, paths=served.files(kind))
            files += [(kind, *point) for point in counted(trace)]
    return calls, files, planned


def chosen(points, wanted, random):
    """All points at which something becomes durable or is sent, and as many of the others as are wanted; over again where all are too few."""
    first = [point for point in points if point[1] in DURABLE]
    rest = [point for point in points if point[1] not in DURABLE]
    random.shuffle(first)
    random.shuffle(rest)
    order = first + rest
    out = []
    while order and len(out) < wanted:
        out += order[:wanted - len(out)]
    return out


def run_of(served, plan_id):
    log = json.loads(served.run("log", "--json", codes=[0]).stdout)
    damage = [one["kind"] if isinstance(one, dict) and "kind" in one else one for one in log["damage"]]
    check(all("torn" in json.dumps(one) for one in damage), f"I5: {log['damage']}")
    return next((change for change in log["changes"] if change["id"] == plan_id), None), log


def acknowledged(ran, journal):
    """What was said to have been accepted is in the journal."""
    text = json.dumps(journal)
    for change in re.findall(r"accepted as (/change/\w+)", ran.stderr):
        check(change in text, f"I5: {change} was said to be accepted, and the journal does not know it")
    if "noted in the log" in ran.stderr:
        check(any(is_record(entry, "intent") for entry in journal), "I5: it was said to be noted")


def not_before_it_is_noted(served, ran, call=None):
    """No request that changes something without a record that says so, on the disk before."""
    sent, journal = served.mutations(), served.journal()
    noted = [ACTIONS[next(iter(entry["record"]["sending"]["what"]))] for entry in sendings(journal)]
    if call in ("fdatasync", "fsync") and journal and is_record(journal[-1], "sending"):
        # The last one was written, and was about to be made durable, or was found not to be.
        noted.pop()
    if collections.Counter(sent) - collections.Counter(noted):
        records = "\n".join(json.dumps(entry)[:600] for entry in journal)
        raise Broken(f"{len(sent)} requests, {len(noted)} noted: {noted}\n{served.told()}\n{ran.stderr}\n{records}")


def recover(served, kind, how, plan_id, inner):
    """Until nothing is open; the first attempt may be killed as well. Says whether it was."""
    was_killed = False
    for attempt in range(6):
        change, log = run_of(served, plan_id)
        if change is None:
            return was_killed
        states = {one["id"]: one["state"] for one in log["changes"]}
        back = next((key for key in states if change["undone_by"] and key.startswith(change["undone_by"])), None)
        target = back or plan_id
        if states[target] not in ("open", "partial") and (how == "resume" or states[target] != "done" or back):
            return was_killed
        shown = served.run("log", target[:8], codes=[0]).stdout
        check("zonecut resume" in shown or "zonecut undo" in shown, f"I6: {shown[-600:]}")
        harm = {"strace": inner, "trace": os.path.join(served.home, "inner")} if inner and attempt == 0 else {}
        if how == "resume" or back:
            ran = served.run("resume", target[:8], "--confirm", KINDS[kind][1], **harm)
        else:
            ran = served.run("undo", plan_id[:8], "--now", "--reason", "a test", "--confirm", KINDS[kind][1], **harm)
        acknowledged(ran, served.journal())
        not_before_it_is_noted(served, ran)
        if harm and ran.returncode in KILLED:
            was_killed = True
            continue
        # What was dangling dangles again once it is taken back, which the proof says.
        check(ran.returncode == 0 or ran.returncode == 7 and kind == "replaced" and back_or_undo(how, back),
              f"{how} ended with {ran.returncode}\n{ran.stdout[-800:]}\n{ran.stderr}")
    raise Broken(f"{how} never ends: {json.dumps(run_of(served, plan_id)[0])[:2000]}")


def back_or_undo(how, back):
    return how == "undo" or back


def kill(place, task, planned):
    kind, call, number, how, inner = task
    place.ready()
    with open(place.plans[kind]) as file:
        plan_id = json.load(file)["plan"]["id"]
    with Served(place) as served:
        trace = os.path.join(served.home, "trace")
        ran = served.apply(kind, strace=f"{call}:signal=SIGKILL:when={number}", trace=trace)
        was_killed = ran.returncode in KILLED
        journal = served.journal()
        acknowledged(ran, journal)
        not_before_it_is_noted(served, ran, call if was_killed else None)
        invariants(kind, place.before, served.state())
        change, _ = run_of(served, plan_id)
        check((change is None) == (not journal), "I5: zonecut reads its journal as somebody else does")
        again = recover(served, kind, how, plan_id, inner)
        if change is None and how == "resume":
            # Nothing was begun, so it is applied as if it were the first time.
            check(comparable(served.state(), place.before) == comparable(place.before, place.before), "I7: nothing was begun")
            check(not served.mutations(), "nothing was begun")
            served.apply(kind, codes=[0])
        after = served.state()
        invariants(kind, place.before, after)
        not_before_it_is_noted(served, ran)
        before = comparable(place.before, place.before)
        if how == "resume":
            check(comparable(after, place.before) == planned[kind], f"I7: not what was planned\n{after}")
        elif kind != "teardown" or after.keys() == place.before.keys():
            check(comparable(after, place.before) == before, f"I7: not what was there before\n{after}")
        else:
            # A zone that was deleted is made anew, with other name servers, and delegated to them.
            check(len(after) == len(place.before), f"I7: {after}")
        return ("killed, and again while it recovered" if again else "killed") if was_killed else "over before"


def zones_of(rows):
    """The zones of each account, with how many record sets they hold."""
    accounts = collections.defaultdict(set)
    for row in rows.splitlines():
        cells = row.split("\t")
        if len(cells) > 6 and cells[3] != "-":
            accounts[cells[4]].add((cells[0], cells[3], cells[6]))
    return accounts


def kill_scan(place, task, whole):
    """I8: what `scan` keeps is whole or not there, wherever it dies."""
    _, call, number, how, _ = task
    with Served(place) as served:
        if how == "undo":
            # There is an older cache.
            served.run("scan", codes=[0])
        ran = served.run("scan", "--refresh", strace=f"{call}:signal=SIGKILL:when={number}", trace=os.path.join(served.home, "trace"))
        was_killed = ran.returncode in KILLED
        shown = served.run("tree", "--offline", "--plain")
        seen, all_of = zones_of(shown.stdout), zones_of(whole)
        # Each account is kept in a file of its own, and what is missing makes the whole incomplete, as not asking servers does.
        check(shown.returncode in (1, 4) and all(seen[account] == all_of[account] for account in seen),
              f"I8: ended with {shown.returncode}:\n{shown.stdout}\n{shown.stderr}")
        if how == "undo":
            check(seen == all_of, f"I8: the older cache is gone\n{shown.stdout}\n{shown.stderr}")
        served.run("scan", codes=[0])
        check(served.run("tree", "--offline", "--plain", codes=[4]).stdout == whole, "I8: it is made anew")
        return "killed" if was_killed else "over before"


def fault(place, task, planned):
    """A call to the file system fails: once, or from then on."""
    kind, call, number, error, last = task
    place.ready()
    with open(place.plans[kind]) as file:
        plan_id = json.load(file)["plan"]["id"]
    with Served(place) as served:
        trace = os.path.join(served.home, "trace")
        ran = served.apply(kind, strace=f"{call}:error={error}:when={number}{last}", trace=trace,
                           paths=served.files(kind))
        journal = served.journal()
        sent = served.mutations()
        with open(trace) as file:
            failed = [line for line in file if "(INJECTED)" in line]
        synced_badly = any("sync(" in line for line in failed)
        acknowledged(ran, journal)
        not_before_it_is_noted(served, ran, call if synced_badly else None)
        state = served.state()
        invariants(kind, place.before, state)
        is_before = comparable(state, place.before) == comparable(place.before, place.before)
        if ran.returncode == 0:
            check(comparable(state, place.before) == planned[kind], f"done was said, and it is not\n{ran.stderr}")
        elif ran.returncode == 7:
            check(any(is_record(entry, "intent") for entry in journal), f"open was said, and nothing is\n{ran.stderr}")
        elif ran.returncode == 1 and ("could not be printed" in ran.stderr or any("write(2," in line for line in failed)):
            # Where nothing can be written to the terminal either, the exit code and the log alone tell.
            is_planned = comparable(state, place.before) == planned[kind]
            check(is_planned or is_before and not sent, f"{ran.stderr}\n{failed}")
        else:
            check(ran.returncode in (1, 2, 5, 6), f"ended with {ran.returncode}\n{ran.stderr}")
            check(is_before and not sent, f"ended with {ran.returncode}, and something was changed: {sent}\n{ran.stderr}\n{failed}")
        lost_voice = any(re.search(r"write\([12],", line) for line in failed)
        check("rror: " in ran.stderr or ran.returncode == 0 or lost_voice, f"ended with {ran.returncode} and said nothing\n{failed}")
        # The disk is well again.
        change, _ = run_of(served, plan_id)
        if change is None:
            served.apply(kind, codes=[0])
        elif change["state"] in ("open", "partial"):
            served.run("resume", plan_id[:8], "--confirm", KINDS[kind][1], codes=[0])
        check(comparable(served.state(), place.before) == planned[kind], f"what can be recovered is: {change}\n{ran.stderr}")
        return f"ended with {ran.returncode}" if failed else "not reached"


def race(place, task, planned):
    """Many who apply one plan at once."""
    kind, count = task
    place.ready()
    with Served(place) as served:
        command = [place.zonecut, "apply", place.plans[kind], "--confirm", KINDS[kind][1], "--allow-endpoint-override"]
        runs = [served.start(command, subprocess.PIPE, subprocess.PIPE) for _ in range(count)]
        said = [one.communicate(timeout=WAIT) for one in runs]
        ends = collections.Counter()
        for one, (out, err) in zip(runs, said):
            if one.returncode == 0 and "Already applied" in out:
                ends["already applied (0)"] += 1
            elif one.returncode == 0:
                check("Done: " in out, out)
                ends["applied (0)"] += 1
            elif one.returncode == 6:
                # Besides the lock: whoever looks while another changes it finds otherwise what the plan was made of, and on a busy
                # machine name servers may not be found in time.
                check("nothing was changed" in err, f"6, and not that nothing was changed:\n{err}")
                ends["another is at it (6)" if "another zonecut" in err else "it is otherwise by now (6)"] += 1
            else:
                raise Broken(f"ended with {one.returncode}\n{out}\n{err}")
        check(ends["applied (0)"] == 1, f"{ends}")
        sent = served.mutations()
        check(sorted(sent) == sorted(set(sent)) and len(sent) == len(sendings(served.journal())), f"{sent}")
        check(comparable(served.state(), place.before) == planned[kind], "one zone, one batch")
        return json.dumps(ends)


# Each worker process has one place.
MINE = {}


def begin(zonecut, base, planned, whole):
    MINE.update(place=Place(zonecut, os.path.join(base, str(os.getpid()))), planned=planned, whole=whole)


def work(what, task):
    place, since = MINE["place"], time.monotonic()
    try:
        if what is race:
            return task, race(place, task, MINE["planned"]), None, time.monotonic() - since
        if task[0] == "scan":
            return task, kill_scan(place, task, MINE["whole"]), None, time.monotonic() - since
        return task, what(place, task, MINE["planned"]), None, time.monotonic() - since
    except (Broken, subprocess.TimeoutExpired, OSError, KeyError, json.JSONDecodeError) as why:
        return task, "FAILED", f"{type(why).__name__}: {why}", time.monotonic() - since


def together(pool, jobs, title, what, tasks, until):
    """Runs all tasks, or as many as fit into the time, and says how they ended."""
    since, counts, failures = time.monotonic(), collections.Counter(), 0
    waiting, tasks = set(), iter(tasks)
    while True:
        while len(waiting) < 2 * jobs and (until is None or time.monotonic() < until):
            task = next(tasks, None)
            if task is None:
                break
            waiting.add(pool.submit(work, what, task))
        if not waiting:
            break
        done, waiting = concurrent.futures.wait(waiting, return_when=concurrent.futures.FIRST_COMPLETED)
        for one in done:
            task, end, why, _ = one.result()
            counts[end] += 1
            if why:
                failures += 1
                print(f"FAILED {title} {task}\n  {why[:4000]}", flush=True)
    print(f"{title}: {sum(counts.values())} in {time.monotonic() - since:.0f} s: "
          + ", ".join(f"{count} {end}" for end, count in counts.most_common()), flush=True)
    return failures


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("zonecut")
    parser.add_argument("--kills", type=int, default=1000)
    parser.add_argument("--faults", type=int, default=100_000, help="at most; as many as there are, where not given")
    parser.add_argument("--races", type=int, default=20)
    parser.add_argument("--processes", type=int, default=50)
    parser.add_argument("--seconds", type=float, help="begin nothing after this time")
    parser.add_argument("--jobs", type=int, default=8, help="most of them wait for something")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--only", help="one task, as a failure prints it")
    parser.add_argument("--times", type=int, default=1, help="how often the one task is done")
    args = parser.parse_args()
    zonecut = os.path.abspath(args.zonecut)
    print(f"seed {args.seed}", flush=True)
    chance = random.Random(args.seed)
    until = args.seconds and time.monotonic() + args.seconds
    with tempfile.TemporaryDirectory(prefix="zonecut-kills-") as base:
        first = Place(zonecut, os.path.join(base, "first"))
        first.ready()
        with Served(first) as served:
            served.run("scan", codes=[0])
            whole = served.run("tree", "--offline", "--plain", codes=[4]).stdout
        calls, files, planned = unharmed(first)
        per_kind = collections.Counter(point[0] for point in calls)
        print("calls: " + ", ".join(f"{count} {kind}" for kind, count in per_kind.items()) + f"; {len(files)} to files", flush=True)
        inners = [f"{call}:signal=SIGKILL:when={number}" for kind, call, number in calls if kind == "new zone"]
        kills = [(*point, ("resume", "undo")[at % 2], chance.choice(inners) if at % 3 == 0 else None)
                 for at, point in enumerate(chosen(calls, args.kills, chance))]
        faults = [(*point, error, last) for point in files for error in ERRORS for last in ("", "+")]
        chance.shuffle(faults)
        faults = faults[:args.faults]
        races = [(("new zone", "teardown", "replaced", "existing zone")[at % 4], args.processes) for at in range(args.races)]
        with concurrent.futures.ProcessPoolExecutor(args.jobs, initializer=begin, initargs=(zonecut, base, planned, whole)) as pool:
            if args.only:
                task = eval(args.only)  # noqa: S307, written by whoever calls this
                what = race if len(task) == 2 else kill if task[3] in ("resume", "undo") else fault
                sys.exit(together(pool, args.jobs, "once more", what, [task] * args.times, None))
            share = (lambda part: until and time.monotonic() + (until - time.monotonic()) * part)
            failures = together(pool, args.jobs, "races", race, races, share(0.25))
            failures += together(pool, args.jobs, "faults", fault, faults, share(0.35))
            failures += together(pool, args.jobs, "kills", kill, kills, until)
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
