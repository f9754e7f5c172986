# SPDX-License-Identifier: Apache-2.0
"""What an application does by way of the HSM, for tests in Python: every function that has steps, on one card."""
import os

from sscard import LONG_ROOM, DriverError

NEW_PIN = "135790"
PIN_LOCKED = -52
TIME = "20260302091500"


def type_in(**entries):
    """What the holder types from now on."""
    for entry in ("pin", "old", "new", "again"):
        name = "ONECARD_KEYPAD_" + entry.upper()
        os.environ.pop(name, None)
        if entry in entries:
            os.environ[name] = entries[entry]


def code_of(driver, function, *arguments, room=LONG_ROOM):
    try:
        driver.call(function, *arguments, room=room)
    except DriverError as error:
        return error.code
    return 0


def walk(terminal, driver):
    """`terminal` is a sscard_hsm.Terminal. The card's PIN is NEW_PIN afterwards."""
    items = terminal.basic()
    assert len(items) == 11 and items[0] == items[3][:6] and items[4].startswith("样本"), items
    photo = terminal.read("SSSEEF08|$")
    assert photo.startswith("SSSEEF08|FFD8") and len(photo) > 1024, photo[:40]
    terminal.write("SSSEEF06|0A|$", "SSSEEF06|2|$")
    type_in(new=NEW_PIN)
    terminal.reload_pin()
    type_in(pin=NEW_PIN)
    driver.call("iVerifyPIN", 1)
    written = driver.call("iReadCard", 1, 1, terminal.info, "SSSEEF06|0A|$", room=LONG_ROOM)
    assert written == "SSSEEF06|2|$", written
    terminal.debit(f"0.00|12.30|{TIME}|")
    newest = driver.call("iReadDebitRecord", 1, room=LONG_ROOM).split("$")[0]
    assert "12.30" in newest and TIME in newest, newest
    type_in(pin="000000")
    codes = [code_of(driver, "iVerifyPIN", 1) for _ in range(10)]
    assert codes[-1] == PIN_LOCKED, codes
    terminal.unblock_pin()
    type_in(pin=NEW_PIN)
    driver.call("iVerifyPIN", 1)
