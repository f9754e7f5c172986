# SPDX-License-Identifier: Apache-2.0
"""A card in a reader that can be unplugged: it speaks vpcd's protocol (two bytes of length and a body; a body of one byte
is a command to the reader: 0 off, 1 on, 2 reset, 4 answer to reset) and has `onecard card` answer. At an exchange that is
told it does something else, goes, and comes back after a while, powered up anew, with what its memory held."""

import glob
import os
import shutil
import socket
import subprocess
import threading
import time

OFF, ON, RESET, ATR = range(4)
ATR = 4


class Gone(Exception):
    pass


class SoftCard:
    def __init__(self, onecard, source, profile, port):
        self.child = subprocess.Popen([onecard, "card", "--profile", profile], cwd=source, stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.port = port
        self.atr = b""
        self.is_on = False
        self.exchanges = 0
        self.strikes = []  # (at exchange, what, seconds away)
        self.struck = 0
        self.stopped = False
        self.socket = None
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def ask(self, line):
        self.child.stdin.write(line.encode() + b"\n")
        self.child.stdin.flush()
        return bytes.fromhex(self.child.stdout.readline().decode().strip())

    def receive(self, count):
        data = b""
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise Gone
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
            data += more
        return data

    def send(self, body):
        self.socket.sendall(len(body).to_bytes(2, "big") + body)

    def answer(self, frame):
        if len(frame) == 1 and frame[0] in (OFF, ON, RESET, ATR):
            if frame[0] in (ON, RESET) or (frame[0] == ATR and not self.atr):
                self.atr = self.ask("W" if frame[0] == RESET else "R")
            self.is_on = frame[0] in (ON, RESET) or (frame[0] == ATR and self.is_on)
            if frame[0] == ATR:
                self.send(self.atr)
            return
        if not self.is_on:
            raise Gone  # no card answers without power, and none was reset behind its user's back
        self.exchanges += 1
        response = self.ask(frame.hex())
        if self.strikes and self.exchanges >= self.strikes[0][0]:
            _, what, away = self.strikes.pop(0)
            self.struck += 1
            self.misbehave(what, response)
            self.socket.close()
            self.atr, self.is_on = b"", False
            time.sleep(away)
            raise Gone
        self.send(response)

    def misbehave(self, what, response):
        """`what` is sent in place of an answer, before the card is away."""
        if what == "half frame":
            self.socket.sendall(len(response).to_bytes(2, "big") + response[:1])
        elif what == "long frame":
            self.socket.sendall(b"\xff\xff" + response)
            time.sleep(0.3)
        elif what == "empty frame":
            self.socket.sendall(b"\0\0")
            time.sleep(0.3)
        elif what == "silence":
            time.sleep(1.5)

    def serve(self):
        while not self.stopped:
            try:
                self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=5)
                self.socket.settimeout(None)
                self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                while not self.stopped:
                    self.answer(self.receive(int.from_bytes(self.receive(2), "big")))
            except (Gone, OSError, ValueError):
                self.atr, self.is_on = b"", False
                time.sleep(0.02)

    def stop(self):
        self.stopped = True
        if self.socket is not None:
            try:
                self.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        self.thread.join(5)
        self.child.stdin.close()
        self.child.wait(5)


def free_ports():
    """Two neighbouring ports that nobody uses."""
    while True:
        with socket.socket() as first, socket.socket() as second:
            first.bind(("0.0.0.0", 0))
            port = first.getsockname()[1]
            try:
                second.bind(("0.0.0.0", port + 1))
                return port
            except (OSError, OverflowError):
                continue


class Pcscd:
    """A pcscd with one vpcd reader; None from `start` where the machine cannot have one."""

    @staticmethod
    def start(folder):
        drivers = [found for base in ("/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/lib/*")
                   for found in glob.glob(f"{base}/pcsc/drivers/serial/libifdvpcd.so")]
        program = shutil.which("pcscd", path=os.environ.get("PATH", "") + ":/usr/sbin")
        if not drivers or program is None or subprocess.run(["unshare", "--mount", "true"], check=False,
                                                            stderr=subprocess.DEVNULL).returncode != 0:
            return None
        return Pcscd(folder, program, drivers[0])

    def __init__(self, folder, program, driver):
        self.port = free_ports()
        os.makedirs(f"{folder}/conf", exist_ok=True)
        os.makedirs(f"{folder}/run", exist_ok=True)
        os.makedirs("/run/pcscd", exist_ok=True)
        with open(f"{folder}/conf/vpcd", "w", encoding="ascii") as file:
            file.write(f'FRIENDLYNAME "onecard trial"\nDEVICENAME /dev/null:{self.port}\nLIBPATH {driver}\n'
                       f"CHANNELID {self.port}\n")
        self.socket = f"{folder}/run/pcscd.comm"
        self.program = subprocess.Popen(
            ["unshare", "--mount", "--propagation", "private", "bash", "-c",
             'mount --bind "$1/run" /run/pcscd && exec "$2" --foreground -c "$1/conf"', "_", folder, program],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        until = time.monotonic() + 10
        while not os.path.exists(self.socket) and time.monotonic() < until:
            time.sleep(0.01)

    def stop(self):
        self.program.terminate()
        self.program.wait(10)
