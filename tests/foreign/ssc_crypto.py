# SPDX-License-Identifier: Apache-2.0
"""The cryptography of the social security card, a second time.

Written from the published descriptions alone and over another library (python3-cryptography), so that a mistake in
sim/crypto cannot judge itself. Keys, factors and data are bytes; algorithm 0 is 3DES, 3 is SM4, as on the card.
Run as a program it checks itself against published answers.
"""

import warnings

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    try:
        from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
    except ImportError:
        TripleDES = algorithms.TripleDES

TDES = 0
SM4 = 3


def xor(a, b):
    return bytes(x ^ y for x, y in zip(a, b, strict=True))


def invert(data):
    return bytes(b ^ 0xFF for b in data)


def _ecb(cipher, data):
    encryptor = Cipher(cipher, modes.ECB()).encryptor()
    return encryptor.update(data) + encryptor.finalize()


def _ecb_back(cipher, data):
    decryptor = Cipher(cipher, modes.ECB()).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def _des_key(key):
    """8 bytes: single DES; 16: two-key triple DES."""
    parts = [key[i:i + 8] for i in range(0, len(key), 8)]
    return TripleDES(b"".join([parts[0], parts[-1], parts[0]]))


def _cipher(alg, key):
    return algorithms.SM4(key) if alg == SM4 else _des_key(key)


def block_size(alg):
    return 16 if alg == SM4 else 8


def encipher(alg, key, data):
    return _ecb(_cipher(alg, key), data)


def decipher(alg, key, data):
    return _ecb_back(_cipher(alg, key), data)


def pad80(data, size):
    data += b"\x80"
    return data + bytes(-len(data) % size)


def cbc_mac(alg, key, data, icv=b""):
    size = block_size(alg)
    chain = icv or bytes(size)
    data = pad80(data, size)
    for at in range(0, len(data), size):
        chain = encipher(alg, key, xor(chain, data[at:at + size]))
    return chain


def retail_mac(key, data, icv=b""):
    """ISO/IEC 9797-1 algorithm 3."""
    last = cbc_mac(TDES, key[:8], data, icv)
    return encipher(TDES, key[:8], decipher(TDES, key[8:], last))


def diversify(alg, key, *factors):
    for factor in factors:
        if alg == SM4:
            key = encipher(SM4, key, factor + invert(factor))
        else:
            key = encipher(TDES, key, factor) + encipher(TDES, key, invert(factor))
    return key


def session(alg, key, data):
    """8 bytes for 3DES, then used with single DES; 16 for SM4."""
    if alg == SM4:
        return encipher(SM4, key, data.ljust(16, b"\0"))
    return encipher(TDES, key, data)


def auth(alg, key, challenge, text):
    process = session(alg, key, challenge)
    if alg == SM4:
        full = encipher(SM4, process, text + bytes(8))
        return xor(full[:8], full[8:])
    return encipher(TDES, process, text)


def short_mac(alg, block):
    """What of a last block goes into a message: 4 bytes."""
    if alg == SM4:
        return xor(xor(block[0:4], block[4:8]), xor(block[8:12], block[12:16]))
    return block[:4]


def mac4(alg, key, data, icv=b""):
    return short_mac(alg, cbc_mac(alg, key, data, icv))


def tac(alg, dtk, data):
    key = dtk if alg == SM4 else xor(dtk[:8], dtk[8:])
    return mac4(alg, key, data)


def load_session(alg, dlk, random, seq):
    return session(alg, dlk, random + seq + b"\x80\x00")


def load_mac1(alg, dlk, random, seq, balance, amount, kind, terminal):
    return mac4(alg, load_session(alg, dlk, random, seq), balance + amount + kind + terminal)


def load_mac2(alg, dlk, random, seq, amount, kind, terminal, time):
    return mac4(alg, load_session(alg, dlk, random, seq), amount + kind + terminal + time)


def load_tac(alg, dtk, balance, seq, amount, kind, terminal, time):
    return tac(alg, dtk, balance + seq + amount + kind + terminal + time)


def purchase_session(alg, dpk, random, seq, serial):
    return session(alg, dpk, random + seq + serial[-2:])


def purchase_mac1(alg, dpk, random, seq, serial, own, cash, pooled, kind, terminal, time):
    key = purchase_session(alg, dpk, random, seq, serial)
    return mac4(alg, key, own + cash + pooled + kind + terminal + time)


def purchase_mac1_card_sequence(alg, dpk, random, seq, serial, own, cash, pooled, kind, terminal, time):
    """Setting purchase-session: the card's number stands where the terminal's serial does otherwise."""
    return mac4(alg, session(alg, dpk, random + seq + seq), own + cash + pooled + kind + terminal + time)


def purchase_mac1_zero(alg, dpk, random, seq, serial, own, cash, pooled, kind, terminal, time):
    """Setting purchase-mac1: the amount of the personal account is not covered."""
    key = purchase_session(alg, dpk, random, seq, serial)
    return mac4(alg, key, bytes(4) + cash + pooled + kind + terminal + time)


def purchase_mac2(alg, dpk, random, seq, serial, own, cash, pooled):
    return mac4(alg, purchase_session(alg, dpk, random, seq, serial), own + cash + pooled)


def purchase_tac(alg, dtk, own, cash, pooled, kind, terminal, serial, time):
    return tac(alg, dtk, own + cash + pooled + kind + terminal + serial + time)


def psam_encipher(alg, root, card, city, province, random, text):
    """BF DE with three factors, the nearest first, then 80 FA 00 00."""
    return encipher(alg, session(alg, diversify(alg, root, province, city, card), random), text)


def card_id_check(alg, irk, first12):
    return mac4(SM4, irk, first12) if alg == SM4 else retail_mac(irk, first12)[:4]


def province_factor(area):
    return area[:2].encode() + b"0000sh"


def city_factor(area):
    return area.encode() + b"sx"


def card_factors(area, atr):
    """Those of a card's keys: province, city, card."""
    return [province_factor(area), city_factor(area), atr[-8:]]


def sm3(data):
    digest = hashes.Hash(hashes.SM3())
    digest.update(data)
    return digest.finalize()


def _self_test():
    x = bytes.fromhex

    def same(got, expected):
        assert got == x(expected), f"{got.hex()} is not {expected}"

    same(retail_mac(x("0123456789ABCDEFFEDCBA9876543210"), x("8424000008")), "0BFFF5DF3FAA24E1")
    dlk = x("11223344556677888877665544332211")
    same(load_session(TDES, dlk, x("11223344"), x("0000")), "9B1D924E05595603")
    terminal = x("001122334455")
    same(load_mac1(TDES, dlk, x("11223344"), x("0000"), bytes(4), x("00001000"), x("01"), terminal), "2988AE5A")
    same(load_mac2(TDES, dlk, x("11223344"), x("0000"), x("00001000"), x("01"), terminal, x("20111221214822")),
         "3A845BF0")
    same(load_tac(TDES, x("CAA6025290114BFCC3C9043F70F7A07A"), x("00001C37"), bytes(2), x("00001C37"), x("02"),
                  x("000001000050"), x("20140825103100")), "ED0F8755")
    udk = diversify(TDES, x("C4D689158AD9FB9D23105B91CE046D0E"), x("2011000270735501"))
    same(udk, "B8A15DA5F7043C317D9FD8F8DFE2BD75")
    block = x("0123456789ABCDEFFEDCBA9876543210")
    same(encipher(SM4, block, block), "681EDF34D206965E86B3E94F536E4246")
    same(sm3(b"abc"), "66C7F0F462EEEDD9D1F2D46BDC10E4E24167C4875CF2F7A2297DA02B8F4BA8E0")
    same(city_factor("371700"), "3337313730307378")


if __name__ == "__main__":
    _self_test()
    print("published answers agree")
