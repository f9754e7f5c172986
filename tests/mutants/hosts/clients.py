#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Broken hospital systems: each walks a visit and does one thing wrong. The host that judges its clients has to fail the
message that is wrong, for the reason that stands beside it, and none of a good client.
clients.py ONECARD"""
import concurrent.futures
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
        patience = 1 if infno == "2207" and not self.settled else 30
        self.settled = self.settled or infno == "2207"
        try:
            answer = json.loads(urllib.request.urlopen(request, timeout=patience).read())
        except (ValueError, OSError):
            return None
        sound = answer["infcode"] == "0" and self.sound(dict(answer, infno=infno))
        if infno == "1101" and sound:
            self.balance = round(100 * answer["output"]["insuinfo"][0]["balc"])
        return answer.get("output") if sound else None

    settled = False
    cancels = True
    reconciles = False

    def sound(self, answer):
        """Whether it trusts the answer."""
        return True

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
            if self.reconciles:
                self.totals(settled)
            if self.cancels:
                self.send("2208", {"data": dict(visit, setl_id=settled["setlinfo"]["setl_id"])})
        else:
            self.after(bill, visit)

    def totals(self, settled):
        """The day's settlements as it believes them: one or none."""
        info = settled["setlinfo"] if settled else {"medfee_sumamt": 0.0, "fund_pay_sumamt": 0.0, "acct_pay": 0.0}
        day = (datetime.datetime.utcnow() + datetime.timedelta(hours=8)).strftime("%Y-%m-%d")
        sums = {name: info[name] for name in ("medfee_sumamt", "fund_pay_sumamt", "acct_pay")}
        self.send("3201", {"data": dict(sums, insutype="310", clr_type="11", setl_optins="310000", stmt_begndate=day,
                                        stmt_enddate=day, fixmedins_setl_cnt=1 if settled else 0)})

    def after(self, bill, visit):
        """What it does when it does not know what became of its settlement."""
        self.send("2601", {"data": {"psn_no": visit["psn_no"], "omsgid": self.last_settlement, "oinfno": "2207"}})

    last_settlement = ""


class Blind(Client):
    """Settles once more."""

    def after(self, bill, visit):
        self.send("2207", bill)


class Strict(Client):
    """Trusts no answer that is not as the tables and identities have it, and warnings as what they are."""

    def sound(self, answer):
        if len(answer["inf_refmsgid"]) != 30 or len(answer["err_msg"]) > 200:
            return False
        info = answer["output"].get("setlinfo") or {}
        if answer["infno"] != "2207" or not info:
            return bool(info) or answer["infno"] != "2207"
        fen = {name: round(100 * value) for name, value in info.items() if isinstance(value, float) or isinstance(value, int)}
        funds = sum(fen[name] for name in ("hifp_pay", "cvlserv_pay", "hifes_pay", "hifmi_pay", "hifob_pay", "maf_pay", "oth_pay"))
        return (fen["medfee_sumamt"] == fen["fulamt_ownpay_amt"] + fen["overlmt_selfpay"] + fen["preselfpay_amt"] + fen["inscp_scp_amt"]
                and fen["fund_pay_sumamt"] == funds
                and fen["fund_pay_sumamt"] == sum(round(100 * row["fund_payamt"]) for row in answer["output"]["setldetail"])
                and fen["medfee_sumamt"] == fen["fund_pay_sumamt"] + fen["psn_part_amt"] + fen["hosp_part_amt"]
                and fen["psn_part_amt"] == fen["acct_pay"] + fen["psn_cash_pay"] + fen["acct_mulaid_pay"]
                and fen["balc"] == self.balance - fen["acct_pay"])

    balance = 0


class StrictBlind(Strict, Blind):
    """Sees that the answer is wrong, and settles once more."""


class Gullible(Client):
    """Takes any success at its word and goes home: no cancellation, no reversal."""
    cancels = False


class Optimist(Gullible):
    """Reconciles as if its settlement had gone through."""

    def after(self, bill, visit):
        self.totals({"setlinfo": {"medfee_sumamt": 1000.0, "fund_pay_sumamt": 350.0, "acct_pay": 200.0}})


class Bookkeeper(Gullible):
    """Reconciles by what the settlement's answer said."""
    reconciles = True


class Realist(Client):
    """Knows that a failure books nothing, and settles anew."""

    def after(self, bill, visit):
        self.totals(self.send("2207", bill))


class Alarmed(Client):
    """Takes a warning for a failure, and settles once more."""

    def sound(self, answer):
        return "warn_msg" not in answer

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
            found.append((re.search(r'id="(?:MESSAGE\.\d+|DOUBT)\.(\w+)"', text).group(1), re.search(r'verdict="(\w+)"', text).group(1),
                          (reason.group(1) or reason.group(2)) if reason else ""))
    return host.returncode, found


class Pair(Client):
    """Two institutions at one host: what one of them doubts is nothing to the other."""

    def walk(self):
        other = Client(self.url, lambda infno, message: message.update(
            fixmedins_code="H31010000002", msgid="H31010000002" + message["msgid"][12:], mdtrtarea_admvs="310101"))
        other.after = lambda bill, visit: None
        other.cancels = False
        super().walk()
        other.walk()


def two_institutions(check):
    check("two", lambda infno, message: None, None, "", Pair, "empty-output@2207:1")


def main():
    onecard = sys.argv[1]
    waiting = concurrent.futures.ThreadPoolExecutor(4)
    checks = []

    def check(*arguments):
        checks.append(waiting.submit(is_wrong, *arguments))

    def is_wrong(name, spoil, number, wanted, kind=Client, misbehave=None):
        with tempfile.TemporaryDirectory() as folder:
            code, found = run(onecard, spoil, folder, kind, misbehave)
        bad = [one for one in found if one[1] != "PASS"]
        if number is None:
            caught = not bad and code == 0 and len(found) >= 8
        else:
            # What follows from the first wrong message may be wrong as well; before it nothing is.
            caught = bool(bad) and re.fullmatch(number, bad[0][0]) is not None and wanted in bad[0][2]
        if not caught:
            print("%s: %s; wanted: %s %s" % (name, (code, bad or found), number, wanted), file=sys.stderr)
        return not caught

    def good(infno, message):
        return None
    check("none", good, None, "")
    for name, spoil, number, wanted in DEFECTS:
        check(name, spoil, number, wanted)
    # A spoilt answer hides what became of a settlement: taken back it is well, settled anew it is not, nor is it well to take it
    # at its word. Late ones are late for a client that waits a second.
    unreadable, untrue = ("empty-output", "gbk", "double", "late=2"), ("wrong-number", "long-text", "a1", "a2", "a3", "a4", "a5", "a6")
    for rule in unreadable:
        check("reverses/" + rule, good, None, "", Client, rule + "@2207:1")
        check("blind/" + rule, good, "2207", "F11", Blind, rule + "@2207:1")
    for rule in untrue:
        check("reverses/" + rule, good, None, "", Strict, rule + "@2207:1")
        check("blind/" + rule, good, "2207", "F11", StrictBlind, rule + "@2207:1")
        check("gullible/" + rule, good, "H\\d+", "F11", Gullible, rule + "@2207:1")
    for rule in ("warning", "unknown-field"):
        check("goes-on/" + rule, good, None, "", Strict, rule + "@2207:1")
    check("alarmed/warning", good, "2207", "", Alarmed, "warning@2207:1")
    check("settles-anew/failure", good, None, "", Realist, "failure@2207:1")
    check("optimist/failure", good, "3201", "F12", Optimist, "failure@2207:1")
    check("totals", lambda i, m: m["input"]["data"].update(fixmedins_setl_cnt=2) if i == "3201" else None, "3201", "F12", Bookkeeper)
    two_institutions(check)
    wrong = sum(one.result() for one in checks)
    broken = len(DEFECTS) + 2 * len(untrue) + len(unreadable) + 4
    print("%d broken clients, %d not judged rightly" % (broken, wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
