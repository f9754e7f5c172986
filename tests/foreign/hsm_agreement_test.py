# SPDX-License-Identifier: Apache-2.0
"""Asks `onecard host` as terminals do and computes every answer again. Usage: hsm_agreement_test.py ONECARD CARDS
CARDS is the folder of the card profiles."""

import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import host_service  # noqa: E402

SKIPPED = 77
SEED = 20260302
ROUNDS = 60
PROFILES = ["ssc-1.0.xml", "ssc-2.0.xml", "ssc-2.0-rk.xml", "ssc-3.0.xml"]

try:
    import ssc_crypto
    import ssc_hsm
except ImportError as error:
    print(f"skipped: {error}; install python3-cryptography")
    sys.exit(SKIPPED)

chance = random.Random(SEED)


def digits(count):
    return "".join(chance.choices("0123456789", k=count))


def hex_of(count):
    text = chance.randbytes(count).hex()
    return chance.choice([text, text.upper()])


def algorithm(profile):
    return chance.choice([name for name, alg in ssc_hsm.NAMES.items() if alg == profile.alg])


def closed(*items):
    """The last bar may be missing."""
    return "|".join(items) + chance.choice(["|", "|", ""] if items[-1] else ["|"])


def card():
    """The card that is meant, or none: the provider's own."""
    if chance.random() < 0.3:
        return {}
    return {"card-id": digits(6) + hex_of(13), "atr": hex_of(chance.randint(8, 15))}


def with_business(fields, *fitting):
    return fields | ({"business": chance.choice(fitting)} if chance.random() < 0.5 else {})


def ask_basic(profile):
    area = digits(6)
    randoms = [hex_of(8), hex_of(8), hex_of(8), hex_of(8)]
    if profile.alg == ssc_crypto.TDES:
        randoms[2:] = "", ""
    more = chance.choice([[], [hex_of(6)], [""]])
    step1 = "|".join([area, hex_of(chance.randint(8, 15)), algorithm(profile), area + hex_of(13), *randoms, *more])
    return {"step1": step1 + "|"}


BUSINESS = {"RK": ["01"], "PU": ["02"], "UK": ["01", "04"]}


def ask_external(profile):
    served = [address for address, (name, _) in profile.addresses.items() if name.split("/")[1][:2] in BUSINESS]
    address = chance.choice(served)
    fitting = BUSINESS[profile.addresses[address][0].split("/")[1][:2]]
    return with_business({"step1": closed(algorithm(profile), address, hex_of(8), hex_of(8))} | card(), *fitting)


def ask_secure_message(profile):
    stk = f"{int(profile.first_generation)}00201"
    if chance.random() < 0.3:
        header, pin = "8424000004", ""
    else:
        header, pin = f"84240001{4 + ssc_crypto.block_size(profile.alg):02X}", digits(chance.randint(4, 8))
    return {"step2": closed(algorithm(profile), stk, hex_of(8), header, pin)} | card()


def ask_debit(profile):
    dpk = f"{int(profile.first_generation)}40101"
    step1 = closed(algorithm(profile), dpk, hex_of(4), hex_of(2), hex_of(chance.choice([8, 12])), hex_of(1), hex_of(6),
                   digits(14))
    return {"step1": step1} | card()


MESSAGES = {
    "basic": (ask_basic, ssc_hsm.basic),
    "external": (ask_external, ssc_hsm.external),
    "secure-message": (ask_secure_message, ssc_hsm.secure_message),
    "debit": (lambda profile: with_business(ask_debit(profile), "07"), ssc_hsm.debit),
}


def accepted(pkey):
    return 200, {"result": "accepted", "pkey": pkey}


def check_verdict(profile, connection):
    """A debit's MAC2 and TAC, right or with one bit turned."""
    fields = ask_debit(profile)
    this = ssc_hsm.Debit(profile, fields)
    proofs = {"mac2": this.mac2(), "tac": this.tac()}
    wrong = chance.choice(["mac2", "tac", None, None])
    if wrong:
        bit = 1 << chance.randrange(32)
        proofs[wrong] = (int.from_bytes(proofs[wrong], "big") ^ bit).to_bytes(4, "big")
    expected = {"result": "refused", "reason": wrong} if wrong else {"result": "accepted"}
    fields |= {name: value.hex() for name, value in proofs.items()}
    return fields, host_service.post(connection, "/hsm/debit-check", fields), (200, expected)


class Tally:
    def __init__(self):
        self.seen = {}
        self.wrong = 0

    def note(self, kind, fields, got, expected):
        self.seen[kind] = self.seen.get(kind, 0) + 1
        if got != expected:
            self.wrong += 1
            print(f"differs: {kind} {fields}\n  there: {got}\n  here:  {expected}")


def compare(profile, host, tally):
    connection = host.connect()
    for _ in range(ROUNDS):
        for name, (ask, compute) in MESSAGES.items():
            fields = ask(profile)
            got = host_service.post(connection, f"/hsm/{name}", fields)
            tally.note((host.profile, name), fields, got, accepted(compute(profile, fields)))
        tally.note((host.profile, "debit-check"), *check_verdict(profile, connection))
    connection.close()


def notices_other_keys(profile, host):
    """The comparison can fail: with roots of which one bit is turned nothing is the same."""
    profile.roots = {name: bytes([root[0] ^ 0x10]) + root[1:] for name, root in profile.roots.items()}
    connection = host.connect()
    for name, (ask, compute) in MESSAGES.items():
        fields = ask(profile)
        status, answer = host_service.post(connection, f"/hsm/{name}", fields)
        if status != 200 or answer["pkey"] == compute(profile, fields):
            return False
    connection.close()
    return True


def main():
    ssc_crypto._self_test()
    tally = Tally()
    blind = False
    for name in PROFILES:
        path = pathlib.Path(sys.argv[2], name)
        profile = ssc_hsm.Profile(path)
        with host_service.Host(sys.argv[1], "--profile", str(path)) as host:
            compare(profile, host, tally)
            blind = blind or not notices_other_keys(profile, host)
            code, _ = host.stop()
            blind = blind or code != 0
    total = sum(tally.seen.values())
    print(f"{total} answers of {len(tally.seen)} kinds compared, {tally.wrong} differ; "
          f"other keys {'were not' if blind else 'were'} noticed")
    return 0 if tally.wrong == 0 and not blind and min(tally.seen.values()) == ROUNDS else 1


if __name__ == "__main__":
    sys.exit(main())
