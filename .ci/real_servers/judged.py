"""What zonecut says, beside what the cases claim and what others say."""

import json
import os
import re
import subprocess
import time

from . import cases, evidence, network


class Organisation:
    """The accounts, told of by the simulator's API, and the environment in which zonecut reads them."""

    def __init__(self, zonecut, internet, directory):
        self.zonecut, self.internet, self.directory = os.path.abspath(zonecut), internet, directory
        self.process = None

    def start(self):
        world = os.path.join(self.directory, "world.toml")
        with open(world, "w") as file:
            file.write(self.internet.world())
        printed = os.path.join(self.directory, "environment")
        self.process = subprocess.Popen([self.zonecut, "demo", "--serve", f"--demo={world}"], stdout=open(printed, "w"),
                                        stderr=open(printed + ".log", "w"), preexec_fn=network.end_with_parent)
        exports = {}
        for _ in range(200):
            with open(printed) as file:
                text = file.read()
            if "# zonecut check" in text:
                exports = dict(re.findall(r"^export (\w+)='([^']*)'", text, re.MULTILINE))
                break
            if self.process.poll() is not None:
                with open(printed + ".log") as file:
                    raise SystemExit("zonecut demo --serve: " + file.read())
            time.sleep(0.05)
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "TERM", "LANG")}
        aws = {name: value for name, value in exports.items() if name.startswith("AWS_")}
        self.environment = {**kept, **aws, "HOME": self.directory, "ZONECUT_CONFIG": self.config()}

    def config(self):
        """Default settings but the accounts, the root hints and the trust anchor."""
        path = os.path.join(self.directory, "zonecut.toml")
        with open(path, "w") as file:
            file.write(f'[dns]\nroots = "{self.internet.hints}"\ntrust_anchor = "{self.internet.anchor}"\n{self.internet.network.settings}')
            for name, number in self.internet.accounts.items():
                file.write(f'[[accounts]]\nname = "{name}"\nid = "{number}"\nprofile = "{name}"\n')
        return path

    def stop(self):
        if self.process:
            self.process.terminate()
            self.process.wait()

    def run(self, *arguments, ends_with=(0, 3)):
        done = subprocess.run([self.zonecut, *arguments], env=self.environment, capture_output=True, text=True)
        if done.returncode not in ends_with:
            print(f"zonecut {' '.join(arguments)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done


def resolvers(place, known):
    """unbound and `dig +trace`, beside what the cases claim. Returns whether they agree, and which names unbound resolves."""
    heard = evidence.opinions(lambda case: evidence.resolver(case, place.resolver), known)
    # dig takes the addresses of servers from the system's resolver, which is ours only in a network of our own.
    unsigned = [case for case in known if not case.signed and isinstance(place, network.Namespace)]
    traced = evidence.opinions(evidence.trace, unsigned)
    wrong = explained = 0
    for case in known:
        resolves, status = heard[case.label]
        if case.resolves is not None and resolves != case.resolves:
            wrong += 1
            print(f"  {case.label}: unbound says {status}, the case {'resolves' if case.resolves else 'does not resolve'}")
        if case.resolves is None or case.label not in traced or traced[case.label] == resolves:
            continue
        if case.lame() and not traced[case.label]:
            explained += 1
            print(f"  {case.label}: dig +trace reaches no answer, for it takes what the first server says; unbound asks the others")
        else:
            wrong += 1
            print(f"  {case.label}: dig +trace {'reaches an' if traced[case.label] else 'reaches no'} answer, unbound says {status}")
    print(f"unbound was asked for {len(known)} names, dig +trace for {len(unsigned)}: {explained} differences are explained, "
          f"{wrong} are not", flush=True)
    return wrong == 0, heard, traced


def check(organisation, known):
    """`zonecut check`, beside the labels."""
    since = time.monotonic()
    done = organisation.run("check", "--json", "-q")
    took = time.monotonic() - since
    report = json.loads(done.stdout)
    found = {}
    for finding in report["findings"]:
        found.setdefault(finding["name"], {})[finding["code"]] = finding
    labelled = {name.rstrip("."): (case, codes) for case in known for name, codes in case.codes.items()}
    wrong = 0
    for name in sorted(labelled.keys() | found.keys()):
        case, codes = labelled.get(name, (None, set()))
        if case is None and len(known) < len(cases.CASES):
            continue
        claimed = found.get(name, {})
        lines = [f"not found: {code}" for code in sorted(codes - claimed.keys())]
        lines += [told(finding) for code, finding in sorted(claimed.items()) if code not in codes]
        if case and case.root in claimed and name == case.name.rstrip(".") and claimed[case.root]["cause"]:
            lines.append(f"{case.root} is to be the cause, and is put below {claimed[case.root]['cause']}")
        if lines:
            wrong += 1
            print(f"  {name} ({case.title if case else 'of no case'})")
            print("".join(f"      {line}\n" for line in lines), end="")
    labels = sum(len(codes) for _, codes in labelled.values())
    print(f"zonecut check took {took:.1f} s: {len(report['findings'])} findings for {labels} labels of {len(known)} cases; "
          f"{wrong} names are not as labelled", flush=True)
    return wrong == 0


def told(finding):
    """A finding that is no label, with what zonecut says of it."""
    cause = f" below {finding['cause']}" if finding["cause"] else ""
    return f"claimed: {finding['code']} ({finding['severity']}, {finding['confidence']}{cause}): {'; '.join(finding['evidence'])}"


# What `zonecut trace` calls a name that somebody who asks for it finds.
RESOLVES = ("resolves", "degraded")


def traces(organisation, known, resolved):
    """`zonecut trace`, beside unbound: a name resolves for both or for neither."""
    since = time.monotonic()
    heard = evidence.opinions(lambda case: traced(organisation, case), known)
    wrong = depends = 0
    trusted = {}
    for case in known:
        outlook, end, sentence, trust = heard[case.label]
        trusted.setdefault(trust, []).append(case.label)
        says = outlook in RESOLVES and end == "answer"
        unbound, status = resolved[case.label]
        if unbound and trust == "bogus":
            wrong += 1
            print(f"  {case.label}: zonecut trace calls the chain of trust bogus, and unbound, which validates, says {status}")
        if says == unbound:
            continue
        if case.differs:
            depends += 1
            print(f"  {case.label}: zonecut trace says {outlook} and unbound {status}: {case.differs}")
        else:
            wrong += 1
            print(f"  {case.label}: zonecut trace says {outlook} ({end}), unbound {status}: {sentence}")
    print(f"zonecut trace walked to {len(known)} names in {time.monotonic() - since:.1f} s: {depends} differences from unbound are "
          f"explained, {wrong} are not", flush=True)
    print("  the chain of trust is " + ", ".join(f"{state} in {len(labels)} ({', '.join(labels)})" if len(labels) < 12
                                                 else f"{state} in {len(labels)}" for state, labels in sorted(trusted.items())))
    return wrong == 0


def traced(organisation, case):
    """What `zonecut trace` says of a case's question: the outlook, how the way ended, the sentence, the chain of trust."""
    done = organisation.run("trace", *case.question, "--json", "-q", ends_with=range(8))
    try:
        report = json.loads(done.stdout)
    except ValueError:
        return "nothing", str(done.returncode), done.stderr.strip(), "nothing"
    return report["verdict"]["outlook"], report["answer"]["kind"], report["verdict"]["sentence"], report["trust"]["state"]


def replays(organisation, started):
    """`check --record`, then `check --replay` when everything has been stopped: the same document but for times."""
    recording = os.path.join(organisation.directory, "recording")
    recorded = organisation.run("check", "--json", "-q", "--record", recording)
    for server in started:
        server.stop()
    for name in [name for name in organisation.environment if name.startswith("AWS_")]:
        del organisation.environment[name]
    replayed = organisation.run("check", "--json", "-q", "--replay", recording)
    first, second = without_times(recorded.stdout), without_times(replayed.stdout)
    differences = [f"{a!r} was recorded, {b!r} replayed" for a, b in zip(first, second) if a != b]
    same = bool(first) and first == second and recorded.returncode == replayed.returncode
    for line in differences[:10]:
        print("  " + line)
    print(f"a recording of {os.path.getsize(recording) // 1024} KiB was replayed with all servers stopped: {len(second)} lines, "
          f"{'the same' if same else 'not the same'}", flush=True)
    return same


def without_times(document):
    """The lines of a document, without those moments at which it was written."""
    return [re.sub(r'"\d{4}-\d\d-\d\dT[\d:.]+Z"', '"TIME"', line) for line in document.splitlines()]
