# SPDX-License-Identifier: Apache-2.0
"""`onecard host` over HTTP: every message once, then clients that mean ill, and it still answers.
Usage: host_http_test.py ONECARD SOURCE"""

import json
import re
import resource
import socket
import sys

ONECARD, SOURCE = sys.argv[1:3]
sys.path.insert(0, f"{SOURCE}/tests/support")

from host_service import Host, answer, post  # noqa: E402

BODY_MAX = 1024 * 1024
IDLE = 2000
MEMORY_KIB = 64 * 1024  # that so many may cost the host
# Two cards; what is asked of them is random as far as the service is concerned.
PROFILES = {
    "ssc-2.0": ("01", 8, "8699990120000001", "99010000000000000000000000000001", ["", ""]),
    "ssc-3.0": ("03", 16, "8699990130000001", "990100D156000005300000016EC319E5", ["AA" * 8, "BB" * 8]),
}
RANDOM = "1122334455667788"
API = "/fsi/api"
OTHERS = {"/hsm/debit-check", "/cross/1903", "/cross/1904", "/cross/9013", "/card-list", "/holder", "/localQrCodeQuery", API} | {
    f"/ecard/{name}" for name in ("check", "sign", "show", "verify", "revoke", "rebind", "query", "qr")} | {
    f"{API}/{name}" for name in (
        "rsfComIfsService/callService", "fsiPsnInfoService/queryPsnInfo", "outpatientDocInfoService/outpatientRregistration",
        "outpatientDocInfoService/outpatientMdtrtinfoUp", "outpatientDocInfoService/outpatientFeeListUp",
        "outpatientSettleService/preSettletment", "outpatientSettleService/saveSettletment",
        "outpatientSettleService/cancleSettletment", "reverseService/revsMethod", "ybSettlementStmtService/stmtTotal",
        "ybSettlementStmtService/stmtDetail")}


def messages(alg, block, atr, card_id, external):
    """Path, fields and the form of the answer: hex digits of each item."""
    card = {"card-id": card_id, "atr": atr}
    basic = "|".join(["990100", atr, alg, card_id, RANDOM, RANDOM, *external]) + "|"
    debit = f"{alg}|040101|A1B2C3D4|0102|000003E80000000200000003|06|990100000030|20260302091500|"
    return [
        ("basic", {"step1": basic}, [32, 32 if external[0] else 0]),
        ("external", {"step1": f"{alg}|000A01|{RANDOM}|{RANDOM}|", "business": "01"} | card, [32]),
        ("external", {"step1": f"{alg}|000A01|{RANDOM}|{RANDOM}|"}, [32]),
        ("secure-message", {"step2": f"{alg}|000201|{RANDOM}|84240001{block + 4:02X}|286719|"} | card,
         [10 + 2 * block + 8]),
        ("secure-message", {"step2": f"{alg}|000201|{RANDOM}|8424000004||"} | card, [18]),
        ("debit", {"step1": debit, "business": "07"} | card, [8, 14, 8]),
    ]


def asks_every_message(host, profile):
    connection = host.connect()
    every = messages(*PROFILES[profile])
    for name, fields, form in every:
        status, got = post(connection, f"/hsm/{name}", fields)
        assert status == 200 and got["result"] == "accepted", (name, status, got)
        items = got["pkey"].removesuffix("|").split("|") if len(form) > 1 else [got["pkey"]]
        assert [len(item) for item in items] == form, (name, got)
    debit = every[-1][1]
    wrong = {"step1": debit["step1"], "mac2": "00000000", "tac": "00000000"}
    assert post(connection, "/hsm/debit-check", wrong) == (200, {"result": "refused", "reason": "mac2"})
    status, got = post(connection, "/hsm/external", every[1][1] | {"business": "04"})
    assert status == 200 and got["reason"] == "field" and "business" in got["detail"], got
    status, got = post(connection, "/hsm/external", {"step1": f"{PROFILES[profile][0]}|000A04|{RANDOM}|{RANDOM}|"})
    assert status == 503 and got["error"] == "key" and "SSSE/RK" in got["message"], (status, got)
    connection.request("GET", "/")
    status, got = answer(connection)
    assert status == 200 and set(got["post"]) == {f"/hsm/{name}" for name, _, _ in every} | OTHERS, got
    connection.close()


def fields(count):
    return json.dumps({f"f{i}": "x" for i in range(count)}).encode()


# Path, media type, body; status and error.
HOSTILE = [
    ("basic", "application/json", b"", 400, "json"),
    ("basic", "application/json", b"{", 400, "json"),
    ("basic", "application/json", b'{"step1":"', 400, "json"),
    ("basic", "application/json", b'{"step1":"x"', 400, "json"),
    ("basic", "application/json", b'{"step1":"x"}}', 400, "json"),
    ("basic", "application/json", b'{"step1":"x"} {"step1":"x"}', 400, "json"),
    ("basic", "application/json", b'{"step1":"x","step1":"y"}', 400, "json"),
    ("basic", "application/json", b'{"step1":7}', 400, "json"),
    ("basic", "application/json", b'{"step1":null}', 400, "json"),
    ("basic", "application/json", b'{"step1":["x"]}', 400, "json"),
    ("basic", "application/json", b'["step1"]', 400, "json"),
    ("basic", "application/json", b'"step1"', 400, "json"),
    ("basic", "application/json", b'{"step1":"\xc3\x28"}', 400, "json"),
    ("basic", "application/json", b'{"step1":"\xed\xa0\x80"}', 400, "json"),
    ("basic", "application/json", b'{"step1":"\\ud800"}', 400, "json"),
    ("basic", "application/json", b'{"step1":"\\u0000"}', 400, "json"),
    ("basic", "application/json", b"\x00" * 1000, 400, "json"),
    ("basic", "application/json", b"\xff\xfe{\x00}\x00", 400, "json"),
    ("basic", "application/json", b"[" * 100000, 400, "json"),
    ("basic", "application/json", b'{"step1":' * 100000, 400, "json"),
    ("basic", "application/json", b"[" + b"1," * 400000 + b"1]", 400, "json"),
    ("basic", "application/json", b'{"step1":"' + b"x" * (BODY_MAX - 12) + b'"}', 200, "refused"),
    ("basic", "application/json", b'{"step1":"' + b"x" * BODY_MAX + b'"}', 413, "too-large"),
    ("basic", "application/json", fields(500), 400, "json"),
    ("basic", "application/json", json.dumps({"n" * 5000: "x"}).encode(), 400, "json"),
    ("basic", "application/json", b'{"step1":"%s%n%n%s"}', 200, "refused"),
    ("basic", "application/json", '{"step1":"样本"}'.encode(), 200, "refused"),
    ("basic", "application/json", b'{"step1":"' + b"|" * 4000 + b'"}', 200, "refused"),
    ("basic", "application/json", b"{}", 200, "refused"),
    ("basic", "text/plain", b'{"step1":"x"}', 415, "media-type"),
    ("basic", "application/jsonp", b'{"step1":"x"}', 415, "media-type"),
    ("basic", "application/x-www-form-urlencoded", b"step1=x", 415, "media-type"),
    ("basic", None, b'{"step1":"x"}', 415, "media-type"),
    ("basic/", "application/json", b"{}", 404, "not-found"),
    ("basic/../external", "application/json", b"{}", 404, "not-found"),
    ("%62asic%00", "application/json", b"{}", 404, "not-found"),
    ("", "application/json", b"{}", 404, "not-found"),
    ("x" * 2000, "application/json", b"{}", 404, "not-found"),
    ("../../../../etc/passwd", "application/json", b"{}", 404, "not-found"),
]


def refuses_bad_bodies(host):
    for path, media_type, body, status, word in HOSTILE:
        connection = host.connect()
        case = path[:40], media_type, body[:40], len(body)
        try:
            seen, got = post(connection, f"/hsm/{path}", body, media_type)
        except (ConnectionResetError, BrokenPipeError):
            # It need not read to the end what it refused by its length.
            assert status == 413, case
            continue
        assert seen == status, (case, seen, got)
        assert (got["result"] if status == 200 else got["error"]) == word, (case, got)
        assert "xxxx" not in json.dumps(got), (case, got)
        connection.close()


def refuses_methods(host):
    for method in ("GET", "PUT", "DELETE", "OPTIONS", "TRACE", "BREW"):
        connection = host.connect()
        connection.request(method, "/hsm/basic")
        status, _ = answer(connection)
        assert status == 405, (method, status)
        connection.close()


def raw(host, data):
    """What comes back for these bytes, at once or never: to what has no end the service listens for a while."""
    got = b""
    with socket.create_connection(host.address, timeout=0.3) as s:
        try:
            s.sendall(data)
            s.shutdown(socket.SHUT_WR)
            while chunk := s.recv(65536):
                got += chunk
        except OSError:
            pass
    return got


def survives_no_http(host):
    head = b"POST /hsm/basic HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
    for data in (b"", b"\x00" * 5000, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"GET / HTTP/9.9\r\n\r\n",
                 b"A" * 200000, head + b"X: " + b"y" * 200000 + b"\r\n\r\n", head + b"Content-Length: -1\r\n\r\n",
                 head + b"Content-Length: 99999999999999999999999\r\n\r\n", head + b"Content-Length: 100\r\n\r\n{}",
                 head + b"Content-Length: 2\r\nContent-Length: 20\r\n\r\n{}",
                 head + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\n{}",
                 head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"):
        got = raw(host, data)
        assert not got or got.startswith(b"HTTP/1.") and b"accepted" not in got, (data[:60], got[:200])


def memory(host):
    with open(f"/proc/{host.process.pid}/status", encoding="ascii") as status:
        return int(re.search(r"VmRSS:\s+(\d+)", status.read())[1])


def serves_beside_idle_ones(host, profile):
    """Many that say nothing, and some that never end what they began; all still there when it is stopped."""
    before = memory(host)
    idle = [socket.create_connection(host.address, timeout=10) for _ in range(IDLE)]
    beginnings = [b"P", b"POST /hsm/basic HTTP/1.1\r\nHost: a\r\n",
                  b"POST /hsm/basic HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 90\r\n\r\n{"]
    for i, s in enumerate(idle[:60]):
        s.sendall(beginnings[i % 3])
    asks_every_message(host, profile)
    assert memory(host) - before < MEMORY_KIB, (before, memory(host))
    return idle


def main():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    for profile in PROFILES:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, hard), hard))  # the host raises its own
        with Host(ONECARD, "--profile", f"{SOURCE}/vectors/cards/{profile}.xml") as host:
            assert host.profile == profile
            resource.setrlimit(resource.RLIMIT_NOFILE, (min(max(soft, 2 * IDLE), hard), hard))
            asks_every_message(host, profile)
            refuses_bad_bodies(host)
            refuses_methods(host)
            survives_no_http(host)
            idle = serves_beside_idle_ones(host, profile)
            stopped = host.stop()
            assert stopped == (0, ""), stopped
            assert not host.left()
            for s in idle:
                s.close()
    print(f"{len(HOSTILE)} hostile bodies refused, {IDLE} idle connections borne")


main()
