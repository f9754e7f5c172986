# SPDX-License-Identifier: Apache-2.0
"""The pages of the self-test, made from its data alone: same data, same bytes."""
import json
import pathlib
import re
import sys

import words

PROJECT = pathlib.Path(__file__).resolve().parents[2]
MARK = re.compile(r"(<!-- self-test: begin[^>]*-->\n).*?(<!-- self-test: end -->)", re.S)
# page, its language, the file in whose table it is summarised
PAGES = [("README.md", "en", "README.md"), ("README.zh-CN.md", "zh", "README.zh-CN.md")]


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    lines += ["| " + " | ".join(str(cell).replace("|", "\\|") for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def number(value):
    return f"{value:,}"


def hours(seconds):
    return f"{seconds / 3600:.1f} h" if seconds >= 3600 else f"{seconds / 60:.0f} min"


class Data:
    """What the campaigns left; a part that was not run is None."""

    def __init__(self, folder):
        def read(name):
            path = pathlib.Path(folder) / name
            return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        self.mutants, self.null, self.fuzzing = read("mutants.json"), read("null.json"), read("fuzzing.json")
        self.foreign = [part for part in (read("foreign.json"), read("foreign-pcsc.json")) if part]
        self.faults = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(pathlib.Path(folder).glob("faults-*.json"))]
        self.soak = [part for part in (read("soak-inproc.json"), read("soak-pcsc.json")) if part]


def score_rows(data, say):
    for score in data.mutants["scores"]:
        counted = int(score["mutants"]) - int(score["equivalent"])
        yield [say(score["of"]), score["mutants"], score["killed"], score["survived"], score["equivalent"],
               score["by-requirement"], score["by-check"], f"{int(score['killed']) / max(counted, 1):.1%}"]


def mutants(data, say):
    yield table([say(w) for w in ("actor", "mutants", "killed", "survived", "equivalent", "by-requirement", "by-check", "score")],
                score_rows(data, say))
    left = data.mutants["left"]
    if left:
        yield table([say(w) for w in ("mutant", "status", "reason")],
                    [[one["mutant"], say(one["status"]), one[say.language]] for one in left])
    total = next((group for group in data.mutants["idle"] if group["group"] == "all"), None)
    if total:
        yield say("idle", cases=number(int(total["cases"])), idle=number(int(total["idle"])), unbroken=number(int(total["unbroken"])))


def null(data, say):
    devices = data.null["devices"]
    if data.null.get("short"):
        yield say("null-short")
    yield table([say(w) for w in ("device", "runs", "judged", "passed")],
                [[one["device"][say.language], one["runs"], number(one["judged"]), number(one["passed"])] for one in devices])
    yield table([say(w) for w in ("cases-passed", "why", "device")],
                [[f"`{cases}`", why, "; ".join(names)] for (cases, why), names in passes_by_reason(devices, say.language).items()])


def passes_by_reason(devices, language):
    """{(cases, why): the devices that pass them, and how often}"""
    found = {}
    for device in devices:
        for each in device["passes"]:
            names = found.setdefault((each["cases"], each["why"][language]), [])
            names.append(f"{device['device'][language]} ({number(each['passes'])})")
    return found


def foreign(data, say):
    rows = [[one["card"], number(one["compared"]), number(one["agree"])] for part in data.foreign for one in part["cards"]]
    yield table([say(w) for w in ("card-run", "compared", "agree")], rows)


def faults(data, say):
    rows = [[part["name"], kind, number(row["trials"]), number(row["kills"]) if "kills" in row else "-",
             row.get("not_sent", "-"), number(row["failures"]), f"`{part['commit']}`"] for part in data.faults for kind, row in part["kinds"].items()]
    yield table([say(w) for w in ("campaign", "fault", "trials", "kills", "not-sent", "failures", "commit")], rows)


def fuzzing(data, say):
    rows = []
    for one in data.fuzzing["targets"]:
        lines = f"{one['lines_reached']} / {one['lines']}" if one.get("lines") else "-"
        rows.append([f"`{one['target']}`", one["reads"][say.language], hours(one["seconds"]), hours(one["cpu_seconds"]), number(one["executions"]),
                     number(one["inputs"]), lines, len(one["found"])])
    yield table([say(w) for w in ("target", "reads", "time", "processor", "executions", "inputs", "lines", "found")], rows)
    yield say("fuzz-total", hours=data.fuzzing["hours"], processor=data.fuzzing["processor_hours"])


def soak(data, say):
    rows = [[one["name"], number(one["trials"]), number(one["failures"]), f"{one['heap-spread']:.3%}", one["descriptors"],
             f"{one['drift-ratio']:.3f}", ", ".join(one["rules-broken"]) or "-", hours(one["seconds"]), f"`{one['commit']}`"] for one in data.soak]
    head = ("soak", "sessions", "failed", "heap-spread", "descriptors", "drift", "rules-broken", "time", "commit")
    yield table([say(w) for w in head], rows)
    yield "".join(f"![{one['name']}](data/{one['name']}.svg)\n" for one in data.soak)


SECTIONS = [("mutants", mutants), ("null", null), ("foreign", foreign), ("faults", faults), ("fuzzing", fuzzing), ("soak", soak)]


def page(data, language):
    say = words.Words(language)
    parts = [f"# {say('title')}\n", say("opening")]
    for name, section in SECTIONS:
        parts += [f"## {say('head-' + name)}\n", say("about-" + name)]
        parts += list(section(data, say)) if getattr(data, name) else [say("not-run")]
    return "\n".join(parts)


def summary(data, language):
    """The table of the project's own README."""
    say = words.Words(language)
    rows = []
    if data.mutants:
        score = next(one for one in data.mutants["scores"] if one["of"] == "all")
        counted = int(score["mutants"]) - int(score["equivalent"])
        rows.append([say("head-mutants"), say("sum-mutants", killed=score["killed"], counted=counted, equivalent=score["equivalent"],
                                              requirement=score["by-requirement"])])
    if data.null:
        rows.append([say("head-null"), say("sum-null", devices=len(data.null["devices"]))])
    if data.foreign:
        cards = [one for part in data.foreign for one in part["cards"]]
        rows.append([say("head-foreign"), say("sum-foreign", agree=number(sum(one["agree"] for one in cards)), cards=len(cards),
                                              compared=number(sum(one["compared"] for one in cards)))])
    if data.faults:
        rows.append([say("head-faults"), say("sum-faults", trials=number(sum(part["trials"] for part in data.faults)),
                                             failures=sum(part["failures"] for part in data.faults))])
    if data.fuzzing:
        rows.append([say("head-fuzzing"), say("sum-fuzzing", targets=len(data.fuzzing["targets"]), hours=data.fuzzing["hours"],
                                              processor=data.fuzzing["processor_hours"],
                                              executions=number(sum(one["executions"] for one in data.fuzzing["targets"])),
                                              found=sum(len(one["found"]) for one in data.fuzzing["targets"]))])
    for one in data.soak:
        rows.append([f"{say('head-soak')} ({one['name'].removeprefix('soak-')})",
                     say("sum-soak", sessions=number(one["trials"]), failed=one["failures"], spread=f"{one['heap-spread']:.3%}",
                         broken=len(one["rules-broken"]))])
    return table([say("what"), say("result")], rows)


def render(folder):
    """{path in the project: text}"""
    data = Data(folder)
    done = {}
    for name, language, readme in PAGES:
        done[f"reports/self-test/{name}"] = page(data, language)
        text = (PROJECT / readme).read_text(encoding="utf-8")
        done[readme] = MARK.sub(lambda m, part=summary(data, language): m[1] + "\n" + part + "\n" + m[2], text)
    return done


def write(folder):
    for name, text in render(folder / "data").items():
        (PROJECT / name).write_text(text, encoding="utf-8")


def check(folder):
    stale = [name for name, text in render(folder / "data").items()
             if not (PROJECT / name).exists() or (PROJECT / name).read_text(encoding="utf-8") != text]
    unmarked = [readme for _, _, readme in PAGES if not MARK.search((PROJECT / readme).read_text(encoding="utf-8"))]
    for name in stale:
        print(f"{name} is not what reports/self-test/data says: run tests/self_test/self_test.py --pages", file=sys.stderr)
    for name in unmarked:
        print(f"{name} has no place for the self-test's table", file=sys.stderr)
    return 1 if stale or unmarked else 0
