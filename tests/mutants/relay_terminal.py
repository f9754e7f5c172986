#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stands between runner and terminal on the line protocol (conformance/dut/README.md): record TAPE COMMAND notes what a
terminal says, replay TAPE answers with what was said, delay MS COMMAND answers rightly but late.

A terminal is a new process in each case. Its session on the tape is the next one in order: what is asked is the same in
both runs. A replay answers by the place in the session and never looks at a card; where the tape has no more, -12."""

import fcntl
import json
import shlex
import subprocess
import sys
import time

NOT_CONNECTED = -12


def relay(command, each):
    """Passes questions on, and the answers through `each`."""
    process = subprocess.Popen(shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    for question in sys.stdin:
        process.stdin.write(question)
        process.stdin.flush()
        answer = process.stdout.readline()
        if not answer:
            break
        each(answer)
        print(answer, end="", flush=True)
    process.stdin.close()


def take_turn(path):
    """How many came before."""
    with open(path, "a+", encoding="ascii") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        number = len(file.read())
        file.write(".")
    return number


def record(tape, command):
    said = []
    number = take_turn(tape + ".recorded")
    try:
        relay(command, said.append)
    finally:
        with open(f"{tape}.{number}", "w", encoding="utf-8") as file:
            file.writelines(said)


def replay(tape):
    number = take_turn(tape + ".replayed")
    try:
        with open(f"{tape}.{number}", encoding="utf-8") as file:
            said = file.readlines()
    except FileNotFoundError:
        said = []
    for place, question in enumerate(sys.stdin):
        answer = json.loads(said[place]) if place < len(said) else {"code": NOT_CONNECTED, "out": ""}
        answer["id"] = json.loads(question).get("id")
        print(json.dumps(answer), flush=True)


def main():
    if sys.argv[1] == "record":
        record(*sys.argv[2:])
    elif sys.argv[1] == "replay":
        replay(*sys.argv[2:])
    else:
        seconds = int(sys.argv[2]) / 1000
        relay(sys.argv[3], lambda answer: time.sleep(seconds))


if __name__ == "__main__":
    main()
