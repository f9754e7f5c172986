# SPDX-License-Identifier: Apache-2.0
"""Cards behind a program's standard input and output or in a PC/SC reader, T=0, and the faults that a runner makes:
sections 4, 5 and 13 of vectors/README.md."""

import re
import shlex
import subprocess
import time

FOLLOW_MAX = 16
CARD_WAITS = 100


class Stop(Exception):
    """The verdict that ends a case, and the reason."""


class Program:
    """A card behind standard input and output."""

    def __init__(self, command):
        self.command, self.process = shlex.split(command), None
        self.renew()

    def renew(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def line(self, text):
        self.process.stdin.write(text + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise Stop("FAIL", "the card ended")
        return bytes.fromhex(answer)

    def reset(self, kind):
        return self.line("W" if kind == "warm" else "R")

    def exchange(self, command):
        return self.line(command.hex())


class Reader:
    """A card in a PC/SC reader. Its state stays from case to case."""

    def __init__(self, name):
        from smartcard import scard
        self.scard = scard
        self.context = self.call(scard.SCardEstablishContext, scard.SCARD_SCOPE_USER)
        for _ in range(CARD_WAITS):
            readers = [r for r in self.call(scard.SCardListReaders, self.context, []) if name in r]
            result, self.card, _ = scard.SCardConnect(self.context, readers[0], scard.SCARD_SHARE_EXCLUSIVE,
                                                      scard.SCARD_PROTOCOL_T0)
            if result == 0:
                return
            time.sleep(0.1)
        raise Stop("ERROR", "no card in " + name)

    def call(self, function, *arguments):
        result, *answers = function(*arguments)
        if result != 0:
            raise Stop("ERROR", self.scard.SCardGetErrorMessage(result))
        return answers[0] if len(answers) == 1 else answers

    def reset(self, kind):
        s = self.scard
        self.call(s.SCardReconnect, self.card, s.SCARD_SHARE_EXCLUSIVE, s.SCARD_PROTOCOL_T0,
                  s.SCARD_RESET_CARD if kind == "warm" else s.SCARD_UNPOWER_CARD)
        return bytes(self.call(s.SCardStatus, self.card)[3])

    def exchange(self, command):
        return bytes(self.call(self.scard.SCardTransmit, self.card, self.scard.SCARD_PCI_T0, list(command)))


class Slot:
    """A card and the faults that are armed for it."""

    def __init__(self, spec):
        self.card = Reader(spec[5:]) if spec.startswith("pcsc:") else Program(spec)
        self.armed, self.powered, self.used = [], True, True

    def struck(self, command):
        for fault in self.armed:
            at = re.sub(r"\s", "", fault.get("at", "")).replace("?", ".")
            if at and (command is None or not re.match(at, command.hex().upper())):
                continue
            if fault["skip"] > 0:
                fault["skip"] -= 1
                continue
            fault["times"] -= 1
            self.armed = [f for f in self.armed if f["times"] > 0]
            return fault["kind"]
        return None

    def through(self, command, send):
        kind = self.struck(command) if self.armed else None
        if command is not None and not self.powered:
            return None
        self.powered = kind is None
        answer = None if kind == "remove" else send()
        return answer if kind is None else None

    def reset(self, kind):
        kind = kind if self.powered else "cold"
        return self.through(None, lambda: self.card.reset(kind))

    def exchange(self, command):
        self.used = True
        return self.through(command, lambda: self.card.exchange(command))

    def apdu(self, header, data, le):
        """T=0: the answer to the whole command, or None."""
        if len(data) > 255 or le is not None and len(le) != 1:
            raise Stop("INCONCLUSIVE", "extended length over T=0")
        command = header + (bytes([len(data)]) + data if data else le or b"\0")
        answer, collected = self.exchange(command), b""
        for _ in range(FOLLOW_MAX if le is not None else 0):
            if answer is None or len(answer) < 2:
                break
            left = (le[0] or 256) - len(collected) - len(answer) + 2
            if answer[-2] == 0x61 and left > 0:
                collected += answer[:-2]
                command = bytes([0x00, 0xC0, 0, 0, min(answer[-1] or 256, left) % 256])
            elif answer[-2] == 0x6C and len(command) == 5:
                command = command[:4] + answer[-1:]
            else:
                break
            answer = self.exchange(command)
        return None if answer is None else collected + answer
