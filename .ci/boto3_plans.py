#!/usr/bin/env python3
"""What zonecut's plans promise, seen by another reader: before and after each, boto3 reads every zone and every record set.

    .ci/boto3_plans.py [PATH OF ZONECUT]

Serves an organisation of its own with `zonecut demo --serve`. For each kind of plan: what boto3 sees afterwards is what it saw before
with exactly the difference that the plan's JSON states; after `undo` it is what it was before, TTLs and the order of values
included. Then every refusal: nothing is changed, the exit code is 6, and the reason is told.
"""

import hashlib
import json
import os
import re
import subprocess
import sys
import tempfile
import time

import boto3
from botocore.config import Config

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
WORLD = """name = "plans"
[[account]]
id = "111122223333"
name = "hub"
env = "prod"
[[account.zone]]
name = "example.com"
records = ["www 300 A 192.0.2.9", "www2 300 A 192.0.2.9 192.0.2.1 192.0.2.5", "txt 60 TXT \\"b;c\\"", "a 300 A 192.0.2.1", "b 300 A 192.0.2.1",
  "c 300 A 192.0.2.1", "gone 300 NS ns-900.awsdns-48.net. ns-1.awsdns-00.com. ns-1600.awsdns-08.co.uk. ns-1100.awsdns-09.org."]
[[account]]
id = "444455556666"
name = "team"
env = "dev"
[[account.zone]]
name = "lost.example.com"
delegate = false
records = ["www 300 A 192.0.2.2"]
[[account.zone]]
name = "asked.example.com"
delegate = false
[[account.zone]]
name = "old.example.com"
"""
PATIENT = Config(retries={"mode": "adaptive", "max_attempts": 20})
checks = 0


def check(holds, what):
    global checks
    checks += 1
    if not holds:
        sys.exit(f"FAILED: {what}")


class Served:
    """The organisation, its environment, zonecut and boto3 in it."""

    def __init__(self, zonecut, home):
        self.zonecut, self.home = zonecut, home
        world = os.path.join(home, "world.toml")
        with open(world, "w") as file:
            file.write(WORLD)
        plain = {"HOME": home, "PATH": os.environ["PATH"], "ZONECUT_TEST": "1", "TZ": "UTC", "LANG": "C.UTF-8",
                 "XDG_RUNTIME_DIR": home, "USER": "ana"}
        self.process = subprocess.Popen([zonecut, "demo", "--serve", f"--demo={world}"], env=plain,
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.environment = dict(plain)
        for line in self.process.stdout:
            if line.startswith("# Profiles: "):
                self.profiles = line.split()[2:]
            found = re.match(r"export (\w+)='(.*)'$", line)
            if found:
                self.environment[found[1]] = found[2]
            if line.startswith("# dig +norecurse"):
                break
        os.environ.update({key: value for key, value in self.environment.items() if key.startswith("AWS_")})
        self.clients = {
            profile: boto3.Session(profile_name=profile, region_name="us-east-1").client("route53", config=PATIENT)
            for profile in self.profiles
        }

    def run(self, *words, code=0):
        command = [self.zonecut, *words]
        # Applying goes to another endpoint than AWS's own here, which has to be allowed; commands that never write know no such flag.
        if "--confirm" in words:
            command.append("--allow-endpoint-override")
        for _ in range(5):
            ran = subprocess.run(command, env=self.environment, cwd=self.home, capture_output=True, text=True, stdin=subprocess.DEVNULL)
            if ran.returncode == code or "Throttling" not in ran.stderr:
                break
            # boto3 has just used up what the account may be asked; nothing was changed, so the command may be given again.
            time.sleep(5)
        check(ran.returncode == code, f"{' '.join(words)} ended with {ran.returncode} instead of {code}\n{ran.stdout[-3000:]}\n{ran.stderr}")
        return ran

    def apply(self, *words, state="done"):
        ran = self.run(*words, "--json", code=0 if state == "done" else 7)
        document = json.loads(ran.stdout)
        check(document["outcome"]["state"] == state, f"{words}: {document['outcome']}")
        return document

    def state(self):
        """Every zone with everything that is in it, as boto3 sees it."""
        zones, sets = {}, {}
        for profile, client in self.clients.items():
            account = client.meta and profile
            pages = client.get_paginator("list_hosted_zones").paginate()
            for zone in [zone for page in pages for zone in page["HostedZones"]]:
                listed = client.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone["Id"])
                records = [one for page in listed for one in page["ResourceRecordSets"]]
                zones[zone["Id"].rpartition("/")[2]] = (account, zone["Name"], records)
            for one in client.list_reusable_delegation_sets()["DelegationSets"]:
                sets[one["Id"].rpartition("/")[2]] = (account, sorted(one["NameServers"]))
        return zones, sets

    def servers(self, zone):
        account, _, _ = self.state()[0][zone]
        return self.clients[account].get_hosted_zone(Id=zone)["DelegationSet"]["NameServers"]


def plain(record_set):
    """A record set of a plan as boto3 tells one."""
    told = {"Name": record_set["name"], "Type": record_set["type"]}
    if "ttl" in record_set:
        told["TTL"] = record_set["ttl"]
    content = record_set["content"]
    if "values" in content:
        told["ResourceRecords"] = [{"Value": value} for value in content["values"]]
    else:
        alias = content["alias"]
        told["AliasTarget"] = {"HostedZoneId": alias["zone"], "DNSName": alias["target"], "EvaluateTargetHealth": alias["evaluates_health"]}
    return told


def promised(served, before, after, plan):
    """What was there before, with exactly the difference that the plan states."""
    zones, sets = {key: (*value[:2], list(value[2])) for key, value in before[0].items()}, dict(before[1])
    created = {}
    for place, step in enumerate(plan["steps"]):
        kind = step["step"]
        if kind == "create-zone":
            new = [key for key in after[0] if key not in before[0] and after[0][key][1] == step["name"]]
            check(len(new) == 1, f"one zone {step['name']} was created")
            created[place] = new[0]
            account, name, records = after[0][new[0]]
            check([one["Type"] for one in records if one["Name"] == name] == ["NS", "SOA"], "a new zone has NS and SOA")
            zones[new[0]] = (account, name, [one for one in records if one["Name"] == name])
        elif kind == "delete-zone":
            del zones[step["zone"]["held"]["id"]]
        elif kind == "create-set":
            new = [key for key in after[1] if key not in before[1]]
            check(len(new) == 1, "one delegation set was made")
            sets[new[0]] = after[1][new[0]]
        elif kind == "delete-set":
            del sets[step["id"]]
        elif kind == "change":
            zone = step["zone"]["held"]["id"] if "held" in step["zone"] else created[step["zone"]["created"]["step"]]
            for change in step["batch"]:
                (verb, what), = change.items()
                old = what if verb == "delete" else what["old"] if verb == "replace" else None
                new = what["new"] if verb == "replace" else what if verb == "create" else None
                records = zones[zone][2]
                if old:
                    check(plain(old) in records, f"what goes was exactly there: {old}")
                    records.remove(plain(old))
                if new and "set" in new:
                    records.append(plain(new["set"]))
                elif new:
                    asked = new["servers"]
                    values = [{"Value": f"{server}."} for server in sorted(served.servers(created[asked["of"]]))]
                    records.append({"Name": asked["name"], "Type": "NS", "TTL": asked["ttl"], "ResourceRecords": values})
    return zones, sets


def sorted_state(state, with_order):
    def one(record_set):
        values = record_set.get("ResourceRecords")
        if values and not with_order:
            record_set = dict(record_set, ResourceRecords=sorted(values, key=lambda value: value["Value"]))
        return json.dumps(record_set, sort_keys=True)

    zones, sets = state
    return {key: (*value[:2], sorted(map(one, value[2]))) for key, value in zones.items()}, sets


def kept(served, name, *words, undo=True, confirm=None):
    """Applies a plan, holds it against what boto3 sees, and takes it back."""
    confirm = confirm or words[1]
    before = served.state()
    dry = served.run(*words, "-n", "--json", "--detailed-exitcode", code=3)
    check(served.state() == before, f"{name}: a dry run changes nothing")
    check(json.loads(dry.stdout)["in_the_way"] == [], f"{name}: {json.loads(dry.stdout)['in_the_way']}")
    document = served.apply(*words, "--confirm", confirm)
    after = served.state()
    expected = promised(served, before, after, document["plan"])
    # New name servers are written sorted, and Route 53 names them in its own order.
    check(sorted_state(after, False) == sorted_state(expected, False), f"{name}: boto3 sees what was promised")
    if undo:
        identity = document["plan"]["id"][:8]
        back = served.apply("undo", identity, "--now", "--reason", "a test", "--confirm", confirm)
        again = served.state()
        if any(step["step"] in ("delete-zone", "delete-set") for step in document["plan"]["steps"]):
            check(len(again[0]) == len(before[0]), f"{name}: as many zones as before")
        else:
            check(sorted_state(again, True) == sorted_state(before, True), f"{name}: after undo boto3 sees what was before\n{back['title']}")
    print(f"{name}: as promised{', and as before after undo' if undo else ''}", flush=True)
    return document


def refused(served, name, reason, *words):
    before = served.state()
    ran = served.run(*words, code=6)
    check(served.state() == before, f"{name}: nothing was changed")
    check(reason in ran.stderr, f"{name}: {reason!r} is not the reason told:\n{ran.stderr}")
    print(f"{name}: refused, {ran.stderr.splitlines()[0]}", flush=True)


def forged(path, plan, change):
    """The same plan with something changed, and a hash that is right again."""
    document = json.loads(json.dumps(plan))
    change(document["plan"])
    text = json.dumps(document["plan"], separators=(",", ":"), ensure_ascii=False)
    document["hash"] = hashlib.sha256(text.encode()).hexdigest()
    with open(path, "w") as file:
        json.dump(document, file)


def refusals(served):
    path = os.path.join(served.home, "plan.json")
    served.run("delegate", "lost.example.com", "--out", path)
    check(os.stat(path).st_mode & 0o777 == 0o600, "a saved plan is its owner's alone")
    with open(path) as file:
        plan = json.load(file)
    confirmed = ("--confirm", "lost.example.com")
    forged(path + ".same", plan, lambda plan: None)
    with open(path + ".same") as file:
        check(json.load(file)["hash"] == plan["hash"], "the hash is over the plan as JSON in one line")
    with open(path) as file, open(path + ".edited", "w") as edited:
        edited.write(file.read().replace('"ttl": 300', '"ttl": 60', 1))
    refused(served, "an edited plan", "changed after it was written", "apply", path + ".edited", *confirmed)
    refused(served, "another hash", "this is not the plan", "apply", path, *confirmed, "--plan-hash", "0123456789abcdef")
    refused(served, "another name", "not the name", "apply", path, "--confirm", "example.com")
    refused(served, "no name", "not confirmed", "apply", path)
    refused(served, "read-only", "--read-only", "apply", path, *confirmed, "--read-only")

    def aged(plan):
        plan["made"] -= 1000
        plan["expires"] -= 1000
    forged(path + ".old", plan, aged)
    refused(served, "an old plan", "too old", "apply", path + ".old", *confirmed)

    def moved(plan):
        for party in plan["parties"]:
            if party["id"] == "111122223333":
                party["id"] = "444455556666"
    forged(path + ".moved", plan, moved)
    refused(served, "a changed account", "", "apply", path + ".moved", *confirmed)
    zone = plan["plan"]["steps"][-1]["zone"]["held"]["id"]
    record = {"Name": "lost.example.com.", "Type": "NS", "TTL": 60, "ResourceRecords": [{"Value": "ns.elsewhere.example."}]}

    def write(action):
        changes = [{"Action": action, "ResourceRecordSet": record}]
        served.clients["hub"].change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": changes})
    write("CREATE")
    refused(served, "a changed zone", "ns.elsewhere.example", "apply", path, *confirmed)
    write("DELETE")
    served.run("delegate", "lost.example.com", "--out", path)
    applied = served.apply("apply", path, *confirmed)
    state = served.state()
    again = served.run("apply", path, *confirmed)
    check("lready applied" in again.stdout and served.state() == state, "a plan is applied once")
    print("the same plan again: already applied, exit code 0")
    identity = applied["plan"]["id"][:8]
    (account, _, records), = [value for key, value in state[0].items() if key == zone]
    mine = next(one for one in records if one["Name"] == "lost.example.com.")
    changed = dict(mine, TTL=77)
    batch = [{"Action": "DELETE", "ResourceRecordSet": mine}, {"Action": "CREATE", "ResourceRecordSet": changed}]
    served.clients[account].change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": batch})
    refused(served, "an undo of what has moved on", "changed since", "undo", identity, "--confirm", "lost.example.com")


def requested(served):
    """What one account asks for, the other accepts."""
    text = served.run("request", "asked.example.com", "--account", "team").stdout
    path = os.path.join(served.home, "ticket.txt")
    with open(path, "w") as file:
        file.write("Hello\n\n" + "".join(f"> {line}\r\n" for line in text.splitlines()))
    kept(served, "request and accept", "accept", path, "--account", "hub", confirm="asked.example.com")


def main():
    zonecut = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "target/release/zonecut"))
    with tempfile.TemporaryDirectory(prefix="zonecut-plans-") as home:
        served = Served(zonecut, home)
        try:
            all_of_it(served)
        finally:
            served.process.terminate()
            served.process.wait()
    print(checks, "checks")


def all_of_it(served):
    kept(served, "delegate a zone that is there", "delegate", "lost.example.com")
    kept(served, "delegate a new zone", "delegate", "new.example.com", "--create-in", "team")
    requested(served)
    kept(served, "fix by delegating", "fix", "lost.example.com", "missing-delegation")
    kept(served, "fix by removing", "fix", "gone.example.com", "--way", "remove")
    zone = "example.com"
    for name, words in {
        "record add": ("record", "add", zone, "new-txt.example.com", "TXT", '"a b"', '"c"', "--ttl", "17"),
        "record set": ("record", "set", zone, "www2.example.com", "A", "192.0.2.77", "--ttl", "18"),
        "record remove": ("record", "remove", zone, "www2.example.com", "A"),
    }.items():
        subject = json.loads(served.run(*words, "-n", "--json").stdout)["confirm"]
        kept(served, name, *words, confirm=subject)
    refusals(served)
    made = kept(served, "sets create", "sets", "create", "team", undo=False, confirm=confirm_of(served, "sets", "create", "team"))
    check(made["tally"]["sets_created"] == 1, "one set")
    identity, = served.state()[1]
    kept(served, "delegate with known name servers", "delegate", "known.example.com", "--create-in", "team", "--delegation-set", identity)
    words = ("sets", "delete", "team", identity)
    kept(served, "sets delete", *words, undo=False, confirm=confirm_of(served, *words))
    kept(served, "teardown", "teardown", "old.example.com", "--now", "--reason", "a test", undo=False)
    log = json.loads(served.run("log", "--json").stdout)
    check(log["complete"] and not [one for one in log["changes"] if one["state"] in ("open", "partial")], "nothing is left open")
    print(served.run("log", "--verify").stdout.strip())


def confirm_of(served, *words):
    return json.loads(served.run(*words, "-n", "--json").stdout)["confirm"]


if __name__ == "__main__":
    main()
