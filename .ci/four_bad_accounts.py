#!/usr/bin/env python3
"""The demo organisation with four more accounts: one denied, one with an expired SSO login, one profile that leads to another
account than the pinned one, one credential_process that hangs. Shows that the others are read in time, and that each of the
four says what is wrong and how it is mended.

    .ci/four_bad_accounts.py [PATH OF ZONECUT]      the release build, where none is named

It serves the demo with `zonecut demo --serve` and needs nothing but the Python standard library. It takes about as long as the
program that hangs is given: 30 s, or ZONECUT_PROCESS_TIMEOUT. Ends with 1 where something is not as it should be.
"""

import fcntl
import hashlib
import json
import os
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ZONECUT = os.path.abspath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(ROOT, "target/release/zonecut"))
PATIENCE = os.environ.get("ZONECUT_PROCESS_TIMEOUT", "30s")
# When the terminal program is looked at: long before the program that hangs is ended.
LOOK_AFTER = 8

DENIED = """
[[account]]
id = "777788880001"
name = "denied"
fault = { deny = ["ListHostedZones", "GetHostedZoneCount"] }
[[account.zone]]
name = "denied.example"
"""

ACCOUNTS = """
[[accounts]]
name = "expired"
id = "777788880002"
profile = "expired"
[[accounts]]
name = "moved"
id = "777788880003"
profile = "moved"
[[accounts]]
name = "hanging"
id = "777788880004"
profile = "hanging"
"""

PROFILES = """
[profile expired]
sso_session = acme
sso_account_id = 777788880002
sso_role_name = ReadOnly
[sso-session acme]
sso_start_url = https://acme.awsapps.com/start
sso_region = eu-central-1
[profile hanging]
credential_process = sleep 600
"""

# What each says, and what mends it.
FOUR = {
    "denied": ("denied", "is not authorized to perform: route53:", "zonecut iam-policy --read"),
    "expired": ("no-credentials", "the login expired at 2026-01-01T00:00:00Z", "aws sso login --sso-session acme"),
    "moved": ("quarantined", "but 777788880003 is expected", "aws configure --profile moved"),
    "hanging": (
        "no-credentials",
        f"credential_process sleep gave no answer within {PATIENCE} and was ended",
        "aws sts get-caller-identity --profile hanging",
    ),
}

failures = []


def expect(condition, what):
    if not condition:
        failures.append(what)
        print("NOT SO:", what)


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, 0o600)
    return path


def serve(home):
    with open(os.path.join(ROOT, "assets/demo.toml")) as file:
        world = write(os.path.join(home, "world.toml"), file.read() + DENIED)
    server = subprocess.Popen([ZONECUT, f"--demo={world}", "demo", "--serve"], stdout=subprocess.PIPE, text=True)
    variables = {}
    for line in server.stdout:
        if match := re.match(r"export (\w+)='(.*)'", line):
            variables[match[1]] = match[2]
        if line.startswith("# dig +norecurse"):
            break
    return server, variables


def environment(home, served):
    """A home of its own: the demo's profiles and accounts, and the four."""
    with open(served["AWS_CONFIG_FILE"]) as file:
        write(os.path.join(home, ".aws/config"), file.read() + PROFILES)
    with open(served["AWS_SHARED_CREDENTIALS_FILE"]) as file:
        credentials = file.read()
    keys = credentials.split("[shared-dns]\n")[1].split("\n\n")[0]
    write(os.path.join(home, ".aws/credentials"), f"{credentials}\n[moved]\n{keys}\n")
    with open(served["ZONECUT_CONFIG"]) as file:
        config = write(os.path.join(home, "zonecut.toml"), file.read() + ACCOUNTS)
    token = hashlib.sha1(b"acme").hexdigest()
    write(os.path.join(home, f".aws/sso/cache/{token}.json"), '{"accessToken":"t","expiresAt":"2026-01-01T00:00:00Z"}')
    kept = {name: served[name] for name in served if name.startswith("AWS_ENDPOINT")}
    return {
        "HOME": home,
        "PATH": os.environ["PATH"],
        "TERM": "xterm-256color",
        "LANG": "C.UTF-8",
        "ZONECUT_TEST": "1",
        "ZONECUT_CONFIG": config,
        "ZONECUT_PROCESS_TIMEOUT": PATIENCE,
        **kept,
    }


def run(variables, *arguments):
    since = time.monotonic()
    ran = subprocess.run([ZONECUT, *arguments], env=variables, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    print(f"\n$ zonecut {' '.join(arguments)}      # ended with {ran.returncode} after {time.monotonic() - since:.1f} s")
    return ran


def screen(variables):
    """The accounts as the terminal program shows them after some seconds, left as text by Q."""
    child, terminal = pty.fork()
    if child == 0:
        os.execve(ZONECUT, [ZONECUT], {**variables, "NO_COLOR": "1"})
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 60, 120, 0, 0))
    seen = b""
    until = time.monotonic() + LOOK_AFTER
    keys = [b"i", b"Q"]
    while True:
        readable, _, _ = select.select([terminal], [], [], 0.2)
        if readable:
            try:
                chunk = os.read(terminal, 65536)
            except OSError:
                break
            if not chunk:
                break
            seen += chunk
        elif keys and time.monotonic() > until:
            os.write(terminal, keys.pop(0))
    os.waitpid(child, 0)
    return seen.decode().split("\x1b[?1049l")[-1]


def check(variables):
    text = screen(variables)
    print(f"\nThe terminal program, {LOOK_AFTER} s after its start:\n{text}")
    expect(text.count("✓ ready") + text.count("unread") >= 15, "the fifteen accounts of the demo are shown while one hangs")
    expect("hanging" in text and "reading" in text, "the one that hangs is still asked")

    ran = run(variables, "accounts")
    print(ran.stdout)
    expect(ran.returncode == 4, "accounts ends with 4")
    logins = json.loads(run(variables, "accounts", "--json").stdout)["accounts"]
    checked = run(variables, "check", "--json")
    expect(checked.returncode == 3, "check ends with 3, for the demo has findings")
    accounts = {account["name"]: account for account in json.loads(checked.stdout)["accounts"]}
    lines = run(variables, "check")
    print(lines.stdout[-3000:])
    healthy = [name for name in accounts if name not in FOUR]
    expect(len(healthy) == 15, "there are fifteen healthy accounts")
    for name in healthy:
        expect(accounts[name]["zones"] == accounts[name]["expected_zones"], f"{name} was listed in full")
    logins = {login["name"]: login for login in logins}
    for name, (status, error, remedy) in FOUR.items():
        expect(accounts[name]["status"] == status, f"{name} is {status}, and not {accounts[name]['status']}")
        expect(error in accounts[name]["error"], f"{name} says {error!r}, and not {accounts[name]['error']!r}")
        expect(logins[name]["remedy"] == remedy, f"{name} is mended by {remedy!r}, and not {logins[name]['remedy']!r}")
        expect(error in lines.stdout and f"run: {remedy}" in lines.stdout, f"the text says so of {name}")


def main():
    home = tempfile.mkdtemp(prefix="zonecut-four-")
    server, served = serve(home)
    try:
        check(environment(home, served))
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait()
        shutil.rmtree(home)
    print("\n" + ("as it should be" if not failures else f"{len(failures)} not as it should be"))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
