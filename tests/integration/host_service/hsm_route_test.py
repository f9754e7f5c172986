# SPDX-License-Identifier: Apache-2.0
"""The driver library without a PSAM, its steps carried to `onecard host` over HTTP, as an application does it.
Usage: hsm_route_test.py ONECARD LIBRARY STANDINS SOURCE"""

import ctypes
import os
import signal
import subprocess
import sys
import tempfile

ONECARD, LIBRARY, STANDINS, SOURCE = sys.argv[1:5]
sys.path[:0] = [f"{SOURCE}/tests/support", f"{SOURCE}/sim/terminal/driver/examples"]

import host_service  # noqa: E402
from sscard import LONG_ROOM, Driver, DriverError  # noqa: E402

PATIENCE_S = 30
NEW_PIN = "135790"
PIN_LOCKED = -52
TIME = "20260302091500"


def type_in(**entries):
    for entry in ("pin", "new"):
        os.environ.pop("ONECARD_KEYPAD_" + entry.upper(), None)
        if entry in entries:
            os.environ["ONECARD_KEYPAD_" + entry.upper()] = entries[entry]


class Reader:
    """A card in a reader of stand-in libraries; no PSAM."""

    def __init__(self, profile, folder):
        address = f"unix:{folder}/{profile}"
        self.process = subprocess.Popen(
            [ONECARD, "reader", "--standin", address, "--profile", f"{SOURCE}/vectors/cards/{profile}.xml"],
            stdout=subprocess.PIPE)
        os.environ["ONECARD_CARDS"] = address

    def __enter__(self):
        return self if self.process.stdout.readline() else sys.exit("no card in the reader")

    def __exit__(self, *_):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_S)
        self.process.stdout.close()


class Route:
    """Steps and what the HSM says to them."""

    def __init__(self, driver, host):
        self.driver = driver
        self.connection = host.connect()
        self.card = {}

    def hsm(self, name, field, string, **more):
        status, answer = host_service.post(self.connection, f"/hsm/{name}", {field: string} | self.card | more)
        assert status == 200 and answer["result"] == "accepted", (name, status, answer)
        return answer["pkey"]

    def basic(self):
        self.card = {}
        pkey = self.hsm("basic", "step1", self.driver.call("iReadCardBas_HSM_Step1", 1))
        items = self.driver.call("iReadCardBas_HSM_Step2", pkey).split("|")
        assert items[0] == items[3][:6] and items[4].startswith("样本"), items
        self.card = {"card-id": items[3], "atr": items[5]}
        self.info = f"{items[3]}|{items[2]}|"

    def external(self, business, function, *arguments):
        return self.hsm("external", "step1", self.driver.call(function, 1, self.info, *arguments), business=business)

    def read(self, file):
        pkey = self.external("01", "iReadCard_HSM_Step1", file)
        return self.driver.call("iReadCard_HSM_Step2", pkey, room=LONG_ROOM)

    def write(self):
        pkey = self.external("04", "iWriteCard_HSM_Step1", "SSSEEF06|0A|$")
        self.driver.call("iWriteCard_HSM_Step2", pkey, "SSSEEF06|2|$")

    def reload(self):
        pkey = self.external("02", "iReloadPIN_HSM_Step1")
        type_in(new=NEW_PIN)
        command = self.hsm("secure-message", "step2", self.driver.call("iReloadPIN_HSM_Step2", pkey))
        self.driver.call("iReloadPIN_HSM_Step3", command)

    def unblock(self):
        type_in(pin="000000")
        codes = [code_of(self.driver, "iVerifyPIN", 1) for _ in range(10)]
        assert codes[-1] == PIN_LOCKED, codes
        pkey = self.external("02", "iUnblockPIN_HSM_Step1")
        command = self.hsm("secure-message", "step2", self.driver.call("iUnblockPIN_HSM_Step2", pkey))
        self.driver.call("iUnblockPIN_HSM_Step3", command)

    def debit(self):
        string = self.driver.call("iDoDebit_HSM_Step1", 1, self.info, f"0.00|12.30|{TIME}|")
        pkey = self.hsm("debit", "step1", string, business="07")
        assert code_of(self.driver, "iDoDebit_HSM_Step2", pkey.rsplit("|", 2)[0] + "|00000000|") != 0
        string = self.driver.call("iDoDebit_HSM_Step1", 1, self.info, f"0.00|12.30|{TIME}|")
        self.driver.call("iDoDebit_HSM_Step2", self.hsm("debit", "step1", string, business="07"))


def code_of(driver, function, *arguments):
    try:
        driver.call(function, *arguments)
    except DriverError as error:
        return error.code
    return 0


def walk(driver, profile, folder):
    with host_service.Host(ONECARD, "--profile", f"{SOURCE}/vectors/cards/{profile}.xml") as host, \
            Reader(profile, folder):
        route = Route(driver, host)
        route.basic()
        photo = route.read("SSSEEF08|$")
        assert photo.startswith("SSSEEF08|FFD8") and len(photo) > 1024, photo[:40]
        route.write()
        route.reload()
        type_in(pin=NEW_PIN)
        driver.call("iVerifyPIN", 1)
        items = driver.call("iReadCard", 1, 1, route.info, "SSSEEF06|0A|$", room=LONG_ROOM)
        assert items == "SSSEEF06|2|$", items
        route.debit()
        assert "12.30" in driver.call("iReadDebitRecord", 1, room=LONG_ROOM).split("$")[0]
        route.unblock()
        type_in(pin=NEW_PIN)
        driver.call("iVerifyPIN", 1)
        code, printed = host.stop()
        assert (code, printed) == (0, ""), (code, printed)
    print(f"{profile}: read, wrote, reloaded, paid and unblocked by way of the HSM")


def main():
    ctypes.CDLL(f"{STANDINS}/libpcsclite.so.1", ctypes.RTLD_GLOBAL)  # the driver finds it by its name
    with tempfile.TemporaryDirectory() as folder:
        driver = Driver(LIBRARY)
        for profile in ("ssc-2.0", "ssc-3.0"):
            walk(driver, profile, folder)


main()
