# SPDX-License-Identifier: Apache-2.0
"""What the campaigns of faults in mid-run share: runs of the program in a folder of their own, what their records hold,
and the result of a campaign as JSON. A campaign is repeatable as far as its seed reaches: which trials there are and
when each fault strikes, not what the machine does meanwhile."""

import argparse
import hashlib
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

PATIENCE_S = 120
MARK = "ONECARD_TRIAL"
CASE = re.compile(r'^<case id="([^"]+)" pass="([^"]+)" verdict="([^"]+)"')
# What differs between two runs of the same: times, and what is made of them and of the run's name.
VARYING = re.compile(r' (?:duration-ns|begin-ns|end-ns|chain|card-ns|link-ns|started|ended|resumes|run-id|session)="[^"]*"')


def options(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--onecard", required=True, help="the program under test")
    parser.add_argument("--source", required=True, help="folder of the project's source")
    parser.add_argument("--trials", type=int, default=4, help="how many of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1, help="trials at the same time")
    parser.add_argument("--json", help="file for the result of the campaign")
    parser.add_argument("--only", default="", help="kinds whose name matches this regular expression")
    return parser


class Folder:
    """A folder of one trial. Whatever the program starts is known by a mark in its environment."""

    def __init__(self, arguments):
        base = "/dev/shm" if os.path.isdir("/dev/shm") else None
        self.path = tempfile.mkdtemp(prefix="oc-trial-", dir=base)
        self.out = f"{self.path}/out"
        self.mark = uuid.uuid4().hex
        self.environment = {**os.environ, MARK: self.mark, "TMPDIR": self.path, "LC_ALL": "C.UTF-8", "LANGUAGE": "en"}
        self.arguments = arguments

    def start(self, options_of_run, **more):
        arguments = [self.arguments.onecard, "run", "-q", "-o", self.out, *options_of_run]
        with open(f"{self.path}/said", "ab") as said:
            return subprocess.Popen(arguments, env=self.environment, cwd=self.arguments.source, stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=said, **more)

    def run(self, options_of_run, patience=PATIENCE_S):
        """The exit code; None when there was no end."""
        program = self.start(options_of_run)
        try:
            return program.wait(patience)
        except subprocess.TimeoutExpired:
            program.kill()
            program.wait()
            return None

    def said(self):
        try:
            with open(f"{self.path}/said", encoding="utf-8", errors="replace") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def others(self):
        """Processes that carry the mark."""
        found = []
        wanted = f"{MARK}={self.mark}".encode()
        for name in os.listdir("/proc"):
            if not name.isdigit():
                continue
            try:
                with open(f"/proc/{name}/environ", "rb") as file:
                    if wanted in file.read().split(b"\0"):
                        found.append(int(name))
            except OSError:
                continue
        return found

    def orphans(self, patience=5.0):
        """Processes that are left when the program is gone."""
        until = time.monotonic() + patience
        while (found := self.others()) and time.monotonic() < until:
            time.sleep(0.02)
        return found

    def remove(self):
        for pid in self.others():
            os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.path, ignore_errors=True)


def children_of(pid):
    found = []
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/children", encoding="ascii") as file:
                found += [int(child) for child in file.read().split()]
    except OSError:
        pass
    return found


def child_named(parent, name, patience=20.0):
    """The number of a child of that name, the deepest there is below `parent`; None when none comes."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        found, level = None, [parent]
        while level := [child for pid in level for child in children_of(pid)]:
            for pid in level:
                try:
                    with open(f"/proc/{pid}/comm", encoding="ascii") as file:
                        found = pid if file.read().strip() == name else found
                except OSError:
                    continue
        if found is not None:
            return found
        time.sleep(0.002)
    return None


def entries_of(folder):
    """The whole entries of the journal, in their order."""
    try:
        with open(f"{folder}/run.journal", "rb") as file:
            lines = file.read().split(b"\n")
    except FileNotFoundError:
        return []
    found = []
    for line in lines[1:-1]:
        length, digest, entry = line.split(b" ", 2)
        if int(length) != len(entry) or hashlib.sha256(entry).hexdigest()[:16].upper() != digest.decode().upper():
            raise ValueError("the journal has a damaged line")
        found.append(entry.decode())
    return found


class Record:
    """A result.xml. `cases` maps (pass, id) to the case as it stands there, `verdicts` to its verdict."""

    def __init__(self, folder):
        self.cases, self.verdicts, self.doubled = {}, {}, []
        self.whole = False
        self.head = ""
        try:
            with open(f"{folder}/result.xml", encoding="utf-8") as file:
                text = file.read()
        except FileNotFoundError:
            return
        self.whole = text.rstrip().endswith("</result>")
        for line in text.split("\n"):
            found = CASE.match(line)
            if found:
                key = (found[2], found[1])
                if key in self.cases:
                    self.doubled.append(key)
                self.cases[key] = line
                self.verdicts[key] = found[3]
            elif line.startswith("<result "):
                self.head = line

    def said(self, name):
        found = re.search(rf' {name}="([^"]*)"', self.head)
        return found[1] if found else None

    def count(self, verdict):
        return sum(1 for one in self.verdicts.values() if one == verdict)

    def reason(self, key):
        found = re.search(r"<reason>(.*?)</reason>", self.cases[key], re.S)
        return found[1] if found else ""


def is_of_session(key):
    """The cases that open and close each session, whatever the journal holds."""
    return key[1].startswith(("CARD.SANITY", "TERM.SANITY"))


def reports_whole(folder):
    ends = {"result.xml": b"</result>", "junit.xml": b"</testsuites>", "report.html": b"</html>"}
    for name, end in ends.items():
        try:
            with open(f"{folder}/{name}", "rb") as file:
                if not file.read().rstrip().endswith(end):
                    return f"{name} is cut"
        except FileNotFoundError:
            return f"{name} is missing"
    return None


def difference(good, got, exact):
    """How a record differs from that of an undisturbed run; None when it does not. `exact`: down to each exchange."""
    if got.doubled:
        return f"{len(got.doubled)} cases stand twice, as {got.doubled[0]}"
    if set(good.cases) != set(got.cases):
        lost = sorted(set(good.cases) - set(got.cases))
        return f"{len(lost)} cases are lost and {len(set(got.cases) - set(good.cases))} new, as {lost[:1]}"
    for key, verdict in good.verdicts.items():
        if got.verdicts[key] != verdict:
            return f"{key} is {got.verdicts[key]}, undisturbed {verdict}: {got.reason(key)}"
        if exact and VARYING.sub("", got.cases[key]) != VARYING.sub("", good.cases[key]):
            return f"{key} went another way"
    return None


# What could cost a foreign card its last try but one is not sent. How many are left, a resumed run has not always seen.
GUARDED = "not sent: it could leave"


def not_sent(record):
    return [key for key, verdict in record.verdicts.items() if verdict == "NOT_RUN" and GUARDED in record.reason(key)]


def pass_over_guarded(good, got):
    """Takes what was not sent, and negatives of it, out of the comparison; how many more there were. A card that took the
    place of a broken one has all its tries: what was not sent to the first may pass."""
    guarded, always = not_sent(got), not_sent(good)
    for key in always:
        if got.verdicts.get(key) == "PASS":
            got.verdicts[key] = "NOT_RUN"
    twins = [key for key, verdict in got.verdicts.items()
             if verdict == "NOT_RUN" and "positive twin" in got.reason(key) and guarded]
    for key in guarded + twins:
        got.verdicts[key] = good.verdicts.get(key)
    return len(set(guarded) - set(always))


class Campaign:
    """Trials of several kinds, and what is said of them at the end."""

    def __init__(self, name, arguments):
        self.name = name
        self.arguments = arguments
        self.begin = time.monotonic()
        self.lock = threading.Lock()
        self.kinds = {}
        self.failures = []

    def random_of(self, *what):
        return random.Random("/".join(map(str, (self.arguments.seed, *what))))

    def wants(self, kind):
        return re.search(self.arguments.only, kind) is not None

    def note(self, kind, wrong, **counts):
        """One trial. `wrong`: None, or a sentence. `counts` are added up for the kind."""
        with self.lock:
            row = self.kinds.setdefault(kind, {"trials": 0, "failures": 0})
            row["trials"] += 1
            for name, value in counts.items():
                row[name] = row.get(name, 0) + value
            if wrong:
                row["failures"] += 1
                self.failures.append(f"{kind}: {wrong}")
                print(f"{kind}: {wrong}", flush=True)

    def each(self, work, items):
        """Does work(item) for all, several at a time; what it raises is a failure."""

        def guarded(item):
            try:
                work(item)
            except Exception as error:  # pylint: disable=broad-except
                self.note(str(item), f"{type(error).__name__}: {error}")

        with ThreadPoolExecutor(max_workers=max(1, self.arguments.jobs)) as pool:
            list(pool.map(guarded, items))

    def finish(self):
        trials = sum(row["trials"] for row in self.kinds.values())
        commit = subprocess.run(["git", "-C", self.arguments.source, "rev-parse", "--short=12", "HEAD"],
                                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout.decode().strip()
        result = {"name": self.name, "trials": trials, "failures": len(self.failures), "seed": self.arguments.seed,
                  "seconds": round(time.monotonic() - self.begin, 1), "commit": commit or "unknown", "kinds": self.kinds,
                  "failed": self.failures[:50]}
        for kind, row in self.kinds.items():
            print(f"{kind}: " + ", ".join(f"{value} {name.replace('_', ' ')}" for name, value in row.items()))
        print(f"{self.name}: {trials} trials, {len(self.failures)} failures, {result['seconds']} s")
        if self.arguments.json:
            with open(self.arguments.json, "w", encoding="utf-8") as file:
                json.dump(result, file, ensure_ascii=False, indent=1)
                file.write("\n")
        return 0 if trials > 0 and not self.failures else 1


def skip(reason):
    print(reason)
    sys.exit(77)
