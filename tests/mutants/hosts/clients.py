#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Broken hospital systems: each walks a visit and does one thing wrong. The host that judges its clients has to fail the
message that is wrong, for the reason that stands beside it, and none of a good client.
clients.py ONECARD"""
import datetime
import json
import re
import subprocess
import sys
import tempfile
import urllib.request

CARD = {"mdtrt_cert_type": "03", "mdtrt_cert_no": "990000308"}


class Client:
    """A visit from signing in to its cancellation. `spoil(infno, message)` may change a message or give it as bytes."""

    def __init__(self, url, spoil, skip=()):
        self.url, self.spoil, self.skip = url, spoil, skip
        self.serial, self.sign_no, self.place = 0, None, None

    def send(self, infno, data):
        if infno in self.skip:
            return None
        now = datetime.datetime.utcnow() + datetime.timedelta(hours=8)
        self.serial += 1
        message = {"infno": infno, "msgid": "H31010000001%s%04d" % (now.strftime("%Y%m%d%H%M%S"), self.serial),
                   "mdtrtarea_admvs": "310101", "insuplc_admdvs": self.place, "recer_sys_code": "ONECARD", "infver": "V1.0",
                   "opter_type": "1", "opter": "0001", "opter_name": "示例", "inf_time": now.strftime("%Y-%m-%d %H:%M:%S"),
                   "fixmedins_code": "H31010000001", "fixmedins_name": "示例医院", "sign_no": self.sign_no, "input": data}
        message = {name: value for name, value in message.items() if value is not None}
        spoilt = self.spoil(infno, message)
        body = spoilt if isinstance(spoilt, bytes) else json.dumps(message, ensure_ascii=False).encode()
        request = urllib.request.Request(self.url, body, {"Content-Type": "application/json"})
        try:
            answer = json.loads(urllib.request.urlopen(request).read())
        except ValueError:
            return None
        return answer.get("output") if answer["infcode"] == "0" else None

    def walk(self):
        now = (datetime.datetime.utcnow() + datetime.timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")
        session = self.send("9001", {"signIn": {"opter_no": "0001", "mac": "02-00-00-00-00-01", "ip": "192.0.2.1"}})
        self.sign_no = session["signinoutb"]["sign_no"] if session else None
        person = self.send("1101", {"data": dict(CARD, card_sn="990100D156000005300000016EC319E5")})
        if not person:
            return
        self.place = person["insuinfo"][0]["insuplc_admdvs"]
        psn = {"psn_no": person["baseinfo"]["psn_no"]}
        visit = self.send("2201", {"data": dict(CARD, **psn, insutype="310", begntime=now, ipt_otp_no="MZ1", atddr_no="D1",
                                                dr_name="示例", dept_code="03", dept_name="内科", caty="A03")})
        if not visit:
            return
        visit = dict(psn, mdtrt_id=visit["data"]["mdtrt_id"])
        self.send("2203", {"mdtrtinfo": dict(visit, med_type="11", begntime=now),
                           "diseinfo": [{"diag_type": "1", "diag_srt_no": 1, "diag_code": "J06", "diag_name": "示例", "diag_dept": "内科",
                                         "dise_dor_no": "D1", "dise_dor_name": "示例", "diag_time": now, "vali_flag": "1"}]})
        self.send("2204", {"feedetail": [dict(visit, feedetl_sn="1", chrg_bchno="B1", fee_ocur_time=now, pric=12.5, cnt=80,
                                              med_list_codg="XA01ABD075A002010100483", medins_list_codg="L1", det_item_fee_sumamt=1000.0,
                                              bilg_dept_codg="03", bilg_dept_name="内科", bilg_dr_codg="D1", bilg_dr_name="示例")]})
        bill = {"data": dict(visit, **CARD, med_type="11", medfee_sumamt=1000.0, psn_setlway="01", chrg_bchno="B1", acct_used_flag="1",
                             insutype="310")}
        self.send("2206", bill)
        settled = self.send("2207", bill)
        if settled and settled.get("setlinfo"):
            self.send("2208", {"data": dict(visit, setl_id=settled["setlinfo"]["setl_id"])})
        else:
            self.after(bill, visit)

    def after(self, bill, visit):
        """What it does when it does not know what became of its settlement."""
        self.send("2601", {"data": {"psn_no": visit["psn_no"], "omsgid": self.last_settlement, "oinfno": "2207"}})

    last_settlement = ""


class Blind(Client):
    """Settles once more."""

    def after(self, bill, visit):
        self.send("2207", bill)


def at(number, change):
    return lambda infno, message: change(message) if infno == number else None


def node(number, change):
    return at(number, lambda m: change(next(iter(m["input"].values()))))


def put(**values):
    return lambda target: target.update(values)


def drop(name):
    return lambda target: target.pop(name) and None


def line(change):
    return at("2204", lambda m: change(m["input"]["feedetail"][0]))


# name, how the client is made, the message that has to fail, what the reason says
DEFECTS = [
    ("no-opter", at("9001", drop("opter")), "9001", "opter a mandatory field is missing"),
    ("long-version", at("1101", put(infver="V1.0.000")), "1101", "infver the field is too long"),
    ("other-version", at("1101", put(infver="V9.9")), "1101", "INFVER"),
    ("opter-type", at("1101", put(opter_type="9")), "1101", "opter_type the value is not in the dictionary"),
    ("time-form", at("1101", put(inf_time="2026/01/01 08:00:00")), "1101", "inf_time the field has the wrong type or form"),
    ("clock-wrong", at("1101", put(inf_time="2020-01-01 08:00:00")), "1101", "TIME"),
    ("other-institution", at("1101", put(fixmedins_code="H99999999999")), "1101", "INSTITUTION"),
    ("msgid-form", at("1101", lambda m: m.update(msgid=m["msgid"][:-1])), "1101", "MSGID"),
    ("unknown-message", at("1101", put(infno="7777")), "7777", "infno the value is not in the dictionary"),
    ("no-session", at("1101", drop("sign_no")), "1101", "F1"),
    ("unknown-field", at("1101", put(extra="1")), "1101", "extra the field is not defined"),
    ("no-card-sn", node("1101", drop("card_sn")), "1101", "data.card_sn a mandatory field is missing"),
    ("gbk", at("1101", lambda m: json.dumps(m, ensure_ascii=False).encode("gbk")), "unknown", "JSON"),
    ("truncated", at("2201", lambda m: json.dumps(m).encode()[:-2]), "unknown", "JSON"),
    ("twice-named", at("2201", lambda m: b'{"infno":"2201",' + json.dumps(m).encode()[1:]), "unknown", "JSON"),
    ("other-person", node("2203", put(psn_no="99999999999999999999999999")), "2203", "F2"),
    ("other-place", at("2203", put(insuplc_admdvs="440100")), "2203", "F3"),
    ("other-medium", node("2206", put(mdtrt_cert_no="990000309")), "2206", "F4"),
    ("other-batch", node("2206", put(chrg_bchno="B2")), "2206", "F6"),
    ("line-sum", line(put(det_item_fee_sumamt=1000.01)), "2204", "F7"),
    ("amount-as-word", node("2207", put(medfee_sumamt="much")), "2207", "data.medfee_sumamt the field has the wrong type or form"),
    ("total", node("2207", put(medfee_sumamt=999.99)), "2207", "F8"),
    ("other-settlement", node("2208", put(setl_id="T00000000000099")), "2208", ""),
]


def run(onecard, spoil, folder, kind=Client, misbehave=None):
    """The exit code, and (number, verdict, reason) of each message."""
    options = ["--misbehave", misbehave] if misbehave else []
    host = subprocess.Popen([onecard, "host", "--listen", "127.0.0.1:0", "--judge", folder] + options, stdout=subprocess.PIPE, text=True)
    try:
        url = re.match(r"(http://\S*)/ ", host.stdout.readline()).group(1) + "/fsi/api"
        client = kind(url, spoil)

        def note(infno, message):
            client.last_settlement = message["msgid"] if infno == "2207" else client.last_settlement
            return spoil(infno, message)
        client.spoil = note
        client.walk()
    finally:
        host.terminate()
        host.communicate()
    with open(folder + "/result.xml", encoding="utf-8") as record:
        found = []
        for text in re.findall(r"<case .*?(?:</case>|/>)", record.read(), re.S):
            reason = re.search(r"<reason>(.*?)</reason>|reason=\"(.*?)\"", text, re.S)
            found.append((re.search(r'id="MESSAGE\.\d+\.(\w+)"', text).group(1), re.search(r'verdict="(\w+)"', text).group(1),
                          (reason.group(1) or reason.group(2)) if reason else ""))
    return host.returncode, found


def main():
    onecard = sys.argv[1]
    wrong = 0

    def check(name, spoil, number, wanted, kind=Client, misbehave=None):
        nonlocal wrong
        with tempfile.TemporaryDirectory() as folder:
            code, found = run(onecard, spoil, folder, kind, misbehave)
        bad = [one for one in found if one[1] != "PASS"]
        if number is None:
            caught = not bad and code == 0 and len(found) >= 8
        else:
            caught = bool(bad) and bad[0][0] == number and wanted in bad[0][2]
        if not caught:
            wrong += 1
            print("%s: %s; wanted: %s %s" % (name, (code, bad or found), number, wanted), file=sys.stderr)

    def good(infno, message):
        return None
    check("none", good, None, "")
    for name, spoil, number, wanted in DEFECTS:
        check(name, spoil, number, wanted)
    # A spoilt answer hides what became of a settlement: taken back it is well, settled anew it is not.
    for rule in ("empty-output", "gbk", "double"):
        check("reverses/" + rule, good, None, "", Client, rule + "@2207:1")
        check("blind/" + rule, good, "2207", "F11", Blind, rule + "@2207:1")
    print("%d broken clients, %d not judged rightly" % (len(DEFECTS) + 3, wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
