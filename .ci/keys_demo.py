#!/usr/bin/env python3
"""A person at a terminal mends the demo from the keyboard alone: reads the screen, presses keys, and believes nothing else.

    .ci/keys_demo.py target/debug/zonecut --size 80x24

Everything that is decided here is decided by words that stand on the screen, so what cannot be found out from it fails. The demo is
served by a process of its own, in sync at once, so that what was left in the middle outlives the program that left it. Needs pyte.

1. Unlock; then on the Problems screen: what has a fix is mended and verified, taken back, seen again, and mended again, until nothing
   is left that has one.
2. A new name is delegated to a zone that is created in another account, then taken out again with its zone.
3. A change whose answer never came is gone on with: as offered at the next start, and from the Changes screen.
"""

import argparse
import codecs
import fcntl
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
import urllib.request

import pyte

KEYS = {"enter": "\r", "tab": "\t", "esc": "\x1b", "space": " ", "down": "\x1b[B", "ctrl-c": "\x03", "backspace": "\x7f"}
LONG = 180


class Unread(Exception):
    """The screen does not say what it should."""


class Refused(Exception):
    """The program says no, and why."""


class Terminal:
    """The program in a pseudo terminal, with an emulator at the other end."""

    def __init__(self, command, size, env):
        self.columns, self.rows = size
        self.screen = pyte.Screen(self.columns, self.rows)
        self.stream = pyte.Stream(self.screen)
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execve(command[0], command, env)
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", self.rows, self.columns, 0, 0))

    def pump(self, seconds):
        """Takes in what is written until it is quiet for so long, or for twice that, as clocks on the screen are never quiet."""
        end = time.monotonic() + 2 * seconds
        while time.monotonic() < end and select.select([self.fd], [], [], seconds)[0]:
            try:
                data = os.read(self.fd, 65536)
            except OSError:
                return False
            if not data:
                return False
            # Modes that the emulator does not know are of no account.
            self.stream.feed(re.sub(r"\x1b\[[?>=<][0-9;]*[a-zA-Z]", self.known_mode, self.decoder.decode(data)))
        return True

    @staticmethod
    def known_mode(found):
        return found.group(0) if re.fullmatch(r"\x1b\[\?(25|7|6)[hl]", found.group(0)) else ""

    def lines(self):
        return list(self.screen.display)

    def text(self):
        return "\n".join(self.lines())

    def selected(self):
        """The rows inside a box that are shown in reverse, as text."""
        def is_reverse(row):
            cells = self.screen.buffer[row]
            is_boxed = self.screen.display[row].startswith("│")
            return is_boxed and sum(cells[column].reverse for column in range(self.columns)) > self.columns // 3
        return [self.screen.display[row] for row in range(self.rows) if is_reverse(row)]

    def reversed_words(self):
        """What is shown in reverse, piece by piece."""
        words = []
        for row in range(self.rows):
            cells, word = self.screen.buffer[row], ""
            for column in range(self.columns):
                if cells[column].reverse:
                    word += cells[column].data
                elif word:
                    words.append(word.strip())
                    word = ""
            if word:
                words.append(word.strip())
        return words

    def until(self, seen, what, seconds=LONG):
        """Waits until the screen shows something; what `seen` gives back."""
        end = time.monotonic() + seconds
        while True:
            alive = self.pump(0.03)
            found = seen(self)
            if found:
                return found
            if time.monotonic() > end or not alive:
                raise Unread(f"{what} is not on the screen:\n{self.text()}")

    def until_text(self, *texts, seconds=LONG):
        return self.until(lambda t: next((x for x in texts if x in t.text()), None), " or ".join(texts), seconds)

    def press(self, keys):
        """Keys by their names, one after the other; a text in quotes is typed."""
        for key in re.findall(r'"[^"]*"|\S+', keys):
            typed = key[1:-1] if key.startswith('"') else KEYS.get(key, key)
            for octet in typed if key.startswith('"') else [typed]:
                os.write(self.fd, octet.encode())
                self.pump(0.04)

    def end(self):
        try:
            os.kill(self.pid, signal.SIGTERM)
        except ProcessLookupError:
            pass
        self.pump(0.5)
        os.waitpid(self.pid, 0)
        os.close(self.fd)

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)


class Demo:
    """The demo, served."""

    def __init__(self, binary, directory):
        self.binary, self.directory = binary, directory
        self.log = open(os.path.join(directory, "serve.log"), "w")
        self.process = subprocess.Popen(
            [binary, "demo", "--serve", "--control"], stdout=subprocess.PIPE, stderr=self.log, text=True, bufsize=1
        )
        self.env = {"PATH": os.environ["PATH"], "HOME": directory, "TERM": "xterm-256color", "LANG": "C.UTF-8"}
        for line in self.process.stdout:
            if found := re.match(r"export ([A-Z0-9_]+)='(.*)'", line):
                self.env[found[1]] = found[2]
            if "ZONECUT_DEMO_RESOLVER_PORT" in line:
                break
        self.control("PUT", "insync", {"delay_ms": 0})

    def control(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.env["ZONECUT_DEMO_CONTROL"] + path, data, method=method)
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def end(self):
        self.process.terminate()
        self.process.wait()


class Person:
    """Reads the screen and presses keys."""

    def __init__(self, demo, size, notice=None):
        self.demo, self.size = demo, size
        self.notice = notice or (lambda terminal, name: None)
        self.terminal = None

    # The program

    def start(self):
        command = [self.demo.binary, "--allow-endpoint-override"]
        self.terminal = Terminal(command, self.size, self.demo.env)
        self.terminal.until_text("READ-ONLY", "WRITE")

    def until_calm(self):
        """Waits until everything is read and asked."""
        busy = r"\d+%|\d+/\d+"
        calm = lambda t: re.search(r"\d+ (accounts|acct)", t.text()) and not re.search(busy, "".join(t.lines()[:2]))
        self.terminal.until(calm, "that everything is read")
        self.terminal.pump(0.3)

    def quit(self):
        self.terminal.press("ctrl-c")
        self.terminal.end()

    def unlock(self):
        self.terminal.press("w")
        self.terminal.until_text("Unlock writing")
        self.notice(self.terminal, "unlock")
        self.terminal.press("a enter")
        self.terminal.until_text("[WRITE")

    def keep_unlocked(self):
        """The time of writing runs out: it is unlocked again before that."""
        found = re.search(r"\[WRITE[^\]]*?(\d+):(\d+)\]", self.terminal.text())
        if found and int(found[1]) >= 2:
            return
        if found:
            self.terminal.press("w")
            self.terminal.until_text("READ-ONLY")
        self.unlock()

    # The list of problems

    def problem(self):
        """The one under the cursor: its code, its name, and whether it says that it can be mended."""
        row = self.terminal.until(lambda t: next(iter(t.selected()), None), "a row under the cursor", 10)
        detail = self.terminal.text().split("────", 2)[-1]
        code = re.search(r"(?:critical|error|warning|notice|info) ([a-z0-9-]+)  (\S+)", detail)
        if not code:
            raise Unread(f"code and name of what is selected ({row}) are not on the screen:\n{self.terminal.text()}")
        ways = re.search(r"\bf mends it\b", detail)
        why = re.search(r"BY HAND +(.*(?:\n│ {8,}.*)*)", detail)
        if not ways and not why:
            raise Unread(f"whether {code[1]} can be mended is not on the screen:\n{self.terminal.text()}")
        return code[1], code[2], bool(ways), None if ways else " ".join(re.sub("[│\n]", " ", why[1]).split())

    def problems(self, narrowed=None):
        """Goes to the list, and down it: all that is there, or what a filter lets through."""
        self.terminal.press("2")
        self.terminal.until_text("Problems")
        self.until_calm()
        self.clear_filter()
        if narrowed:
            self.terminal.press(f'/ "{narrowed}" enter')
            self.terminal.pump(0.1)
            if "Nothing passes the filter" in self.terminal.text():
                self.terminal.press("esc")
                return
        self.terminal.press("g")
        before = None
        while True:
            self.terminal.pump(0.05)
            here = self.problem()
            if here[:2] == before:
                return
            yield here
            before = here[:2]
            self.terminal.press("j")

    def go_to(self, code, name):
        """Whether it is in the list as something that a change mends; what is left to others after it is listed by hand."""
        found = any(other[:3] == (code, name, True) for other in self.problems(name))
        if not found:
            self.clear_filter()
        return found

    def sees(self, code, name, there):
        """Whether the list soon has it, or no longer: what was changed is asked about once more after it is verified."""
        end = time.monotonic() + 15
        while self.go_to(code, name) != there:
            if time.monotonic() > end:
                return False
            self.clear_filter()
            self.terminal.pump(0.5)
        return True

    def clear_filter(self):
        if "filter:" in self.terminal.text():
            self.terminal.press("esc")

    # A change

    def stage(self):
        found = re.search(r"\[\d (Child|Parent|Checks|Options|Review|Apply)", self.terminal.text())
        return found and found[1]

    def leave(self):
        """Nothing is pressed before it is gone: esc and a key at once would be another key."""
        self.terminal.press("esc")
        self.terminal.until(lambda t: not self.stage(), "that it is left", 10)

    def walk(self, name, notice=None):
        """Goes through the steps to the end, as the screen leads; gives back what it says in the end."""
        terminal = self.terminal
        seen = set()
        while True:
            stage = terminal.until(lambda t: self.stage(), "a step")
            if notice and stage not in seen:
                seen.add(stage)
                terminal.pump(0.2)
                self.notice(terminal, f"{notice}-{stage.lower()}")
            told = " ".join(terminal.text().replace("│", " ").split())
            if stage == "Options" and re.search(r"DID [^.]*[1-9]\d* hosted zones? to create", told):
                self.without_waiting()
                terminal.press("enter")
            elif stage in ("Child", "Parent", "Options"):
                terminal.press("enter")
            elif stage == "Checks":
                self.checks(notice)
            elif stage == "Review":
                self.review(name, notice)
            else:
                return self.applied(notice)
            terminal.until(lambda t: self.stage() != stage, f"the step after {stage}")

    def without_waiting(self):
        """What deletes a zone waits for days until its delegation is forgotten, unless a reason is given why it need not."""
        for _ in range(8):
            if any("> ( ) without waiting" in line for line in self.terminal.lines()):
                break
            self.terminal.press("tab")
        self.terminal.press('"nobody has used it yet" enter')
        self.terminal.until_text("(x) without waiting", seconds=10)

    def checks(self, notice):
        terminal = self.terminal
        terminal.until(lambda t: "Reading both sides anew" not in t.text(), "what was checked")
        if "Nothing was changed" in terminal.text():
            why = re.search(r"✗ ([a-z].*)", terminal.text())
            self.leave()
            raise Refused(why[1].strip(" │"))
        terminal.until_text("CHECKS")
        if notice:
            self.notice(terminal, f"{notice}-checks-done")
        if "stands against it" in terminal.text():
            self.override(notice)
        terminal.press("enter")

    def override(self, notice):
        """Goes on in spite of a stop, for a reason, where the screen says that it may be done."""
        terminal = self.terminal
        seen = terminal.text()
        while not (stop := re.search(r"^[│┃] {2,}(?:✗|\?) (\S.*?)[ │┃]*$", terminal.text(), re.M)):
            terminal.press("j")
            if terminal.text() == seen:
                raise Unread(f"what stands against it is not on the screen:\n{seen}")
            seen = terminal.text()
        terminal.press("o")
        terminal.pump(0.2)
        if "does not matter >" not in terminal.text():
            self.leave()
            raise Refused(stop[1])
        if notice:
            self.notice(terminal, f"{notice}-override")
        terminal.press('"it is known, and will be mended" enter')
        terminal.until(lambda t: "stands against it" not in t.text() and "does not matter >" not in t.text(), f"that {stop[1]} is overridden", 30)

    def review(self, name, notice):
        """Reads to the end, acknowledges each warning, types the name where it is asked for, and applies."""
        terminal = self.terminal
        terminal.until(lambda t: "Reading both sides anew" not in t.text(), "the review")
        if "w unlocks" in terminal.text():
            self.unlock()
        terminal.press("G")
        terminal.until(lambda t: "the end" in t.text() or "more line" not in t.text(), "the end of the review")
        if notice:
            self.notice(terminal, f"{notice}-review-end")
        for _ in range(60):
            terminal.pump(0.05)
            lines = [line.strip("│┃ ") for line in terminal.lines()]
            at = next((line for line in lines if line.startswith("> ")), "")
            if at.startswith("> [ ] I know"):
                terminal.press("space")
            elif at.startswith("> type ") and name not in at.split(">", 2)[2]:
                terminal.press(f'"{name}"')
                terminal.until_text(f"> {name}", seconds=20)
            elif "[ Apply ]" in terminal.reversed_words():
                break
            elif any(word.startswith("( Apply: a moment") for word in terminal.reversed_words()):
                time.sleep(0.2)
            else:
                terminal.press("tab")
        else:
            raise Unread(f"how to apply it is not on the screen:\n{terminal.text()}")
        if notice:
            self.notice(terminal, f"{notice}-armed")
        terminal.press("enter")

    def applied(self, notice):
        terminal = self.terminal
        ends = ("✓ verified", "! sent, and not verified", "✗ nothing was changed", "! not finished")
        if notice:
            terminal.pump(0.1)
            self.notice(terminal, f"{notice}-under-way")
        end = terminal.until_text(*ends)
        terminal.pump(0.2)
        if notice:
            self.notice(terminal, f"{notice}-end")
        if end != ends[0]:
            why = terminal.text()
            self.leave()
            raise Refused(f"{end[2:]}:\n{why}")

    def mend(self, code, name, notice=None):
        """From the problem under the cursor to what is verified."""
        terminal = self.terminal
        terminal.press("f")
        found = terminal.until_text("Mend ", "step ")
        if found == "Mend ":
            if notice:
                self.notice(terminal, f"{notice}-ways")
            terminal.press("enter")
        self.walk(name, notice)
        self.leave()

    def undo(self, name, notice=None):
        """Takes back the newest change."""
        terminal = self.terminal
        terminal.press("4")
        terminal.until_text("Changes ")
        terminal.press("g")
        row = terminal.until(lambda t: next(iter(t.selected()), None), "a change under the cursor", 10)
        if "verified" not in row or name not in row:
            raise Unread(f"the newest change is not verified:\n{terminal.text()}")
        if notice:
            self.notice(terminal, f"{notice}-changes")
        terminal.press("u")
        terminal.until_text("step 1 of")
        self.walk(name, notice)
        self.leave()


def mend_all(person, only, notice):
    """Each finding that has a fix: mended, taken back, mended again."""
    mended, left = [], {}
    refused = []
    shown = 0
    while True:
        person.keep_unlocked()
        for code, name, can, why in person.problems():
            if not can:
                left[(name, code)] = why
            elif (name, code) not in left and (not only or name in only):
                break
        else:
            return mended, left, refused
        shown += 1
        label = notice if shown == 1 else None
        since = time.monotonic()
        try:
            person.mend(code, name, label)
            first = time.monotonic() - since
            if not person.sees(code, name, False):
                raise Refused("it is still there after it was mended")
            person.undo(name, f"{label}-undo" if label else None)
            if not person.sees(code, name, True):
                raise Refused("it is not there again after the undo")
            person.mend(code, name)
            if not person.sees(code, name, False):
                raise Refused("it is still there after it was mended again")
        except Refused as why:
            left[(name, code)] = str(why)
            refused.append((name, code))
            print(f"left     {name}  {code}: {why}", flush=True)
            continue
        left.pop((name, code), None)
        mended.append((name, code))
        print(f"mended   {name}  {code}  ({first:.1f} s; with undo and once more {time.monotonic() - since:.1f} s)", flush=True)


def to_a_new_zone(person, name, account, notice=None):
    """Up to the account in which the zone of a new name is created: it has the focus then."""
    terminal = person.terminal
    terminal.press("1")
    terminal.until_text("Zones ")
    terminal.press("esc")
    terminal.pump(0.3)
    person.until_calm()
    terminal.press("g j d")
    terminal.until_text("step 1 of 6")
    # What is below the selected zone is there already.
    terminal.press(f'"{name.split(".")[0]}"')
    terminal.until_text(f"No account holds a zone {name}", seconds=10)
    if notice:
        person.notice(terminal, f"{notice}-name")
    terminal.press("tab")
    for _ in range(40):
        if any("> ( ) create it in" in line and account in line for line in terminal.lines()):
            break
        terminal.press("down")
    else:
        raise Unread(f"the account {account} cannot be chosen:\n{terminal.text()}")
    if notice:
        person.notice(terminal, f"{notice}-account")


def new_zone(person, name, account, notice):
    """A name that nobody has is delegated to a zone that is created in another account."""
    to_a_new_zone(person, name, account, notice)
    person.walk(name, notice)
    person.leave()


def teardown(person, name, notice):
    """The zone is selected in the tree; what takes it out is found by its name in the palette."""
    terminal = person.terminal
    terminal.press("1")
    terminal.until_text("Zones ")
    person.until_calm()
    terminal.press(f'/ "{name}" enter')
    for _ in range(10):
        if any(name in row for row in terminal.selected()):
            break
        terminal.press("j")
    terminal.press(': "take the delegation"')
    terminal.until_text("teardown: take the delegation", seconds=10)
    if notice:
        person.notice(terminal, f"{notice}-palette")
    terminal.press("enter")
    terminal.until_text("step 1 of", seconds=10)
    for _ in range(8):
        if any("> ( ) without waiting" in line for line in terminal.lines()):
            break
        terminal.press("tab")
    terminal.press('"nobody has used it yet" enter')
    person.walk(name, notice)
    person.leave()


def interrupted(person, name, account, way, notice):
    """The program is killed while its change is not in sync; what it left is gone on with by the next one."""
    person.demo.control("PUT", "insync", {"delay_ms": 3_600_000})
    to_a_new_zone(person, name, account)
    terminal = person.terminal
    while (before := person.stage()) != "Review":
        terminal.press("enter")
        terminal.until(lambda t: person.stage() != before, f"what follows {before}")
        terminal.until(lambda t: "Reading both sides anew" not in t.text(), "what was checked")
    person.review(name, None)
    terminal.until_text("PENDING")
    terminal.kill()
    person.demo.control("PUT", "insync", {"delay_ms": 0})
    person.demo.control("POST", "clock", {"advance_seconds": 4_000})
    person.start()
    terminal = person.terminal
    terminal.until_text("A change is not finished")
    person.notice(terminal, f"{notice}-offer")
    if way == "offer":
        # It is unlocked from where the change is offered, as the offer itself says.
        person.unlock()
        terminal.until_text("A change is not finished", seconds=10)
        terminal.press("r")
    else:
        terminal.press("esc")
        terminal.pump(0.3)
        person.until_calm()
        person.unlock()
        terminal.press("4")
        terminal.until_text("Changes ")
        terminal.press("g")
        person.notice(terminal, f"{notice}-open")
        terminal.press("r")
    person.applied(notice)
    person.leave()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("binary")
    parser.add_argument("--size", default="120x36")
    parser.add_argument("--only", action="append", help="mend this name alone; may be repeated")
    args = parser.parse_args()
    size = tuple(int(number) for number in args.size.split("x"))
    directory = tempfile.mkdtemp(prefix="zonecut-keys-")
    demo = Demo(os.path.abspath(args.binary), directory)
    failed = 1
    person = Person(demo, size)
    try:
        failed = run(person, args.only)
    except (Unread, Refused) as why:
        print(f"FAILED: {why}")
    finally:
        demo.end()
        shutil.rmtree(directory)
    return failed


def run(person, only):
    person.start()
    person.until_calm()
    person.unlock()
    mended, left, refused = mend_all(person, only, "fix")
    for (name, code), why in sorted(left.items()):
        print(f"by hand  {name}  {code}: {why}")
    new_zone(person, "keys.example.com", "sandbox", "new")
    print("a new zone keys.example.com was created in sandbox, and delegated from shared-dns", flush=True)
    teardown(person, "keys.example.com", "teardown")
    print("keys.example.com was taken out, and its zone", flush=True)
    for way in ("offer", "changes"):
        interrupted(person, f"{way}.example.com", "sandbox", way, f"resume-{way}")
        print(f"a change that was left in the middle was gone on with, from the {way}", flush=True)
    print(f"{len(mended)} mended, taken back and mended again; {len(left)} left, {len(refused)} of them refused")
    person.quit()
    return 1 if refused or not (mended or only) else 0


if __name__ == "__main__":
    sys.exit(main())
