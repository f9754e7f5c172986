#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""libSSCardDriver.so from Python, by ctypes. 用 Python 调用驱动。

    sscard.py [--library FILE] basic | verify-pin | read FILE-ADDR... | debit OWN POOLED | records

The PIN is typed on the driver's key pad (README.md), never here.
"""
import argparse
import ctypes
import sys

ROOM = 1024
LONG_ROOM = 65536  # whole files and all records


class DriverError(Exception):
    """A negative result; the text is what pOutInfo said."""

    def __init__(self, function, code, text):
        super().__init__(f"{function}: {code} {text}")
        self.code = code


class Driver:
    """The standard's functions; every string is GB18030."""

    def __init__(self, path="libSSCardDriver.so"):
        self._library = ctypes.CDLL(path)

    def call(self, function, *arguments, room=ROOM):
        entry = getattr(self._library, function)
        entry.restype = ctypes.c_long
        out = ctypes.create_string_buffer(room)
        values = [a if isinstance(a, int) else a.encode("gb18030") for a in arguments]
        code = entry(*values, out)
        text = out.value.decode("gb18030")
        if code != 0:
            raise DriverError(function, code, text)
        return text

    def basic(self, card_type=1):
        """The items of iReadCardBas."""
        return self.call("iReadCardBas", card_type).split("|")[:-1]

    def card_info(self, card_type=1):
        """pCardInfo of every later call: card identifier|card number|"""
        items = self.basic(card_type)
        return f"{items[3]}|{items[2]}|"


def main():
    parser = argparse.ArgumentParser(description="Calls the driver library once.")
    parser.add_argument("--library", default="libSSCardDriver.so")
    parser.add_argument("--type", type=int, default=1)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("basic")
    commands.add_parser("verify-pin")
    read = commands.add_parser("read")
    read.add_argument("address", help="FILE|item|item|$, such as SSSEEF06|08|09|$")
    read.add_argument("--by", choices=["pin", "key"], default="pin")
    debit = commands.add_parser("debit")
    debit.add_argument("own")
    debit.add_argument("pooled")
    commands.add_parser("records")
    options = parser.parse_args()
    driver = Driver(options.library)
    try:
        if options.command == "basic":
            print("\n".join(driver.basic(options.type)))
        elif options.command == "verify-pin":
            driver.call("iVerifyPIN", options.type)
            print("right")
        elif options.command == "read":
            by = 1 if options.by == "pin" else 2
            print(driver.call("iReadCard", options.type, by, driver.card_info(options.type), options.address, room=LONG_ROOM))
        elif options.command == "debit":
            pay = f"{options.own}|{options.pooled}||"
            print(driver.call("iDoDebit", options.type, driver.card_info(options.type), pay))
        else:
            print(driver.call("iReadDebitRecord", options.type, room=LONG_ROOM))
    except DriverError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
