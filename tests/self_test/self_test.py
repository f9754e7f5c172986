#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The harness proves itself: runs the campaigns and writes what came of them to reports/self-test.

    self_test.py --build BUILD [--fuzz-build BUILD --coverage-build BUILD] [--parts NAME,NAME] [--short]
    self_test.py --check      are the pages what the data say?

BUILD is a build of the preset release (fuzz, coverage). All parts together take hours, most of them for fuzzing and the
soak; each can be run alone, and one that ended is kept. --short tries the machinery in minutes and leaves the published
data alone. Exit code: 0 all ran and found nothing, 1 something was found, 2 usage."""
import argparse
import datetime
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import mutation
import pages

PROJECT = pathlib.Path(__file__).resolve().parents[2]
PUBLISHED = PROJECT / "reports" / "self-test"


class Campaigns:
    def __init__(self, arguments, data):
        self.short, self.data = arguments.short, data
        self.build = pathlib.Path(arguments.build).resolve()
        self.fuzz, self.coverage = arguments.fuzz_build, arguments.coverage_build
        self.onecard = self.build / "onecard"

    def call(self, *words, **more):
        """The exit code of a program; what it says goes where ours does."""
        words = [str(word) for word in words]
        print("+", " ".join(words), flush=True)
        return subprocess.run(words, cwd=PROJECT, check=False, **more).returncode

    def python(self, script, *words):
        return self.call(sys.executable, "-B", PROJECT / "tests" / script, *words)

    def mutants(self):
        folder = self.build / "self-test" / ("quick" if self.short else "mutation")
        folder.mkdir(parents=True, exist_ok=True)
        code = self.call(self.onecard, "mutate", "--resume", "-o", folder, *(["--quick"] if self.short else []))
        if (folder / "mutation.xml").exists():
            mutation.publish(folder, self.data)
        return code

    def foreign(self):
        common = ["--onecard", self.onecard, "--defective", self.build / "onecard_mutant"]
        few = ["vectors/card/sanity.xml", "vectors/card/pin.xml"] if self.short else []
        code = self.python("foreign/agreement.py", *common, "--mutants", 2 if self.short else 30, "--mutant-profile", "ssc-3.0",
                           "--inside", "--json", self.data / "foreign.json", *few)
        pcsc = self.call(PROJECT / "tests/foreign/pcsc_agreement.sh", "/usr/bin/python3", self.onecard,
                         "--json", self.data / "foreign-pcsc.json", *few)
        return code or pcsc

    def fuzzing(self):
        if not self.fuzz or not self.coverage:
            print("fuzzing needs --fuzz-build and --coverage-build")
            return 2
        script, state = "fuzz/campaign.py", (["--state", str(pathlib.Path(self.fuzz) / "short")] if self.short else [])
        code = self.python(script, "run", self.fuzz, "--minutes", "0.1" if self.short else "20", *state)
        return code or self.python(script, "coverage", self.fuzz, self.coverage, *state) or self.python(
            script, "table", self.fuzz, self.data / "fuzzing.json", *state)

    def null(self):
        return self.python("mutants/null_devices.py", "--build", self.build, *(["--short"] if self.short else []),
                           "--json", self.data / "null.json")

    def faults(self):
        code = 0
        for script, trials in FAULTS.items():
            code |= self.python(f"faults/{script}.py", "--onecard", self.onecard, "--source", PROJECT, "--jobs", os.cpu_count(),
                                "--json", self.data / f"faults-{script}.json", *(["--trials", 1] if self.short else trials))
        return code

    def soak(self):
        few = ["--sessions", 2000] if self.short else []
        program = self.build / "tests" / "soak" / "soak_run"
        return (self.call(program, "-o", self.data, *(few or ["--sessions", 1_000_000])) or
                self.call(program, "--pcsc", "-o", self.data, *(few or ["--sessions", 100_000])))


# Programs of tests/faults, and how many trials are enough to publish.
FAULTS = {"kills": ["--trials", 20, "--kills", 200], "daemon": ["--trials", 40], "readers": ["--trials", 40],
          "disk": ["--trials", 8], "children": ["--trials", 30]}
PARTS = {"mutants": Campaigns.mutants, "null": Campaigns.null, "foreign": Campaigns.foreign, "faults": Campaigns.faults,
         "fuzzing": Campaigns.fuzzing, "soak": Campaigns.soak}


def run(arguments):
    names = arguments.parts.split(",") if arguments.parts else list(PARTS)
    worst = 0
    with tempfile.TemporaryDirectory() as short:
        data = pathlib.Path(short) if arguments.short else PUBLISHED / "data"
        data.mkdir(parents=True, exist_ok=True)
        campaigns = Campaigns(arguments, data)
        for name in names:
            code = PARTS[name](campaigns)
            print(f"{name}: {'nothing found' if code == 0 else f'exit code {code}'}", flush=True)
            worst = max(worst, min(code, 2))
        if not arguments.short:
            pages.write(PUBLISHED)
        else:
            pages.render(data)
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", default=str(PROJECT / "build" / "release"))
    parser.add_argument("--fuzz-build")
    parser.add_argument("--coverage-build")
    parser.add_argument("--parts", help=",".join(PARTS))
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--pages", action="store_true", help="only the pages, from the data that are there")
    arguments = parser.parse_args()
    unknown = set((arguments.parts or "").split(",")) - set(PARTS) - {""}
    if unknown:
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    if arguments.check:
        return pages.check(PUBLISHED)
    if arguments.pages:
        pages.write(PUBLISHED)
        return 0
    return run(arguments)


if __name__ == "__main__":
    sys.exit(main())
