# SPDX-License-Identifier: Apache-2.0
"""A second runner of the card vectors, written from vectors/README.md and vectors/cards/README.md alone.

Prints a line for each case: verdict, id, and with --why what decided. Card and PSAM are commands that serve one on
standard input and output, or with pcsc: in front the names of PC/SC readers."""

import argparse
import collections
import copy
import datetime
import itertools
import pathlib
import re

from card_profile import NoKey, Profile, Unknown, load
from expectations import Judge, Mismatch
from links import Slot, Stop
from ssc_functions import FUNCTIONS

VERDICTS = ["PASS", "NOT_APPLICABLE", "NOT_RUN", "INCONCLUSIVE", "DEVIATION", "FAIL", "ERROR"]
VECTORS = pathlib.Path(__file__).resolve().parents[2] / "vectors"
Step = collections.namedtuple("Step", "id element chain")


class Case:
    """One case of the vectors with one row, or one negative of it."""

    def __init__(self, runner, element, rows, routines):
        self.runner, self.routines, self.rows = runner, routines, rows
        self.element, self.id = element, ".".join([element.get("id")] + [row["key"] for row in rows])
        names = {}
        for row in rows:
            names.update({name: self.replace(text, names) for name, text in row.items()})
        self.names = names

    def replace(self, text, names):
        return re.sub(r"\$([A-Za-z0-9_-]+)", lambda m: names.get(m[1], m[0]), text)

    def own(self, element):
        """A copy with the row's texts in it."""
        element = copy.deepcopy(element)
        for each in element.iter():
            each.text = each.text and self.replace(each.text, self.names)
            each.attrib = {name: self.replace(text, self.names) for name, text in each.attrib.items()}
        return element

    def flat(self, elements, chain=()):
        for element in elements:
            if element.tag == "use":
                yield from self.flat(map(self.own, self.routines[element.get("routine")]), chain + (element.get("routine"),))
            else:
                yield Step(".".join(chain[-1:] + (element.get("id", ""),)), element, chain)

    def edited(self, steps, edit):
        drop, repeat, before, at = (edit.get(name) for name in ("drop", "repeat", "before", "step"))
        def means(step, name):
            return name is not None and (step.id == name or name in step.chain)
        new = []
        for step in steps:
            if means(step, before):
                new += self.flat(edit)
                before = None
            if means(step, at):
                send = step.element.find("send")
                if edit.get("set") == "data" and send is not None:
                    send.text = edit.get("to")
                else:
                    step.element.set(edit.get("set"), edit.get("to"))
            new += [step] if not means(step, drop) else []
            new += [step._replace(id=step.id + ".2", element=copy.deepcopy(step.element))] if means(step, repeat) else []
        return new

    def run(self, negative=None, twin=("PASS", "")):
        world = World(self, self.id)
        if twin[0] != "PASS":
            return (twin[0] if twin[0] in ("NOT_APPLICABLE", "NOT_RUN") else "INCONCLUSIVE"), "its twin: " + " ".join(twin)
        element = self.own(self.element)
        steps = list(self.flat(element.findall("let"))) + list(self.flat(element.find("steps")))
        expect = None
        if negative is not None:
            negative = self.own(negative)
            steps, expect = self.edited(steps, negative.find("edit")), negative.find("expect")
        verdict = self.admitted(element, world)
        if verdict[0] != "PASS":
            return verdict
        self.runner.prepare(self)
        verdict = self.steps(world, element, steps, negative, expect)
        for slot in self.runner.slots.values():
            if slot.armed and verdict[0] == "PASS":
                verdict = "INCONCLUSIVE", "a fault struck nothing"
            slot.armed = []
            if not slot.powered:
                slot.reset("cold")
        restore = element.find("restore")
        after = self.steps(world, element, list(self.flat(restore)), None, None) if restore is not None else ("PASS", "")
        if after[0] != "PASS" and VERDICTS.index(verdict[0]) < VERDICTS.index("INCONCLUSIVE"):
            verdict = "INCONCLUSIVE", "restore: " + after[1]
        return verdict

    def admitted(self, element, world):
        condition = element.findtext("if")
        if element.get("state") == "retired":
            return "NOT_RUN", "retired"
        if condition and not self.runner.holds(condition):
            return "NOT_APPLICABLE", condition
        lasting = set(element.get("touches").split()) - {"none", "volatile"} - self.runner.allowed
        if lasting and element.find("restore") is None:
            return "NOT_RUN", "touches " + " ".join(lasting)
        return "PASS", ""

    def steps(self, world, element, steps, negative, expect):
        for step in steps:
            expected = expect is not None and step.id == expect.get("step")
            try:
                world.step(step.element, expect if expected else step.element)
            except Stop as stop:
                return stop.args
            except Unknown as unknown:
                return "NOT_APPLICABLE", f"{step.id}: unknown {unknown}"
            except NoKey as key:
                return "NOT_RUN", f"{step.id}: no key {key}"
            except (ValueError, KeyError, IndexError, AssertionError) as error:
                return "INCONCLUSIVE", f"{step.id}: {error!r}"
            except Mismatch as mismatch:
                text = f"{step.id}: {mismatch.args[0]}"
                if (step.chain if expect is None else True) and not expected:
                    return "INCONCLUSIVE", text
                if expected and negative.get("dut", "card") not in self.runner.tested:
                    return "INCONCLUSIVE", text
                req = mismatch.args[1] or (expected and negative.get("req")) or element.findtext("req")
                chosen = any(r.text == req and r.get("strength") == "choice" for r in element.findall("req"))
                return "DEVIATION" if chosen or self.runner.confidence(req) != "A" else "FAIL", f"{text} ({req})"
            if expected:
                break
        return "PASS", ""


class World(Judge):
    """What a case has in hand: captures, the clock, the cards."""

    def __init__(self, case, label):
        super().__init__(self.value, {})
        self.runner, self.label = case.runner, label
        self.clock = datetime.datetime.fromisoformat(case.element.get("clock", "2026-01-01T08:00:00+08:00"))

    def value(self, text):
        out = b""
        tokens = re.findall(r"'([^']*)'|\$([a-z][a-z0-9-]*)(?:\[(\d+):(\d+)\])?|@(\S+)|([0-9A-Fa-f]+)|(\S)", text or "")
        for quoted, name, at, size, ref, digits, other in tokens:
            if name:
                data = self.captures[name]
                if at and int(at) + int(size) > len(data):
                    raise IndexError(text)
                out += data[int(at):int(at) + int(size)] if at else data
            else:
                out += self.runner.profile.value(ref) if ref else bytes.fromhex(digits + other) or quoted.encode("gb18030")
        return out

    def step(self, element, expected):
        slot = self.runner.slots[element.get("to", "card")]
        if element.tag == "let":
            data = FUNCTIONS[element.get("fn")](Arguments(self, element))
            self.captures[element.get("id")] = data
            return self.judge(expected, data, None, None)
        if element.tag == "advance":
            self.clock += datetime.timedelta(seconds=int(element.get("seconds")))
            return None
        if element.tag == "fault":
            if element.get("kind") not in ("remove", "mute"):
                raise Stop("NOT_RUN", "fault " + element.get("kind"))
            slot.armed.append(dict(element.attrib, skip=int(element.get("skip", 0)), times=int(element.get("times", 1))))
            return None
        if element.tag == "reset":
            return self.judge(expected, slot.reset(element.get("kind")), None, None)
        if element.tag == "tpdu":
            answer, rest = slot.exchange(self.value(element.get("bytes"))), True
        elif element.tag == "apdu":
            header = b"".join(self.value(element.get(name)) for name in ("cla", "ins", "p1", "p2"))
            data = self.value(element.findtext("send") if element.find("send") is not None else element.get("data"))
            rest = element.get("le") is not None
            answer = slot.apdu(header, data, self.value(element.get("le")) if rest else None)
        else:
            raise Stop("NOT_RUN", element.tag)
        if answer is None:
            return self.judge(expected, None, None, None)
        if len(answer) < 2:
            raise Mismatch("no status word", None)
        return self.judge(expected, answer[:-2], answer[-2:].hex().upper(), rest)


class Arguments:
    """What a function asks its `let` for."""

    def __init__(self, world, element):
        self.world, self.element, self.clock = world, element, world.clock
        self.label = world.runner.seed.to_bytes(8, "big") + f"{world.label}/{element.get('id')}".encode()

    def v(self, name, *default):
        text = self.element.get(name)
        return default[0] if text is None and default else self.world.value(text)

    def t(self, name):
        return self.element.get(name)

    def key(self):
        name, _, version = self.element.get("key")[4:].partition("#")
        if version.startswith("$"):
            version = str((self.world.value(version) or b"\1")[0])
        factors = self.v("factors", None)
        split = None if factors is None else [factors[i:i + 8] for i in range(0, len(factors), 8)]
        return self.world.runner.profile.key(f"{name}#{version}" if version else name, split)


class Runner:
    def __init__(self, arguments):
        self.profile, self.seed = Profile(arguments.profile), arguments.seed
        self.virtual, self.tested = arguments.fresh, {"card", "psam"} if arguments.fresh else {"card"}
        self.allowed = {"counters", "records", "purse", "keys"} | ({"lifecycle"} if arguments.fresh else set())
        self.slots = {"card": Slot(arguments.card), "psam": Slot(arguments.psam)}
        self.pcsc = arguments.card.startswith("pcsc:")
        self.requirements = {r.get("id"): r for f in VECTORS.glob("requirements/*.xml") for r in load(f).iter("requirement")}
        self.touched, self.terms = False, {}

    def confidence(self, req):
        found = self.requirements[req]
        return self.profile.alg and found.get("sm4-confidence") or found.get("confidence")

    def prepare(self, case):
        """A PSAM is put back whenever it was used: what `touches` says is said of the card."""
        if self.touched and self.virtual:
            self.slots["card"].card.renew()
        if self.slots["psam"].used:
            self.slots["psam"].card.renew()
        self.touched = not set(case.element.get("touches").split()) <= {"none", "volatile"}
        for slot in self.slots.values():
            slot.armed, slot.powered = [], True
            slot.reset("cold")
            slot.used = False

    def term(self, text):
        p, (name, _, argument) = self.profile, text.rstrip(")").partition("(")
        first, _, rest = name.partition(".")
        if first == "setting":
            wanted = next((s for s in sorted(p.settings, key=len, reverse=True) if rest == s or rest.startswith(s + ".")), None)
            value = p.settings.get(wanted, "")
            return value in ("on", "yes") if rest == wanted else value == rest[len(wanted or "") + 1:]
        if first in ("file", "read", "update"):
            file = p.file(argument)
            if file is None or first == "file":
                return file is not None
            free = first == "read" and file.get("free-if") and p.setting(file.get("free-if")) == "on"
            return rest == ("free" if free else p.setting(file.get(first)))
        if first in ("record", "key"):
            try:
                return (p.value if first == "record" else p.key)(argument) is not None
            except (Unknown, NoKey, KeyError, AttributeError):
                return False
        if name.startswith("psam.usage."):
            directory, _, key = argument.partition("/")
            key, _, version = key.partition("#")
            return any(k.get("name") == key and (version or "1") in k.get("versions", "1").split() and k.get("usage") == name[-2:]
                       for k in (p.dirs[directory].iter("key") if directory in p.dirs else ()))
        algs = p.psam.get("algs", p.root.get("alg")).split()
        return {"card": lambda: {"virtual": self.virtual, "issued": True, "pki": "PKI" in p.dirs}.get(rest, rest.upper() in p.dirs),
                "profile": lambda: "pin" in p.values, "run": lambda: True,
                "alg": lambda: rest.upper() == p.root.get("alg"),
                "generation": lambda: rest == {"2.01": "21"}.get(p.generation, p.generation.replace(".", "")),
                "psam": lambda: {"": True, "virtual": True, "3des": "3DES" in algs, "sm4": "SM4" in algs, "pin": p.psam.get("pin"),
                                 "mac2-tries.15": p.psam.get("mac2-tries", "15") == "15"}.get(rest, False),
                "link": lambda: rest == "any-interface" or rest in ("raw-tpdu", "short-commands") and not self.pcsc,
                }.get(first, lambda: False)()

    def holds(self, condition):
        condition = " ".join(condition.split())
        if condition not in self.terms:
            words = re.findall(r"[a-z][A-Za-z0-9.\-]*(?:\([A-Z][^()]*\))?|[()]", condition)
            self.terms[condition] = eval(" ".join(
                w if w in ("and", "or", "not", "(", ")") else str(bool(self.term(w))) for w in words))
        return self.terms[condition]

    def cases(self, paths):
        for path in paths:
            for file in sorted(path.rglob("*.xml")) if path.is_dir() else [path]:
                root = load(file)
                routines = {r.get("id"): list(r) for r in root.findall("routine")}
                for each in root.findall("import"):
                    routines.update((r.get("id"), list(r)) for r in load(file.parent / each.get("routines")).findall("routine"))
                for element in root:
                    if element.tag in ("case", "flow"):
                        tables = [[row.attrib for row in table] for table in element.findall("table")]
                        for rows in itertools.product(*tables):
                            yield Case(self, element, rows, routines), element.findall("negative")

    def run(self, paths, only, report):
        cases = list(self.cases(paths))
        sanity = next((c for c, _ in cases if c.id == "CARD.SANITY"), None)
        first = sanity.run() if sanity else ("PASS", "")
        if sanity:
            report(first, "CARD.SANITY")
        for case, negatives in cases:
            names = [".".join([n.get("id")] + [row["key"] for row in case.rows]) for n in negatives]
            if case is not sanity and any(re.search(only, i) for i in [case.id] + names):
                verdict = case.run() if first[0] == "PASS" else ("NOT_RUN", "CARD.SANITY")
                report(verdict, case.id)
                for negative, name in zip(negatives, names):
                    report(case.run(negative, verdict) if first[0] == "PASS" else verdict, name)
        if sanity:
            report(sanity.run(), "CARD.SANITY.END")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--profile", required=True)
    parser.add_argument("--card", required=True, help="command, or pcsc:READER")
    parser.add_argument("--psam", required=True, help="command, or pcsc:READER")
    parser.add_argument("--fresh", action="store_true", help="a new process is a card as issued: one for each case that needs it")
    parser.add_argument("--only", default="", help="cases whose id matches")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--why", action="store_true")
    parser.add_argument("paths", nargs="*", type=pathlib.Path, default=[VECTORS / "card"])
    arguments = parser.parse_args()
    Runner(arguments).run(arguments.paths, arguments.only, lambda verdict, name: print(
        verdict[0], name, *verdict[1:] if arguments.why and verdict[0] != "PASS" else ()))


if __name__ == "__main__":
    main()
