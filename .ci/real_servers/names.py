"""Names as text: absolute, in lower case, in the dialect of master files (RFC 1035 section 5.1)."""

import re


def labels(name):
    """The labels of an absolute name, escapes left in."""
    return re.findall(r"((?:\\\d{3}|\\.|[^.\\])+)\.", name)


def parent(name):
    """The name without its first label."""
    return ".".join(labels(name)[1:]) + "."


def is_below(name, zone):
    """Whether a name is a zone's apex or lies in it."""
    if zone == ".":
        return True
    above = labels(zone)
    return labels(name)[-len(above):] == above


def route53(name):
    """A name in Route 53's dialect, whose escapes are octal."""
    def octal(match):
        text = match.group(1)
        return f"\\{int(text) if text.isdigit() else ord(text):03o}"

    return re.sub(r"\\(\d{3}|.)", octal, name)


def wire(name):
    """A name's octets, as digests are made of them."""
    out = b""
    for label in labels(name):
        octets = re.sub(rb"\\(\d{3}|.)", lambda m: bytes([int(m.group(1)) if m.group(1).isdigit() else m.group(1)[0]]),
                        label.encode())
        out += bytes([len(octets)]) + octets.lower()
    return out + b"\0"
