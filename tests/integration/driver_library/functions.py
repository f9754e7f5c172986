#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The driver library through ctypes, as an application uses it: functions.py EXAMPLES-FOLDER LIBRARY GENERATION PIN.

A card of that generation and its PSAM are in the readers of the pcscd that PCSCLITE_CSOCK_NAME names."""
import ctypes
import os
import sys
import threading

sys.path.insert(0, sys.argv[1])
from sscard import LONG_ROOM, ROOM, Driver, DriverError  # noqa: E402

LIBRARY, GENERATION, PIN = sys.argv[2:5]
NAME = "样本"
checks = 0


def check(right, what):
    global checks
    if not right:
        print(f"not so: {what}")
        sys.exit(1)
    checks += 1


def refused(code, function, *arguments, room=ROOM):
    try:
        driver.call(function, *arguments, room=room)
    except DriverError as error:
        check(error.code == code, f"{function} is {code}: {error}")
        check(any(c > "\u4e00" for c in str(error)), f"{function} gives its reason in Chinese")
        return
    check(False, f"{function} is {code}, not 0")


def type_in(**entries):
    for entry in ("pin", "old", "new", "again"):
        name = "ONECARD_KEYPAD_" + entry.upper()
        os.environ.pop(name, None)
        if entry in entries:
            os.environ[name] = entries[entry]


def read():
    items = driver.basic()
    check(len(items) == 11, "eleven items")
    check(items[0] == items[3][:6], "the region is the card identifier's")
    check(items[4].startswith(NAME), "the name is GB18030")
    check(items[6][0] == GENERATION[0], "the version")
    check(items[9] != "0" * 12, "the PSAM's number")
    for card_type in (2, 3, 4):
        check(driver.basic(card_type) == items, f"iType {card_type} finds the card in the same slot")
    refused(-14, "iReadCardBas", 5)
    refused(-14, "iReadCardBas", -1)
    return f"{items[3]}|{items[2]}|"


def files(info):
    type_in(pin=PIN)
    got = driver.call("iReadCard", 1, 1, info, "SSSEEF06|08|09|$", room=LONG_ROOM)
    check(got.startswith("SSSEEF06|") and got.endswith("|$"), "the layout of pFileAddr")
    two = driver.call("iReadCard", 1, 1, info, "SSSEEF06|08|$SSSEEF05|07|$", room=LONG_ROOM)
    check(two.count("$") == 2, "two files")
    # The photo: with the PIN on the first generation, with the PSAM's read key on the others.
    by, photo_file = (1, "SSSEEF07|$") if GENERATION[0] == "1" else (2, "SSSEEF08|$")
    photo = driver.call("iReadCard", 1, by, info, photo_file, room=LONG_ROOM)
    check(len(photo) > ROOM, "a whole file is longer than 1,024 bytes")
    refused(-22, "iReadCard", 1, 1, "0" * 32 + "|123456789|", "SSSEEF06|08|$", room=LONG_ROOM)
    refused(-14, "iReadCard", 1, 1, info, "", room=LONG_ROOM)
    refused(-14, "iReadCard", 1, 3, info, "SSSEEF06|08|$", room=LONG_ROOM)


def pin():
    type_in(pin=PIN)
    check(driver.call("iVerifyPIN", 1) == "", "a right PIN gives nothing back")
    type_in(pin="".join(str((int(d) + 1) % 10) for d in PIN))
    refused(-51, "iVerifyPIN", 1)
    type_in()
    refused(-31, "iVerifyPIN", 1)
    os.environ["ONECARD_KEYPAD_ACTION"] = "timeout"
    refused(-32, "iVerifyPIN", 1)
    del os.environ["ONECARD_KEYPAD_ACTION"]
    type_in(old=PIN, new="135790", again="135791")
    refused(-34, "iChangePIN", 1)
    type_in(old=PIN, new="123456")
    refused(-36, "iChangePIN", 1)
    type_in(old=PIN, new="135790")
    driver.call("iChangePIN", 1)
    type_in(old="135790", new=PIN)
    driver.call("iChangePIN", 1)


def debit(info):
    type_in(pin=PIN)
    # There is nothing on the account: pooled amounts and zero are debited, an own amount is not.
    driver.call("iDoDebit", 1, info, "0.00|12.30|20260101120000|")
    records = driver.call("iReadDebitRecord", 1, room=LONG_ROOM)
    check("20260101120000" in records and "12.30" in records.split("$")[0], "the newest record is the debit")
    refused(-23, "iDoDebit", 1, info, "0.001|0.00|20260101120000|")
    refused(-14, "iDoDebit", 1, info, "0.00|0.00|")


def raw():
    """What a wrapper does not do: null pointers, and bytes behind the output."""
    library = ctypes.CDLL(LIBRARY)
    library.iReadCard.restype = ctypes.c_long
    library.iReadCardBas.restype = ctypes.c_long
    check(library.iReadCardBas(1, None) == -14, "no output buffer is -14")
    out = ctypes.create_string_buffer(b"\xAA" * (LONG_ROOM + 16))
    check(library.iReadCard(1, 1, None, b"SSSEEF06|08|$", out) == -14, "no pCardInfo is -14")
    check(library.iReadCardBas(1, out) == 0, "it goes on after that")
    check(out.raw[ROOM:] == b"\xAA" * (LONG_ROOM + 16 - ROOM) + b"\x00", "nothing is written behind 1,024 bytes")


def threads():
    results = []
    workers = [threading.Thread(target=lambda: results.append(driver.basic())) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    check(len(results) == 4 and all(r == results[0] for r in results), "threads take turns")


def second_program():
    """Between calls nothing is held: another process reads the card meanwhile."""
    child = os.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, os.path.join(sys.argv[1], "sscard.py"), "--library", LIBRARY, "basic"])
    _, status = os.waitpid(child, 0)
    check(status == 0, "another process reads the card between two calls")


driver = Driver(LIBRARY)
card_info = read()
files(card_info)
pin()
debit(card_info)
raw()
threads()
second_program()
print(f"{checks} checks on {GENERATION}")
