# SPDX-License-Identifier: Apache-2.0
"""The private pcscd of a run is killed, hangs, or hangs for a while, or its readers lose their cards, at a random moment.
What could not be judged is an ERROR or was not run, nothing fails that does not fail, the exit code says that the
infrastructure failed, the record holds every case once, and --resume makes it that of an undisturbed run."""

import ctypes
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time

import trials

CARD = "vectors/cards/ssc-3.0.xml"
OPTIONS = ["--via", "pcsc", "--profile", CARD, "--timeout", "2", "vectors/card/pin.xml", "vectors/card/load.xml"]
PIDFD_GETFD = 438  # the number of the system call on every machine
INFRASTRUCTURE = 3


def connections(pid):
    """The runner's own ends of the connections by which its virtual cards sit in the readers."""
    libc = ctypes.CDLL(None, use_errno=True)
    whole = os.pidfd_open(pid)
    found = []
    try:
        for name in os.listdir(f"/proc/{pid}/fd"):
            try:
                if not os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:"):
                    continue
            except OSError:
                continue
            fd = libc.syscall(PIDFD_GETFD, whole, int(name), 0)
            if fd < 0:
                continue
            end = socket.socket(fileno=fd)
            try:
                if end.family == socket.AF_INET and end.getpeername()[0] == "127.0.0.1":
                    found.append(end)
                    continue
            except OSError:
                pass
            end.close()
    finally:
        os.close(whole)
    return found


def kill(program, daemon):
    os.kill(daemon, signal.SIGKILL)


def hang(program, daemon):
    os.kill(daemon, signal.SIGSTOP)


def hesitate(program, daemon):
    os.kill(daemon, signal.SIGSTOP)
    time.sleep(0.5)
    os.kill(daemon, signal.SIGCONT)


def take_out(program, daemon):
    ends = connections(program.pid)
    for end in ends:
        end.shutdown(socket.SHUT_RDWR)
        end.close()


def cut_frame(program, daemon):
    """Half an answer and no more: the length of one, and then the connection ends."""
    for end in connections(program.pid):
        try:
            end.send(b"\x00\x20\x90")
            end.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        end.close()


def wild_length(program, daemon):
    """An answer that says it is as long as can be, in the middle of whatever is said."""
    for end in connections(program.pid):
        try:
            end.send(b"\xff\xff" + bytes(range(40)))
        except OSError:
            pass
        end.close()


# Name: what is done, and whether the run may fail a case: garbage that comes in the card's name is the card's.
FAULTS = {"killed": (kill, False), "hangs": (hang, False), "hesitates": (hesitate, False), "cards out": (take_out, False),
          "cut frame": (cut_frame, False), "wild length": (wild_length, True)}


def judge_broken(folder, code, good, may_fail):
    """What is wrong with the run that was disturbed."""
    record = trials.Record(folder.out)
    if code is None:
        return "no end"
    if code < 0 or code > 3 or code == 2:
        return f"ended with {code}: {folder.said()[-300:]}"
    if code == 0:
        return trials.difference(good, record, True)
    if not record.whole:
        return None if re.search("pcscd|reader", folder.said()) else f"exit code {code} without record and reason"
    wrong = trials.reports_whole(folder.out)
    if wrong:
        return wrong
    if record.doubled:
        return f"{record.doubled[0]} stands twice"
    if record.cases and set(record.cases) != set(good.cases):
        return "the record does not hold every case"
    if record.said("exit-code") != str(code):
        return f"exit code {code}, and {record.said('exit-code')} in the record"
    failed = [key for key, verdict in record.verdicts.items() if verdict in ("FAIL", "DEVIATION")]
    if failed and not may_fail:
        return f"{failed[0]} fails: {record.reason(failed[0])} {record.cases[failed[0]][-300:]}"
    if not failed and code != INFRASTRUCTURE:
        return f"exit code {code} without a failure"
    for key, verdict in record.verdicts.items():
        if verdict == "PASS" and good.verdicts[key] != "PASS":
            return f"{key} passes, and does not in an undisturbed run"
        if verdict in ("ERROR", "INCONCLUSIVE", "NOT_RUN") and not record.reason(key):
            return f"{key} is {verdict} without a reason"
    return None


def one_trial(folder, fault, may_fail, good, delay, counts):
    program = folder.start(OPTIONS)
    daemon = trials.child_named(program.pid, "pcscd")
    time.sleep(delay)
    if daemon is not None and program.poll() is None:
        counts["struck"] += 1
        try:
            fault(program, daemon)
        except ProcessLookupError:
            pass
    try:
        code = program.wait(trials.PATIENCE_S)
    except subprocess.TimeoutExpired:
        code = None
        program.kill()
        program.wait()
    wrong = judge_broken(folder, code, good, may_fail)
    record = trials.Record(folder.out)
    counts["errors"] += record.count("ERROR")
    counts["not_run"] += record.count("NOT_RUN")
    if wrong:
        return wrong
    if folder.orphans():
        return "processes outlive the runner"
    if code == 1:
        return None  # what failed is settled, and stays so
    code = folder.run(["--resume", *OPTIONS])
    return (f"the resumed run ended with {code}: {folder.said()[-300:]}" if code != 0 else None) or \
        trials.reports_whole(folder.out) or trials.difference(good, trials.Record(folder.out), True)


def main():
    arguments = trials.options(__doc__).parse_args()
    if shutil.which("pcscd", path=os.environ.get("PATH", "") + ":/usr/sbin") is None:
        trials.skip("pcscd is not installed")
    campaign = trials.Campaign("daemon", arguments)
    folder = trials.Folder(arguments)
    begin = time.monotonic()
    code = folder.run(OPTIONS)
    took = time.monotonic() - begin
    good = trials.Record(folder.out)
    said = folder.said()
    folder.remove()
    if code == INFRASTRUCTURE and "private pcscd" in said:
        trials.skip(said.strip().splitlines()[-1])
    assert code == 0 and good.whole and len(good.cases) > 20, (code, said)

    def work(item):
        name, number = item
        fault, may_fail = FAULTS[name]
        delay = campaign.random_of(name, number).uniform(0, took)
        counts = {"struck": 0, "errors": 0, "not_run": 0}
        place = trials.Folder(arguments)
        try:
            wrong = one_trial(place, fault, may_fail, good, delay, counts)
        finally:
            place.remove()
        campaign.note(name, wrong and f"trial {number}, after {delay:.3f} s: {wrong}", **counts)

    campaign.each(work, [(name, number) for name in FAULTS if campaign.wants(name) for number in range(arguments.trials)])
    return campaign.finish()


sys.exit(main())
