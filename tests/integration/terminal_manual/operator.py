#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""onecard run --terminal manual with a scripted operator: operator.py ONECARD DRIVER STANDINS SOURCE

He reads the prompts, works a terminal (our own driver, behind the stand-in libraries, with what he was told to type on
its key pad) and types what it shows; or something else, or nothing.
"""
import ctypes
import os
import pty
import re
import select
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as tree

PIN = re.compile(r"^    .* / type the (?:old |new )?PIN(?: again)? = (.*)$", re.M)
CODE = "return code (Enter: 0; \"s REASON\" if it cannot be done): "
SHOWS = "what it shows (pOutInfo; Enter: nothing): "
WAKE = "Type ok when you are there: "
POWERED = "goes on when the card is powered, or at Enter: "

PROMPTED = """<suite xmlns="urn:onecard:vectors:1" area="terminal">
  <title xml:lang="zh">提示</title><title xml:lang="en">A prompt</title>
  <case id="TERM.KIT.PROMPT" rev="1" touches="volatile">
    <title xml:lang="zh">插卡</title><title xml:lang="en">A card is put in</title>
    <req>SSC.TERMINAL.SUCCESS</req><if>terminal</if>
    <steps>
      <prompt until="powered"><text xml:lang="zh">请插卡</text><text xml:lang="en">Put the card in</text></prompt>
      <call fn="iReadCardBas"><send name="type">'3'</send></call>
    </steps>
  </case>
</suite>
"""


def work_terminal(library, function, arguments):
    """The terminal: one call in a process of its own; prints the code and what pOutInfo holds."""
    out = ctypes.create_string_buffer(65536)
    entry = getattr(ctypes.CDLL(library), function)
    entry.restype = ctypes.c_long
    values = [int(a) if a.lstrip("-").isdigit() and i == 0 else a.encode("gb18030") for i, a in enumerate(arguments)]
    print(entry(*values, out))
    print(out.value.decode("gb18030"))


class Operator:
    """A run whose screen he reads and whose lines he types."""

    def __init__(self, folder, arguments, on_tty):
        self.folder, self.screen, self.bytes = folder, "", b""
        self.cards = f"unix:{folder}/cards"
        command = [onecard, "run", "-q", "-o", f"{folder}/out", "--profile", f"{source}/vectors/cards/ssc-3.0.xml",
                   "--serve-cards", self.cards, *arguments, f"{source}/vectors"]
        if on_tty:
            self.pid, self.reads = pty.fork()
            if self.pid == 0:
                os.execv(onecard, command)
            self.types = self.reads
        else:
            self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE,
                                            stdout=subprocess.DEVNULL, start_new_session=True)
            self.pid, self.reads = self.process.pid, self.process.stderr.fileno()
            self.types = self.process.stdin.fileno()
        self.on_tty, self.seen = on_tty, 0

    def read(self, *wanted):
        """What came since the last time, up to one of the wanted texts at its end; None at the end of the run."""
        end = time.monotonic() + 60
        while True:
            new = self.screen[self.seen:].replace("\r\n", "\n")
            if any(new.endswith(text) for text in wanted):
                self.seen = len(self.screen)
                return new
            if time.monotonic() > end or not select.select([self.reads], [], [], 60)[0]:
                os.kill(self.pid, signal.SIGKILL)
                sys.exit(f"the run asks for nothing:\n{self.screen}")
            try:
                more = os.read(self.reads, 65536)
            except OSError:  # a pseudo terminal that nobody has open any more
                more = b""
            if not more:
                return None
            self.bytes += more
            self.screen = self.bytes.decode("utf-8", "ignore")

    def type(self, text):
        os.write(self.types, (text + "\n").encode())

    def leave(self):
        if self.on_tty:
            os.write(self.types, b"\x04")
        else:
            self.process.stdin.close()

    def end(self):
        """The exit code, and the verdicts by case."""
        while self.read("\0") is not None:
            pass
        code = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        if not os.path.exists(f"{self.folder}/out/result.xml"):
            sys.exit(f"there is no record:\n{self.screen}")
        with open(f"{self.folder}/out/result.xml", encoding="utf-8") as file:
            record = file.read()
        cases = [e for e in tree.fromstring(record).iter() if e.tag.endswith("}case")]
        return code, {c.get("id"): c for c in cases}, record

    def terminal(self, prompt):
        """Does what the prompt says."""
        function = re.search(r"Do on the terminal: .*\((\w+)\)", prompt).group(1)
        arguments = re.findall(r"^    ([a-z-]+) = (.*)$", prompt, re.M)
        environment = dict(os.environ, ONECARD_CARDS=self.cards, LD_LIBRARY_PATH=standins)
        entries = PIN.findall(prompt)
        if entries:
            environment["ONECARD_KEYPAD_PIN"] = entries[0]
        done = subprocess.run([sys.executable, __file__, "--call", driver, function, *[v for _, v in arguments]],
                              env=environment, capture_output=True, text=True, check=True)
        code, shown = done.stdout.split("\n")[:2]
        return function, code, shown, entries


def run(arguments, on_tty, answer):
    """`answer` gets the operator, the prompt and how many calls came before; it does and types."""
    with tempfile.TemporaryDirectory() as folder:
        operator, calls = Operator(folder, arguments, on_tty), 0
        while (prompt := operator.read(CODE, WAKE, POWERED)) is not None:
            if prompt.endswith(WAKE):
                operator.type("ok")
                continue
            if prompt.endswith(CODE) and "Do on the terminal" not in prompt:
                operator.type("0")
                continue
            answer(operator, prompt, calls)
            calls += 0 if prompt.endswith(POWERED) else 1
        return (*operator.end(), operator.screen)


def expect(what, found, wanted):
    if found != wanted:
        sys.exit(f"{what}: {found}, not {wanted}")


def tell(operator, code, shown):
    operator.type(code)
    if operator.read(SHOWS) is None:
        sys.exit(f"the run ended early:\n{operator.screen}")
    operator.type(shown)


def verdicts(cases):
    return {name: case.get("verdict") for name, case in cases.items()}


def rightly():
    """Over a pseudo terminal, with garbage in between: everything passes, and the prompts say what is to be done."""
    pins, functions = [], []

    def answer(operator, prompt, calls):
        function, code, shown, entries = operator.terminal(prompt)
        functions.append(function)
        pins.extend(entries)
        if calls == 1:
            for garbage in ("what?", "12 monkeys", "\x01\x02"):
                operator.type(garbage)
                operator.read(CODE)
        tell(operator, code, shown)

    code, cases, record, screen = run(["--terminal", "manual", "-k", r"^TERM\.(PIN\.VERIFY|BAS\.TYPE\.CONTACT)$"], True,
                                      answer)
    expect("exit code", code, 0)
    expect("what does not pass", [n for n, v in verdicts(cases).items() if v != "PASS"], [])
    expect("negatives", len([n for n in cases if n.startswith("TERM.PIN.VERIFY.")]) > 0, True)
    # The cases without key pad come first, although the vectors have them last; the closing one reads again.
    expect("order", functions[:-1], sorted(functions[:-1], key=["iReadCardBas", "iVerifyPIN"].index))
    expect("functions", len(set(functions)), 2)
    for text in ("请在终端上执行：读基本信息（iReadCardBas）", "Do on the terminal: read the basic data (iReadCardBas)",
                 "请在终端上执行：校验 PIN（iVerifyPIN）", "输入 PIN / type the PIN = ", "返回码（直接回车为 0",
                 "终端显示的内容", "ONECARD_CARDS=unix:"):
        expect(text, text in screen, True)
    expect("PINs", len(pins) >= 3, True)
    for pin in {pin for pin in pins if len(pin) == 6}:
        expect("the PIN in the record", pin in record, False)
    latencies = [s for c in cases.values() for s in c.iter() if s.tag.endswith("}step") and s.get("card-ns")]
    expect("calls with the cards' time", bool(latencies), True)
    for step in latencies:  # without the time of the operator, whose terminal starts an interpreter for each call
        expect("times", int(step.get("card-ns")) <= int(step.get("duration-ns")) < 10**9, True)


def wrongly():
    """Wrong answers are the terminal's failures; what cannot be done, and silence, are nobody's."""

    def answer(operator, prompt, calls):
        if calls == 1:
            operator.type("s the key 9 is broken")
            return
        if calls == 6:
            return  # he is away, and the terminal idle
        _, code, shown, _ = operator.terminal(prompt)
        if calls == 2:  # the cards were used, but he says nothing, not even when he is asked again
            operator.read("which return code does the terminal give? ")
        elif calls == 3:
            tell(operator, code, "310000|")
        elif calls == 5:
            tell(operator, "0", "")
        else:
            tell(operator, code, shown)

    code, cases, _, screen = run(
        ["--terminal", "manual,seconds=8", "-k",
         r"^TERM\.BAS\.TYPE\.(CONTACT|CONTACT-FIRST|CONTACTLESS-FIRST)$|^TERM\.PIN\.VERIFY$"],
        False, answer)
    found = verdicts(cases)
    expect("exit code", code, 1)
    for name, wanted, reason in (
            ("TERM.SANITY", "PASS", None),
            ("TERM.BAS.TYPE.CONTACT", "NOT_RUN", "the operator could not do it: the key 9 is broken"),
            ("TERM.BAS.TYPE.CONTACT-FIRST", "INCONCLUSIVE", "the operator did nothing for 8 s"),
            ("TERM.BAS.TYPE.CONTACTLESS-FIRST", "FAIL", None),
            ("TERM.PIN.VERIFY", "PASS", None),
            ("TERM.PIN.VERIFY.WRONG", "FAIL", None),
            ("TERM.PIN.VERIFY.SHORT", "NOT_RUN", "the operator did nothing for 8 s"),
            ("TERM.PIN.VERIFY.CANCEL", "PASS", None),
            ("TERM.SANITY.END", "PASS", None)):
        text = tree.tostring(cases[name], encoding="unicode")
        expect(name, found[name], wanted)
        expect(f"the reason of {name}", reason is None or reason in text, True)
    for text in ("too late: skipped", "准备好后输入 ok", "卡片已不再使用"):
        expect(text, text in screen, True)


def leaving():
    """The end of his input: the rest is not run."""

    def answer(operator, prompt, calls):
        if calls == 2:
            operator.leave()
            return
        tell(operator, *operator.terminal(prompt)[1:3])

    for on_tty in (True, False):
        code, cases, record, _ = run(["--terminal", "manual",
                                      "-k", r"^TERM\.BAS\.TYPE\.|^TERM\.PIN\.VERIFY$"], on_tty, answer)
        found = list(verdicts(cases).values())
        expect("exit code", code, 130)
        expect("passed", found.count("PASS"), 2)
        expect("verdicts", set(found), {"PASS", "NOT_RUN"})
        expect("the reason", "run stopped: the operator has left" in record, True)


def powered():
    """A prompt is over when the terminal powers the card, and not before: nothing is typed."""
    prompts = []

    def answer(operator, prompt, calls):
        if prompt.endswith(POWERED):
            prompts.append("请插卡" in prompt and "Put the card in" in prompt)
            operator.terminal("Do on the terminal: (iReadCardBas)\n    type = 3\n")
        else:
            tell(operator, *operator.terminal(prompt)[1:3])

    with tempfile.NamedTemporaryFile("w", suffix=".xml", encoding="utf-8") as vectors:
        vectors.write(PROMPTED)
        vectors.flush()
        code, cases, _, _ = run(["--terminal", "manual", "-k", r"^TERM\.KIT", vectors.name], False, answer)
    expect("exit code", code, 0)
    expect("prompts", prompts, [True])
    expect("verdicts", set(verdicts(cases).values()), {"PASS"})


if __name__ == "__main__":
    if sys.argv[1] == "--call":
        work_terminal(sys.argv[2], sys.argv[3], sys.argv[4:])
    else:
        onecard, driver, standins, source = sys.argv[1:5]
        for part in (rightly, wrongly, leaving, powered):
            part()
