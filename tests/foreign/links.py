# SPDX-License-Identifier: Apache-2.0
"""Cards behind a program's standard input and output or in a PC/SC reader, over T=0: sections 4, 5 and 13 of
vectors/README.md."""

import shlex
import subprocess
import time

FOLLOW_MAX = 16


class Card:
    """A card, whether it has power, and the fault that is armed for its next exchange."""

    powered, fault = False, None

    def exchange(self, line):
        """The answer to a TPDU in hex, or to R or W, a cold or a warm reset; None where there is none."""
        fault, self.fault = self.fault, None
        if line in ("R", "W"):
            line, self.powered = line if self.powered else "R", True
        answer = self.answer(line) if self.powered and fault != "remove" else None
        self.powered = self.powered and fault is None
        return answer if self.powered else None

    def apdu(self, cla, ins, p1, p2, data, le):
        """The answer to a whole command, collected as `le` asks for it."""
        [wanted] = le or [0]  # one byte: extended lengths do not travel
        command = cla + ins + p1 + p2 + (bytes([len(data)]) + data if data else le or b"\0")
        answer, collected = self.exchange(command.hex()), b""
        for _ in range(FOLLOW_MAX if le and answer else 0):
            left = (wanted or 256) - len(collected) - len(answer) + 2
            if answer[-2:-1] == b"\x61" and left > 0:
                collected += answer[:-2]
                command = bytes([0x00, 0xC0, 0, 0, min(answer[-1] or 256, left) % 256])
            elif answer[-2:-1] == b"\x6C" and len(command) == 5:
                command = command[:4] + answer[-1:]
            else:
                break
            answer = self.exchange(command.hex()) or b""
        return answer and collected + answer


class Program(Card):
    """A card behind standard input and output; in a new process it is as it was issued."""

    def __init__(self, command):
        self.command, self.process = shlex.split(command), None
        self.renew()

    def renew(self):
        if self.process:
            self.process.communicate()
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def answer(self, line):
        print(line, file=self.process.stdin, flush=True)
        answer = self.process.stdout.readline()
        if not answer:
            raise EOFError("the card ended")
        return bytes.fromhex(answer)


class Reader(Card):
    """A card in a PC/SC reader; its state stays from case to case."""

    def __init__(self, name):
        from smartcard import CardRequest, scard
        from smartcard.Exceptions import CardConnectionException
        self.card = CardRequest.CardRequest(timeout=10, readers=[name]).waitforcard().connection
        self.resets = {"R": scard.SCARD_UNPOWER_CARD, "W": scard.SCARD_RESET_CARD}
        self.mode = self.card.T0_protocol, scard.SCARD_SHARE_EXCLUSIVE
        for attempt in range(100):  # pcscd may still be powering up a card that has just come
            try:
                return self.card.connect(*self.mode)
            except CardConnectionException:
                if attempt == 99:
                    raise
                time.sleep(0.1)

    def answer(self, line):
        if line in self.resets:
            self.card.reconnect(*self.mode, self.resets[line])
            return bytes(self.card.getATR())
        data, *sw = self.card.transmit(list(bytes.fromhex(line)))
        return bytes(data + sw)
