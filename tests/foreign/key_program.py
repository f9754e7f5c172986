#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A key program: answers questions for keys from the test keys, by the lines that sim/keys/keys.h describes.

    key_program.py KEYS.xml [--lack DIR/NAME#VERSION]...

The reference of the protocol, written from its description, with the cryptography of ssc_crypto.py. An HSM or a service
takes its place.
"""

import sys
import xml.etree.ElementTree as ElementTree

import ssc_crypto as ssc

ALGS = {"3des": ssc.TDES, "sm4": ssc.SM4}


class Refusal(Exception):
    pass


def load(path):
    """(key, algorithm) -> the root key."""
    keys = {}
    for key in ElementTree.parse(path).getroot():
        name = f"{key.get('dir')}/{key.get('name')}#{key.get('version')}"
        keys[name, ALGS[key.get("alg").lower()]] = bytes.fromhex(key.get("value"))
    return keys


def decode(word):
    return b"" if word == "-" else bytes.fromhex(word)


def compute(use, alg, key, icv, data):
    if use == "encipher":
        return ssc.encipher(alg, key, data)
    if use == "decipher":
        return ssc.decipher(alg, key, data)
    if use == "mac":
        return ssc.cbc_mac(alg, key, data, icv)
    if use == "retail-mac" and alg == ssc.TDES:
        return ssc.retail_mac(key, data, icv)
    if use == "tac":
        tac_key = key if alg == ssc.SM4 else ssc.xor(key[:8], key[8:])
        return ssc.cbc_mac(alg, tac_key, data, icv)
    raise Refusal(f"no use {use} of such a key")


def answer(keys, question):
    use, alg_name, name, factors, session, icv, data = question.split(" ")
    alg = ALGS.get(alg_name)
    if (name, alg) not in keys:
        raise Refusal("that key is not here")
    factors = decode(factors)
    if not factors:
        raise Refusal("only root keys are here")
    key = ssc.diversify(alg, keys[name, alg], *(factors[i:i + 8] for i in range(0, len(factors), 8)))
    if session != "-":
        key = ssc.session(alg, key, decode(session))
        key += key[:16 - len(key)]  # single DES is triple DES with equal halves
    return compute(use, alg, key, decode(icv), decode(data))


def main():
    keys = load(sys.argv[1])
    for at in range(2, len(sys.argv), 2):
        for alg in ALGS.values():
            keys.pop((sys.argv[at + 1], alg), None)
    for line in sys.stdin:
        line = line.rstrip("\n")
        try:
            said = "ok" if line == "onecard-keys 1" else "ok " + answer(keys, line).hex()
        except Refusal as refusal:
            said = f"no {refusal}"
        except ValueError:
            said = "no that is no question"
        print(said, flush=True)


main()
