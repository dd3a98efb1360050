"""Servers that stumble: small ones of our own in front of a real server, which spoil what passes through them.

    tcp-closed     answers over UDP; nobody listens on TCP
    edns-dropped   drops datagrams with an OPT record
    edns-dropped-everywhere   drops whatever has an OPT record
    edns-formerr   says FORMERR to whatever has an OPT record
    silent         takes everything and answers nothing
    not-implemented, malformed, slow   what the words say
"""

import selectors
import socket
import sys
import threading
import time

SLOW = 1.3


def run(table):
    """Serves each line of `table`, as `address mode backend`, until this process is ended."""
    selector = selectors.DefaultSelector()
    for line in table:
        address, mode, backend = line.split()
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        datagrams = socket.socket(family, socket.SOCK_DGRAM)
        datagrams.bind((address, 53))
        selector.register(datagrams, selectors.EVENT_READ, ("udp", mode, backend))
        if mode != "tcp-closed":
            listener = socket.create_server((address, 53), family=family, backlog=64)
            selector.register(listener, selectors.EVENT_READ, ("tcp", mode, backend))
    while True:
        for key, _ in selector.select():
            transport, mode, backend = key.data
            if transport == "udp":
                query, client = key.fileobj.recvfrom(65535)
                threading.Thread(target=over_udp, args=(key.fileobj, query, client, mode, backend), daemon=True).start()
            else:
                connection, _ = key.fileobj.accept()
                threading.Thread(target=over_tcp, args=(connection, mode, backend), daemon=True).start()


def over_udp(datagrams, query, client, mode, backend):
    mode = mode.replace("-everywhere", "")
    reply = spoiled(query, mode, lambda: asked(query, backend))
    if reply:
        datagrams.sendto(reply, client)


def over_tcp(connection, mode, backend):
    mode = {"edns-dropped": "none", "edns-dropped-everywhere": "edns-dropped"}.get(mode, mode)
    with connection:
        while head := exactly(connection, 2):
            query = exactly(connection, int.from_bytes(head, "big"))
            reply = spoiled(query, mode, lambda query=query: asked_over_tcp(query, backend))
            if reply:
                connection.sendall(len(reply).to_bytes(2, "big") + reply)


def spoiled(query, mode, ask):
    extended = int.from_bytes(query[10:12], "big") > 0
    if mode == "silent" or mode == "edns-dropped" and extended:
        return None
    if mode == "edns-formerr" and extended:
        return bare(query, 1)
    if mode == "not-implemented":
        return bare(query, 4)
    if mode == "malformed":
        return query[:2] + b"\x84\x00\x00\x01\x00\x05\x00\x00\x00\x00" + question(query) + b"\xc0"
    if mode == "slow":
        time.sleep(SLOW)
    return ask()


def bare(query, code):
    """A response of a header and the question."""
    return query[:2] + bytes([0x80 | query[2] & 0x79, code]) + b"\x00\x01\x00\x00\x00\x00\x00\x00" + question(query)


def question(query):
    end = 12
    while query[end]:
        end += query[end] + 1
    return query[12:end + 5]


def asked(query, backend):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as upstream:
        upstream.settimeout(5)
        upstream.connect((backend, 53))
        upstream.send(query)
        return upstream.recv(65535)


def asked_over_tcp(query, backend):
    with socket.create_connection((backend, 53), timeout=5) as upstream:
        upstream.sendall(len(query).to_bytes(2, "big") + query)
        return exactly(upstream, int.from_bytes(exactly(upstream, 2), "big"))


def exactly(connection, count):
    data = b""
    while len(data) < count:
        more = connection.recv(count - len(data))
        if not more:
            return b""
        data += more
    return data


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        run(file.read().splitlines())
