"""The hierarchy: three root servers, the registries, Amazon's name servers, and providers, each with software of its own.

Every name server has a name in a domain that exists and addresses of both families. The hosted zones are those that real servers
serve at the names of their delegation sets, and those that the simulator's API tells of: both are written from one description.
"""

import dataclasses
import json
import os

from . import names, software
from .zones import Zone, generate

ROOT_SERVERS = {
    "root-a": ("a.root-servers.net.", "198.41.0.4", "2001:503:ba3e::2:30"),
    "root-b": ("b.root-servers.net.", "170.247.170.2", "2801:1b8:10::b"),
    "root-c": ("c.root-servers.net.", "192.33.4.12", "2001:500:2::c"),
}
SOFTWARE = {
    # Debian's nsd is built without the root server's ways: it refuses what lies below a root that it serves.
    "root-a": "bind", "root-b": "knot", "root-c": "bind",
    "registry-a": "bind", "registry-b": "nsd", "infrastructure": "knot", "amazon": "nsd",
    "bind-one": "bind", "bind-two": "bind", "knot-one": "knot", "knot-two": "knot", "nsd-one": "nsd", "nsd-two": "nsd",
    "old-copies": "nsd", "root-copy": "knot",
}
REGISTRIES = ["com.", "net.", "org.", "uk.", "co.uk.", "arpa.", "in-addr.arpa.", "de."]
PROVIDERS = {"bind-one": "net.", "bind-two": "org.", "knot-one": "org.", "knot-two": "com.", "nsd-one": "com.",
             "nsd-two": "net.", "old-copies": "net.", "root-copy": "org.", "stumbling": "com.", "cache": "net.", "open": "org.", "void": "net.", "closed": "org."}

# The API is asked anew for every trace, and is not what is looked at here.
RATE = "fault = { rate = { burst = 10000.0, per_second = 10000.0 } }"


@dataclasses.dataclass
class Host:
    """A name server: its name and its addresses."""

    name: str
    instance: str
    addresses: list

    def of_family(self, family):
        return [address for address in self.addresses if (":" in address) == (family == 6)]


@dataclasses.dataclass
class HostedZone:
    """A zone of an account: what the API tells, and what is served, which is the same but where a case wants it otherwise."""

    account: str
    zone: Zone
    set: list
    signing: bool = False
    apex: list | None = None


class Internet:
    """Everything there is, until it is written and started."""

    def __init__(self, directory, network):
        self.directory, self.network = directory, network
        for sub in ("zones", "keys", "servers"):
            os.makedirs(os.path.join(directory, sub))
        self.hosts, self.served, self.hosted, self.software = [], {}, [], dict(SOFTWARE)
        self.accounts, self.private = {}, []
        self.zones, self.by_name = [], {}
        self.count, self.set_count, self.number_of = 0, 0, {}
        self.stumbling = {}
        self.build()

    # What it is built of.

    def addresses(self, families=(4, 6)):
        """Addresses that nobody has yet."""
        self.count += 1
        return [self.network.address(self.count, family) for family in families if family in self.network.families]

    def zone(self, name, servers, *instances, **rest):
        """A zone of one version, served by some instances."""
        zone = Zone(name, servers, **rest)
        self.zones.append(zone)
        self.serve(zone, *instances)
        return zone

    def serve(self, zone, *instances):
        if zone not in self.zones:
            self.zones.append(zone)
        for instance in instances:
            self.served.setdefault(instance, {})[zone.name] = zone

    def unloadable(self, name, instance):
        """A zone that a server is to serve, and has no file of."""
        self.served.setdefault(instance, {})[name] = None

    def host(self, instance, name=None, families=(4, 6), at=None):
        """A name server at an instance. Without a name it gets one in the instance's domain, where its addresses are entered."""
        domain = f"{instance}-example.{PROVIDERS.get(instance, 'net.')}"
        number = self.number_of[instance] = self.number_of.get(instance, 0) + 1
        host = Host(name or f"ns{number}.{domain}", instance, at or self.addresses(families))
        self.hosts.append(host)
        if name is None:
            self.publish(self.by_name[domain], host)
        return host

    @staticmethod
    def publish(zone, host):
        """Enters a host's addresses into a zone."""
        for address in host.addresses:
            zone.add(host.name, "AAAA" if ":" in address else "A", address, 3600)

    def delegate(self, parent, child, hosts, glue=None, ds=(), ttl=300):
        """Enters a delegation, with glue for the names below the cut unless other glue is given."""
        for host in hosts:
            parent.add(child, "NS", host if isinstance(host, str) else host.name, ttl)
        inside = [host for host in hosts if not isinstance(host, str) and names.is_below(host.name, child)]
        for host in inside if glue is None else glue:
            self.publish(parent, host)
        for value in ds:
            parent.add(child, "DS", value, ttl)

    def key(self, zone):
        """Makes a zone a signed one."""
        zone.key = generate(zone.name, os.path.join(self.directory, "keys"))
        return zone.key

    # The upper half.

    def build(self):
        roots = [Host(name, key, self.network.root(v4, v6)) for key, (name, v4, v6) in ROOT_SERVERS.items()]
        self.hosts += roots
        self.root = self.zone(".", [host.name for host in roots], *ROOT_SERVERS, "root-copy", ttl=86400)
        for host in roots:
            self.publish(self.root, host)
        self.key(self.root)
        registrars = [self.host(f"registry-{letter}", f"{letter}.gtld-servers.net.") for letter in "ab"]
        for name in REGISTRIES:
            zone = self.zone(name, [host.name for host in registrars], "registry-a", "registry-b", ttl=3600)
            self.by_name[name] = zone
            above = self.by_name.get(names.parent(name), self.root)
            self.delegate(above, name, registrars, glue=registrars if above is self.root else None, ds=[self.key(zone).ds()],
                          ttl=86400)
        self.domain("root-servers.net.", "infrastructure", "ns1")
        for host in roots:
            self.publish(self.by_name["root-servers.net."], host)
        self.domain("gtld-servers.net.", "infrastructure", "ns1")
        for host in registrars:
            self.publish(self.by_name["gtld-servers.net."], host)
        for provider, registry in PROVIDERS.items():
            self.domain(f"{provider}-example.{registry}", "infrastructure", "dns1")
        self.fixed_set = [self.amazon_host(number, "amazon") for number in (0, 512, 1024, 1536)]

    def domain(self, name, instance, *words):
        """A registered domain with servers in itself."""
        hosts = [self.host(instance, f"{word}.{name}") for word in words]
        zone = self.zone(name, [host.name for host in hosts], instance, ttl=3600)
        for host in hosts:
            self.publish(zone, host)
        self.delegate(self.by_name[names.parent(name)], name, hosts, ttl=86400)
        self.by_name[name] = zone
        return zone

    # Amazon.

    def amazon_host(self, number, instance):
        suffix = ["com.", "net.", "org.", "co.uk."][number // 512]
        domain = f"awsdns-{number % 512 // 8:02}.{suffix}"
        if domain not in self.by_name:
            self.domain(domain, "amazon", f"g-ns-{number % 512 // 8 + 1}")
        host = self.host(instance, f"ns-{number}.{domain}")
        self.publish(self.by_name[domain], host)
        return host

    def delegation_set(self, kind="nsd", instance=None):
        """Four names of Amazon's kind, at an instance of their own: Route 53 never lets a parent and a child share a server."""
        self.set_count += 1
        if instance is None:
            instance = f"set-{self.set_count}"
            self.software[instance] = kind
            self.served.setdefault(instance, {})
        return [self.amazon_host(base + self.set_count, instance) for base in (0, 512, 1024, 1536)]

    def hosted_zone(self, account, name, kind="nsd", set=None, signing=False, apex=None, serve=True):
        """A hosted zone; served by the instance of its delegation set."""
        set = set or self.delegation_set(kind)
        servers = [host.name for host in apex or set]
        zone = Zone(name, servers, mname=set[0].name)
        zone.rname, zone.timers = "awsdns-hostmaster.amazon.com.", "7200 900 1209600 86400"
        if serve:
            self.serve(zone, *{host.instance for host in set})
        if signing:
            self.key(zone)
        found = HostedZone(account, zone, set, signing, [host.name for host in apex] if apex else None)
        self.hosted.append(found)
        self.accounts.setdefault(account, str(111111111111 * (len(self.accounts) + 1)))
        return found

    def world(self):
        """The accounts, as the simulator reads them."""
        text = 'name = "real servers"\n'
        for account, number in self.accounts.items():
            text += f'\n[[account]]\nid = "{number}"\nname = "{account}"\n{RATE}\n'
            for hosted in self.hosted:
                if hosted.account == account:
                    text += self.world_zone(hosted, f"{hosted.zone.name} {hosted.set[0].name}")
        return text

    @staticmethod
    def world_zone(hosted, key):
        lines, name_servers = [], {}
        for owner, ttl, kind, value in hosted.zone.records:
            if kind == "NS":
                name_servers.setdefault((owner, ttl), []).append(value)
            else:
                lines.append(f"{names.route53(owner)} {ttl} {kind} {value}")
        lines += [f"{names.route53(owner)} {ttl} NS {' '.join(values)}" for (owner, ttl), values in name_servers.items()]
        text = f"[[account.zone]]\nname = {json.dumps(names.route53(hosted.zone.name).rstrip('.'))}\nkey = {json.dumps(key)}\n"
        text += f"delegate = false\ndelegation_set = {json.dumps([host.name for host in hosted.set])}\n"
        if hosted.apex:
            text += f"apex_ns = {json.dumps(hosted.apex)}\n"
        if hosted.signing:
            text += 'signing = "SIGNING"\n'
        return text + f"records = {json.dumps(lines, indent=1)}\n"

    # Bringing it to life.

    def write(self):
        """Writes the zones, the hints and the anchor."""
        for zone in self.zones:
            zone.write(os.path.join(self.directory, "zones"))
        self.hints = os.path.join(self.directory, "root.hints")
        with open(self.hints, "w") as file:
            for host in self.root_servers():
                file.write(f". 3600000 NS {host.name}\n")
                for address in host.addresses:
                    file.write(f"{host.name} 3600000 {'AAAA' if ':' in address else 'A'} {address}\n")
        self.anchor = os.path.join(self.directory, "root.anchor")
        with open(self.anchor, "w") as file:
            file.write(f". 86400 IN DS {self.root.key.ds()}\n")

    def servers(self):
        """The processes that are to run, those that are resolvers left out."""
        directory = os.path.join(self.directory, "servers")
        missing = os.path.join(self.directory, "zones", "missing")
        for instance, kind in self.software.items():
            addresses = [address for host in self.hosts if host.instance == instance for address in host.addresses]
            if addresses:
                zones = [(name, zone.file if zone else missing) for name, zone in self.served.get(instance, {}).items()]
                kind = kind if kind in self.network.software else "knot"
                yield software.SOFTWARE[kind](instance, directory, list(dict.fromkeys(addresses)), zones)

    def root_servers(self):
        return [host for host in self.hosts if host.instance in ROOT_SERVERS]

    def silent(self):
        """The addresses at which nobody is heard."""
        return [address for host in self.hosts if host.instance == "void" for address in host.addresses]

    def all_addresses(self):
        return list(dict.fromkeys(a for host in self.hosts if host.instance != "void" for a in host.addresses))
