# SPDX-License-Identifier: Apache-2.0
"""The electronic card, the voucher's query and the local component over HTTP: every message, each reason that can be had
without waiting, the code as picture read back by zbar.
Usage: ecard_test.py ONECARD SOURCE"""

import datetime
import re
import shutil
import subprocess
import sys
import tempfile

ONECARD, SOURCE = sys.argv[1:3]
sys.path.insert(0, f"{SOURCE}/tests/support")

from host_service import Host, answer, post  # noqa: E402

NUMBER, NAME, CARD_NUMBER = "990100199001010012", "样本𠮷", "990000308"
CARD, OTHER = "990100D156000005300000016EC319E5", "990100D156000005300000016EC319E6"
QUERY = {"orgId": "H31010000001", "businessType": "01301", "operatorId": "0001", "operatorName": "示例", "officeId": "0301",
         "officeName": "内科", "deviceType": "SelfService"}
serial_number = 0


class Service:
    def __init__(self, host):
        self.connection = host.connect()

    def ask(self, path, body, status=200):
        got, content = post(self.connection, path, body)
        assert got == status, (path, body, got, content)
        return content

    def good(self, path, **body):
        content = self.ask(path, {name.replace("_", "-"): value for name, value in body.items()})
        assert content.get("result", content.get("infcode")) in ("accepted", "0"), (path, body, content)
        return content

    def refused(self, path, reason, **body):
        content = self.ask(path, {name.replace("_", "-"): value for name, value in body.items()})
        assert content == {"result": "refused", "reason": reason}, (path, body, content)

    def med(self, infno, data, place=None):
        global serial_number
        serial_number += 1
        now = datetime.datetime.utcnow() + datetime.timedelta(hours=8)
        message = {"infno": infno, "msgid": f"H31010000001{now:%Y%m%d%H%M%S}{serial_number:04d}", "mdtrtarea_admvs": "310101",
                   "recer_sys_code": "ONECARD", "infver": "1.0", "opter_type": "1", "opter": "0001", "opter_name": "示例",
                   "inf_time": f"{now:%Y-%m-%d %H:%M:%S}", "fixmedins_code": "H31010000001", "fixmedins_name": "示例医院",
                   "input": data}
        if place:
            message["insuplc_admdvs"] = place
        return self.ask("/fsi/api", message)


def signed(service):
    check = service.good("/ecard/check", id_number=NUMBER, name=NAME)["check-no"]
    return service.good("/ecard/sign", check_no=check, id_number=NUMBER, card_id=CARD)["serial"]


def shown(service, serial, scope="medical"):
    return service.good("/ecard/show", serial=serial, scope=scope)["token"]


def lives_and_is_revoked(service):
    service.refused("/ecard/check", "person", id_number="000000000000000000", name=NAME)
    service.refused("/ecard/check", "name", id_number=NUMBER, name="x")
    service.refused("/ecard/sign", "check-unknown", check_no="00", id_number=NUMBER, card_id=CARD)
    service.refused("/ecard/sign", "card-foreign", check_no="00", id_number=NUMBER, card_id=OTHER)
    serial = signed(service)
    check = service.good("/ecard/check", id_number=NUMBER, name=NAME)["check-no"]
    service.refused("/ecard/sign", "bound", check_no=check, id_number=NUMBER, card_id=CARD)
    service.refused("/ecard/show", "scope", serial=serial, scope="cinema")
    code = shown(service, serial, "library")
    service.refused("/ecard/verify", "scope", token=code, scope="transit")
    service.refused("/ecard/verify", "form", token=code[:-1], scope="library")
    service.refused("/ecard/verify", "too-long", token=code + "A", scope="library")
    service.refused("/ecard/verify", "signature", token=code[:60] + ("A" if code[60] != "A" else "B") + code[61:],
                    scope="library")
    assert service.good("/ecard/verify", token=code, scope="library")["serial"] == serial
    service.refused("/ecard/verify", "replayed", token=code, scope="library")
    before = shown(service, serial, "platform")
    rebinds(service, serial, before)
    service.good("/ecard/revoke", serial=serial)
    service.refused("/ecard/revoke", "revoked", serial=serial)
    service.refused("/ecard/show", "revoked", serial=serial, scope="medical")
    service.refused("/ecard/show", "unknown", serial="E0", scope="medical")
    service.good("/card-list", card_id=CARD)


def rebinds(service, serial, before):
    """To a new card of the same holder, when the old one is listed."""
    service.good("/holder", card_number="990000309", card_id=OTHER)
    service.refused("/ecard/rebind", "card-in-use", serial=serial, card_id=OTHER)
    service.good("/card-list", card_id=CARD, state="replaced")
    service.refused("/ecard/show", "card-listed", serial=serial, scope="medical")
    service.good("/ecard/rebind", serial=serial, card_id=OTHER)
    service.refused("/ecard/verify", "card-replaced", token=before, scope="platform")
    service.good("/ecard/verify", token=shown(service, serial, "transit"), scope="transit")


def hostile(service):
    for path in ("/ecard/show", "/ecard/qr", "/card-list"):
        assert service.ask(path, b"{", 400)["error"] in ("json", "field"), path
        assert post(service.connection, path, b"{}", "text/plain")[0] == 415, path
    assert service.ask("/ecard/none", {}, 404)["error"] == "not-found"
    service.ask("/ecard/qr", {"text": "x" * 5000}, 400)
    service.ask("/ecard/qr", {"text": "x", "form": "bmp"}, 400)
    service.ask("/card-list", {"card-id": "1"}, 400)
    service.ask("/holder", {"standing": "rich"}, 400)
    for body in (b"", b"[]", b"{", b"\xff", b'{"orgId":1}', b'{"transType":"ec.query","orgId":"x","data":[]}', b"[" * 40):
        assert service.ask("/localQrCodeQuery", body)["code"] == -1, body


def bitmap(form, picture):
    """The picture as PBM, for zbar."""
    if form in ("png", "pbm"):
        return picture
    if form == "svg":
        side = int(re.search(rb'viewBox="0 0 (\d+)', picture)[1])
        dark = {(int(x), int(y)) for x, y in re.findall(rb"M(\d+) (\d+)h1v1h-1z", picture)}
    else:
        lines = picture.decode().splitlines()
        side = len(lines[0])
        dark = {(x, 2 * y + half) for y, line in enumerate(lines) for x, block in enumerate(line)
                for half in (0, 1) if block == " " or block == ("▄", "▀")[half]}
    rows = [" ".join("1" if (x // 4, y // 4) in dark and y // 4 < side else "0" for x in range(4 * side)) for y in range(4 * side)]
    return ("P1\n%d %d\n%s\n" % (4 * side, 4 * side, "\n".join(rows))).encode()


def is_drawn(service):
    if shutil.which("zbarimg") is None:
        print("zbarimg is not there: no picture read")
        return
    serial = signed(service)
    code = shown(service, serial)
    for form, media in (("png", "image/png"), ("svg", "image/svg+xml"), ("pbm", "image/x-portable-bitmap"), ("text", "text/plain")):
        service.connection.request("POST", "/ecard/qr", '{"text":"%s","form":"%s"}' % (code, form), {"Content-Type": "application/json"})
        response = service.connection.getresponse()
        picture = response.read()
        assert response.headers.get_content_type() == media, (form, response.headers)
        with tempfile.NamedTemporaryFile(suffix=".png" if form == "png" else ".pbm") as file:
            file.write(bitmap(form, picture))
            file.flush()
            read = subprocess.run(["zbarimg", "-q", "--raw", file.name], stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, check=False).stdout
        assert read.decode().strip() == code, (form, read)
    service.good("/ecard/verify", token=code, scope="medical")
    service.good("/ecard/revoke", serial=serial)


def stands_for_a_medium(service):
    """The component of a region that has one: 1161 by the card in its reader, 1162 by a code; ec.query by a code."""
    got = service.med("1161", {"data": {}})
    assert got["infcode"] == "0" and got["output"]["cardecinfo"]["cardno"] == CARD_NUMBER, got
    assert got["output"]["baseinfo"]["certno"] == NUMBER, got
    serial = signed(service)
    code = shown(service, serial)
    scanned = {"data": {"ecQrCode": code, "businessType": "01301"}}
    got = service.med("1162", scanned)
    token = got["output"]["cardecinfo"]["ecToken"]
    again = service.med("1162", scanned)
    assert again["infcode"] == "-1" and again["err_msg"].startswith("[VOUCHER data.ecQrCode]"), again
    assert service.med("1101", {"data": {"mdtrt_cert_type": "01", "mdtrt_cert_no": token}})["output"]["baseinfo"]["certno"] == NUMBER
    query = {"orgId": "H31010000001", "transType": "ec.query", "data": dict(QUERY, ecQrCode=shown(service, serial))}
    got = service.ask("/localQrCodeQuery", query)
    assert got["code"] == 0 and got["data"]["idNo"] == NUMBER and len(got["data"]["ecToken"]) == 48, got
    assert "replayed" in service.ask("/localQrCodeQuery", query)["message"]
    assert service.ask("/localQrCodeQuery", dict(query, data=QUERY))["message"].startswith("[SCANNER")
    wrong = dict(query, data=dict(query["data"], businessType="99999"))
    assert service.ask("/localQrCodeQuery", wrong)["message"].startswith("[dictionary data.businessType]")
    service.good("/card-list", card_id=CARD, state="lost")
    got = service.med("1161", {"data": {}})
    assert got["infcode"] == "-1" and got["err_msg"].startswith("[CARD"), got


def authenticates(service):
    """9201; the cryptogram of a card is computed in hsm_agreement_test and the flows."""
    data = {"card_sn": CARD, "atr_hist": "8699990130000001", "random1": "11" * 8, "random2": "22" * 8, "cryptogram": "33" * 8}
    got = service.med("9201", {"data": data})
    assert got["infcode"] == "0" and got["output"]["data"]["result"] == "0", got
    right = service.ask("/hsm/basic", {"step1": f"990100|{data['atr_hist']}|03|{CARD}|{data['random1']}|{data['random2']}|{'44' * 8}|{'55' * 8}|"})
    got = service.med("9201", {"data": dict(data, cryptogram=right["pkey"][:16])})
    assert got["output"]["data"]["result"] == "1", got


with Host(ONECARD, "--region", f"{SOURCE}/vectors/regions/shanghai.xml") as shanghai:
    s = Service(shanghai)
    lives_and_is_revoked(s)
    hostile(s)
    is_drawn(s)
    authenticates(s)
    stands_for_a_medium(s)
print("electronic card, voucher and component: well")
