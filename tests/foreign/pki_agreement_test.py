# SPDX-License-Identifier: Apache-2.0
"""Computes every line of print_pki again and compares. Usage: pki_agreement_test.py PROGRAM"""

import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
SEED = "20260302"
COUNT = 240
USER = b"1234567812345678"

try:
    import sm2
    from cryptography import x509
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
except ImportError as error:
    print(f"skipped: {error}; install python3-cryptography")
    sys.exit(SKIPPED)

USAGES = {0: {"digital_signature", "content_commitment"}, 1: {"key_encipherment", "data_encipherment"}}


def key_of(der, certificate):
    """The point of a certificate: behind the two identifiers of its key and 03 42 00 04."""
    head = bytes.fromhex("301306072A8648CE3D020106082A811CCF5501822D03420004")
    at = der.index(head) + len(head)
    assert certificate.signature_algorithm_oid.dotted_string == "1.2.156.10197.1.501"
    return sm2.unpack_point(der[at:at + 64])


def raw_signature(der):
    numbers = []
    assert der[0] == 0x30 and der[1] == len(der) - 2
    rest = der[2:]
    while rest:
        assert rest[0] == 0x02
        numbers.append(int.from_bytes(rest[2:2 + rest[1]], "big"))
        rest = rest[2 + rest[1]:]
    return b"".join(map(sm2.pack, numbers))


def certificates(both):
    first = int.from_bytes(both[2:4], "big") + 4
    return both[:first], both[first:]


def signed_by(certificate, point):
    e = sm2.digest(point, USER, certificate.tbs_certificate_bytes)
    return sm2.verify(point, e, raw_signature(certificate.signature))


def openssl_agrees(root, card):
    program = shutil.which("openssl")
    if program is None:
        return True
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, der in (("root", root), ("card", card)):
            path = pathlib.Path(folder, name)
            path.write_bytes(der)
            pem = str(path) + ".pem"
            subprocess.run([program, "x509", "-inform", "DER", "-in", str(path), "-out", pem], check=True)
            names.append(pem)
        verdict = subprocess.run(
            [program, "verify", "-vfyopt", "distid:" + USER.decode(), "-x509_strict", "-attime", "1700000000",
             "-CAfile", names[0], names[1]], capture_output=True, text=True)
        if verdict.returncode != 0:
            print(verdict.stdout, verdict.stderr)
        return verdict.returncode == 0


def check_certificate(seed, holder, serial, both):
    root_der, card_der = certificates(both)
    root, card = x509.load_der_x509_certificate(root_der), x509.load_der_x509_certificate(card_der)
    _, authority = sm2.pair(seed)
    _, point = sm2.pair(holder)
    usage = card.extensions.get_extension_for_class(x509.KeyUsage)
    named = {name for name in ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                               "key_cert_sign") if getattr(usage.value, name)}
    return (key_of(root_der, root) == authority and key_of(card_der, card) == point
            and root.serial_number == card.serial_number == int.from_bytes(serial, "big")
            and root.issuer == root.subject == card.issuer
            and card.subject.rfc4514_string() == "CN=样本,C=CN"
            and usage.critical and named == USAGES[serial[0] % 2]
            and root.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
            and signed_by(root, authority) and signed_by(card, authority) and not signed_by(card, point)
            and openssl_agrees(root_der, card_der))


def pin(_, packed, __):
    cipher = Cipher(algorithms.SM4(sm2.sm3(packed)[:16]), modes.ECB()).encryptor()
    return cipher.update(bytes(16))


def verified(seed, e, signature):
    return signature + bytes([sm2.verify(sm2.pair(seed)[1], e, signature)])


OPERATIONS = {
    "pair": lambda seed, _, __: sm2.pack(sm2.pair(seed)[0]) + sm2.pack_point(sm2.pair(seed)[1]),
    "digest": lambda seed, user, message: sm2.digest(sm2.pair(seed)[1], user, message),
    "sign": lambda seed, e, more: sm2.sign(sm2.pair(seed)[0], e, more),
    "encrypt": lambda seed, text, more: sm2.encrypt(sm2.pair(seed)[1], text, more),
    "decrypt": lambda seed, text, more: sm2.decrypt(sm2.pair(seed)[0], sm2.encrypt(sm2.pair(seed)[1], text, more)),
    "pin": pin,
}


def agrees(name, words, result):
    if name == "certificate":
        return check_certificate(*words, result)
    if name == "verify":
        return verified(words[0], words[1], result[:64]) == result
    return OPERATIONS[name](*words) == result


def unhex(word):
    return b"" if word == "-" else bytes.fromhex(word)


def main():
    sm2.self_test()
    program = subprocess.run([sys.argv[1], SEED, str(COUNT)], check=True, capture_output=True, text=True)
    seen = {}
    wrong = 0
    refused = 0
    for line in program.stdout.splitlines():
        question, result = line.split(" = ")
        name, *words = question.split(" ")
        seen[name] = seen.get(name, 0) + 1
        refused += name == "verify" and result.endswith("00")
        if not agrees(name, list(map(unhex, words)), unhex(result)):
            wrong += 1
            print(f"differs: {line}")
    total = sum(seen.values())
    print(f"{total} results of {len(seen)} kinds compared, {wrong} differ; {refused} altered signatures refused")
    return 0 if wrong == 0 and total == COUNT and min(seen.values()) >= 30 and 0 < refused < seen["verify"] else 1


if __name__ == "__main__":
    sys.exit(main())
