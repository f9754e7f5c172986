# SPDX-License-Identifier: Apache-2.0
"""The functions of the vectors, a second time: section 7 of vectors/README.md over ssc_crypto.py and sm2.py.

What cannot be computed raises ValueError, what is not there KeyError: #NAME for a key."""

import datetime
import hashlib
import warnings

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature

import sm2
import ssc_crypto as ssc

SM2_WITH_SM3 = "1.2.156.10197.1.501"
SM2_CURVE = bytes.fromhex("06082A811CCF5501822D")


class _Arguments:
    """What a function asks its `let` for. The session has value(text), profile, clock, and label: seed and case."""

    def __init__(self, texts, session):
        self.texts, self.session, self.clock = texts, session, session.clock
        self.label = session.label + f"/{texts.get('id')}".encode()

    def t(self, name):
        return self.texts.get(name)

    def v(self, name, *default):
        return default[0] if default and name not in self.texts else self.session.value(self.texts.get(name))

    def key(self):
        """Algorithm and bytes of the key, by `factors` or those of the card."""
        name, _, version = self.texts["key"].removeprefix("key:").partition("#")
        number = (self.session.value(version) or b"\1")[0] if version.startswith("$") else version or 1
        profile, factors = self.session.profile, self.v("factors", b"".join(self.session.profile.factors))
        if f"key({name}#{number})" not in profile.facts:
            raise KeyError(f"#{name} {number}")
        parts = [factors[at:at + 8] for at in range(0, len(factors), 8)]
        return profile.alg, ssc.diversify(profile.alg, profile.keys[f"{name}#{number}"], *parts)


def compute(texts, session):
    """The result of a `let` with these attributes."""
    return FUNCTIONS[texts["fn"]](_Arguments(texts, session))


def _same(condition, text):
    if not condition:
        raise ValueError(text)


def _number(data):
    return int.from_bytes(data, "big")


def _keyed(x):
    """Algorithm and key, the session's where one is named; `alg`, where it stands, may not contradict."""
    alg, key = x.key()
    _same(x.v("alg", bytes([alg])) == bytes([alg]), "alg is not that of the key")
    session = x.v("session", None)
    return (alg, key) if session is None else (alg, ssc.session(alg, key, session))


def _blocks(x, work):
    alg, key = _keyed(x)
    data = x.v("data")
    _same(len(data) % ssc.block_size(alg) == 0 and data, "not whole blocks")
    return work(alg, key, data)


def _mac(x):
    alg, key = _keyed(x)
    icv = x.v("icv", b"")
    _same(len(icv) in (0, ssc.block_size(alg)), "icv is not one block")
    return alg, ssc.cbc_mac(alg, key, x.v("data"), icv)


def _retail_mac(x):
    alg, key = _keyed(x)
    _same(alg == ssc.TDES, "3DES only")
    return ssc.retail_mac(key, x.v("data"), x.v("icv", b""))


def _tac(x):
    alg, key = _keyed(x)
    return ssc.cbc_mac(alg, key if alg == ssc.SM4 else ssc.xor(key[:8], key[8:]), x.v("data"))


def _auth(x):
    return ssc.auth(*_keyed(x), x.v("challenge"), x.v("text"))


def _named(function, names):
    return lambda x: function(*_keyed(x), *(b"\x31" if name == "31" else x.v(name) for name in names.split()))


def _random(x):
    block = range((int(x.t("len")) + 31) // 32)
    return b"".join(hashlib.sha256(x.label + n.to_bytes(4, "big")).digest() for n in block)[:int(x.t("len"))]


def _fen(x):
    yuan, _, cents = x.t("yuan").partition(".")
    return (int(yuan) * 100 + int(cents.ljust(2, "0"))).to_bytes(4, "big")


def _arithmetic(sign):
    def compute(x):
        a = x.v("a")
        result = _number(a) + sign * _number(x.v("b"))
        _same(0 <= result < 1 << 8 * len(a), "does not fit")
        return result.to_bytes(len(a), "big")
    return compute


def _fold(width):
    def compute(x):
        data, result = x.v("data"), bytes(width)
        _same(len(data) == 16, "16 bytes")
        for at in range(0, 16, width):
            result = ssc.xor(result, data[at:at + width])
        return result
    return compute


def _pin_block(x):
    pin = x.v("pin")
    return ssc.pad80(bytes([len(pin)]) + pin, int(x.t("block")))


def _card_number_check(x):
    total = sum(int(c, 36) * w for c, w in zip(x.v("data").decode(), (3, 7, 9, 10, 5, 8, 4, 2), strict=True))
    return b"0123456789X0"[11 - total % 11:][:1]


def _id_number_check(x):
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return b"10X98765432"[sum(int(c) * w for c, w in zip(x.v("data").decode(), weights, strict=True)) % 11:][:1]


def _is_kind(x):
    data, kind = x.v("data"), x.t("kind")
    if kind == "cn":
        return bytes([data.hex().rstrip("f").isdigit() or not data.hex().rstrip("f")])
    if kind == "an":
        try:
            return bytes([all(ord(c) >= 32 and ord(c) != 127 for c in data.rstrip(b"\0").decode("gb18030"))])
        except UnicodeDecodeError:
            return b"\0"
    return b"\1"


def _sm2_verify(x):
    point = sm2.unpack_point(x.v("public"))
    return bytes([sm2.verify(point, x.v("digest"), x.v("signature"))])


def _certificate(der):
    """The certificate without what fills its file, and its SM2 key."""
    _same(der[:2] == b"\x30\x82", "no certificate")
    end = 4 + _number(der[2:4])
    _same(end <= len(der) and not der[end:].strip(b"\x00") or not der[end:].strip(b"\xff"), "more than filling behind it")
    certificate = x509.load_der_x509_certificate(der[:end])
    tbs = certificate.tbs_certificate_bytes
    at = tbs.find(b"\x03\x42\x00\x04", tbs.find(SM2_CURVE))
    _same(SM2_CURVE in tbs and at > 0 and certificate.signature_algorithm_oid.dotted_string == SM2_WITH_SM3, "not SM2")
    return certificate, tbs[at + 4:at + 68]


def _signed(certificate, key):
    point = sm2.unpack_point(key)
    r, s = decode_dss_signature(certificate.signature)
    e = sm2.digest(point, b"1234567812345678", certificate.tbs_certificate_bytes)
    return sm2.verify(point, e, sm2.pack(r) + sm2.pack(s))


def _extension(certificate, kind):
    try:
        return certificate.extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None


def _certificate_word(x):
    try:
        (certificate, _), (root, root_key) = _certificate(x.v("certificate")), _certificate(x.v("root"))
    except (ValueError, AssertionError):
        return "malformed"
    authority = _extension(root, x509.BasicConstraints)
    if not (authority and authority.ca and root.issuer == root.subject and _signed(root, root_key)):
        return "root"
    if certificate.issuer != root.subject:
        return "issuer"
    if not _signed(certificate, root_key):
        return "signature"
    usage = _extension(certificate, x509.KeyUsage)
    if not (usage and (usage.digital_signature if x.t("usage") == "signing" else usage.key_encipherment)):
        return "usage"
    now = x.clock.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for each in (certificate, root):
            if now < each.not_valid_before:
                return "not-yet-valid"
            if now > each.not_valid_after:
                return "expired"
    return "ok"


PURCHASE_MAC1 = "rnd seq serial own cash pooled type terminal time"
FUNCTIONS = {
    "random": _random,
    "fen": _fen,
    "now-bcd7": lambda x: bytes.fromhex(x.clock.strftime("%Y%m%d%H%M%S")),
    "bytes": lambda x: x.v("value"),
    "hex": lambda x: x.v("data").hex().upper().encode(),
    "unhex": lambda x: bytes.fromhex(x.v("data").decode()),
    "xor": lambda x: ssc.xor(x.v("a"), x.v("b")),
    "sum": _arithmetic(1),
    "difference": _arithmetic(-1),
    "fold8": _fold(8),
    "fold4": _fold(4),
    "sm3": lambda x: ssc.sm3(x.v("data")),
    "pin-block": _pin_block,
    "card-number-check": _card_number_check,
    "id-number-check": _id_number_check,
    "is-kind": _is_kind,
    "encipher": lambda x: _blocks(x, ssc.encipher),
    "decipher": lambda x: _blocks(x, ssc.decipher),
    "mac": lambda x: _mac(x)[1],
    "mac4": lambda x: ssc.short_mac(*_mac(x)),
    "retail-mac": _retail_mac,
    "tac": _tac,
    "card-id-check": lambda x: ssc.card_id_check(*_keyed(x), x.v("data")),
    "ssc-external-auth": lambda x: _auth(x) + x.v("text"),
    "ssc-internal-auth": _auth,
    "ssc-load-mac1": _named(ssc.load_mac1, "rnd seq balance amount 31 terminal"),
    "ssc-load-mac2": _named(ssc.load_mac2, "rnd seq amount 31 terminal time"),
    "ssc-load-tac": _named(ssc.load_tac, "balance seq amount 31 terminal time"),
    "ssc-purchase-mac1": _named(ssc.purchase_mac1, PURCHASE_MAC1),
    "ssc-purchase-mac2": _named(ssc.purchase_mac2, "rnd seq serial own cash pooled"),
    "ssc-purchase-tac": _named(ssc.purchase_tac, "own cash pooled type terminal serial time"),
    "sm4": lambda x: ssc.encipher(ssc.SM4, x.v("raw"), x.v("data")),
    "sm4-mac4": lambda x: ssc.mac4(ssc.SM4, x.v("raw"), x.v("data"), x.v("icv")),
    "sm2-verify": _sm2_verify,
    "sm2-encrypt": lambda x: sm2.encrypt(sm2.unpack_point(x.v("public")), x.v("data"), x.v("rnd")),
    "certificate-check": lambda x: _certificate_word(x).encode(),
    "certificate-key": lambda x: _certificate(x.v("certificate"))[1],
}
