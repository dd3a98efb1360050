"""Where the servers live: a network of our own, or the loopback network where none can be made.

In a network of our own port 53 and public addresses are free to be used, nothing leads outside, and zonecut needs no settings but
its root hints. Addresses that no server has are routed into an interface whose other end throws everything away: whoever asks
them hears nothing, as on the internet. On the loopback network there is no IPv6 and no bind9, which listens to the addresses of
interfaces alone, and zonecut must be allowed to ask it.
"""

import ctypes
import os
import signal
import subprocess
import sys

INSIDE = "ZONECUT_REAL_SERVERS_INSIDE"
NAMESPACES = ["unshare", "--user", "--map-root-user", "--net", "--mount"]


class Namespace:
    """A network of our own."""

    families = (4, 6)
    resolver = "127.0.0.53"
    settings = ""
    software = ("bind", "knot", "nsd")

    def address(self, number, family):
        """An address that nobody else has."""
        high, low = divmod(number, 250)
        return f"5.{40 + high}.{low + 1}.53" if family == 4 else f"2a02:5300:{number:x}::53"

    def root(self, v4, v6):
        """The addresses of a root server."""
        return [v4, v6]

    def prepare(self, directory):
        """Sets up the loopback interface, the way into nothing, and the resolver of programs that take the system's."""
        for line in """
            link set lo up
            link add void type veth peer name void-end
            link set void-end up
            link set void arp off up
            addr add 100.127.0.1/32 dev void
            route add default dev void
            -6 addr add 2a0f:ffff::1/128 dev void nodad
            -6 route add default dev void
        """.strip().splitlines():
            ip(line)
        path = os.path.join(directory, "resolv.conf")
        with open(path, "w") as file:
            file.write(f"nameserver {self.resolver}\noptions timeout:10 attempts:1\n")
        subprocess.run(["mount", "--bind", path, "/etc/resolv.conf"], check=True)

    def add(self, addresses, directory):
        """Gives the loopback interface these addresses."""
        path = os.path.join(directory, "addresses")
        with open(path, "w") as file:
            for address in addresses:
                file.write(f"addr add {address}/{'128' if ':' in address else '32'} dev lo{' nodad' if ':' in address else ''}\n")
        ip(f"-batch {path}")


class Loopback:
    """The network 127.0.0.0/8, on which port 53 must be free to be used."""

    families = (4,)
    resolver = "127.53.0.53"
    settings = f'allow = ["127.0.0.0/8"]\nresolvers = ["{resolver}"]\n'
    software = ("knot", "nsd")

    def address(self, number, family):
        high, low = divmod(number, 250)
        return f"127.{60 + high}.{low + 1}.53"

    def root(self, v4, v6):
        return ["127." + v4.partition(".")[2]]

    def prepare(self, directory):
        pass

    def add(self, addresses, directory):
        pass


def enter(loopback=False):
    """Starts this program once more within namespaces of its own, unless it is there already or they cannot be made."""
    if os.environ.get(INSIDE):
        return Namespace()
    for prefix in ([], ["sudo", "-n", "-E"]) if not loopback else ():
        if succeeds([*prefix, *NAMESPACES, "sh", "-c", "ip link add name one type veth peer name two"]):
            os.environ[INSIDE] = "1"
            os.execvp((prefix + NAMESPACES)[0], [*prefix, *NAMESPACES, sys.executable, *sys.argv])
    print("no network namespace: the servers are on the loopback network, without IPv6, bind9 and dig +trace", flush=True)
    return Loopback()


def succeeds(command):
    try:
        return subprocess.run(command, capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


def ip(line):
    subprocess.run(["ip", *line.split()], check=True)


def end_with_parent():
    """Makes a child process end when this one does, however that happens."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
