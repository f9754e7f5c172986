#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Which cases do devices pass that implement nothing, and why is that right?

    null_devices.py --build BUILD --json FILE [--short]

The devices are those of null_devices.json. What one of them passes has to be in null-passes.txt, null-terminal-passes.txt,
null-further-passes.txt or (a replay) outside replay-fails.txt, with its reason; exit code 1 says that one passes more. --short: one profile, few
cases, two seeds."""
import argparse
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

import relay_test

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parents[1]
CARDS = PROJECT / "vectors" / "cards"
TERMINAL = PROJECT / "vectors" / "terminal"
# Where what a terminal does to its card is asked, and where it is not.
REPLAYED = [TERMINAL / name for name in ("sanity.xml", "read-basic.xml", "pin.xml", "seen.xml")]
SHORT = {"card": [PROJECT / "vectors" / "card" / "sanity.xml", PROJECT / "vectors" / "card" / "pin.xml"],
         "terminal": [TERMINAL / "sanity.xml", TERMINAL / "read-basic.xml"]}
LONG = {"card": [PROJECT / "vectors"], "terminal": [TERMINAL]}
OWN = {"card": ["-k", "^CARD[.]"], "terminal": []}  # without the PSAM, which is the simulator's own here
LINE = re.compile(r"([A-Z_]+) +(\S+)/\S+ +([^ :]+)")
DELAY_MS, LATE = 5, 5  # the exit code of a threshold that is missed


class Passes:
    """The committed list of what may be passed."""

    def __init__(self, *names):
        self.entries = []
        for line in (line for name in names for line in (HERE / name).read_text(encoding="utf-8").splitlines()):
            if line and line[0] != "#":
                pattern, modes, reason = line.split(None, 2)
                english, chinese = reason.split(" | ")
                self.entries.append((pattern, modes.split(","), {"en": english, "zh": chinese}))

    def reason(self, mode, case):
        for pattern, modes, why in self.entries:
            fits = case.startswith(pattern[:-1]) if pattern.endswith("*") else case == pattern
            if fits and (modes == ["*"] or mode in modes):
                return pattern, why
        return None


class Bench:
    def __init__(self, arguments, work):
        self.build, self.short, self.work = pathlib.Path(arguments.build).resolve(), arguments.short, pathlib.Path(work)
        self.paths = SHORT if self.short else LONG
        self.profiles = {"card": ["ssc-3.0"] if self.short else ["ssc-3.0", "ssc-2.0"], "terminal": ["ssc-2.0"]}
        self.programs = {"card": self.build / "tests/mutants/null_card", "terminal": self.build / "tests/mutants/null_terminal"}
        self.allowed = {"card": Passes("null-passes.txt", "null-further-passes.txt"),
                        "terminal": Passes("null-terminal-passes.txt", "null-further-passes.txt")}
        self.texts = json.loads((HERE / "null_devices.json").read_text(encoding="utf-8"))

    def run(self, what, command, profile, paths, *more):
        """{case: verdict} and the exit code."""
        subject = (["--card=exec:" + command, "--expendable", "--allow=counters,records,purse,keys"] if what == "card"
                   else ["--terminal=exec:" + command])
        with tempfile.TemporaryDirectory(dir=self.work) as folder:
            done = subprocess.run([self.build / "onecard", "run", "-q", "-v", *subject, "--profile", CARDS / f"{profile}.xml",
                                   "-o", folder, *more, *paths], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                  cwd=PROJECT, check=False)
        verdicts = {m[3]: m[1] for m in map(LINE.match, done.stderr.splitlines()) if m}
        assert verdicts, done.stderr[-2000:]
        return verdicts, done.returncode

    def nothing(self, device):
        """A device without a right answer, once with each seed and profile."""
        of, mode = device["of"], device["mode"]
        seeds = range(1, (2 if self.short else device["seeds"]) + 1) if "seeds" in device else [None]
        # Of one that never answers nothing but the sanity case is asked: each question costs its whole time.
        paths, *more = [SHORT[of], "--timeout", "1"] if device.get("silent") else [self.paths[of], *OWN[of]]
        runs = [(of, f"exec {self.programs[of]} {mode}{'' if seed is None else f' {seed}'}", profile, paths, *more)
                for profile in self.profiles[of] for seed in seeds]
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            done = list(pool.map(lambda words: self.run(*words), runs))
        judged = sum(v in ("PASS", "FAIL", "DEVIATION") for verdicts, _ in done for v in verdicts.values())
        times = collections.Counter((words[2], case) for words, (verdicts, _) in zip(runs, done)
                                    for case, verdict in verdicts.items() if verdict == "PASS")
        return self.told(device, judged, times, len(seeds))

    def told(self, device, judged, times, runs):
        """Passes by their reasons; what has none is unexpected."""
        groups, unexpected = {}, []
        for (profile, case), count in sorted(times.items()):
            found = self.allowed[device["of"]].reason(device["mode"].split()[0], case)
            if found is None and count <= device.get("lucky", 0) and (count < runs or self.short):
                found = "(luck)", self.texts["why"]["luck"]
            if found is None:
                unexpected.append(f"{profile} {case}")
                continue
            groups.setdefault(found[0], {"cases": found[0], "passes": 0, "why": found[1]})["passes"] += count
        return self.row(device, judged, sum(times.values()), list(groups.values()), unexpected, runs)

    def row(self, device, judged, passed, passes, unexpected, runs=1):
        why = {language: mark.join(dict.fromkeys(one["why"][language] for one in passes)) or self.texts["why"]["none"][language]
               for language, mark in (("en", "; "), ("zh", "；"))}
        return {"device": {"en": device["en"], "zh": device["zh"]}, "runs": runs, "judged": judged, "passed": passed,
                "why": why, "passes": passes, "unexpected": unexpected}

    def replay_of_card(self, device):
        """Under another seed than that of the record."""
        right, tape = f"{self.build / 'onecard'} card --stdio --profile {relay_test.PROFILE}", self.work / "card-tape"
        relay = f"{shlex.quote(sys.executable)} -B {HERE / 'relay_card.py'}"
        paths = self.paths["card"] if self.short else [PROJECT / "vectors" / "card"]
        self.run("card", f"{relay} record {tape} '{right}'", "ssc-3.0", paths, "--seed=1")
        verdicts, _ = self.run("card", f"{relay} replay {tape}", "ssc-3.0", paths, "--seed=2")
        fails = relay_test.listed()
        passed = [case for case, verdict in verdicts.items() if verdict == "PASS"]
        return self.row(device, sum(v in ("PASS", "FAIL", "DEVIATION") for v in verdicts.values()), len(passed),
                        [{"cases": "(all others)", "passes": len(passed), "why": self.texts["why"]["replay"]}],
                        [case for case in passed if case in fails])

    def replay_of_terminal(self, device):
        host, tape = self.right_terminal(), self.work / "terminal-tape"
        relay = f"exec {shlex.quote(sys.executable)} -B {HERE / 'relay_terminal.py'}"
        paths = SHORT["terminal"] if self.short else REPLAYED
        self.run("terminal", f"{relay} record {tape} '{host}'", "ssc-3.0", paths, "--seed=1")
        verdicts, _ = self.run("terminal", f"{relay} replay {tape}", "ssc-3.0", paths, "--seed=2")
        judged = sum(v in ("PASS", "FAIL", "DEVIATION") for v in verdicts.values())
        return self.told({**device, "mode": "replay"}, judged,
                         collections.Counter(("ssc-3.0", case) for case, verdict in verdicts.items() if verdict == "PASS"), 1)

    def right_terminal(self):
        return f"{self.build / 'onecard-driver-host'} {self.build / 'libSSCardDriver.so'}"

    def delayed(self, device):
        """Against the quick one, case by case, and against a threshold that only the quick one keeps."""
        of = device["of"]
        right = (f"{self.build / 'onecard'} card --stdio --profile {relay_test.PROFILE}" if of == "card"
                 else self.right_terminal())
        relay = HERE / ("relay_card.py" if of == "card" else "relay_terminal.py")
        limit = [] if of == "terminal" else ["--threshold", relay_test.LIMIT]
        quick, _ = self.run(of, right, "ssc-3.0", SHORT[of], *limit)
        slow, code = self.run(of, f"exec {shlex.quote(sys.executable)} -B {relay} delay {DELAY_MS} '{right}'", "ssc-3.0",
                              SHORT[of], *limit)
        passed = [case for case, verdict in slow.items() if verdict == "PASS"]
        apart = [case for case in slow if slow[case] != quick.get(case)]
        apart += [f"exit code {code}"] if limit and code != LATE else []
        return self.row(device, sum(v in ("PASS", "FAIL", "DEVIATION") for v in slow.values()), len(passed),
                        [{"cases": "(all)", "passes": len(passed), "why": self.texts["why"]["delay"]}], apart)

    def measure(self, device):
        if device.get("relay") == "delay":
            return self.delayed(device)
        if device.get("relay") == "replay":
            return self.replay_of_card(device) if device["of"] == "card" else self.replay_of_terminal(device)
        return self.nothing(device)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default=str(PROJECT / "build" / "release"))
    parser.add_argument("--json", required=True)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("-k", "--filter", default="", help="devices whose English name matches")
    arguments = parser.parse_args()
    rows = []
    with tempfile.TemporaryDirectory() as work:
        bench = Bench(arguments, work)
        for device in bench.texts["devices"]:
            if re.search(arguments.filter, device["en"]):
                rows.append(bench.measure(device))
                row = rows[-1]
                print(f"{row['device']['en']}: {row['passed']} of {row['judged']} passed, {len(row['unexpected'])} unexpected",
                      *row["unexpected"][:5], sep="\n    ", flush=True)
    pathlib.Path(arguments.json).write_text(json.dumps({"devices": rows, "short": arguments.short}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 1 if any(row["unexpected"] for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main())
