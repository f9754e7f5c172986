# SPDX-License-Identifier: Apache-2.0
"""A second runner of the card vectors, written from vectors/README.md and vectors/cards/README.md alone.

Prints a line for each case: verdict, id, reason. What only vectors for terminals and back-ends use is not here."""

import argparse
import copy
import datetime
import html
import itertools
import pathlib
import re
import xml.etree.ElementTree as ElementTree

import ssc_functions
from card_profile import Profile, fill, load
from links import Program, Reader

# What it means that a name has no value, by how it begins.
MISSING = {"@": "NOT_APPLICABLE", "#": "NOT_RUN", "$": "INCONCLUSIVE"}
VECTORS = pathlib.Path(__file__).resolve().parents[2] / "vectors"
ROW_NAME = re.compile(r"\$([A-Za-z0-9_-]+)")
TERM = re.compile(r"\b(?!(?:and|or|not)\b)[a-z][A-Za-z0-9.-]*(?:\([A-Z][^()]*\))?")
TOKEN = re.compile(r"'[^']*'|(@\S+|\$[a-z0-9-]+)(?:\[(\d+):(\d+)\])?")


class Mismatch(Exception):
    """What was found, and the requirement that the check names."""


def demand(holds, *found):
    if not holds:
        raise Mismatch(*found)


def objects(data, req):
    """Tag and value of each BER-TLV object."""
    while data:
        start = 3 if data[0] & 0x1F == 0x1F else 2
        tag, size = data[:start - 1].hex().upper(), int.from_bytes(data[start - 1:start], "big")
        if size & 0x80:
            start, size = start + (size & 0x7F), int.from_bytes(data[start:start + (size & 0x7F)], "big")
        demand(start + size <= len(data), "no TLV", req)
        yield tag, data[start:start + size]
        data = data[start + size:]


class Case:
    """A case of the vectors with one row of each table: section 3."""

    def __init__(self, element, rows, routines):
        self.names, self.routines = {}, routines
        for row in rows:
            self.names |= self.filled(row).attrib
        self.element = self.filled(element)
        self.negatives = self.element.findall("negative")
        for each in (self.element, *self.negatives):
            each.set("id", ".".join([each.get("id"), *(row.get("key") for row in rows)]))

    def filled(self, element):
        """A copy with the rows' texts in the place of their names."""
        text = ElementTree.tostring(element, "unicode")
        return ElementTree.fromstring(ROW_NAME.sub(lambda name: html.escape(self.names.get(name[1], name[0])), text))

    def steps(self, elements, within=()):
        """The steps, those of routines in the place of their `use`; `called`: a step's name and its routines'."""
        for element in elements:
            if element.tag == "use":
                name = element.get("routine")
                yield from self.steps(self.filled(self.routines[name]), (*within, name))
            else:
                step = copy.deepcopy(element)
                step.set("data", element.findtext("send", element.get("data", "")))
                step.set("called", " ".join([".".join([*within[-1:], element.get("id", "")]), *within]))
                yield step

    def edited(self, edit):
        """The steps of a negative: section 10."""
        def meant(step, what):
            return edit.get(what) in step.get("called").split()
        steps = [*self.steps(self.element.findall("let")), *self.steps(self.element.find("steps"))]
        before = next((step for step in steps if meant(step, "before")), None)
        for step in steps:
            if step is before:
                yield from self.steps(edit)
            if meant(step, "step"):
                step.set(edit.get("set"), edit.get("to"))
            if not meant(step, "drop"):
                yield step
            if meant(step, "repeat"):
                again = copy.deepcopy(step)
                again.set("called", edit.get("repeat") + ".2")
                yield again


class Runner:
    """The cards under test, what is known of them, and what a case has in hand: `known` values, the clock."""

    def __init__(self, profile, card, psam, fresh, seed=1):
        self.profile, self.fresh, self.seed = Profile(profile), fresh, seed.to_bytes(8, "big")
        reader = card.startswith("pcsc:")
        self.cards = {"card": Reader(card[5:]) if reader else Program(card), "psam": Program(psam)}
        self.allowed = {"none", "volatile", "counters", "records", "purse", "keys", *(["lifecycle"] if fresh else [])}
        self.facts = {*self.profile.facts, "run.expendable", "link.any-interface", *(["card.virtual"] if fresh else []),
                      *([] if reader else ["link.raw-tpdu", "link.short-commands"])}
        sm4 = "alg.sm4" in self.facts
        self.confidence = {each.get("id"): sm4 and each.get("sm4-confidence") or each.get("confidence")
                           for file in VECTORS.glob("requirements/*.xml") for each in load(file).iter("requirement")}

    def value(self, text):
        """The bytes of a value: section 2."""
        def known(token):
            name, at, size = token.groups()
            data = self.known[name] if name else b""
            if at and int(at) + int(size) > len(data):
                raise ValueError(token[0])
            return (data[int(at):int(at) + int(size)] if at else data).hex() if name else token[0]
        return fill(TOKEN.sub(known, text or ""))

    def step(self, step):
        """Sections 4 and 6."""
        get, card = step.get, self.cards[step.get("to", "card")]
        match step.tag:
            case "advance":
                self.clock += datetime.timedelta(seconds=int(get("seconds")))
                return
            case "fault" if get("kind") in ("remove", "mute") and not step.attrib.keys() & {"at", "skip", "times"}:
                card.fault = get("kind")
                return
            case "let":
                answer = self.known["$" + get("id")] = ssc_functions.compute(step.attrib, self)
            case "reset":
                answer = card.exchange({"cold": "R", "warm": "W"}[get("kind")])
            case "tpdu":
                answer = card.exchange(self.value(get("bytes")).hex())
            case "apdu":
                answer = card.apdu(*(self.value(get(name)) for name in ("cla", "ins", "p1", "p2", "data", "le")))
            case kind:
                raise KeyError("#" + kind)
        silence, sw, data = (step.find(name) for name in ("no-answer", "sw", "data"))
        if answer is None and silence is not None:
            return
        expected = silence is None or sw is not None or data is not None
        demand(expected and answer is not None, "an answer, or none", None)
        if step.tag in ("apdu", "tpdu"):
            answer, word, patterns = answer[:-2], answer[-2:].hex().upper(), step.findtext("sw", "9000")
            fits = re.fullmatch("|".join(patterns.split()).replace("?", "."), word)
            demand(fits, f"{word}, not {patterns}", None if sw is None else sw.get("req"))
        if data is not None:
            self.check(data, answer, None)
        else:
            demand(not answer or step.tag != "apdu" or get("le") is not None, "data", None)

    def check(self, element, data, req):
        """A check of data, a field or an object, then those inside it; what has a name is captured: section 6."""
        get, req, size, at = element.get, element.get("req", req), len(data), 0
        mask = self.value(get("mask")) or b"\xff" * size
        def same(value):
            return len(value) == size == len(mask) and all(not (a ^ b) & m for a, b, m in zip(value, data, mask))
        wanted = [self.value(get(name)) for name in ("eq", "or") if get(name) is not None]
        demand(int(get("min", get("len", 0))) <= size <= int(get("max", get("len", size))), f"{size} bytes", req)
        demand(not wanted or any(map(same, wanted)), f"{data.hex().upper()}, not {get('eq')}", req)
        self.known[f"${get('name', get('capture'))}"] = data
        for field in element.findall("field"):
            self.check(field, data[at:at + int(field.get("len"))], req)
            at += int(field.get("len"))
        demand(at in (0, size) or get("rest") == "any", f"{size} bytes, not {at}", req)
        for inside in element.findall("tlv"):
            found = [value for tag, value in objects(data, req) if tag == inside.get("tag")]
            demand(found, "no " + inside.get("tag"), inside.get("req", req))
            self.check(inside, found[0], req)

    def judged(self, element, steps, negative=None):
        """Section 11: the verdict of the steps, of a negative up to the one that it expects something else of."""
        for step in steps:
            (name, *routines), req = step.get("called").split(" "), element.findtext("req")
            last = negative is not None and name == negative.find("expect").get("step")
            if last:
                step[:], req = negative.find("expect"), negative.get("req", req)
            try:
                self.step(step)
            except (EOFError, OSError) as error:
                return "FAIL", f"{name}: {error}"
            except (ValueError, LookupError, AssertionError) as error:
                return MISSING.get(str(error.args[0])[:1], "INCONCLUSIVE"), f"{name}: {error!r}"
            except Mismatch as mismatch:
                text, req = f"{name}: {mismatch.args[0]}", mismatch.args[1] or req
                ours = not self.fresh and last and negative.get("dut", "card") != "card"
                if ours or not last and (negative is not None or routines):
                    return "INCONCLUSIVE", text
                chosen = element.find(f"req[@strength='choice'][.='{req}']") is not None
                return "DEVIATION" if chosen or self.confidence[req] != "A" else "FAIL", f"{text} ({req})"
            if last:
                break
        return "PASS", ""

    def verdict(self, case, negative=None):
        """Section 9: what is done around the steps."""
        element, restore = case.element, case.element.findall("restore")
        lasting = set(element.get("touches").split()) - self.allowed
        condition = " ".join(element.findtext("if", "psam").split())
        if not eval(TERM.sub(lambda term: str(term[0] in self.facts), condition)):
            return "NOT_APPLICABLE", condition
        if element.get("state") == "retired" or lasting and not restore:
            return "NOT_RUN", f"retired, or touches {lasting}"
        steps = list(case.edited(ElementTree.Element("edit") if negative is None else negative.find("edit")))
        for name in {each.get("to", "card") for each in steps}:
            if self.fresh or name == "psam":
                self.cards[name].renew()
            self.cards[name].powered = False
            self.cards[name].exchange("R")
        self.known, self.label = dict(self.profile.values), self.seed + element.get("id").encode()
        self.clock = datetime.datetime.fromisoformat(element.get("clock", "2026-01-01T08:00:00+08:00"))
        verdict = self.judged(element, steps, negative)
        for card in self.cards.values():
            if card.fault and verdict[0] == "PASS":
                verdict = "INCONCLUSIVE", "a fault struck nothing"
            card.fault = None
            if not card.powered:
                card.exchange("R")
        for each in restore:
            word, reason = self.judged(element, case.steps(each))
            if word != "PASS" and verdict[0] not in ("DEVIATION", "FAIL"):
                verdict = "INCONCLUSIVE", "restore: " + reason
        return verdict

    def run(self, cases, only):
        """Id, verdict and reason: of CARD.SANITY first and last, of the cases between, each before its negatives."""
        sanity = [case for case in cases if case.element.get("id") == "CARD.SANITY"]
        chosen = [case for case in cases if case not in sanity
                  and any(re.search(only, each.get("id")) for each in (case.element, *case.negatives))]
        stopped = None
        for case in sanity + chosen:
            twin = stopped or self.verdict(case)
            yield case.element.get("id"), *twin
            if case in sanity and twin[0] != "PASS":
                stopped = "NOT_RUN", "CARD.SANITY"
            otherwise = twin[0] if twin[0] in ("NOT_APPLICABLE", "NOT_RUN") else "INCONCLUSIVE", "its twin: " + twin[1]
            for negative in case.negatives:
                yield negative.get("id"), *(self.verdict(case, negative) if twin[0] == "PASS" else otherwise)
        for case in sanity:
            yield "CARD.SANITY.END", *self.verdict(case)


def loaded(paths):
    """The cases of files, and of files in folders."""
    for file in (file for path in paths for file in sorted(path.rglob("*.xml")) or [path]):
        suites = [load(file)]
        suites += [load(file.parent / each.get("routines")) for each in suites[0].findall("import")]
        routines = {each.get("id"): each for suite in suites for each in suite.findall("routine")}
        for element in suites[0].findall("case"):
            yield from (Case(element, rows, routines) for rows in itertools.product(*element.findall("table")))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", type=pathlib.Path, required=True)
    parser.add_argument("--card", required=True, help="command that serves it on standard input, or pcsc:READER")
    parser.add_argument("--psam", required=True, help="command")
    parser.add_argument("--fresh", action="store_true", help="a new process is a card as issued: one for each case")
    parser.add_argument("--only", default="", help="cases whose id, or that of a negative, matches")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("paths", nargs="*", type=pathlib.Path, default=[VECTORS / "card"])
    asked = parser.parse_args()
    runner = Runner(asked.profile, asked.card, asked.psam, asked.fresh, asked.seed)
    for name, verdict, reason in runner.run(list(loaded(asked.paths)), asked.only):
        print(verdict, name, reason)


if __name__ == "__main__":
    main()
