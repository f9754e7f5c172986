# SPDX-License-Identifier: Apache-2.0
"""Each signature and transport of the regions over HTTP, computed here a second time: SHA-256 by hashlib, SM3 and SM4 by
python3-cryptography, SM2 from its formulas. What is signed rightly is taken, what is not is refused for its reason.
Usage: signature_test.py ONECARD SOURCE"""

import base64
import datetime
import hashlib
import json
import sys
import time

ONECARD, SOURCE = sys.argv[1:3]
sys.path[:0] = [f"{SOURCE}/tests/support", f"{SOURCE}/tests/foreign"]

try:
    from cryptography.hazmat.primitives import padding
    from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
    import sm2
except ImportError:
    sys.exit(77)
from host_service import Host, answer  # noqa: E402

SECRET, APP = "onecard-test-secret", "onecard-test"
serial = 0


def message(infver, sign=None):
    """The text of a 9001, whose input stands in it as it is signed: with a blank that no library would write."""
    global serial
    serial += 1
    now = datetime.datetime.utcnow() + datetime.timedelta(hours=8)
    envelope = {"infno": "9001", "msgid": f"H31010000001{now:%Y%m%d%H%M%S}{serial:04d}", "mdtrtarea_admvs": "310101",
                "recer_sys_code": "ONECARD", "infver": infver, "opter_type": "1", "opter": "0001", "opter_name": "示例",
                "inf_time": f"{now:%Y-%m-%d %H:%M:%S}", "fixmedins_code": "H31010000001", "fixmedins_name": "示例医院"}
    given = '{"signIn": {"opter_no":"0001",  "mac":"02-00-00-00-00-01","ip":"192.0.2.1"}}'
    envelope.update(sign(given.encode()) if sign else {})
    if infver == "V1.0":
        envelope["recer_admdvs"] = "440100"
    return json.dumps(envelope, ensure_ascii=False)[:-1] + ', "input": ' + given + "}"


def sm2_sign(seed, user, text):
    scalar, point = sm2.pair(seed)
    return base64.b64encode(sm2.sign(scalar, sm2.digest(point, user, text), b"noise")).decode()


def sm3(text):
    return sm2.sm3(text).hex().upper()


def gateway(timestamp=None, nonce="n1", secret=SECRET, paasid=APP):
    at = str(int(time.time()) if timestamp is None else timestamp)
    signature = hashlib.sha256((at + secret + nonce + at).encode()).hexdigest()
    return {"x-tif-paasid": paasid, "x-tif-timestamp": at, "x-tif-nonce": nonce, "x-tif-signature": signature}


def envelope(text, seed=b"onecard-mobile-test", secret=SECRET, timestamp=None):
    """The mobile channel: data in SM4 (ECB, PKCS 7), signed in the clear."""
    padder = padding.PKCS7(128).padder()
    cipher = Cipher(algorithms.SM4(sm2.sm3(secret.encode())[:16]), modes.ECB()).encryptor()
    sealed = cipher.update(padder.update(text.encode()) + padder.finalize()) + cipher.finalize()
    members = {"appId": APP, "encType": "SM4", "signType": "SM2", "version": "2.0.1",
               "timestamp": str(int(time.time()) if timestamp is None else timestamp)}
    whole = dict(members, data=json.dumps(json.loads(text), ensure_ascii=False, sort_keys=True, separators=(",", ":")))
    clear = "&".join(f"{name}={whole[name]}" for name in sorted(whole)) + "&key=" + SECRET
    return json.dumps(dict(members, encData=sealed.hex().upper(), signData=sm2_sign(seed, b"1234567812345678", clear.encode())))


class Region:
    def __init__(self, host):
        self.connection = host.connect()

    def asks(self, body, headers=None):
        self.connection.request("POST", "/fsi/api", body.encode(), {"Content-Type": "application/json", **(headers or {})})
        status, got = answer(self.connection)
        assert status == 200, got
        return got

    def takes(self, body, headers=None):
        got = self.asks(body, headers)
        assert got["infcode"] == "0", got

    def refuses(self, field, body, headers=None):
        got = self.asks(body, headers)
        assert got["infcode"] == "-1" and got["err_msg"].startswith(f"[signature {field}]"), (field, got)


def national(region):
    region.takes(message("1.0"))


def guangzhou(region):
    region.takes(message("V1.0", lambda text: {"signtype": "SM3", "cainfo": sm3(text)}))
    region.refuses("cainfo", message("V1.0", lambda text: {"signtype": "SM3", "cainfo": sm3(text).lower()}))
    region.refuses("cainfo", message("V1.0", lambda text: {"signtype": "SM3", "cainfo": sm3(text.replace(b" ", b""))}))
    region.refuses("cainfo", message("V1.0", lambda text: {"signtype": "SM3", "cainfo": hashlib.sha256(text).hexdigest().upper()}))
    region.refuses("signtype", message("V1.0"))


def yunnan(region):
    seed, user = b"onecard-yunnan-test", b"1234567812345678"
    region.takes(message("1.0.0", lambda text: {"signtype": "SM2", "cainfo": sm2_sign(seed, user, text)}))
    for bad in ((seed, b""), (b"another", user)):
        region.refuses("cainfo", message("1.0.0", lambda text, bad=bad: {"signtype": "SM2", "cainfo": sm2_sign(*bad, text)}))
    region.refuses("cainfo", message("1.0.0", lambda text: {"signtype": "SM2", "cainfo": sm2_sign(seed, user, text + b" ")}))
    region.refuses("signtype", message("1.0.0", lambda text: {"signtype": "SM3", "cainfo": sm3(text)}))


def chongqing(region):
    region.takes(message("1.0"), gateway())
    region.refuses("x-tif-nonce", message("1.0"), gateway())
    region.refuses("x-tif-signature", message("1.0"), gateway(nonce="n2", secret="guess"))
    region.refuses("x-tif-timestamp", message("1.0"), gateway(nonce="n3", timestamp=int(time.time()) - 3600))
    region.refuses("x-tif-paasid", message("1.0"), gateway(nonce="n4", paasid="other"))
    region.refuses("x-tif-paasid", message("1.0"))


def mobile(region):
    region.takes(envelope(message("1.0")))
    region.refuses("signData", envelope(message("1.0"), seed=b"another"))
    region.refuses("encData", envelope(message("1.0"), secret="guess"))
    region.refuses("timestamp", envelope(message("1.0"), timestamp=int(time.time()) - 3600))
    region.refuses("encType", message("1.0"))


sm2.self_test()
for test in (national, guangzhou, yunnan, chongqing, mobile):
    with Host(ONECARD, "--region", f"{SOURCE}/vectors/regions/{test.__name__}.xml") as host:
        test(Region(host))
print("5 ways of signing agree")
