"""What others say: dig of each server, unbound and `dig +trace` of each name."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor

from . import names


def dig(*arguments):
    return subprocess.run(["dig", "-r", *arguments], capture_output=True, text=True).stdout


def status(address):
    """The response code that an address has for whatever it is asked; none where it says nothing."""
    found = re.search(r"status: (\w+)", dig("+norecurse", "+noedns", "+time=1", "+tries=1", f"@{address}", ".", "SOA"))
    return found and found.group(1)


def prime(address, name):
    """Has a resolver look up what it is to answer from its cache later; it may meet itself among the servers, and try again."""
    for kind in ("SOA", "NS", "DNSKEY"):
        for _ in range(5):
            if "status: NOERROR" in dig("+time=5", "+tries=1", f"@{address}", name, kind):
                break


def facts(cases):
    """What each server was to say and does not."""
    asked = [(case, *fact) for case in cases for fact in case.facts]
    with ThreadPoolExecutor(16) as pool:
        heard = list(pool.map(lambda fact: said_by(fact[1], fact[2]), asked))
    return [f"{case.label}: {address} was to be {expected} for {name}, and is {found}"
            for (case, name, address, expected), found in zip(asked, heard) if expected != found]


def said_by(name, address):
    """What one address makes of a question for the SOA of a name."""
    return sense(name, dig("+norecurse", "+noedns", "+time=3", "+tries=1", "+noall", "+comments", "+answer", "+authority",
                           f"@{address}", name, "SOA"))


def sense(name, text):
    if "connection refused" in text:
        return "unreachable"
    if "malformed message" in text or "bad packet" in text:
        return "malformed"
    if not (head := re.search(r"status: (\w+)", text)):
        return "silent"
    if head.group(1) != "NOERROR":
        return head.group(1).lower()
    authoritative = re.search(r"flags:[^;]*\baa\b", text)
    records = [line.split() for line in text.splitlines() if line and not line.startswith(";")]
    same = [record for record in records if names.labels(record[0]) == names.labels(name)]
    if any(record[3] == "SOA" for record in same):
        return "authoritative" if authoritative else "not-authoritative"
    if authoritative:
        return "nodata"
    if any(record[3] == "NS" for record in same):
        return "self-referral"
    return "upward-referral" if any(record[3] == "NS" for record in records) else "empty"


def resolver(case, address):
    """Whether a resolver answers the case's question, and in which words."""
    name, kind = case.question
    text = dig("+time=12", "+tries=2", "+noall", "+comments", "+answer", f"@{address}", name, kind)
    status = re.search(r"status: (\w+)", text)
    return answers(text, kind), status.group(1) if status else "silent"


def trace(case):
    """Whether `dig +trace` gets to an answer."""
    name, kind = case.question
    text = dig("+trace", "+nodnssec", "+time=2", "+tries=1", name, kind)
    return answers(text, kind)


def answers(text, kind):
    lines = [line.split() for line in text.splitlines() if line and not line.startswith(";")]
    return any(len(words) > 4 and words[3] in (kind, "CNAME", "DNAME") for words in lines)


def opinions(ask, cases):
    with ThreadPoolExecutor(8) as pool:
        return dict(zip((case.label for case in cases), pool.map(ask, cases)))
