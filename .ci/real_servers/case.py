"""A case: one name below a hosted zone, what is wrong with it, and the codes that must be found there and no others."""

import dataclasses

from .zones import Zone

AUTHORITATIVE = "authoritative"


@dataclasses.dataclass
class Case:
    """What a case claims. `facts` are what its servers must be heard to say, before anything is concluded from it."""

    label: str
    title: str
    name: str
    # The codes at each name; the case's own name has an entry of its own.
    codes: dict = dataclasses.field(default_factory=dict)
    # The code that explains the others.
    root: str | None = None
    facts: list = dataclasses.field(default_factory=list)
    # The question whose answer shows whether the name resolves, and whether it does: True, False, or None where it depends.
    question: tuple = ()
    resolves: bool | None = True
    signed: bool = False
    # Why zonecut and resolvers say different things of the name, where they are to.
    differs: str | None = None
    # Whether one of its servers stumbles.
    stumbles: bool = False

    def lame(self):
        """Whether some of its servers do not serve it as they should."""
        return self.stumbles or any(fact != AUTHORITATIVE for _, _, fact in self.facts)


class Builder:
    """Puts one case into the internet."""

    def __init__(self, internet, hosted, label, title):
        self.internet, self.hosted, self.above = internet, hosted, None
        self.delegated = []
        self.case = Case(label, title, f"{label}.{hosted.zone.name}")
        self.case.codes[self.case.name] = set()
        self.case.question = (f"www.{self.case.name}", "A")

    @property
    def name(self):
        return self.case.name

    @property
    def parent(self):
        return self.above or self.hosted.zone

    def move(self, name, parent):
        """Gives the case another name, below a zone of nobody's account."""
        del self.case.codes[self.name]
        self.case.name, self.above = name, parent
        self.case.codes[name] = set()

    def host(self, instance, name=None, fact=AUTHORITATIVE, **rest):
        """A name server, and what it says when it is asked for the case's SOA."""
        host = self.internet.host(instance, name, **rest)
        return self.fact(host, fact)

    def fact(self, host, fact):
        self.case.facts += [(self.name, address, fact) for address in host.addresses]
        return host

    def hosts(self, *instances, fact=AUTHORITATIVE):
        return [self.host(instance, fact=fact) for instance in instances]

    def stumbling(self, mode, backend, fact=AUTHORITATIVE):
        """A server that stumbles, in front of an instance."""
        behind = self.internet.host(backend).of_family(4)[0]
        host = self.host("stumbling", fact=fact)
        self.case.stumbles = True
        for address in host.addresses:
            self.internet.stumbling[address] = (mode, behind)
        return host

    def delegate(self, hosts, **rest):
        self.internet.delegate(self.parent, self.name, hosts, **rest)
        self.delegated += [host if isinstance(host, str) else host.name for host in hosts]
        return hosts

    def served_by_strangers(self):
        """Whether the name is delegated to servers that are not Amazon's, one of which serves it, and no account holds it."""
        return (self.delegated and not any(".awsdns-" in name for name in self.delegated)
                and "no-working-nameserver" not in self.case.codes[self.name]
                and all(hosted.zone.name != self.name for hosted in self.internet.hosted))

    def zone(self, hosts, *instances, name=None, **rest):
        """The case's zone, with a web server in it."""
        zone = Zone(name or self.name, [host if isinstance(host, str) else host.name for host in hosts], **rest)
        zone.add("www", "A", "93.184.216.34")
        self.internet.serve(zone, *instances)
        return zone

    def plain(self, *instances, **rest):
        """The usual: a server at each instance, delegated to and serving."""
        hosts = self.delegate(self.hosts(*instances), **rest)
        return hosts, self.zone(hosts, *instances)

    def found(self, *codes, root=None, name=None):
        """States what must be found, the first code being the cause of the others."""
        self.case.codes.setdefault(name or self.name, set()).update(codes)
        if name is None:
            self.case.root = root or (codes[0] if codes else None)

    def fails(self):
        self.case.resolves = False

    def depends(self):
        """Whether the name resolves depends on the server that is asked."""
        self.case.resolves = None
        self.case.differs = "it depends on the server that is asked"
