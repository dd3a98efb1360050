"""A network of our own, in which port 53 and public addresses are free to be used and nothing leads outside.

Addresses that no server has are routed into an interface whose other end throws everything away: whoever asks them hears nothing,
as on the internet.
"""

import ctypes
import os
import signal
import subprocess
import sys

INSIDE = "ZONECUT_REAL_SERVERS_INSIDE"
RESOLVER = "127.0.0.53"


def enter():
    """Starts this program once more within namespaces of its own, unless it is there already. Returns inside only."""
    if os.environ.get(INSIDE):
        return
    command = ["unshare", "--user", "--map-root-user", "--net", "--mount"]
    for prefix in ([], ["sudo", "-n", "-E"]):
        allowed = subprocess.run([*prefix, *command, "true"], capture_output=True)
        if allowed.returncode == 0:
            os.environ[INSIDE] = "1"
            os.execvp((prefix + command)[0], [*prefix, *command, sys.executable, *sys.argv])
    print("namespaces cannot be made here:", allowed.stderr.decode().strip(), file=sys.stderr)
    sys.exit(0 if os.environ.get("ZONECUT_CI_LENIENT") == "1" else 1)


def prepare(directory):
    """Sets up the loopback interface, the way into nothing, and the resolver's address."""
    for line in """
        link set lo up
        link add void type veth peer name void-end
        link set void-end up
        link set void arp off up
        addr add 100.127.0.1/32 dev void
        route add default dev void
    """.strip().splitlines():
        ip(line)
    ip("-6 addr add 2a0f:ffff::1/128 dev void nodad")
    ip("-6 route add default dev void")
    resolv_conf = os.path.join(directory, "resolv.conf")
    with open(resolv_conf, "w") as file:
        file.write(f"nameserver {RESOLVER}\noptions timeout:10 attempts:1\n")
    subprocess.run(["mount", "--bind", resolv_conf, "/etc/resolv.conf"], check=True)


def add(addresses, directory):
    """Gives the loopback interface these addresses."""
    path = os.path.join(directory, "addresses")
    with open(path, "w") as file:
        for address in addresses:
            file.write(f"addr add {address}/128 dev lo nodad\n" if ":" in address else f"addr add {address}/32 dev lo\n")
    ip(f"-batch {path}")


def ip(line):
    subprocess.run(["ip", *line.split()], check=True)


def end_with_parent():
    """Makes a child process end when this one does, however that happens."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
