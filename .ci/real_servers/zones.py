"""Zones as master files, signed by BIND's own signer."""

import base64
import dataclasses
import glob
import hashlib
import os
import re
import struct
import subprocess
import time

from . import names

DAY = 86400


@dataclasses.dataclass
class Key:
    """One key that signs keys and records alike."""

    zone: str
    path: str
    text: str

    @property
    def rdata(self):
        flags, protocol, algorithm, key = self.text.split(" ", 3)
        return struct.pack("!HBB", int(flags), int(protocol), int(algorithm)) + base64.b64decode(key)

    def ds(self, digest_type=2):
        """The DS value for this key; of a digest type that nobody knows, a digest that nobody can check."""
        return ds_value(self.zone, self.rdata, digest_type)


def ds_value(zone, rdata, digest_type=2):
    tag = sum(octet << 8 if index % 2 == 0 else octet for index, octet in enumerate(rdata))
    tag = (tag + (tag >> 16)) & 0xFFFF
    return f"{tag} {rdata[3]} {digest_type} {hashlib.sha256(names.wire(zone) + rdata).hexdigest().upper()}"


def generate(zone, directory):
    """A new key, ECDSA P-256."""
    made = subprocess.run(["dnssec-keygen", "-q", "-a", "13", "-f", "KSK", "-K", directory, zone], check=True,
                          capture_output=True, text=True).stdout.strip()
    with open(os.path.join(directory, made + ".key")) as file:
        record = next(line for line in file if not line.startswith(";"))
    text = re.sub(r"^.*\sDNSKEY\s+", "", record.strip())
    head, key = " ".join(text.split()[:3]), "".join(text.split()[3:])
    return Key(zone, os.path.join(directory, made), f"{head} {key}")


class Zone:
    """One version of one zone."""

    def __init__(self, name, servers, serial=1, mname=None, ttl=300):
        self.name, self.servers, self.serial, self.ttl = name, list(servers), serial, ttl
        self.mname = mname or (self.servers[0] if self.servers else name)
        self.rname, self.timers = f"hostmaster.{'' if name == '.' else name}", "7200 900 1209600 3600"
        self.records = []
        self.key = None
        # How its signatures are to be wrong.
        self.expired, self.forged = False, None
        self.file = None

    def add(self, owner, record_type, value, ttl=None):
        """Adds a record; the owner is absolute, or relative to the zone, or empty."""
        if not owner.endswith("."):
            owner = f"{owner}.{self.name}".lstrip(".") if self.name != "." else owner + "."
        record = (owner, self.ttl if ttl is None else ttl, record_type, value)
        if record not in self.records:
            self.records.append(record)

    def copy(self, **changes):
        """The same zone, as another server has it."""
        other = Zone(self.name, changes.get("servers", self.servers), changes.get("serial", self.serial),
                     changes.get("mname", self.mname), self.ttl)
        other.records, other.key, other.expired, other.forged = list(self.records), self.key, self.expired, self.forged
        other.rname, other.timers = self.rname, self.timers
        return other

    def text(self):
        lines = [f"{self.name} {self.ttl} IN SOA {self.mname} {self.rname} {self.serial} {self.timers}"]
        lines += [f"{self.name} {self.ttl} IN NS {server}" for server in self.servers]
        lines += [f"{owner} {ttl} IN {kind} {value}" for owner, ttl, kind, value in self.records]
        return "\n".join(lines) + "\n"

    def write(self, directory):
        """Writes it, signed where it has a key."""
        path = os.path.join(directory, f"{len(glob.glob(os.path.join(directory, '*.zone')))}.zone")
        with open(path, "w") as file:
            file.write(self.text())
        self.file = path
        if self.key:
            self.sign(path)

    def sign(self, path):
        now = int(time.time())
        start, end = (now - 30 * DAY, now - DAY) if self.expired else (now - DAY, now + 30 * DAY)
        with open(path, "a") as file:
            file.write(f"{self.name} {self.ttl} IN DNSKEY {self.key.text}\n")
        subprocess.run(["dnssec-signzone", "-q", "-P", "-z", "-O", "full", "-d", os.path.dirname(path), "-s", moment(start),
                        "-e", moment(end), "-o", self.name, "-f", path + ".signed", path, self.key.path],
                       check=True, capture_output=True)
        with open(path + ".signed") as file:
            lines = file.read().splitlines()
        with open(path, "w") as file:
            file.write("\n".join(self.forge(line) for line in lines) + "\n")

    def forge(self, line):
        """Spoils the signatures of one type."""
        words = line.split()
        if self.forged and len(words) > 4 and words[3] == "RRSIG" and words[4] == self.forged:
            signature = bytearray(base64.b64decode("".join(words[12:])))
            signature[10] ^= 0xFF
            return " ".join(words[:12]) + " " + base64.b64encode(signature).decode()
        return line


def moment(seconds):
    return time.strftime("%Y%m%d%H%M%S", time.gmtime(seconds))
