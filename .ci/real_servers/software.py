"""The servers: a configuration file and a process for each. All of them run without rights of their own, in one directory."""

import os
import subprocess
import sys
import time

from . import network


class Server:
    """One process: its addresses, and the zones it serves as (name, file). A file that is missing makes the zone unloadable."""

    program = ""

    def __init__(self, key, directory, addresses, zones):
        self.key, self.addresses, self.zones = key, addresses, zones
        self.directory = os.path.join(directory, key)
        os.makedirs(self.directory)
        self.process = None

    def path(self, name):
        return os.path.join(self.directory, name)

    def start(self):
        with open(self.path("conf"), "w") as file:
            file.write(self.configuration())
        log = open(self.path("log"), "wb")
        self.process = subprocess.Popen([self.program, *self.arguments()], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                        cwd=self.directory, preexec_fn=network.end_with_parent)

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()

    def complaint(self):
        """The end of its log, where it has ended of itself."""
        if self.process.poll() is None:
            return None
        with open(self.path("log"), errors="replace") as file:
            return f"{self.key} ended: " + file.read()[-2000:]


class Bind(Server):
    program = "/usr/sbin/named"
    recursion = "recursion no;"

    def arguments(self):
        return ["-g", "-n", "1", "-c", self.path("conf")]

    def configuration(self):
        of = {4: " ".join(f"{a};" for a in self.addresses if ":" not in a),
              6: " ".join(f"{a};" for a in self.addresses if ":" in a)}
        text = f"""
options {{
    directory "{self.directory}"; pid-file "{self.path('pid')}"; session-keyfile "{self.path('session.key')}";
    managed-keys-directory "{self.directory}";
    listen-on {{ {of[4] or 'none;'} }}; listen-on-v6 {{ {of[6] or 'none;'} }};
    {self.recursion} dnssec-validation no; empty-zones-enable no; notify no; allow-transfer {{ none; }};
    check-names primary ignore; check-mx ignore; zone-statistics none; minimal-responses no-auth;
}};
controls {{ }};
"""
        for name, file in self.zones:
            text += f'zone "{name}" {{ type primary; file "{file}"; check-integrity no; check-sibling no; }};\n'
        return text


class OpenBind(Bind):
    """Serves its zones, and looks up everything else for everybody."""

    def __init__(self, *arguments, hints):
        super().__init__(*arguments)
        self.recursion = "recursion yes; allow-recursion { any; };"
        self.hints = hints

    def configuration(self):
        return super().configuration() + f'zone "." {{ type hint; file "{self.hints}"; }};\n'


class Knot(Server):
    program = "/usr/sbin/knotd"

    def arguments(self):
        return ["-c", self.path("conf")]

    def configuration(self):
        listen = "\n".join(f"    listen: {address}@53" for address in self.addresses)
        text = f"""
server:
    rundir: "{self.directory}"
    udp-workers: 1
    tcp-workers: 1
    background-workers: 1
{listen}
log:
  - target: stderr
    any: warning
database:
    storage: "{self.directory}"
template:
  - id: default
    storage: "{self.directory}"
    semantic-checks: off
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
zone:
"""
        for name, file in self.zones:
            text += f'  - domain: "{name}"\n    file: "{file}"\n'
        return text


class Nsd(Server):
    program = "/usr/sbin/nsd"

    def arguments(self):
        return ["-d", "-c", self.path("conf")]

    def configuration(self):
        addresses = "\n".join(f"    ip-address: {address}" for address in self.addresses)
        text = f"""
server:
    zonesdir: "{self.directory}"
    database: ""
    username: ""
    pidfile: "{self.path('pid')}"
    xfrdfile: "{self.path('xfrd')}"
    zonelistfile: "{self.path('zones')}"
    server-count: 1
    rrl-ratelimit: 0
    rrl-whitelist-ratelimit: 0
{addresses}
remote-control:
    control-enable: no
"""
        for name, file in self.zones:
            text += f'zone:\n    name: "{name}"\n    zonefile: "{file}"\n'
        return text


class Unbound(Server):
    """A resolver; with an anchor it validates. One that tells everybody what it holds answers as a server that is none."""

    program = "/usr/sbin/unbound"

    def __init__(self, key, directory, addresses, hints, anchor=None, talkative=False):
        super().__init__(key, directory, addresses, [])
        self.hints, self.anchor, self.talkative = hints, anchor, talkative

    def arguments(self):
        return ["-d", "-c", self.path("conf")]

    def configuration(self):
        interfaces = "\n".join(f"    interface: {address}" for address in self.addresses)
        access = "allow_snoop" if self.talkative else "allow"
        validation = f'module-config: "validator iterator"\n    trust-anchor-file: "{self.anchor}"' if self.anchor \
            else 'module-config: "iterator"'
        return f"""
server:
    directory: "{self.directory}"
    chroot: ""
    username: ""
    pidfile: "{self.path('pid')}"
    use-syslog: no
    logfile: ""
    num-threads: 1
    do-not-query-localhost: no
    root-hints: "{self.hints}"
    access-control: 0.0.0.0/0 {access}
    access-control: ::0/0 {access}
    access-control: 127.0.0.0/8 {access}
    unblock-lan-zones: yes
    insecure-lan-zones: yes
    local-zone: "113.0.203.in-addr.arpa." nodefault
    val-log-level: 2
    log-servfail: yes
    ede: yes
    {validation}
{interfaces}
remote-control:
    control-enable: no
"""


SOFTWARE = {"bind": Bind, "knot": Knot, "nsd": Nsd}


def wait_until(ready, servers, patience=30):
    """Waits until each server answers; one that has ended is an error."""
    end = time.monotonic() + patience
    waiting = list(servers)
    while waiting:
        for server in waiting:
            if complaint := server.complaint():
                raise SystemExit(complaint)
        waiting = [server for server in waiting if not ready(server)]
        if time.monotonic() > end:
            raise SystemExit("no answer from " + ", ".join(server.key for server in waiting))
        time.sleep(0.05)


class Stumbling(Server):
    """The servers that stumble; see `stumbling`."""

    program = sys.executable

    def __init__(self, key, directory, addresses, table):
        super().__init__(key, directory, addresses, [])
        self.table = table

    def arguments(self):
        return [os.path.join(os.path.dirname(__file__), "stumbling.py"), self.path("conf")]

    def configuration(self):
        return "".join(f"{address} {mode} {backend}\n" for address, (mode, backend) in self.table.items())
