# SPDX-License-Identifier: Apache-2.0
"""What the suite says of a card that answers from the record of a good run, and of one that is right but slow.

relay_test.py ONECARD [PATH...]. A replay under the record's own seed is the same run, byte for byte, and passes whatever
the card passed; under another seed it has to fail the cases of replay-fails.txt, and passes every other one that the card
passed: those hear nothing of the runner's random bytes in an answer. A slow card has the verdicts of a quick one, and
misses a threshold of latency."""

import pathlib
import shlex
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
PROFILE = HERE.parents[1] / "vectors" / "cards" / "ssc-3.0.xml"
DELAY_MS = 5
LIMIT = "class.*:min<4ms"
MISSED = 5


def verdicts(onecard, folder, card, paths, *more):
    """The verdicts of the cases, and the exit code."""
    done = subprocess.run([onecard, "run", "-q", "-v", "--profile", PROFILE, "--card=exec:" + card, "--expendable",
                           "--allow=counters,records,purse,keys", "-o", folder, *more, *paths],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    rows = [line.split() for line in done.stderr.splitlines()]
    assert len(rows) > 10 and all(len(row) > 2 for row in rows), done.stdout + done.stderr
    return {row[2].rstrip(":"): row[0] for row in rows}, done.returncode


def listed():
    """{case: verdict} of replay-fails.txt."""
    lines = (line.split() for line in (HERE / "replay-fails.txt").read_text().splitlines())
    return {words[0]: words[1] for words in lines if words and words[0] != "#"}


def same(what, got, expected):
    apart = [f"    {case}: {expected.get(case)}, got {got.get(case)}" for case in {**expected, **got}
             if got.get(case) != expected.get(case)]
    print(f"{what}: {len(expected) - len(apart)} of {len(expected)} cases as expected, "
          f"{sum(v == 'PASS' for v in got.values())} of them PASS")
    print("\n".join(apart), end="\n" if apart else "")
    return not apart


def main():
    onecard, paths = sys.argv[1], sys.argv[2:] or [str(HERE.parents[1] / "vectors" / "card")]
    card = f"{onecard} card --stdio --profile {PROFILE}"
    relay = f"{shlex.quote(sys.executable)} -B {HERE / 'relay_card.py'}"
    with tempfile.TemporaryDirectory() as folder:
        tape = folder + "/tape"
        good, code = verdicts(onecard, folder + "/out", f"{relay} record {tape} '{card}'", paths, "--seed=1")
        right = code == 0 and "PASS" in good.values()
        again, _ = verdicts(onecard, folder + "/out", f"{relay} replay {tape}", paths, "--seed=1")
        right &= same("replay of the same run", again, good)
        replayed, _ = verdicts(onecard, folder + "/out", f"{relay} replay {tape}", paths, "--seed=2")
        fails = {case: verdict for case, verdict in listed().items() if case in good}
        right &= same("replay under another seed", replayed, {**good, **fails}) and len(fails) > 0
        few = [path for path in paths if path.endswith(("sanity.xml", "internal-auth.xml"))] or paths
        quick, code = verdicts(onecard, folder + "/out", card, few, "--threshold", LIMIT)
        slow, late = verdicts(onecard, folder + "/out", f"{relay} delay {DELAY_MS} '{card}'", few, "--threshold", LIMIT)
        right &= same(f"card that is {DELAY_MS} ms late", slow, quick)
        print(f"exit codes under {LIMIT}: {code} and {late}")
        right &= late == MISSED
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
