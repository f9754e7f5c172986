# SPDX-License-Identifier: Apache-2.0
"""Writes a result record with something of everything that a page shows, and with texts that would do harm if they could."""
from xml.sax.saxutils import escape, quoteattr

HURT = "\"'></code></script><script>window.hurt=1</script><img src=x onerror=window.hurt=2>"
HURT_ID = "T.HURT';window.hurt=3;'<i>\"&"
PASSES = ("ssc-3.0/inproc", "ssc-3.0/" + HURT)
SELECT = ("00A404000F7378312E73682EC9E7BBE1B1A3D5CF", "9000")
ENTER = ("00A4000002DF04", "9000")
FCI = "6F16840F7378312E73682EC9E7BBE1B1A3D5CFA50388011E"
# What the back-end says of an expired token, in GB18030, as a record has it.
ERR_MSG = "5B564F55434845525D20C1EEC5C6D2D1B9FDC6DA"


def element(name, text="", **attributes):
    """An element; attributes with underscores for hyphens; text is escaped."""
    inside = "".join(f" {key.replace('_', '-')}={quoteattr(str(value))}" for key, value in attributes.items())
    return f"<{name}{inside}>{escape(text)}</{name}>"


def exchange(command, response, actor="card"):
    """One command and its answer."""
    inside = element("command", command) + ("" if response is None else element("response", response))
    return f'<exchange actor="{actor}" begin-ns="1000" duration-ns="12345">{inside}</exchange>'


def step(name, *exchanges, kind="apdu", note=None, actor="card", **more):
    """A step of a case."""
    attributes = "".join(f" {key.replace('_', '-')}={quoteattr(value)}" for key, value in more.items())
    inside = ("" if note is None else element("note", note)) + "".join(exchanges)
    return (f'<step id={quoteattr(name)} kind="{kind}" actor="{actor}" phase="steps"{attributes} duration-ns="20000">'
            f"{inside}</step>")


def case(name, verdict, steps="", evidence="", reason="", pass_id=PASSES[0], req="SSC.DF04.EF05.READ", title="标题", **more):
    """A case of the record."""
    attributes = "".join(f" {key}={quoteattr(value)}" for key, value in more.items())
    return (f'<case id={quoteattr(name)} pass={quoteattr(pass_id)} verdict="{verdict}" area="card" file="vectors/card/a.xml" '
            f'line="7" rev="1" condition="stated" flow="false" duration-ns="99000"{attributes}>'
            f'<title lang="zh">{escape(title)}</title><title lang="en">{escape("Title " + title)}</title>'
            + element("req", req) + (element("reason", reason) if reason else "") + evidence + steps + "</case>")


def evidence(name, what, expected, received, requirement="SSC.DF04.EF05.READ", confidence="A", difference=True):
    """The check that decided."""
    at = ' first-difference="0"' if difference else ""
    return (f'<evidence step={quoteattr(name)} what={quoteattr(what)}{at} requirement={quoteattr(requirement)} '
            f'confidence="{confidence}">' + element("expected", expected) + element("received", received) + "</evidence>")


def cases(passing):
    """All of them, by verdict."""
    before = step("enter", exchange(*SELECT)) + step("df", exchange(*ENTER)) + step("pin", exchange("0020000003{@pin}", "9000"))
    read = step("read", exchange("00B2012C00", "6982"), **{"class": "READ RECORD"})
    selected = step("select", exchange(SELECT[0], FCI + "9000"), **{"class": "SELECT"})
    record = step("again", exchange("00B2072C00", "0710{16 bytes}9000"), **{"class": "READ RECORD"})
    call = step("call", kind="call", actor="terminal", note="iVerifyPIN type='1' -> code='-31' 1='x'", **{"class": "iVerifyPIN"})
    message = step("pay", kind="message", actor="host",
                   note=f"2207 data.psn_no='x' -> infcode='-1' err_msg={ERR_MSG} rule='VOUCHER' field='data.mdtrt_cert_no'")
    hurt = step(HURT, exchange(HURT, HURT), note=HURT)
    yield from (case(f"T.PASS.{i}", "PASS") for i in range(passing))
    yield case("T.SW", "FAIL", before + read, evidence("read", "sw", "9000", "6982"), "step read: sw: expected 9000, received 6982")
    yield case("T.SW", "FAIL", before + read, evidence("read", "sw", "9000", "6982"), "step read: sw: expected 9000, received 6982", PASSES[1])
    yield from (case(f"T.SAME.{i}", "FAIL", before + read, evidence("read", "sw", "9000", "6982"), f"the same, {i}") for i in range(9))
    yield case("T.TLV", "FAIL", selected, evidence("select", "data", FCI[:-2] + "15", FCI), "step select: data")
    yield case("T.RECORD", "DEVIATION", before + record, evidence("again", "data", "0711{16 bytes}", "0710{16 bytes}", confidence="C"), "step again: data")
    yield case("T.CODE", "FAIL", call, evidence("call", "answer code", "'0'", "'-31'", "SSC.TERMINAL.VERIFY-PIN"), "step call: answer code", waiver="W-1")
    yield case("T.MESSAGE", "FAIL", message, evidence("pay", "answer infcode", "'0'", "'-1'", difference=False), "step pay: answer infcode")
    yield case(HURT_ID.replace(" ", ""), "FAIL", hurt, evidence(HURT, HURT, HURT, HURT, HURT), HURT, PASSES[1], HURT, HURT)
    yield case("T.OPEN", "INCONCLUSIVE", reason="its positive twin T.SW did not pass", twin="T.SW", because="wrong-pin")
    yield case("T.ERROR", "ERROR", reason="the reader went away")
    yield case("T.ABSENT", "NOT_APPLICABLE", reason="card.df03 is false")
    yield case("T.LEFT", "NOT_RUN", reason="key DF04/DLK is not at hand")


LAB = f"""<lab xmlns="urn:onecard:lab:1"><laboratory name={quoteattr('Lab ' + HURT)} address="Road 1"/><report id="LAB-2026-9"
issued="2026-03-09"/><customer name="Customer C"/><item received="2026-02-27"/><departure lang="en">Humidity was not held.</departure>
<authorised name="Doctor D" function="director"/></lab>"""


def write(path, passing=20):
    """Writes it; returns the number of cases by verdict."""
    body = list(cases(passing))
    names = ("PASS", "NOT_APPLICABLE", "NOT_RUN", "INCONCLUSIVE", "DEVIATION", "FAIL", "ERROR")
    counts = {name: sum(f' verdict="{name}"' in one[:400] for one in body) for name in names}
    passes = "".join(f'<pass id={quoteattr(one)} profile="ssc-3.0" card={quoteattr(HURT)} terminal="exec:a b" transport="pcsc" '
                     f'atr="3B00" virtual="true"><title lang="zh">{escape(HURT)}</title></pass>' for one in PASSES)
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<result xmlns="urn:onecard:result:1" suite-version="0.1.0" seed="42" '
        'strict="false" started="2026-03-02T09:15:00+08:00" ended="2026-03-02T09:16:00+08:00" interrupted="false" '
        f'resumes="0" exit-code="1" planned="{len(body)}" run-id="R-20260302T011500Z-0A1B2C3D">\n'
        + element("command-line", "onecard run " + HURT)
        + f'<environment cpu={quoteattr(HURT)} processors="2" compiler="gcc" openssl="3" libxml2="2" pcsclite="1" clock="c" '
          'clock-source="tsc" governor="g"/>'
        + f'<ics sha256="{"1" * 64}"><ics xmlns="urn:onecard:ics:1" id="ICS-7"><vendor name="Vendor A"/><item kind="terminal" '
          f'model={quoteattr(HURT)} serial="SN-42"/><declares term="terminal.has(iDoDebit)" supported="false"/></ics></ics>'
        + f'<vectors sha256="{"0" * 64}"/><counts>'
        + "".join(f'<count verdict="{name}" n="{number}"/>' for name, number in counts.items()) + "</counts>"
        + '<waiver id="W-1" case="T.CODE" until="2026-12-31" by="Doctor D" holds="true"><reason lang="en">accepted for the pilot</reason></waiver>'
        + '<waiver id="W-0" case="T.TLV" until="2025-12-31" by="Doctor D" holds="false"><reason lang="zh">试点</reason></waiver>'
        + passes + "<latency/>\n" + "\n".join(body) + "\n</result>\n", encoding="utf-8")
    return counts
