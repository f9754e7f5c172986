# SPDX-License-Identifier: Apache-2.0
"""Who is under test and is the runner's child is killed or hangs at a random moment, and clients of the card server come,
send what they like and vanish. A child that ends or hangs fails the case in which it does so, with that reason, and no
other: the next one gets a child of its own. Strangers at the card server change nothing."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time

import trials

PROFILE = ["--profile", "vectors/cards/ssc-3.0.xml"]
FAILED = 1
INCONCLUSIVE = 6


def kinds(arguments):
    """Name: options, name of the child, and the signal; a child of None: strangers at the card server."""
    driver = f"{os.path.dirname(arguments.onecard)}/libSSCardDriver.so"
    card = ["--card", f"exec:{arguments.onecard} card {' '.join(PROFILE)}", *PROFILE, "--allow", "counters,records,purse,keys",
            "--timeout", "1",
            *(f"vectors/card/{name}.xml" for name in ("pin", "load", "files-df01", "files-df03", "files-df05", "keys"))]
    terminal = ["--terminal", f"driver:{driver}", *PROFILE, "--timeout", "2", "-k", "SANITY|VERIFY",
                "vectors/terminal/sanity.xml", "vectors/terminal/pin.xml"]
    rows = {"card killed": (card, "onecard", signal.SIGKILL), "card hangs": (card, "onecard", signal.SIGSTOP)}
    if os.path.exists(driver):
        host = "onecard-driver-"  # as much as the kernel keeps of it
        rows |= {"driver killed": (terminal, host, signal.SIGKILL), "driver hangs": (terminal, host, signal.SIGSTOP),
                 "strangers": (terminal, None, None)}
    return rows


def strike(program, name, number, delay, draw):
    """True when a child was met."""
    time.sleep(delay)
    child = trials.child_named(program.pid, name, patience=1.0)
    if child is None or program.poll() is not None:
        return False
    time.sleep(draw.uniform(0, 0.02))
    try:
        os.kill(child, number)
    except ProcessLookupError:
        return False
    return True


def visit(address, draw, stop):
    """Strangers, one after the other; how many there were is visit.count."""
    count = 0
    while not stop.is_set():
        try:
            with socket.socket(socket.AF_UNIX) as stranger:
                stranger.connect(address)
                stranger.send(draw.randbytes(draw.randint(0, 40)) if draw.random() < 0.7 else b"\0\0\0\4\0")
                time.sleep(draw.uniform(0, 0.01))
            count += 1
        except OSError:
            time.sleep(0.01)
    return count


def judge(folder, code, good, struck, counts):
    record = trials.Record(folder.out)
    if code is None:
        return "no end"
    if not record.whole:
        return f"ended with {code} and without a record: {folder.said()[-300:]}"
    wrong = trials.reports_whole(folder.out)
    if wrong:
        return wrong
    if record.doubled or set(record.cases) != set(good.cases):
        return "the record does not hold every case once"
    counts["not_sent"] += trials.pass_over_guarded(good, record)
    other = {key: verdict for key, verdict in record.verdicts.items() if verdict != good.verdicts[key]}
    failed = [key for key, verdict in other.items() if verdict == "FAIL"]
    expected = 0 if not other else FAILED if failed else INCONCLUSIVE
    if code != expected:
        return f"ended with {code} instead of {expected}: {[(key, record.reason(key)) for key in other]}"
    if len(failed) > struck:
        return f"{struck} times struck, and {len(failed)} cases fail: {[record.reason(key) for key in failed]}"
    stopped = any(trials.is_of_session(key) for key in failed)
    for key, verdict in other.items():
        if stopped and verdict == "NOT_RUN" and "sanity" in record.reason(key):
            continue
        twin = verdict == "INCONCLUSIVE" and ("twin" in record.reason(key) or "not restored" in record.reason(key))
        if verdict != "FAIL" and not twin:
            return f"{key} is {verdict}: {record.reason(key)}"
        if not record.reason(key):
            return f"{key} is {verdict} without a reason"
    return None


def one_trial(folder, row, good, took, draw, counts):
    options, child, number = row
    stop, visits = threading.Event(), []
    if child is None:
        address = f"{folder.path}/cards"
        options = [*options, "--serve-cards", f"unix:{address}"]
        guests = threading.Thread(target=lambda: visits.append(visit(address, random.Random(draw.random()), stop)))
        guests.start()
    program = folder.start(options)
    struck = 0
    if child is not None:
        struck = int(strike(program, child, number, draw.uniform(0, took), draw))
    try:
        code = program.wait(trials.PATIENCE_S)
    except subprocess.TimeoutExpired:
        program.kill()
        program.wait()
        code = None
    if child is None:
        stop.set()
        guests.join()
        counts["strangers"] += visits[0]
    counts["struck"] += struck
    counts["fail"] += trials.Record(folder.out).count("FAIL")
    return judge(folder, code, good, struck, counts) or ("processes outlive the runner" if folder.orphans() else None)


def main():
    arguments = trials.options(__doc__).parse_args()
    campaign = trials.Campaign("children", arguments)
    for name, row in kinds(arguments).items():
        if not campaign.wants(name):
            continue
        folder = trials.Folder(arguments)
        begin = time.monotonic()
        code = folder.run(row[0])
        took = time.monotonic() - begin
        good = trials.Record(folder.out)
        assert code == 0 and good.whole and len(good.cases) > 3, (code, folder.said()[-500:])
        folder.remove()

        def work(number, name=name, row=row, good=good, took=took):
            place = trials.Folder(arguments)
            counts = {"struck": 0, "fail": 0, "strangers": 0, "not_sent": 0}
            try:
                wrong = one_trial(place, row, good, took, campaign.random_of(name, number), counts)
            finally:
                place.remove()
            campaign.note(name, wrong and f"trial {number}: {wrong}", **counts)

        campaign.each(work, range(arguments.trials))
    return campaign.finish()


sys.exit(main())
