#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Example adapter (exec:) in Python: calls a driver library by ctypes.

    onecard run --terminal 'exec:conformance/dut/examples/adapter.py libSSCardDriver.so' vectors/terminal

For a library, driver:PATH does the same with guard pages and a manifest; this is where an adapter of one's own begins.
"""
import ctypes
import json
import os
import sys

# Arguments by their names in the vectors, in the order of the prototypes; every function ends with pOutInfo.
FUNCTIONS = {
    "iReadCardBas": ["type"],
    "iReadCard": ["type", "auth", "card-info", "file-addr"],
    "iWriteCard": ["type", "card-info", "file-addr", "write-data"],
    "iVerifyPIN": ["type"],
    "iChangePIN": ["type"],
    "iReloadPIN": ["type", "card-info"],
    "iUnblockPIN": ["type", "card-info"],
    "iDoDebit": ["type", "card-info", "pay-info"],
    "iReadDebitRecord": ["type"],
}
NUMBERS = ("type", "auth")
ENTRIES = ("pin", "old", "new", "again", "action")


def call(library, question):
    name = question["call"]
    if name not in FUNCTIONS or not hasattr(library, name):
        return {"error": "no-such-function"}
    # The library reads the key pad from the environment (sim/terminal/driver/README.md).
    for entry in ENTRIES:
        os.environ.pop("ONECARD_KEYPAD_" + entry.upper(), None)
    for entry, typed in question.get("keypad", {}).items():
        os.environ["ONECARD_KEYPAD_" + entry.upper()] = typed
    texts = {key: value.encode("gb18030") for key, value in question.get("args", {}).items()}
    texts.update({key: bytes.fromhex(value) for key, value in question.get("args_hex", {}).items()})
    parameters = [ctypes.c_int(int(texts.get(key, b"0"))) if key in NUMBERS else ctypes.c_char_p(texts.get(key, b""))
                  for key in FUNCTIONS[name]]
    out = ctypes.create_string_buffer(65536)
    function = getattr(library, name)
    function.restype = ctypes.c_long
    code = function(*parameters, out)
    return {"code": code, "out_hex": out.value.hex()}


def main():
    library = ctypes.CDLL(os.path.abspath(sys.argv[1]))
    # What the library prints must not mix with the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    for line in sys.stdin:
        question = json.loads(line)
        if "call" in question:
            answer = call(library, question)
        else:
            answer = {"hello": "adapter.py", "exports": [name for name in FUNCTIONS if hasattr(library, name)]}
        answers.write(json.dumps({"id": question["id"], **answer}) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
