# SPDX-License-Identifier: Apache-2.0
"""The Nth allocation, read, write or call of OpenSSL fails in a small run: the program neither crashes nor hangs, says
what is wrong, and no case passes that did not pass without. Usage: sweep.py ONECARD_FAILING SOURCE POINTS, where
POINTS is the number of places tried of each kind, spread over the run; 0 tries every one."""

import collections
import os
import re
import subprocess
import sys
import tempfile

PROGRAM, SOURCE, POINTS = sys.argv[1], sys.argv[2], int(sys.argv[3])
CASES = r"^CARD\.PIN\.(VERIFY|WRONG|CHANGE)[A-Z.-]*$"
PATIENCE_S = 60


def ends_with(path, end):
    if not os.path.exists(path):
        return False
    with open(path, "rb") as file:
        return file.read().rstrip().endswith(end)


def run(folder, fail):
    out = tempfile.mkdtemp(dir=folder)
    counts = f"{out}/counts"
    environment = dict(os.environ, ONECARD_FAIL=fail, ONECARD_FAIL_COUNTS=counts)
    done = subprocess.run([PROGRAM, "run", "-q", "-o", f"{out}/run", "--profile", f"{SOURCE}/vectors/cards/ssc-3.0.xml", "-k",
                           CASES, f"{SOURCE}/vectors/card/pin.xml"], env=environment, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=PATIENCE_S, check=False)
    record = ""
    if os.path.exists(f"{out}/run/result.xml"):
        with open(f"{out}/run/result.xml", encoding="utf-8") as file:
            record = file.read()
    verdicts = dict(re.findall(r'<case id="([^"]+)"[^>]* verdict="([^"]+)"', record))
    reached = {}
    if os.path.exists(counts):
        with open(counts, encoding="ascii") as file:
            reached = {kind: int(number) for kind, number in (line.split() for line in file)}
    whole = all(ends_with(f"{out}/run/{name}", end) for name, end in
                (("result.xml", b"</result>"), ("junit.xml", b"</testsuites>"), ("report.html", b"</html>")))
    return done.returncode, verdicts, done.stderr.decode(errors="replace"), reached, whole


def judge(good, got):
    """What is wrong with an outcome; None when nothing is."""
    code, verdicts, said, _, whole = got
    if code < 0 or code >= 128:
        return f"ended by signal ({code}): {said[-300:]}"
    if "Sanitizer" in said:
        return said[-600:]
    if code == 0 and verdicts != good:
        return "exit code 0, with other verdicts than the good run's"
    if any(verdict == "PASS" and good.get(name) != "PASS" for name, verdict in verdicts.items()):
        return "a case passed that does not"
    if code != 0 and not said.strip() and all(verdict == "PASS" for verdict in verdicts.values()):
        return f"exit code {code} without a reason"
    if code == 0 and not whole:
        return "exit code 0, but a report is cut"
    return None


def points(count):
    if POINTS == 0 or count <= POINTS:
        return range(1, count + 1)
    return sorted({1 + i * (count - 1) // (POINTS - 1) for i in range(POINTS)})


def main():
    bad = tried = 0
    outcomes = collections.Counter()
    with tempfile.TemporaryDirectory(dir="/dev/shm" if os.path.isdir("/dev/shm") else None) as folder:
        code, good, said, counts, whole = run(folder, "")
        assert code == 0 and whole and len(good) > 5 and set(good.values()) <= {"PASS", "NOT_APPLICABLE"}, (code, good, said)
        for kind, count in counts.items():
            assert count > 0, f"no call of kind {kind} is seen"
            for nth in points(count):
                tried += 1
                try:
                    got = run(folder, f"{kind} {nth}")
                except subprocess.TimeoutExpired:
                    print(f"{kind} {nth}: no end within {PATIENCE_S} s")
                    bad += 1
                    continue
                outcomes[(kind, got[0])] += 1
                wrong = judge(good, got)
                if wrong:
                    print(f"{kind} {nth} of {count}: {wrong}")
                    bad += 1
    for (kind, code), number in sorted(outcomes.items()):
        print(f"{kind}: exit code {code} {number} times")
    print(f"{len(good)} cases, {tried} places of {sum(counts.values())}, {bad} wrong")
    return 0 if bad == 0 else 1


sys.exit(main())
