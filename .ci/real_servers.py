#!/usr/bin/env python3
"""zonecut against servers that are not ours: a root, registries, providers and Amazon's name servers, served by bind9, knot
and nsd in a network namespace, and an organisation whose hosted zones delegate to them in ways good and bad.

    .ci/real_servers.py [PATH OF ZONECUT] [--only LABEL]... [--shell] [--side-by-side]

Each case states which codes must be found at its name; `zonecut check` must find those and no others. What `zonecut trace` says
of resolving must be what unbound (validating, with the same root hints and trust anchor) and `dig +trace` say. Needs bind9,
bind9-utils, bind9-dnsutils, knot, nsd and unbound. Ends with 1 where something is not as it should be.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile

from real_servers import cases, evidence, judged, network, running, side_by_side
from real_servers.internet import Internet

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def main():
    options = arguments()
    place = network.enter(options.loopback)
    directory = tempfile.mkdtemp(prefix="zonecut-real-")
    started = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    try:
        place.prepare(directory)
        internet = Internet(directory, place)
        known = cases.build(internet)
        running.start(internet, directory, started)
        ok = run(options, internet, known, directory, started)
    finally:
        for server in started:
            server.stop()
        shutil.rmtree(directory, ignore_errors=True)
    sys.exit(0 if ok else 1)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("zonecut", nargs="?", default=os.path.join(ROOT, "target/release/zonecut"))
    parser.add_argument("--only", action="append", metavar="LABEL", help="compare only these cases")
    parser.add_argument("--servers", action="store_true", help="look at the servers and the resolvers only, without zonecut")
    parser.add_argument("--loopback", action="store_true", help="do without namespaces")
    parser.add_argument("--shell", action="store_true", help="open a shell inside when all is up")
    parser.add_argument("--side-by-side", action="store_true", help="measure the time per delegation beside other checkers")
    return parser.parse_args()


def run(options, internet, known, directory, started):
    wrong = evidence.facts(known)
    print(f"{sum(len(case.facts) for case in known)} servers of {len(known)} cases were asked by dig, "
          f"{len(wrong)} are not as the case wants them")
    for line in wrong:
        print("  " + line)
    ok = not wrong
    if options.only:
        known = [case for case in known if case.label in options.only]
    agreed, resolved, _ = judged.resolvers(internet.network, known)
    ok &= agreed
    if not options.servers:
        organisation = judged.Organisation(options.zonecut, internet, directory)
        started.append(organisation)
        organisation.start()
        if options.shell:
            subprocess.run([os.environ.get("SHELL", "bash")], env=organisation.environment)
        elif options.side_by_side:
            side_by_side.measure(organisation, known)
        else:
            ok &= judged.check(organisation, known)
            ok &= judged.traces(organisation, known, resolved)
            ok &= judged.replays(organisation, started)
    return ok


if __name__ == "__main__":
    main()
