#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A browser bridge over HTTP and WebSocket that tells what it was asked, or misbehaves as its argument says.

Prints "PORT" of 127.0.0.1 and serves until its standard input ends.
"""
import base64
import hashlib
import json
import socket
import struct
import sys
import threading
import time

WAY = sys.argv[1]


def reply(text):
    question = json.loads(text)
    if WAY == "garbage":
        return "no JSON"
    if WAY == "empty":
        return "{}"
    if WAY == "silent":
        time.sleep(1000)
    if WAY == "flood":
        return '{"success":0,"pOutInfo":"' + "A" * 2000000 + '"}'
    said = {"pOutInfo": text + "|测|", "success": 0}
    if WAY == "true":
        said["success"] = question.get("iType") != 9
    if WAY == "code":
        said.update(success=1, code=-51)
    if WAY == "beijing":
        said = {"recode": "0" if question["bizcode"] == "1005" else "-22", "reinfo": "", "body": {"pOutInfo": text}}
    return json.dumps(said, ensure_ascii=False)


def read_exactly(stream, count):
    data = stream.read(count)
    if len(data) < count:
        raise EOFError
    return data


def serve_websocket(connection, stream, headers):
    accept = hashlib.sha1((headers["sec-websocket-key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()
    connection.sendall(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                       b"Sec-WebSocket-Accept: " + base64.b64encode(accept) + b"\r\n\r\n")
    while True:
        first, length = read_exactly(stream, 2)
        length &= 0x7F
        if length == 126:
            length, = struct.unpack(">H", read_exactly(stream, 2))
        mask = read_exactly(stream, 4)
        data = bytes(b ^ mask[i % 4] for i, b in enumerate(read_exactly(stream, length)))
        if first & 0x0F != 1 or WAY == "hang-up":
            return
        data = reply(data.decode()).encode()
        head = struct.pack(">BBH", 0x81, 126, len(data)) if len(data) < 65536 else struct.pack(">BBQ", 0x81, 127, len(data))
        connection.sendall(head + data)


def serve(connection):
    stream = connection.makefile("rb")
    try:
        while stream.readline().strip():
            headers = {}
            while (line := stream.readline().strip()):
                name, value = line.decode().split(":", 1)
                headers[name.lower()] = value.strip()
            if "sec-websocket-key" in headers:
                serve_websocket(connection, stream, headers)
                break
            data = read_exactly(stream, int(headers["content-length"]))
            if WAY == "hang-up":
                break
            status = b"500 Broken" if WAY == "status" else b"200 OK"
            data = reply(data.decode()).encode()
            connection.sendall(b"HTTP/1.1 " + status + b"\r\nContent-Length: %d\r\n\r\n" % len(data) + data)
    except (EOFError, OSError):
        pass
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


def accept(server):
    while True:
        threading.Thread(target=serve, args=(server.accept()[0],), daemon=True).start()


listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
threading.Thread(target=accept, args=(listener,), daemon=True).start()
sys.stdin.read()
