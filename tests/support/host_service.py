# SPDX-License-Identifier: Apache-2.0
"""`onecard host` for tests in Python: started on a free port, asked over HTTP, ended by SIGTERM."""

import http.client
import json
import os
import re
import select
import signal
import subprocess

PATIENCE_S = 30


def post(connection, path, body, media_type="application/json"):
    """Status and body; the body as JSON where it is some."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    connection.request("POST", path, body, {"Content-Type": media_type} if media_type else {})
    return answer(connection)


def answer(connection):
    response = connection.getresponse()
    body = response.read()
    is_json = response.headers.get_content_type() == "application/json"
    return response.status, json.loads(body) if is_json else body


class Host:
    """with Host(PROGRAM, ARGUMENT...) as host: host.connect()"""

    def __init__(self, program, *arguments):
        self.process = subprocess.Popen([program, "host", "--listen", "127.0.0.1:0", *arguments],
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        line = self._first_line()
        match = re.match(r"http://(127\.0\.0\.1):(\d+)/ serves (\S+);", line)
        if match is None:
            self.process.kill()
            raise AssertionError(f"no address in {line!r}: {self.process.communicate()}")
        self.address = match[1], int(match[2])
        self.profile = match[3]

    def _first_line(self):
        ready, _, _ = select.select([self.process.stdout], [], [], PATIENCE_S)
        return self.process.stdout.readline().decode() if ready else ""

    def connect(self):
        return http.client.HTTPConnection(*self.address, timeout=PATIENCE_S)

    def stop(self):
        """Exit code, and what it printed meanwhile."""
        self.process.send_signal(signal.SIGTERM)
        printed, complaints = self.process.communicate(timeout=PATIENCE_S)
        return self.process.returncode, (printed + complaints).decode()

    def left(self):
        """Whether a process of its session is there still."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return False
        return True

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
        self.process.stdout.close()
        self.process.stderr.close()
        self.process.wait()
