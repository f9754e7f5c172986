#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A terminal whose PSAM may be missing or lack a key: the HSM does what the PSAM cannot. 先用 PSAM 卡，PSAM 不能完成的改由加密机完成。

    sscard_hsm.py [--library FILE] [--hsm URL] [--only] COMMAND

    basic | read FILE-ADDR | write FILE-ADDR WRITE-DATA | reload-pin | unblock-pin | debit OWN POOLED YYYYMMDDhhmmss

The HSM is `onecard host`. PINs are typed on the driver's key pad (README.md), never here.
"""
import argparse
import json
import sys
import urllib.error
import urllib.request

from sscard import LONG_ROOM, Driver, DriverError

# No PSAM; no algorithm; no read key; level too low; no such key. Any other code is no reason to ask the HSM.
FALL_BACK = (-2201, -2202, -2203, -24, -27272)
PATIENCE_S = 10
READ, PIN, WRITE, DEBIT = "01", "02", "04", "07"  # what a key is wanted for


class HsmError(Exception):
    """The HSM refused, or could not be asked."""


class Hsm:
    def __init__(self, url="http://127.0.0.1:8090"):
        self._url = url.rstrip("/")

    def pkey(self, message, **fields):
        """What the next step takes as pKey."""
        body = json.dumps({name.replace("_", "-"): value for name, value in fields.items()}).encode()
        request = urllib.request.Request(f"{self._url}/hsm/{message}", body, {"Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as reply:
                answer = json.load(reply)
        except (OSError, ValueError) as error:
            raise HsmError(f"{message}: {error}") from error
        if answer["result"] != "accepted":
            raise HsmError(f"{message}: {answer['result']} {answer.get('detail', answer.get('reason', ''))}")
        return answer["pkey"]


class Terminal:
    """basic() comes first: the later calls name the card by what it answered."""

    def __init__(self, driver, hsm, only_hsm=False, card_type=1):
        self._driver = driver
        self._hsm = hsm
        self._only_hsm = only_hsm
        self._type = card_type
        self._card = {}
        self.info = ""
        self.fell_back = []  # the codes on which the HSM was asked

    def basic(self):
        text = self._call("iReadCardBas", [], self._basic_by_hsm)
        items = text.split("|")[:-1]
        self._card = {"card_id": items[3], "atr": items[5]}
        self.info = f"{items[3]}|{items[2]}|"
        return items

    def read(self, address):
        return self._call("iReadCard", [2, self.info, address], lambda: self._two_steps("iReadCard", READ, address), LONG_ROOM)

    def write(self, address, data):
        return self._call("iWriteCard", [self.info, address, data], lambda: self._two_steps("iWriteCard", WRITE, address, data))

    def reload_pin(self):
        return self._call("iReloadPIN", [self.info], lambda: self._three_steps("iReloadPIN"))

    def unblock_pin(self):
        return self._call("iUnblockPIN", [self.info], lambda: self._three_steps("iUnblockPIN"))

    def debit(self, pay_info):
        return self._call("iDoDebit", [self.info, pay_info], lambda: self._debit_by_hsm(pay_info))

    def _call(self, function, arguments, by_hsm, room=1024):
        if not self._only_hsm:
            try:
                return self._driver.call(function, self._type, *arguments, room=room)
            except DriverError as error:
                if error.code not in FALL_BACK:
                    raise
                self.fell_back.append(error.code)
        return by_hsm()

    def _ask(self, next_step, message, **fields):
        try:
            return self._hsm.pkey(message, **fields)
        except HsmError:
            self._leave(next_step)
            raise

    def _leave(self, next_step):
        """The interface has no call that ends a sequence: a step without pKey fails, and lets go of the card."""
        try:
            self._driver.call(next_step, *[""] * (2 if next_step.startswith("iWrite") else 1), room=LONG_ROOM)
        except DriverError:
            pass

    def _basic_by_hsm(self):
        step1 = self._driver.call("iReadCardBas_HSM_Step1", self._type)
        pkey = self._ask("iReadCardBas_HSM_Step2", "basic", step1=step1)
        return self._driver.call("iReadCardBas_HSM_Step2", pkey)

    def _authentication(self, function, business, *arguments):
        step1 = self._driver.call(f"{function}_HSM_Step1", self._type, self.info, *arguments)
        return self._ask(f"{function}_HSM_Step2", "external", step1=step1, business=business, **self._card)

    def _two_steps(self, function, business, address, *more):
        pkey = self._authentication(function, business, address)
        return self._driver.call(f"{function}_HSM_Step2", pkey, *more, room=LONG_ROOM)

    def _three_steps(self, function):
        pkey = self._authentication(function, PIN)
        step2 = self._driver.call(f"{function}_HSM_Step2", pkey)
        command = self._ask(f"{function}_HSM_Step3", "secure-message", step2=step2, **self._card)
        return self._driver.call(f"{function}_HSM_Step3", command)

    def _debit_by_hsm(self, pay_info):
        step1 = self._driver.call("iDoDebit_HSM_Step1", self._type, self.info, pay_info)
        pkey = self._ask("iDoDebit_HSM_Step2", "debit", step1=step1, business=DEBIT, **self._card)
        return self._driver.call("iDoDebit_HSM_Step2", pkey)


def main():
    parser = argparse.ArgumentParser(description="Calls one function, with the PSAM or else with the HSM.")
    parser.add_argument("--library", default="libSSCardDriver.so")
    parser.add_argument("--hsm", default="http://127.0.0.1:8090")
    parser.add_argument("--only", action="store_true", help="do not try the PSAM")
    commands = parser.add_subparsers(dest="command", required=True)
    for name, arguments in (("basic", []), ("read", ["address"]), ("write", ["address", "data"]), ("reload-pin", []),
                            ("unblock-pin", []), ("debit", ["own", "pooled", "time"])):
        command = commands.add_parser(name)
        for argument in arguments:
            command.add_argument(argument)
    options = parser.parse_args()
    terminal = Terminal(Driver(options.library), Hsm(options.hsm), options.only)
    try:
        answer = "\n".join(terminal.basic())
        if options.command == "read":
            answer = terminal.read(options.address)
        elif options.command == "write":
            answer = terminal.write(options.address, options.data)
        elif options.command == "reload-pin":
            answer = terminal.reload_pin()
        elif options.command == "unblock-pin":
            answer = terminal.unblock_pin()
        elif options.command == "debit":
            answer = terminal.debit(f"{options.own}|{options.pooled}|{options.time}|")
        print(answer)
    except (DriverError, HsmError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
