#!/usr/bin/env python3
"""A resolver over HTTPS that we did not write: unbound, which speaks HTTP/2 over TLS and validates. zonecut must hear it where its
certificate is trusted, say so where it is not, and come to the same end about the chain of trust.

    .ci/doh.py [PATH OF ZONECUT]

Serves the demo, whose resolver unbound asks, and whose root key it believes; ends with 1 where something is not as it should be.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
# What unbound can prove as well: where a proof of absence is needed, the simulator has none to give.
NAMES = {
    "www.example.net": "secure", "example.net": "secure", "secure.example.net": "secure", "otp.example.net": "secure",
    "audit.example.net": "bogus", "hsm.example.net": "bogus", "pki.example.net": "bogus", "vault.example.net": "bogus",
}


def main():
    zonecut = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "target/release/zonecut"))
    unbound = shutil.which("unbound") or shutil.which("unbound", path="/usr/sbin:/sbin")
    if not unbound or not shutil.which("openssl"):
        return print("not tried: there is no unbound, or no openssl")
    with tempfile.TemporaryDirectory(prefix="zonecut-doh-") as directory:
        # Unbound gives up its rights, and reads its files all the same.
        os.chmod(directory, 0o755)
        serving, demo = serve(zonecut, directory)
        resolver, url, authority = resolve(unbound, directory, demo)
        try:
            right = [judged(zonecut, demo, url, authority, name, state) for name, state in NAMES.items()]
            right.append(untrusted(zonecut, demo, url))
        finally:
            for process in (resolver, serving):
                process.terminate()
                process.wait()
    print("as it should be" if all(right) else "not as it should be")
    sys.exit(0 if all(right) else 1)


def serve(zonecut, directory):
    """The demo, and the variables that lead to it."""
    printed = os.path.join(directory, "environment")
    process = subprocess.Popen([zonecut, "demo", "--serve"], stdout=open(printed, "w"), stderr=subprocess.DEVNULL)
    for _ in range(400):
        with open(printed) as file:
            text = file.read()
        if "# dig +norecurse" in text:
            return process, dict(re.findall(r"^export (\w+)='([^']*)'", text, re.MULTILINE))
        time.sleep(0.05)
    sys.exit("the demo does not start")


def resolve(unbound, directory, demo):
    """Unbound before the demo's resolver; its URL, and the certificate of whoever vouches for it."""
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=directory, check=True, capture_output=True)
    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-days", "2", "-subj", "/CN=ca")
    openssl("req", *key, "-keyout", "own.key", "-out", "own.csr", "-subj", "/CN=resolver")
    with open(os.path.join(directory, "own.ext"), "w") as file:
        file.write("subjectAltName=IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", "own.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2",
            "-extfile", "own.ext", "-out", "own.pem")
    os.chmod(os.path.join(directory, "own.key"), 0o644)
    anchor = os.path.join(directory, "root.key")
    shutil.copy(demo["ZONECUT_DEMO_TRUST_ANCHOR"], anchor)
    os.chmod(anchor, 0o644)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = os.path.join(directory, "unbound.conf")
    with open(config, "w") as file:
        file.write(f"""server:
  interface: 127.0.0.1@{port}
  https-port: {port}
  tls-service-key: {directory}/own.key
  tls-service-pem: {directory}/own.pem
  trust-anchor-file: {anchor}
  module-config: "validator iterator"
  do-not-query-localhost: no
  chroot: ""
  directory: {directory}
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
forward-zone:
  name: "."
  forward-addr: {demo["ZONECUT_DEMO_RESOLVER"]}@{demo["ZONECUT_DEMO_RESOLVER_PORT"]}
""")
    log = open(os.path.join(directory, "unbound.log"), "w")
    process = subprocess.Popen([unbound, "-d", "-c", config], stdout=log, stderr=log)
    for _ in range(400):
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return process, f"https://127.0.0.1:{port}/dns-query", os.path.join(directory, "ca.pem")
        time.sleep(0.05)
    sys.exit("unbound does not start: " + open(log.name).read())


def trace(zonecut, demo, url, authority, name):
    environment = {**os.environ, **demo, "ZONECUT_TEST": "1", "ZONECUT_CACHE": "false"}
    environment.pop("SSL_CERT_FILE", None)
    if authority:
        environment["SSL_CERT_FILE"] = authority
    ran = subprocess.run([zonecut, "trace", name, "--resolver", url, "--json"], env=environment, capture_output=True, text=True)
    document = json.loads(ran.stdout or "{}")
    said = next(line for line in document["resolvers"] if line["address"] == url)
    return document, said


def judged(zonecut, demo, url, authority, name, state):
    """What both make of a name: where the chain is good unbound answers, and where it is not it fails."""
    document, said = trace(zonecut, demo, url, authority, name)
    answered = "SERVFAIL" not in said["says"] and said["rtt_ms"] is not None and bool(said["records"])
    is_right = document["trust"]["state"] == state and answered == (state == "secure")
    print(f"{'' if is_right else 'WRONG: '}{name}: the chain of trust is {document['trust']['state']}, unbound says {said['says']}")
    return is_right


def untrusted(zonecut, demo, url):
    _, said = trace(zonecut, demo, url, None, "www.example.net")
    is_right = said["says"] == "cannot be reached: no TLS connection that can be trusted"
    print(f"{'' if is_right else 'WRONG: '}a certificate of nobody we know: {said['says']}")
    return is_right


if __name__ == "__main__":
    main()
