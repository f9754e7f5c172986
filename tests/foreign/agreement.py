# SPDX-License-Identifier: Apache-2.0
"""Do onecard run and the second runner reach the same verdicts? Runs both against the same card, good and defective, and
compares case by case. Ends with 1 where a verdict differs."""

import argparse
import importlib.util
import collections
import contextlib
import json
import pathlib
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

HERE = pathlib.Path(__file__).resolve().parent
CARDS = HERE.parents[1] / "vectors" / "cards"
CATALOGUE = HERE.parents[1] / "tests" / "mutants" / "catalogue" / "card.xml"
# What a card behind standard input and output, and a runner without a terminal, cannot do: a case asks for it in vain.
ONLY_INSIDE = re.compile(r"(?<![\w.-])(link\.tear|psam\.tear|issuer|terminal)(?![\w-])")


def verdicts(text, place):
    """{case: (verdict, the rest of its line)}"""
    rows = (line.split(None, place + 1) for line in text.splitlines())
    return {row[place].rstrip(":"): (row[0], row[place + 1] if len(row) > place + 1 else "") for row in rows if len(row) > place}


@contextlib.contextmanager
def in_reader(arguments, profile, card):
    """The good card in the reader that --reader names, new for each runner."""
    if not card or not card.startswith("pcsc:"):
        yield
        return
    served = subprocess.Popen([arguments.onecard, "reader", "--profile", profile, "--port", arguments.port],
                              stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        served.terminate()
        served.wait()


def first_runner(arguments, profile, card):
    with in_reader(arguments, profile, card), tempfile.TemporaryDirectory() as folder:
        foreign = ["--card=" + (card if card and card.startswith("pcsc:") else f"exec:{card}"), "--expendable", "--allow=counters,records,purse,keys"] if card else []
        command = [arguments.onecard, "run", "-q", "-v", "--profile", profile, "-o", folder, "-k", arguments.only]
        done = subprocess.run(command + foreign + arguments.paths, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        return verdicts(done.stderr, 2)


def second_runner(arguments, profile, card):
    served = f"{arguments.onecard} card --stdio --profile {profile}"
    command = [sys.executable, "-B", HERE / "runner.py", "--profile", profile, "--card", card or served,
               "--psam", served + " --psam", "--only", arguments.only] + ([] if card else ["--fresh"])
    with in_reader(arguments, profile, card):
        done = subprocess.run(command + arguments.paths, stdout=subprocess.PIPE, text=True)
    return verdicts(done.stdout, 1)


def compare(arguments, title, profile, card):
    first, second = first_runner(arguments, profile, card), second_runner(arguments, profile, card)
    cases = {**first, **second}
    apart, inside = [], 0
    for case in cases:
        one, two = first.get(case, ("-", "")), second.get(case, ("-", ""))
        if one[0] != two[0] and two[0] == "NOT_APPLICABLE" and ONLY_INSIDE.search(two[1]):
            inside += 1
        elif one[0] != two[0]:
            apart.append(f"    {case}: {one[0]} and {two[0]}  {one[1]} / {two[1]}"[:400])
    counts = collections.Counter(verdict for verdict, _ in first.values())
    compared = len(cases) - inside
    print(f"{title}: {compared - len(apart)} of {compared} agree ({', '.join(f'{n} {v}' for v, n in sorted(counts.items()))}"
          + (f"; {inside} cases for the first alone: tears, issuing, a terminal's)" if inside else ")"))
    print("\n".join(apart[:arguments.show]), end="\n" if apart else "", flush=True)
    return compared, len(apart)


def defects(count):
    """The first of the mutants whose answers are altered on their way: what a card does for itself is as good."""
    mutants = tree.parse(CATALOGUE).getroot().iter("{urn:onecard:mutants:1}mutant")
    return [mutant.get("id") for mutant in mutants if mutant.get("at") == "seam"][:count]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--onecard", required=True)
    parser.add_argument("--defective", help="the program onecard_mutant; without it only good cards")
    parser.add_argument("--profiles", default="ssc-1.0,ssc-2.0,ssc-3.0")
    parser.add_argument("--mutants", type=int, default=0, help="so many defects")
    parser.add_argument("--mutant", action="append", default=[], help="this defect")
    parser.add_argument("--mutant-profile", help="the defects on this profile alone")
    parser.add_argument("--defective-only", action="store_true", help="no good cards")
    parser.add_argument("--inside", action="store_true", help="good cards also as onecard run has them itself")
    parser.add_argument("--reader", help="the good card in this PC/SC reader, by vpcd")
    parser.add_argument("--port", help="TCP port of that vpcd reader")
    parser.add_argument("--only", default=".")
    parser.add_argument("--show", type=int, default=20, help="differences to print of each card")
    parser.add_argument("--json", help="file for the figures")
    parser.add_argument("paths", nargs="*", default=[str(CARDS.parent / "card")])
    arguments = parser.parse_args()
    if importlib.util.find_spec("cryptography") is None:
        print("python3-cryptography is not there: skipped")
        return 77
    total, apart, cards = 0, 0, []
    for name in arguments.profiles.split(","):
        profile = str(CARDS / (name + ".xml"))
        good = ((f"{name} in {arguments.reader}", "pcsc:" + arguments.reader) if arguments.reader else
                (f"{name} good", f"{arguments.onecard} card --stdio --profile {profile}"))
        subjects = [] if arguments.defective_only else [good]
        subjects += [(f"{name} put back for each case", None)] if arguments.inside else []
        if arguments.mutant_profile in (None, name):
            subjects += [(f"{name} {defect}", f"env ONECARD_MUTANT={defect} {arguments.defective} card --stdio --profile {profile}")
                         for defect in (arguments.mutant or defects(arguments.mutants))]
        for title, card in subjects:
            compared, differ = compare(arguments, title, profile, card)
            total, apart = total + compared, apart + differ
            cards.append({"card": title, "compared": compared, "agree": compared - differ})
    if arguments.json:
        pathlib.Path(arguments.json).write_text(json.dumps({"name": "foreign-runner", "cards": cards}, indent=1) + "\n", encoding="utf-8")
    print(f"{total - apart} of {total} agree")
    return 1 if apart or total == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
