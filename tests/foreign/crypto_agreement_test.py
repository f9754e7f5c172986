# SPDX-License-Identifier: Apache-2.0
"""Computes every line of print_cryptograms again and compares. Usage: crypto_agreement_test.py PROGRAM"""

import subprocess
import sys

SKIPPED = 77
SEED = "20260302"
COUNT = 4200

try:
    import ssc_crypto
except ImportError as error:
    print(f"skipped: {error}; install python3-cryptography")
    sys.exit(SKIPPED)


def cbc_mac(alg, key, data, icv):
    return ssc_crypto.cbc_mac(alg, key, data, icv[:ssc_crypto.block_size(alg)])


OPERATIONS = {
    "cbc_mac": cbc_mac,
    "retail_mac": lambda alg, key, data: ssc_crypto.retail_mac(key, data),
    "sm3": lambda alg, key, data: ssc_crypto.sm3(data),
}


def unhex(word):
    return b"" if word == "-" else bytes.fromhex(word)


def main():
    ssc_crypto._self_test()
    program = subprocess.run([sys.argv[1], SEED, str(COUNT)], check=True, capture_output=True, text=True)
    seen = {}
    wrong = 0
    for line in program.stdout.splitlines():
        question, result = line.split(" = ")
        name, alg, *words = question.split(" ")
        function = OPERATIONS.get(name) or getattr(ssc_crypto, name)
        expected = function(int(alg), *map(unhex, words))
        seen[name, alg] = seen.get((name, alg), 0) + 1
        if expected != unhex(result):
            wrong += 1
            print(f"differs: {line}\n  here: {expected.hex().upper()}")
    total = sum(seen.values())
    print(f"{total} cryptograms of {len(seen)} kinds compared, {wrong} differ")
    return 0 if wrong == 0 and total == COUNT and min(seen.values()) > 50 else 1


if __name__ == "__main__":
    sys.exit(main())
