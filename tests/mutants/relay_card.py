# SPDX-License-Identifier: Apache-2.0
"""Between a runner and a card, both over standard input and output: relay_card.py record TAPE COMMAND notes what a card
says, replay TAPE answers with what was said, delay MS COMMAND answers rightly but late.

A replay answers by the place in the session: what the card answered then, whether or not the command's data are the same.
Where the runner does something else than in the record, the next session that begins as this one is looked for, by whole
commands and then by headers; where there is none, the answer is 6D00."""

import shlex
import subprocess
import sys
import time


class Card:
    def __init__(self, command):
        self.process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answer(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().strip()


class Recorder(Card):
    def __init__(self, tape, command):
        super().__init__(command)
        self.tape = open(tape, "w", encoding="ascii")

    def answer(self, line):
        said = super().answer(line)
        self.tape.write(f"{line.strip() or '-'} {said}\n")
        self.tape.flush()
        return said


class Late(Card):
    def __init__(self, milliseconds, command):
        super().__init__(command)
        self.seconds = int(milliseconds) / 1000

    def answer(self, line):
        time.sleep(self.seconds)
        return super().answer(line)


def header(command):
    return command[:10]


class Replay:
    def __init__(self, tape):
        self.sessions, self.at, self.said = [], -1, []
        with open(tape, encoding="ascii") as file:
            for command, answer in map(str.split, file):
                if command in "RW":
                    self.sessions.append((answer, []))
                else:
                    self.sessions[-1][1].append((command, answer))

    def answer(self, line):
        if line in ("R", "W"):
            self.at, self.said = (self.at + 1) % len(self.sessions), []
            return self.sessions[self.at][0]
        self.said.append(line or "-")
        if not self.fits(self.at, header):
            around = [(self.at + step) % len(self.sessions) for step in range(1, len(self.sessions))]
            found = [at for how in (str, header) for at in around if self.fits(at, how)][:1]
            if not found:
                self.said.pop()
                return "6D00"
            self.at = found[0]
        return self.sessions[self.at][1][len(self.said) - 1][1]

    def fits(self, at, how):
        session = self.sessions[at][1]
        return len(session) >= len(self.said) and all(how(a) == how(b[0]) for a, b in zip(self.said, session))


def main():
    kind = {"record": Recorder, "replay": Replay, "delay": Late}[sys.argv[1]]
    card = kind(*sys.argv[2:])
    for line in sys.stdin:
        print(card.answer(line.strip()), flush=True)


if __name__ == "__main__":
    main()
