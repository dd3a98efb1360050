"""The time per delegation, beside a loop of `dig +trace`, dnsviz and zonemaster: like for like, on the same servers and the same
machine, in less than a minute.

One at a time: a program of its own for each name, from the root hints on, with nothing remembered from the name before; `zonecut
trace` reads no account for it but what a scan has kept. All at once: one run for all delegations.
"""

import shutil
import statistics
import subprocess
import time

# So many healthy delegations are asked for one by one, and so many where each takes seconds.
SAMPLE, SAMPLE_OF_SLOW = 6, 2


def measure(organisation, known):
    """Prints how long each takes for the same healthy delegations, and how zonecut compares."""
    names = [name.rstrip(".") for case in known for name in case.codes]
    healthy = [name.rstrip(".") for case in known for name, codes in case.codes.items()
               if codes <= {"delegated-elsewhere"} and not case.lame()][:SAMPLE]
    zonecut = lambda *arguments: [organisation.zonecut, *arguments, "-q"]
    timed(zonecut("scan"), organisation.environment)
    traced = loop("zonecut trace --offline", healthy, lambda name: zonecut("trace", name, "SOA", "--offline"), organisation.environment)
    online = loop("zonecut trace, accounts read", healthy[:SAMPLE_OF_SLOW], lambda name: zonecut("trace", name, "SOA"), organisation.environment)
    reading = timed(zonecut("check", "--no-live"), organisation.environment)
    print(f"reading the accounts takes {1000 * reading:.0f} ms: a trace that reads them takes {1000 * online:.0f} ms, one that does not "
          f"{1000 * traced:.0f} ms")
    # Without its accounts a check asks nobody.
    everything = timed(zonecut("check"), organisation.environment) / len(names)
    print(f"zonecut check, all {len(names)} delegations at once, silent servers and all: {1000 * everything:.0f} ms a delegation")
    for what, took in others(organisation, healthy):
        print(f"{what} : zonecut, a delegation: {took / traced:.2f} times as long as a trace, {took / everything:.2f} times as a check "
              f"of all at once", flush=True)


def others(organisation, healthy):
    """What each of the others takes for one delegation."""
    yield "dig +trace", loop("dig +trace", healthy, lambda name: ["dig", "-r", "+trace", "+nodnssec", "+time=2", "+tries=1", name, "SOA"])
    if shutil.which("zonemaster-cli"):
        hints = organisation.internet.hints
        yield "zonemaster-cli", loop("zonemaster-cli --test Delegation", healthy[:SAMPLE_OF_SLOW], lambda name: [
            "zonemaster-cli", "--hints", hints, "--test", "Delegation", "--no-progress", name])
    if shutil.which("dnsviz"):
        roots = ",".join(f"{host.name.rstrip('.')}={host.addresses[0]}" for host in organisation.internet.root_servers())
        yield "dnsviz probe", loop("dnsviz probe -A", healthy, lambda name: [
            "dnsviz", "probe", "-A", "-d", "0", "-x", f".:{roots}", "-o", "/dev/null", name])


def loop(what, names, command, environment=None):
    """One after the other; the middle of what each takes."""
    took = [timed(command(name), environment) for name in names]
    middle = statistics.median(took)
    print(f"{what}, {len(names)} delegations one by one: {sum(took):.1f} s; {1000 * middle:.0f} ms a delegation in the middle, "
          f"{1000 * max(took):.0f} ms at most", flush=True)
    return middle


def timed(command, environment=None):
    since = time.monotonic()
    done = subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=60)
    took = time.monotonic() - since
    # zonecut ends with 3 where something is found, and with 4 where something could not be asked.
    if environment and done.returncode not in (0, 3, 4):
        raise SystemExit(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.decode()[-500:]}")
    return took
