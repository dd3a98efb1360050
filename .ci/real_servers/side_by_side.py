"""The time per delegation, beside a loop of `dig +trace` and zonemaster, on the same servers and the same machine."""

import shutil
import statistics
import subprocess
import time


def measure(organisation, known):
    """Prints how long each takes for the same delegations: all of them, and those with which nothing is wrong."""
    names = [name.rstrip(".") for case in known for name in case.codes]
    healthy = [name.rstrip(".") for case in known for name, codes in case.codes.items()
               if codes <= {"delegated-elsewhere"} and not case.lame()]
    alone = timed([organisation.zonecut, "check", "--no-live", "--json", "-q"], organisation.environment)
    live = min(timed([organisation.zonecut, "check", "--json", "-q"], organisation.environment) for _ in range(2))
    print(f"zonecut check --no-live: {alone:.2f} s; live, all {len(names)} delegations at once: {live:.2f} s, "
          f"{1000 * live / len(names):.0f} ms a delegation")
    loop("zonecut trace", healthy, lambda name: [organisation.zonecut, "trace", name, "SOA"], organisation.environment)
    loop("dig +trace", healthy, dig)
    loop("dig +trace", names, dig)
    if shutil.which("zonemaster-cli"):
        hints = organisation.internet.hints
        loop("zonemaster-cli --test Delegation", healthy,
             lambda name: ["zonemaster-cli", "--hints", hints, "--test", "Delegation", "--no-progress", name])
    if shutil.which("dnsviz"):
        roots = ",".join(f"{host.name.rstrip('.')}={host.addresses[0]}"
                         for host in organisation.internet.root_servers())
        loop("dnsviz probe -A", healthy,
             lambda name: ["dnsviz", "probe", "-A", "-d", "0", "-x", f".:{roots}", "-o", "/dev/null", name])


def dig(name):
    return ["dig", "-r", "+trace", "+nodnssec", "+time=2", "+tries=1", name, "SOA"]


def loop(what, names, command, environment=None):
    """One after the other."""
    took = [timed(command(name), environment) for name in names]
    print(f"{what}, {len(names)} delegations one by one: {sum(took):.1f} s; {1000 * statistics.median(took):.0f} ms a delegation "
          f"in the middle, {1000 * max(took):.0f} ms at most", flush=True)


def timed(command, environment=None):
    since = time.monotonic()
    subprocess.run(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=600)
    return time.monotonic() - since
