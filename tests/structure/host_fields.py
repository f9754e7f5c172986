#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Makes vectors/host/fields-*.xml from the field tables of vectors/regions/messages.xml.

usage: host_fields.py MESSAGES.xml FOLDER

For each message a case per kind of flaw, with a row per field: the right message is the case, the same message with
that one field spoiled its negative. The structure test host_fields.sh compares what this makes with what is there, so
that tables and vectors cannot drift apart.
"""
import sys
import xml.etree.ElementTree as tree
from pathlib import Path
from xml.sax.saxutils import quoteattr

SPACE = "{urn:onecard:messages:1}"

# The dialogue that comes before a message, and what the message itself has to be told; the rest is the tables' samples.
CARD = {"mdtrt_cert_no": "@SSSE/EF05/07", "card_sn": "@SSSE/EF05/01.hex"}
NUMBER = {"mdtrt_cert_no": "@SSSE/EF05/07"}
PERSON = {"psn_no": "$psn"}
VISIT = {"psn_no": "$psn", "mdtrt_id": "$visit"}
BED = {"med_list_codg": "'001109000010000-1'", "pric": "'40.00'", "det_item_fee_sumamt": "'40.00'"}
NOTHING = {"setl_optins": "'310000'", "medfee_sumamt": "'0.00'", "fund_pay_sumamt": "'0.00'",
           "fixmedins_setl_cnt": "'0'"}
OURS = {"fixmedins_code": "'H31010000001'"}
FILE = {**OURS, "file_qury_no": "$file"}
SIGNED, KNOWN = ["sign-in"], ["sign-in", "person"]
REGISTERED = KNOWN + ["register"]
OPEN = ["open-visit"]
CHARGED = OPEN + ["lines"]
ADMITTED = KNOWN + ["admit"]
STAYED = ADMITTED + ["bed-lines"]

MESSAGES = {
    "9001": ("session", [], {}),
    "9002": ("session", SIGNED, {"sign_no": "$sign"}),
    "1101": ("person", SIGNED, CARD),
    "1161": ("component", [], {"psn_cert_type": "'01'"}),
    "1162": ("component", ["shown-there"], {"ecQrCode": "$token"}),
    "ec.query": ("component", ["shown"], {"ecQrCode": "$token"}),
    "9201": ("component", SIGNED, {"card_sn": "@SSSE/EF05/01.hex", "atr_hist": "@factor/card.hex",
                                   "random1": "'1122334455667788'", "random2": "'8877665544332211'",
                                   "cryptogram": "'0011223344556677'"}),
    "2001": ("person", KNOWN, PERSON),
    "2201": ("outpatient", KNOWN, {**PERSON, **CARD}),
    "2202": ("outpatient", REGISTERED, VISIT),
    "2203": ("outpatient", REGISTERED, VISIT),
    "2204": ("outpatient", OPEN, VISIT),
    "2205": ("outpatient", CHARGED, VISIT),
    "2206": ("outpatient", CHARGED, {**VISIT, **NUMBER, "medfee_sumamt": "'25.00'"}),
    "2207": ("outpatient", CHARGED, {**VISIT, **NUMBER, "medfee_sumamt": "'25.00'"}),
    "2208": ("outpatient", CHARGED + ["settle"], {**VISIT, "setl_id": "$setl"}),
    "2301": ("inpatient", ADMITTED, {**VISIT, **BED}),
    "2302": ("inpatient", STAYED, VISIT),
    "2303": ("inpatient", STAYED, {**VISIT, **NUMBER, "med_type": "'21'", "medfee_sumamt": "'40.00'"}),
    "2304": ("inpatient", STAYED, {**VISIT, **NUMBER, "med_type": "'21'", "medfee_sumamt": "'40.00'"}),
    "2305": ("inpatient", STAYED + ["settle-stay"], {**VISIT, "setl_id": "$setl"}),
    "2401": ("inpatient", KNOWN, {**PERSON, **CARD, "med_type": "'21'"}),
    "2402": ("inpatient", ADMITTED, VISIT),
    "2403": ("inpatient", ADMITTED, VISIT),
    "2404": ("inpatient", ADMITTED, VISIT),
    "2405": ("inpatient", ADMITTED + ["discharge"], VISIT),
    "2601": ("centre", CHARGED + ["settle"], {**PERSON, "omsgid": "$setl-msgid", "oinfno": "'2207'"}),
    "3201": ("centre", SIGNED, {**NOTHING, "acct_pay": "'0.00'"}),
    "3202": ("centre", SIGNED + ["upload"], {**NOTHING, "cash_payamt": "'0.00'", "file_qury_no": "$file"}),
    "9101": ("centre", SIGNED, {**OURS, "in": "'AAAA'"}),
    "9102": ("centre", SIGNED + ["upload"], FILE),
}
ENVELOPE = "2001"
# What is sent beside the fields: where hospitals have a component, and the card in its reader.
THERE = [("region", "'shanghai'")]
BESIDE = {"1161": THERE + [("reader.card-number", "@SSSE/EF05/07"), ("reader.card-id", "@SSSE/EF05/01.hex")],
          "1162": THERE}
# The voucher's query answers with a number and a text of its own, and warns of nothing.
CODE = {"ec.query": "code"}

# Texts that mean something to the back-end, so that the longest possible one would be refused for another reason.
BOUND = {"psn_no", "mdtrt_id", "mdtrt_cert_no", "card_sn", "sign_no", "omsgid", "oinfno", "setl_id", "certno",
         "psn_name", "file_qury_no", "ecQrCode", "fixmedins_code", "infno", "msgid", "infver", "opter", "mdtrtarea_admvs"}
BOUND_IN = {("2202", "ipt_otp_no")} | {(m, "chrg_bchno") for m in
                                       ("2205", "2206", "2207", "2302", "2303", "2304")}

KINDS = {
    "missing": ("MISSING", "missing-field", "缺失", "is missing"),
    "too-long": ("TOO-LONG", "wrong-length", "超长", "is too long"),
    "length": ("LENGTH", "wrong-length", "长度不符", "has the wrong length"),
    "type": ("TYPE", "wrong-data", "类型或格式不符", "has the wrong type or form"),
    "dictionary": ("DICTIONARY", "out-of-range", "不在字典中", "is no word of its dictionary"),
}
CONDITION = "host.medical and record(SSSE/EF05/01) and record(SSSE/EF05/07)"
PERSONAL = " and record(SSSE/EF06/08) and record(SSSE/EF06/09)"
ALSO = {"1162": PERSONAL, "ec.query": PERSONAL, "9201": " and key(SSSE/IRK)"}
FILLER = 2048


class Field:
    def __init__(self, node, element):
        self.name = element.get("name")
        self.type = element.get("type", "text")
        self.len = int(element.get("len"))
        self.decimals = int(element.get("decimals", "0"))
        self.exact = element.get("exact") == "yes"
        self.signed = element.get("signed") == "yes"
        self.required = element.get("required") == "yes"
        self.when = element.get("when")
        self.sample = element.get("sample")
        self.source = element.get("source")
        name = node.get("node") if node is not None else None
        many = node is not None and node.get("many") == "yes"
        self.path = "env." + self.name if name is None else f"{name}.0.{self.name}" if many else f"{name}.{self.name}"
        self.told = self.name if name is None else f"{name}[0].{self.name}" if many else f"{name}.{self.name}"
        self.node = name or ""

    def key(self, nodes):
        lead = self.node + "-" if nodes > 1 else ""
        return (lead + self.name).replace("_", "-").upper()


def fields_of(root, node):
    parts = {part.get("id"): part for part in root.iter(SPACE + "part")}

    def walk(parent):
        for child in parent:
            if child.tag == SPACE + "field":
                yield Field(node if node.tag == SPACE + "in" else None, child)
            elif child.tag == SPACE + "part-of":
                yield from walk(parts[child.get("id")])

    return list(walk(node))


def filler(count):
    whole, rest = divmod(count, FILLER)
    tokens = ["$filler"] * whole + ([f"$filler[0:{rest}]"] if rest else [])
    return " ".join(tokens)


def too_long(field):
    if field.type == "decimal":
        return f"'1{'0' * (field.len - field.decimals)}.{'0' * field.decimals}'"
    if field.type == "datetime":
        return "'2026-03-02 09:15:000'"
    if field.type == "date":
        return "'2026-03-020'"
    if field.type in ("digits", "integer"):
        return f"'{'1' * (field.len + 1)}'"
    return filler(field.len + 1)


def wrong_types(field):
    if field.type == "decimal":
        values = ["'abc'", f"'1.{'0' * field.decimals}1'"]
        return values if field.signed else values + ["'-1.00'"]
    return {"digits": [f"'{'X' * field.len}'", f"'json:{'1' * field.len}'"],
            "integer": ["'x'", "'-1'"],
            "date": ["'2026-02-30'", "'20260302'"],
            "datetime": ["'2026-02-30 09:15:00'", "'2026-03-02T09:15:00'", "'2026-03-02 24:00:00'"],
            "base64": ["'AAA'", "'A*A='"]}.get(field.type, ["'json:12345'"])


def flaws(field, kind, infno):
    if kind == "missing":
        conditional = field.when == "psn_no" or (field.when == "mdtrt_cert_type=03" and infno == "1101")
        return [""] if field.required or conditional else []
    if kind == "too-long":
        return [too_long(field)]
    if kind == "length":
        return [f"'{'1' * (field.len - 1)}'"] if field.exact else []
    if kind == "type":
        return wrong_types(field)
    return ["'ZZ'"] if field.type == "code" else ["'9999'"] if field.name == "infno" else []


def requirement(field, kind):
    return {"B": f"NHSA.FIELD.{KINDS[kind][0]}", "C": "NHSA.FIELD.SINGLE", "P": "NHSA.FIELD.CHOICE"}[field.source]


def rows_of(fields, kind, infno):
    nodes = len({field.node for field in fields})
    rows = []
    for field in fields:
        for number, bad in enumerate(flaws(field, kind, infno), 1):
            key = field.key(nodes) + (f"-{number}" if number > 1 else "")
            rows.append({"key": key, "path": field.path, "told": field.told, "bad": bad,
                         "req": requirement(field, kind)})
    return rows


def longest_rows(fields, infno):
    nodes = len({field.node for field in fields})
    rows = []
    for field in fields:
        if field.type != "text" or field.exact or field.name in BOUND or (infno, field.name) in BOUND_IN:
            continue
        # Lengths count characters (project choice): Chinese ones where the sample has them.
        wide = field.sample is not None and not field.sample.isascii() and field.len <= 200
        good = f"'{'示' * field.len}'" if wide else filler(field.len)
        rows.append({"key": field.key(nodes), "path": field.path, "good": good, "req": requirement(field, "too-long")})
    return rows


def table(rows):
    lines = ["    <table>"]
    for row in rows:
        lines.append("      <row " + " ".join(f"{name}={quoteattr(value)}" for name, value in row.items()) + "/>")
    return lines + ["    </table>"]


def sends_of(infno, fields):
    told = MESSAGES[infno][2]
    yield from BESIDE.get(infno, [])
    if any(field.name == "psn_no" for field in fields):
        yield "env.insuplc_admdvs", "$place"
    nodes = []
    for field in fields:
        if field.name in told:
            yield field.path, told[field.name]
            nodes.append(field.node)
        elif ".0." in field.path and field.node not in nodes:
            yield field.path, f"'{field.sample}'"
            nodes.append(field.node)


def message(infno, fields, extra=()):
    lines = [f'      <message to="host" id="good" name="{infno}">']
    for name, value in list(sends_of(infno, fields)) + list(extra):
        lines.append(f'        <send name="{name}">{value}</send>')
    return lines


def steps(infno):
    return ["    <steps>"] + [f'      <use routine="{routine}"/>' for routine in MESSAGES[infno][1]]


def lets(rows):
    if not any("$filler" in row.get("bad", "") + row.get("good", "") for row in rows):
        return []
    return [f'    <let id="noise" fn="random" len="{FILLER // 2}"/>',
            '    <let id="filler" fn="hex" data="$noise"/>']


def head(infno, case, zh, en, req):
    return [f'  <case id="{case}" rev="1" touches="none" clock="2026-03-02T09:15:00+08:00">',
            f'    <title xml:lang="zh">{zh}</title>', f'    <title xml:lang="en">{en}</title>',
            f"    <req>{req}</req>", f"    <if>{CONDITION}{ALSO.get(infno, '')}</if>"]


def refused(name, infno, content, judged, kind, title):
    rows = rows_of(judged, kind, infno)
    if not rows:
        return []
    word, because, zh, en = KINDS[kind]
    case = f"HOST.FIELDS.{name}-{word}"
    lines = head(infno, case, f"{title[0]}：$path{zh}", f"{title[1]}: $path {en}", f"NHSA.MSG.{infno.upper()}")
    lines += lets(rows) + table(rows) + steps(infno) + message(infno, content)
    code = CODE.get(infno, "infcode")
    lines += [f'        <answer name="{code}" eq="\'0\'"/>', "      </message>", "    </steps>",
              f'    <negative id="{case}.REFUSED" because="{because}" dut="host" req="$req">',
              '      <edit step="good" send="$path" to="$bad"/>',
              f'      <expect step="good"><answer name="{code}" eq="\'-1\'"/><answer name="rule" eq="\'{kind}\'"/>'
              '<answer name="field" eq="\'$told\'"/></expect>',
              "    </negative>", "  </case>", ""]
    return lines


def longest(name, infno, content, judged, title):
    rows = longest_rows(judged, infno)
    if not rows:
        return []
    lines = head(infno, f"HOST.FIELDS.{name}-LONGEST", f"{title[0]}：$path取最大长度", f"{title[1]}: $path as long as it may be",
                 "$req")
    lines += lets(rows) + table(rows) + steps(infno) + message(infno, content, [("$path", "$good")])
    return lines + [f'        <answer name="{CODE.get(infno, "infcode")}" eq="\'0\'"/>', "      </message>", "    </steps>",
                    "  </case>", ""]


def unknown(name, infno, content, judged, title):
    places = dict.fromkeys(field.path.rsplit(".", 1)[0] for field in judged)
    rows = [{"key": place.split(".")[0].upper(), "inside": place, "path": f"{place}.no_such_field"} for place in places]
    lines = head(infno, f"HOST.FIELDS.{name}-UNKNOWN", f"{title[0]}：$inside中的未定义字段只引起警告",
                 f"{title[1]}: a field that $inside does not define is only warned of", "NHSA.FIELD.UNKNOWN")
    lines += table(rows) + steps(infno) + message(infno, content, [("$path", "'1'")])
    return lines + ['        <answer name="infcode" eq="\'0\'"/>', '        <answer name="warn_msg" min="1"/>',
                    "      </message>", "    </steps>", "  </case>", ""]


def cases(name, infno, content, judged, title):
    lines = []
    for kind in KINDS:
        lines += refused(name, infno, content, judged, kind, title)
    lines += longest(name, infno, content, judged, title)
    return lines if infno in CODE else lines + unknown(name, infno, content, judged, title)


GROUPS = {
    "session": ("签到与签退的字段", "Fields of signing in and out"),
    "person": ("人员信息与待遇查询的字段", "Fields of the questions about a person"),
    "outpatient": ("门诊报文的字段", "Fields of outpatient messages"),
    "inpatient": ("住院报文的字段", "Fields of inpatient messages"),
    "component": ("本地组件、电子凭证与卡认证的字段", "Fields of the local component, the voucher and card authentication"),
    "centre": ("冲正、对账与文件的字段", "Fields of reversal, reconciliation and files"),
    "envelope": ("报文信封的字段", "Fields of the envelope"),
}


def suite(group, lines):
    zh, en = GROUPS[group]
    top = ['<?xml version="1.0" encoding="UTF-8"?>', "<!-- SPDX-License-Identifier: Apache-2.0 -->",
           "<!-- Made by tests/structure/host_fields.py from the tables of regions/messages.xml: change those. -->",
           '<suite xmlns="urn:onecard:vectors:1" area="host">', f'  <title xml:lang="zh">{zh}</title>',
           f'  <title xml:lang="en">{en}</title>', '  <import routines="routines.xml"/>', ""]
    return "\n".join(top + lines[:-1] + ["</suite>", ""])


def main():
    root = tree.parse(sys.argv[1]).getroot()
    made = {group: [] for group in GROUPS}
    for element in root.iter(SPACE + "message"):
        infno = element.get("infno")
        if infno not in MESSAGES:
            continue
        fields = [field for node in element.findall(SPACE + "in") for field in fields_of(root, node)]
        title = (f"{infno} {element.get('zh')}", f"{infno} {element.get('en')}")
        made[MESSAGES[infno][0]] += cases(infno.upper().replace(".", "-"), infno, fields, fields, title)
        if infno == ENVELOPE:
            request = next(e for e in root.iter(SPACE + "envelope") if e.get("of") == "request")
            made["envelope"] += cases("ENVELOPE", infno, fields, fields_of(root, request), ("报文信封", "envelope"))
    for group, lines in made.items():
        Path(sys.argv[2], f"fields-{group}.xml").write_text(suite(group, lines), encoding="utf-8")


main()
