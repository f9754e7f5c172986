# SPDX-License-Identifier: Apache-2.0
"""The ISO 7816 card of vsmartcard's vicc, with one 256-byte EF, in a vpcd reader.

Usage: vicc_card.py PORT as-shipped|quickack

The program stays as Debian packages it, but for what it needs to run at all: its module lies off Python's path, and
it imports Crypto where Debian ships Cryptodome. With "quickack" every receive asks for an immediate acknowledgement;
else the vpcd driver, which sends length and body apart with Nagle's algorithm on, waits about 44 ms a command for it.
Exit code 77: vicc is not installed.
"""

import logging
import socket
import sys

SKIPPED = 77
sys.path.append("/usr/lib/python3/site-packages/virtualsmartcard")
sys.path.append("/usr/lib/python3/site-packages")
try:
    import Cryptodome
    import Cryptodome.Cipher
    import Cryptodome.Hash
    import Cryptodome.Protocol
    import Cryptodome.PublicKey
    import Cryptodome.Util

    for name in [n for n in sys.modules if n == "Cryptodome" or n.startswith("Cryptodome.")]:
        sys.modules["Crypto" + name[len("Cryptodome"):]] = sys.modules[name]
    from virtualsmartcard.SmartcardFilesystem import TransparentStructureEF
    from virtualsmartcard.VirtualSmartcard import VirtualICC
except ImportError as error:
    print(f"vicc cannot be loaded: {error}", file=sys.stderr)
    sys.exit(SKIPPED)


class QuickAckSocket(socket.socket):
    def recv(self, *args):
        data = super().recv(*args)
        self.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        return data


def main():
    port, manner = int(sys.argv[1]), sys.argv[2]
    if manner == "quickack":
        socket.socket = QuickAckSocket
    card = VirtualICC(None, "iso7816", "127.0.0.1", port, logginglevel=logging.CRITICAL)
    mf = card.os.mf
    mf.append(TransparentStructureEF(parent=mf, fid=0x0001, filedescriptor=1, data=bytes(range(256))))
    card.run()


main()
