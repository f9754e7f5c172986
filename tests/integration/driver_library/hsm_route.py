# SPDX-License-Identifier: Apache-2.0
"""By way of the HSM: hsm_route.py SOURCE URL walk | fallback CODE,... FUNCTION | written FILE-ADDR VALUES TIME. A
card is in the readers of the pcscd that PCSCLITE_CSOCK_NAME names, the library is found by its name."""
import os
import re
import subprocess
import sys

SOURCE, URL = sys.argv[1:3]
EXAMPLES = f"{SOURCE}/sim/terminal/driver/examples"
sys.path[:0] = [f"{SOURCE}/tests/support", EXAMPLES]

from hsm_walk import NEW_PIN, TIME, code_of, type_in, walk  # noqa: E402
from sscard import LONG_ROOM, Driver  # noqa: E402
from sscard_hsm import FALL_BACK, Hsm, HsmError, Terminal  # noqa: E402

HELD, NO_STEP_BEFORE, NO_PSAM = -11, -12, -2201
driver = Driver()
hsm = Hsm(URL)


def another_program():
    """What another process gets meanwhile: 0, or the code."""
    done = subprocess.run([sys.executable, f"{EXAMPLES}/sscard_hsm.py", "--hsm", URL, "--only", "basic"],
                          capture_output=True, text=True, check=False)
    found = re.search(r": (-\d+) ", done.stderr)
    assert (found is None) == (done.returncode == 0), done
    return int(found[1]) if found else 0


def held_between_steps(info):
    """The card stays with the driver from Step1 to the last step or a failure, and no longer."""
    step1 = driver.call("iReadCard_HSM_Step1", 1, info, "SSSEEF08|$")
    assert another_program() == HELD
    pkey = hsm.pkey("external", step1=step1)
    assert code_of(driver, "iReadCard_HSM_Step2", pkey) == 0, "the other program has disturbed nothing"
    assert another_program() == 0, "released after the last step"

    driver.call("iReadCard_HSM_Step1", 1, info, "SSSEEF08|$")
    assert code_of(driver, "iReadCard_HSM_Step2", "0" * 32) < -25000, "a wrong cryptogram is the card's to refuse"
    assert another_program() == 0, "released after a failure"
    assert code_of(driver, "iReadCard_HSM_Step2", pkey) == NO_STEP_BEFORE

    driver.call("iReloadPIN_HSM_Step1", 1, info)
    assert another_program() == HELD
    driver.call("iReadCardBas_HSM_Step1", 1)
    assert code_of(driver, "iReloadPIN_HSM_Step2", "0" * 32) == NO_STEP_BEFORE, "another call ends the steps"
    assert another_program() == 0


def hsm_away(terminal):
    """An HSM that is down, or refuses, leaves nothing open."""
    down = Terminal(driver, Hsm("http://127.0.0.1:9"), only_hsm=True)
    down.info = terminal.info
    for call in (down.basic, lambda: down.read("SSSEEF08|$"), down.reload_pin,
                 lambda: down.write("SSSEEF06|0A|$", "SSSEEF06|2|$"), lambda: down.debit(f"0.00|1.00|{TIME}|")):
        try:
            call()
            raise AssertionError("it went on without the HSM")
        except HsmError:
            pass
        assert another_program() == 0


def all_by_hsm():
    terminal = Terminal(driver, hsm, only_hsm=True)
    walk(terminal, driver)
    assert terminal.fell_back == []
    type_in(pin=NEW_PIN)
    held_between_steps(terminal.info)
    hsm_away(terminal)
    # The same calls in the order of integrators: the PSAM first, which is not there.
    second = Terminal(driver, hsm)
    walk(second, driver)
    assert second.fell_back and set(second.fell_back) == {NO_PSAM}, second.fell_back
    print("walked twice, held and released")


def fall_back(codes, function):
    """`function` answers the first code; the others are what the same lack is called elsewhere."""
    assert set(codes) <= set(FALL_BACK)
    terminal = Terminal(driver, hsm)
    if function == "iReadCardBas":
        assert code_of(driver, function, 1) == codes[0]
    terminal.basic()
    if function == "iReadCard":
        assert code_of(driver, function, 1, 2, terminal.info, "SSSEEF08|$") == codes[0]
    walk(terminal, driver)
    assert set(terminal.fell_back) == set(codes), terminal.fell_back
    print(f"{codes[0]}: {len(terminal.fell_back)} calls turned to the HSM")


def written(address, values, time):
    """What another program wrote and paid, with the PIN that it set."""
    terminal = Terminal(driver, hsm, only_hsm=True)
    terminal.basic()
    got = driver.call("iReadCard", 1, 1, terminal.info, address, room=LONG_ROOM)
    assert got == values, got
    assert time in driver.call("iReadDebitRecord", 1, room=LONG_ROOM).split("$")[0]


def main():
    os.environ.pop("SSCARD_DRIVER_CONFIG", None)
    if sys.argv[3] == "walk":
        all_by_hsm()
    elif sys.argv[3] == "fallback":
        fall_back([int(code) for code in sys.argv[4].split(",")], sys.argv[5])
    else:
        written(*sys.argv[4:])


main()
