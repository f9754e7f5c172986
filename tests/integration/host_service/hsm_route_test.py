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
from hsm_walk import NEW_PIN, TIME, code_of, type_in, walk  # noqa: E402
from sscard import Driver  # noqa: E402
from sscard_hsm import Hsm, Terminal  # noqa: E402

PATIENCE_S = 30


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


def altered(driver, hsm, terminal):
    """The HSM's MAC1 with another in its place is the card's to refuse."""
    type_in(pin=NEW_PIN)
    step1 = driver.call("iDoDebit_HSM_Step1", 1, terminal.info, f"0.00|12.30|{TIME}|")
    pkey = hsm.pkey("debit", step1=step1, business="07")
    assert code_of(driver, "iDoDebit_HSM_Step2", pkey.rsplit("|", 2)[0] + "|00000000|") not in (0, -2, -12)


def test(driver, profile, folder):
    with host_service.Host(ONECARD, "--profile", f"{SOURCE}/vectors/cards/{profile}.xml") as host, \
            Reader(profile, folder):
        hsm = Hsm("http://%s:%d" % host.address)
        terminal = Terminal(driver, hsm, only_hsm=True)
        walk(terminal, driver)
        altered(driver, hsm, terminal)
        code, printed = host.stop()
        assert (code, printed) == (0, ""), (code, printed)
    print(f"{profile}: read, wrote, reloaded, paid and unblocked by way of the HSM")


def main():
    ctypes.CDLL(f"{STANDINS}/libpcsclite.so.1", ctypes.RTLD_GLOBAL)  # the driver finds it by its name
    with tempfile.TemporaryDirectory() as folder:
        driver = Driver(LIBRARY)
        for profile in ("ssc-2.0", "ssc-3.0"):
            test(driver, profile, folder)


main()
