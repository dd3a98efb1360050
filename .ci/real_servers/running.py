"""Everything started, and waited for until it answers."""

import os
import time

from . import evidence, network, software


def start(internet, directory, started):
    """Writes and starts everything, and waits until it answers."""
    since = time.monotonic()
    internet.write()
    internet.network.add(internet.all_addresses(), directory)
    servers = list(internet.servers())
    at = {instance: [a for host in internet.hosts if host.instance == instance for a in host.addresses]
          for instance in ("cache", "open", "stumbling")}
    if isinstance(internet.network, network.Loopback):
        internet.stumbling.update({address: ("silent", "-") for address in internet.silent()})
    where = os.path.join(directory, "servers")
    open_zones = [(name, zone.file) for name, zone in internet.served["open"].items()]
    if "bind" in internet.network.software:
        servers.append(software.OpenBind("open", where, at["open"], open_zones, hints=internet.hints))
    servers += [software.Unbound("cache", where, at["cache"], internet.hints, talkative=True),
                software.Unbound("resolver", where, [internet.network.resolver], internet.hints, anchor=internet.anchor),
                software.Stumbling("stumbling", where, at["stumbling"], internet.stumbling)]
    for server in servers:
        started.append(server)
        server.start()
    software.wait_until(lambda server: evidence.status(server.addresses[0]), servers)
    evidence.prime(at["cache"][0], internet.primed)
    print(f"{len(servers)} servers with {len(internet.all_addresses())} addresses and {len(internet.zones)} zones are up after "
          f"{time.monotonic() - since:.1f} s", flush=True)
