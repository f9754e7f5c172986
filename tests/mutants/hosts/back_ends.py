#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Broken back-ends: each stands before a good one and breaks one thing of the transport; what their answers may say is
tried in tests/unit/run_back_end_test.c. One flow of the vectors has to fail with each,
for the reason that stands beside it, and to pass with none.
back_ends.py ONECARD"""
import http.client
import http.server
import json
import re
import subprocess
import sys
import tempfile
import threading
import time

FLOW = "HOST.FLOW.OUTPATIENT"


def object_of(change):
    """A defect in the JSON of an answer."""
    def spoil(infno, status, body):
        answer = json.loads(body)
        change(answer, infno)
        return status, json.dumps(answer, ensure_ascii=False).encode()
    return spoil


def of(number, change):
    """A change in the answer to one message."""
    return object_of(lambda answer, infno: change(answer) if infno == number else None)


def late(infno, status, body):
    time.sleep(2 if infno == "2207" else 0)
    return status, body


GARBAGE = "GARBAGE: "
# name, what it does to an answer, what the verdict says
DEFECTS = [
    ("late-answer", late, "HANG: the back-end gave no answer within 1000 ms"),
    ("http-error", lambda i, s, b: (500, b) if i == "2207" else (s, b), GARBAGE + "the back-end answered with HTTP status 500"),
    ("hangs-up", lambda i, s, b: (None, b) if i == "2207" else (s, b), "EXIT: the back-end hung up"),
    ("empty-body", lambda i, s, b: (s, b"") if i == "2207" else (s, b), GARBAGE + "the answer is no JSON object"),
    ("truncated", lambda i, s, b: (s, b[:-1]) if i == "2207" else (s, b), GARBAGE + "the answer is no JSON object"),
    ("html", lambda i, s, b: (s, b"<html/>"), GARBAGE + "the answer is no JSON object"),
    ("array", lambda i, s, b: (s, b"[" + b + b"]"), GARBAGE + "the answer is no JSON object in UTF-8: another value"),
    ("endless", lambda i, s, b: (s, b + b" " * 2000000), "FLOOD: the back-end answered more than 1048576 bytes"),
    ("gbk", lambda i, s, b: (s, b.decode().encode("gb18030")) if i == "1101" else (s, b), GARBAGE + "the answer is no JSON object in UTF-8"),
    ("duplicate-name", lambda i, s, b: (s, b.replace(b'"infcode":"0"', b'"infcode":"0","infcode":"0"', 1)), GARBAGE + "the answer is no JSON object"),
    ("silent-failure", of("2207", lambda a: a.update(infcode="-1", err_msg="")), GARBAGE + "err_msg: a failure says nothing"),
    ("refuses", of("2206", lambda a: a.update(infcode="-1", err_msg="no")), "answer infcode: expected 0, received -1"),
]


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        pass  # the harness hangs up on who says too much


# What the host does wrong on order is found, too; what a client has to bear is no failure.
ORDERED = [
    ("a1", "identity A1"), ("a2", "identity A2"), ("a3", "identity A3"), ("a4", "identity A4"), ("a5", "identity A5"), ("a6", "identity A6"),
    ("wrong-number", "inf_refmsgid: the field has the wrong length"), ("empty-output", "output.setlinfo: a mandatory field is missing"),
    ("gbk", "the answer is no JSON object in UTF-8"), ("double", "the answer is no JSON object in UTF-8"),
    ("failure", "answer infcode: expected 0, received -1"), ("long-text", "err_msg: the field is too long"), ("late", "HANG"), ("warning", None), ("unknown-field", None),
]


def serve(onecard, *options):
    """A host and its port."""
    host = subprocess.Popen([onecard, "host", "--listen", "127.0.0.1:0", *options], stdout=subprocess.PIPE, text=True)
    return host, int(re.match(r"http://127\.0\.0\.1:(\d+)/", host.stdout.readline()).group(1))


def ordered(onecard):
    """How many of the host's own misdeeds are not found."""
    wrong = 0
    for rule, wanted in ORDERED:
        # Of 1101, since gbk needs a text beyond ASCII in the answer.
        host, port = serve(onecard, "--misbehave", rule + ("@1101" if rule == "gbk" else "@2207:1"))
        with tempfile.TemporaryDirectory() as folder:
            got, reason = verdict(onecard, "http://127.0.0.1:%d/fsi/api" % port, folder)
        host.kill()
        host.wait()
        if (got, wanted) != ("PASS", None) and (wanted is None or wanted not in reason):
            wrong += 1
            print("--misbehave %s: %s, %s" % (rule, got, reason), file=sys.stderr)
    return wrong


def proxy(port, spoil):
    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            request = self.rfile.read(int(self.headers["Content-Length"]))
            good = http.client.HTTPConnection("127.0.0.1", port)
            good.request("POST", self.path, request, {"Content-Type": "application/json"})
            answer = good.getresponse()
            status, body = spoil(json.loads(request)["infno"], answer.status, answer.read())
            good.close()
            if status is None:
                self.close_connection = True
                return
            try:
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

        def log_message(self, *_):
            pass

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    return server


def verdict(onecard, url, folder):
    """The flow's verdict and reason."""
    subprocess.run([onecard, "run", "-q", "--via", "inproc", "--timeout", "1", "--profile", "vectors/cards/ssc-3.0.xml", "--host", url,
                    "-k", "^" + re.escape(FLOW) + "$", "-o", folder, "vectors/host/outpatient.xml"], stdout=subprocess.DEVNULL, check=False)
    with open(folder + "/result.xml", encoding="utf-8") as record:
        found = re.search(r'<case [^>]*id="' + re.escape(FLOW) + r'"[^>]*>.*?</case>', record.read(), re.S).group(0)
    reason = re.search(r"<reason>(.*?)</reason>|reason=\"(.*?)\"", found, re.S)
    text = (reason.group(1) or reason.group(2)) if reason else ""
    return re.search(r'verdict="(\w+)"', found).group(1), text.replace("&apos;", "").replace("'", "").replace("&lt;", "<")


def main():
    onecard = sys.argv[1]
    host, port = serve(onecard)
    wrong = 0
    try:
        good = [("none", lambda i, s, b: (s, b), "")]
        for name, spoil, wanted in good + DEFECTS:
            server = proxy(port, spoil)
            with tempfile.TemporaryDirectory() as folder:
                got, reason = verdict(onecard, "http://127.0.0.1:%d/fsi/api/" % server.server_address[1], folder)
            server.shutdown()
            server.server_close()
            caught = (got == "PASS") if name == "none" else (got in ("FAIL", "DEVIATION") and wanted in reason)
            if not caught:
                wrong += 1
                print("%s: %s, %s; wanted: %s" % (name, got, reason, wanted), file=sys.stderr)
    finally:
        host.terminate()
        host.wait()
    wrong += ordered(onecard)
    print("%d broken back-ends, %d not caught" % (len(DEFECTS) + len(ORDERED) - 2, wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
