#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A fuzzing campaign that can be stopped at any time and goes on where it was.

    campaign.py run BUILD [--minutes N] [--slice SECONDS] [--jobs N] [--state DIR] [TARGET ...]
    campaign.py keep BUILD [TARGET ...]      the smallest inputs of the same reach replace tests/fuzz/corpus
    campaign.py coverage BUILD COVERAGE      lines that the corpora reach; COVERAGE is a build of the preset of that name
    campaign.py table BUILD FILE             what was done so far, as JSON

BUILD is a build of the preset fuzz. Each target is run in slices, the one with the least time first, until each has had
N minutes; the state, the corpora and what was found lie in DIR (default: BUILD/campaign). Exit code: 0 nothing found, 1 something was
found, 2 usage."""
import argparse
import concurrent.futures
import datetime
import glob
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
PROJECT = HERE.parent.parent
TARGETS = json.loads((HERE / "targets.json").read_text(encoding="utf-8"))
# Folders of the project that serve as inputs as well (tests/fuzz/CMakeLists.txt).
SEEDS = {"vector": ["vectors/card", "vectors/flows"], "profile": ["vectors/cards"]}
INPUT_SECONDS = 60  # longer than any input takes on a busy machine; a hang is longer still
KEPT_INPUTS, KEPT_BYTES = 100, 100_000  # that are committed of one target at a time
ZERO = {"seconds": 0, "cpu_seconds": 0, "executions": 0, "slices": 0, "edges": 0, "features": 0, "inputs": 0, "found": []}


class Campaign:
    """State on disk: written whole after each slice, by rename."""

    def __init__(self, build, home):
        self.build = pathlib.Path(build).resolve()
        self.home = pathlib.Path(home).resolve() if home else self.build / "campaign"
        self.lock = threading.Lock()
        self.home.mkdir(parents=True, exist_ok=True)
        path = self.home / "state.json"
        self.state = json.loads(path.read_text()) if path.exists() else {}

    def of(self, name):
        return self.state.setdefault(name, json.loads(json.dumps(ZERO)))

    def save(self):
        with tempfile.NamedTemporaryFile("w", dir=self.home, delete=False) as out:
            json.dump(self.state, out, indent=1, sort_keys=True)
            out.flush()
            os.fsync(out.fileno())
        os.replace(out.name, self.home / "state.json")

    def program(self, name):
        return self.build / "tests/fuzz" / f"{name}_fuzz"

    def corpus(self, name):
        path = self.home / "corpus" / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def inputs(self, name):
        given = [HERE / "corpus" / name] + [PROJECT / folder for folder in SEEDS.get(name, [])]
        return [str(path) for path in given if path.is_dir()]


def last_number(pattern, log):
    found = re.findall(pattern, log)
    return int(found[-1]) if found else 0


def used_time(pid):
    """Processor seconds of a child that has ended but was not waited for."""
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), usage.ru_utime + usage.ru_stime


def one_slice(campaign, name, seconds):
    found = campaign.home / "found" / name
    found.mkdir(parents=True, exist_ok=True)
    before = set(os.listdir(found))
    log_path = campaign.home / f"{name}.log"
    arguments = [str(campaign.program(name)), f"-max_total_time={seconds}", f"-timeout={INPUT_SECONDS}",
                 f"-report_slow_units={INPUT_SECONDS}", "-rss_limit_mb=2048", "-print_final_stats=1", f"-artifact_prefix={found}/",
                 str(campaign.corpus(name)), *campaign.inputs(name)]
    begin = datetime.datetime.now()
    with open(log_path, "wb") as log:
        child = subprocess.Popen(arguments, cwd=PROJECT, stdout=log, stderr=subprocess.STDOUT)
        code, cpu = used_time(child.pid)
        child.returncode = code
    text = log_path.read_text(errors="replace")
    with campaign.lock:
        state = campaign.of(name)
        state["seconds"] += round((datetime.datetime.now() - begin).total_seconds())
        state["cpu_seconds"] = round(state["cpu_seconds"] + cpu, 1)
        state["executions"] += last_number(r"stat::number_of_executed_units: (\d+)", text) or last_number(r"^#(\d+)\s", text)
        state["slices"] += 1
        state["edges"] = max(state["edges"], last_number(r" cov: (\d+)", text))
        state["features"] = max(state["features"], last_number(r" ft: (\d+)", text))
        state["inputs"] = len(os.listdir(campaign.corpus(name)))
        news = sorted(set(os.listdir(found)) - before)
        if code != 0 and not news:
            news = [f"exit code {code}, see {log_path.name}"]
            shutil.copy(log_path, found / f"slice-{state['slices']}.log")
        state["found"] += news
        campaign.save()
        print(f"{name:9} {state['seconds']:6} s  {state['executions']:12} executions  {state['edges']:6} edges  "
              f"{state['inputs']:6} inputs  {'FOUND ' + ' '.join(news) if news else ''}", flush=True)


def run(campaign, names, minutes, seconds, jobs):
    busy = set()

    def next_name():
        with campaign.lock:
            waiting = [n for n in names if n not in busy and campaign.of(n)["seconds"] < minutes * 60]
            if not waiting:
                return None
            name = min(waiting, key=lambda n: campaign.of(n)["seconds"])
            busy.add(name)
            return name

    def worker():
        while (name := next_name()) is not None:
            one_slice(campaign, name, max(1, round(min(seconds, minutes * 60 - campaign.of(name)["seconds"]))))
            with campaign.lock:
                busy.discard(name)

    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for done in [pool.submit(worker) for _ in range(jobs)]:
            done.result()
    return 1 if any(campaign.of(name)["found"] for name in names) else 0


def keep(campaign, names):
    """Merges what was found into few inputs, the smaller ones first, and at most so many and so large."""
    for name in names:
        with tempfile.TemporaryDirectory() as merged:
            subprocess.run([str(campaign.program(name)), "-set_cover_merge=1", f"-timeout={INPUT_SECONDS}", "-rss_limit_mb=2048",
                            merged, *campaign.inputs(name), str(campaign.corpus(name))],
                           cwd=PROJECT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            room, kept = KEPT_BYTES, 0
            committed = HERE / "corpus" / name
            committed.mkdir(exist_ok=True)
            for path in sorted(pathlib.Path(merged).iterdir(), key=lambda p: (p.stat().st_size, p.name)):
                room -= path.stat().st_size
                if room < 0 or kept == KEPT_INPUTS:
                    break
                if not any(path.read_bytes() == other.read_bytes() for other in committed.iterdir()
                           if other.stat().st_size == path.stat().st_size):
                    shutil.copy(path, committed / path.name)
                    kept += 1
            print(f"{name}: {kept} inputs added")
    return 0


def lines_of(sources, objects):
    """(lines, lines reached) of sources by gcov's count."""
    total = reached = 0
    for source in sources:
        matches = [o for o in objects if o.endswith("/" + source + ".gcda") or o.endswith(os.path.basename(source) + ".gcda")]
        best = {}
        for data in matches:
            out = subprocess.run(["gcov", "--json-format", "--stdout", data], capture_output=True, text=True, check=True)
            for document in out.stdout.splitlines():
                for file in json.loads(document)["files"]:
                    if file["file"].endswith(source):
                        for line in file["lines"]:
                            best[line["line_number"]] = max(best.get(line["line_number"], 0), line["count"])
        total += len(best)
        reached += sum(1 for count in best.values() if count > 0)
    return total, reached


def coverage(campaign, names, build):
    build = pathlib.Path(build).resolve()
    for name in names:
        for data in glob.glob(f"{build}/**/*.gcda", recursive=True):
            os.unlink(data)
        subprocess.run([str(build / "tests/fuzz" / f"{name}_fuzz"), *campaign.inputs(name), str(campaign.corpus(name))],
                       cwd=PROJECT, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        sources = sorted(os.path.relpath(p, PROJECT) for pattern in TARGETS[name]["sources"]
                         for p in glob.glob(str(PROJECT / pattern)))
        total, reached = lines_of(sources, glob.glob(f"{build}/**/*.gcda", recursive=True))
        state = campaign.of(name)
        state["lines"], state["lines_reached"] = total, reached
        campaign.save()
        print(f"{name:9} {reached:5} of {total:5} lines ({100 * reached / max(total, 1):.0f} %)", flush=True)
    return 0


def table(campaign, names, path):
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=PROJECT, capture_output=True, text=True)
    rows = [{"target": name, "reads": TARGETS[name]["reads"], **campaign.of(name)} for name in names]
    document = {"what": "fuzzing", "commit": commit.stdout.strip(), "targets": rows,
                "hours": round(sum(row["seconds"] for row in rows) / 3600, 2),
                "processor_hours": round(sum(row["cpu_seconds"] for row in rows) / 3600, 2)}
    pathlib.Path(path).write_text(json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("what", choices=["run", "keep", "coverage", "table"])
    parser.add_argument("build")
    parser.add_argument("rest", nargs="*")
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--slice", type=int, default=300, metavar="SECONDS")
    parser.add_argument("--state", metavar="DIR")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    args = parser.parse_intermixed_args()
    if set(TARGETS) != {path.name[:-len("_fuzz.c")] for path in HERE.glob("*_fuzz.c")}:
        parser.error("targets.json does not list the targets that there are")
    campaign = Campaign(args.build, args.state)
    extra = args.rest.pop(0) if args.what in ("coverage", "table") and args.rest else None
    unknown = [name for name in args.rest if name not in TARGETS]
    if unknown or (args.what in ("coverage", "table") and extra is None):
        parser.error(f"no such target: {unknown[0]}" if unknown else f"{args.what} needs one more argument")
    names = args.rest or sorted(TARGETS)
    if args.what == "run":
        return run(campaign, names, args.minutes, args.slice, args.jobs)
    if args.what == "keep":
        return keep(campaign, names)
    return coverage(campaign, names, extra) if args.what == "coverage" else table(campaign, names, extra)


if __name__ == "__main__":
    sys.exit(main())
