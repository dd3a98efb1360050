#!/usr/bin/env python3
"""What zonecut says of name servers where none can be heard: in a network where port 53 leads nowhere, in one where it is
refused, and in one where somebody answers in the place of every server. In each of them what is served is not known, and nothing
may be claimed but what the accounts say. Then beside servers that do answer: where the resolver of the system lies, and where IPv6
leads nowhere.

    .ci/unknown.py [PATH OF ZONECUT]

Works in network namespaces of its own; ends with 1 where something is not as it should be, and with 0 where none can be made.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

from real_servers import misled, network

# Says that this process is in a network in which servers can be started.
MISLED = "misled"
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CLEAN = """name = "clean"
[[account]]
id = "111122223333"
name = "shared"
[[account.zone]]
name = "example.com"
[[account.zone]]
name = "dev.example.com"
"""


def main():
    zonecut = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "target/release/zonecut"))
    if not isinstance(network.enter(), network.Namespace):
        return print("not tried: no network namespace can be made here")
    if MISLED in sys.argv:
        with tempfile.TemporaryDirectory(prefix="zonecut-misled-") as directory:
            sys.exit(0 if misled.all_of_it(zonecut, directory) else 1)
    network.ip("link set lo up")
    with tempfile.TemporaryDirectory(prefix="zonecut-unknown-") as directory:
        demo = Served(zonecut, directory, "demo", None)
        clean = Served(zonecut, directory, "clean", CLEAN)
        plain = {name: served.check("--no-live") for name, served in (("demo", demo), ("clean", clean))}
        right = [expect("no network at all", demo, clean, plain, "blocked")]
        for line in ("link add void type veth peer name void-end", "link set void-end up", "link set void arp off up",
                     "addr add 100.127.0.1/32 dev void", "route add default dev void"):
            network.ip(line)
        right.append(expect("port 53 leads nowhere", demo, clean, plain, "blocked"))
        network.ip("route del default dev void")
        network.ip("route add local 0.0.0.0/0 dev lo")
        right.append(expect("port 53 is refused", demo, clean, plain, "blocked"))
        threading.Thread(target=answer_everything, daemon=True).start()
        right.append(expect("somebody answers in the place of every server", demo, clean, plain, "intercepted"))
        for served in (demo, clean):
            served.process.terminate()
            served.process.wait()
    right.append(subprocess.run(["unshare", "--net", "--mount", sys.executable, *sys.argv[:1], zonecut, MISLED]).returncode == 0)
    print("as it should be" if all(right) else "not as it should be")
    sys.exit(0 if all(right) else 1)


def expect(place, demo, clean, plain, state):
    """Runs a check in both organisations: the verdicts must be those of the accounts alone, and the gap be told."""
    problems = []
    for name, served, code in (("demo", demo, 3), ("clean", clean, 4)):
        since = time.monotonic()
        ran, document = served.check()
        took = time.monotonic() - since
        if ran.returncode != code:
            problems.append(f"{name} ended with {ran.returncode} instead of {code}: {ran.stderr[-500:]}")
        if document["live"]["state"] != state:
            problems.append(f"{name}: live is {document['live']}")
        if document["complete"]:
            problems.append(f"{name}: it is called complete")
        told, bare = verdicts(document), verdicts(plain[name][1])
        for line in sorted(told - bare):
            problems.append(f"{name}: claimed without having heard anybody: {line}")
        for line in sorted(bare - told):
            problems.append(f"{name}: not claimed any more: {line}")
        if ran.stderr.count("is served is not known") != 1:
            problems.append(f"{name}: the gap is not told once: {ran.stderr[-500:]}")
        print(f"{place}: {name} ended with {ran.returncode} after {took:.1f} s, live is {document['live']['state']}, "
              f"{len(document['findings'])} findings")
    for problem in problems:
        print("  " + problem)
    return not problems


def verdicts(document):
    return {(line["code"], line["name"], line["confidence"], line["cause"] or "") for line in document["findings"]}


class Served:
    """An organisation that the simulator serves, read with default settings for DNS."""

    def __init__(self, zonecut, directory, name, world):
        self.zonecut = zonecut
        arguments = [zonecut, "demo", "--serve"]
        if world:
            path = os.path.join(directory, name + ".world")
            with open(path, "w") as file:
                file.write(world)
            arguments.append(f"--demo={path}")
        printed = os.path.join(directory, name)
        self.process = subprocess.Popen(arguments, stdout=open(printed, "w"), stderr=subprocess.DEVNULL,
                                        preexec_fn=network.end_with_parent)
        exports, profiles = {}, []
        for _ in range(400):
            with open(printed) as file:
                text = file.read()
            if "# zonecut check" in text:
                exports = dict(re.findall(r"^export (AWS_\w+)='([^']*)'", text, re.MULTILINE))
                profiles = re.search(r"^# Profiles: (.*)$", text, re.MULTILINE)[1].split()
                break
            time.sleep(0.05)
        config = printed + ".toml"
        with open(config, "w") as file:
            for profile in profiles:
                file.write(f'[[accounts]]\nname = "{profile}"\nprofile = "{profile}"\n')
            file.write("[cache]\nenabled = false\n")
        kept = {variable: value for variable, value in os.environ.items() if variable in ("PATH", "LANG")}
        self.environment = {**kept, **exports, "HOME": directory, "ZONECUT_CONFIG": config}
        self.environment.pop("AWS_PROFILE", None)

    def check(self, *arguments):
        ran = subprocess.run([self.zonecut, "check", "--json", *arguments], env=self.environment, capture_output=True, text=True)
        return ran, json.loads(ran.stdout or "{}")


def answer_everything():
    """Answers any query, whoever it was sent to, with an empty authoritative answer, as captive networks do."""
    pktinfo = 8
    endpoint = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    endpoint.setsockopt(socket.IPPROTO_IP, pktinfo, 1)
    endpoint.bind(("0.0.0.0", 53))
    while True:
        query, ancillary, _, asker = endpoint.recvmsg(4096, 256)
        end = 12
        while query[end]:
            end += 1 + query[end]
        reply = query[:2] + bytes([0x84, 0x00, 0, 1, 0, 0, 0, 0, 0, 0]) + query[12:end + 5]
        # From the address that was asked, or nobody would take it for the answer.
        asked = ancillary[0][2][8:12]
        info = bytes(4) + asked + bytes(4)
        endpoint.sendmsg([reply], [(socket.IPPROTO_IP, pktinfo, info)], 0, asker)


if __name__ == "__main__":
    main()
