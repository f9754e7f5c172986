# SPDX-License-Identifier: Apache-2.0
"""No output holds a PIN, a key, a name or an ID number of the profile: a run with the driver library as terminal, one
with cards, one against `onecard host`, and everything that is made of their records.
Usage: secrets_test.py ONECARD SOURCE [LIBRARY]"""

import base64
import os
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as tree

ONECARD, SOURCE = sys.argv[1:3]
LIBRARY = sys.argv[3] if len(sys.argv) > 3 else None
sys.path.insert(0, f"{SOURCE}/tests/support")

import host_service  # noqa: E402

PROFILE = f"{SOURCE}/vectors/cards/ssc-3.0.xml"
NAMESPACE = "{urn:onecard:profile:1}"
# Digits that the vectors type as new PINs.
NEW_PINS = ("135790", "246802")
TERMINAL = (r"^TERM\.(DEBIT\.OWN(\.WRONG-PIN)?|PIN\.(VERIFY|WRONG-COSTS-ONE|CHANGE|CHANGE-WRONG-OLD)|BAS\.TYPE\.CONTACT|"
            r"HSM\.(BASIC|READ|RELOAD|UNBLOCK|DEBIT)|ROBUST\.CARD-INFO\..*)$")
CARDS = r"^(FLOW\.(AUT-[2-4]|ISS-[2-5]|MED-[2-4]|CARD-AUTH)|CARD\.PIN\.[A-Z-]+)$"
HOST = r"^HOST\.(SESSION|MSGID)\."
FORMATS = ("html", "junit", "junit-extended", "tap", "ctrf", "json")


# A form is bytes that are looked for as they are, hex in any case, or digits that stand alone.
AS_IT_IS, HEX, ALONE = range(3)


def base64_of(value):
    """Without its end, which depends on what follows."""
    return AS_IT_IS, base64.b64encode(value)[:len(value) // 3 * 4]


def forms_of_bytes(value):
    yield AS_IT_IS, value
    yield HEX, value.hex().encode()
    yield base64_of(value)


def forms_of_text(text):
    for encoding in ("utf-8", "gb18030"):
        yield from forms_of_bytes(text.encode(encoding))


def forms_of_pin(digits):
    """Digits that stand alone (among others they are chance), their characters in hex, the command that carries them,
    and the block that is enciphered."""
    packed = bytes.fromhex(digits)
    yield ALONE, digits.encode()
    yield HEX, digits.encode().hex().encode()
    for around in (b"\x00\x20\x00\x00\x03" + packed, b"\x03" + packed + b"\x80\x00\x00\x00"):
        yield AS_IT_IS, around
        yield HEX, around.hex().encode()


def needles():
    """Name and form of everything that is looked for."""
    profile = tree.parse(PROFILE).getroot()
    pin = profile.find(f"{NAMESPACE}pin")
    for digits in (pin.get("value"), *NEW_PINS):
        yield from (("PIN " + digits, form) for form in forms_of_pin(digits))
    chip = profile.find(f"{NAMESPACE}chip").get("transport-key")
    yield from (("transport key", form) for form in forms_of_bytes(bytes.fromhex(chip)))
    keys = tree.parse(f"{SOURCE}/vectors/cards/test-keys.xml").getroot()
    for key in keys.iter():
        value = key.get("value", "")
        if re.fullmatch("[0-9A-F]{32}", value):
            yield from ((f"key {key.get('dir')}/{key.get('name')}", form) for form in forms_of_bytes(bytes.fromhex(value)))
    structure = tree.parse(f"{SOURCE}/vectors/cards/structure-3.0.xml").getroot()
    secret = {record.get("tag") for record in structure.iter(f"{NAMESPACE}record") if record.get("secret") == "true"}
    for record in profile.iter(f"{NAMESPACE}record"):
        if record.get("tag") not in secret or not record.get("value"):
            continue
        name = "record " + record.get("tag")
        text = re.fullmatch("'(.+)'", record.get("value"))
        forms = forms_of_text(text[1]) if text else forms_of_bytes(bytes.fromhex(record.get("value")))
        yield from ((name, form) for form in forms)


def finds(content, patterns):
    small = content.lower()
    found = set()
    for name, (form, value) in patterns:
        if form == ALONE:
            hit = value in content and re.search(b"(?<![0-9A-Za-z.])" + value + b"(?![0-9A-Za-z.])", content)
        else:
            hit = value in (small if form == HEX else content)
        if hit:
            found.add(name)
    return sorted(found)


def onecard(folder, name, codes, *arguments):
    """Runs it; what it says lies beside the rest."""
    with open(f"{folder}/{name}.out", "wb") as out, open(f"{folder}/{name}.err", "wb") as err:
        code = subprocess.run([ONECARD, *arguments], stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                              check=False).returncode
    if code not in codes:
        with open(f"{folder}/{name}.err", encoding="utf-8", errors="replace") as err:
            sys.exit(f"{name}: exit code {code}\n{err.read()[-2000:]}")


def run(folder, name, cases, *arguments):
    """A run with every output that there is, and what is made of its record."""
    out = f"{folder}/{name}"
    formats = [f"--format={kind}={folder}/{name}.{kind}" for kind in FORMATS]
    onecard(folder, f"run-{name}", (0, 1, 5, 6), "run", "-v", "-o", out, "--profile", PROFILE, "-k", cases,
            f"--events={folder}/{name}.events", *formats, *arguments, f"{SOURCE}/vectors")
    result = f"{out}/result.xml"
    onecard(folder, f"trace-{name}", (0,), "trace", result)
    onecard(folder, f"trace-events-{name}", (0,), "trace", f"{folder}/{name}.events")
    onecard(folder, f"pcap-{name}", (0,), "trace", "--pcap", f"{folder}/{name}.pcap", result)
    onecard(folder, f"report-{name}", (0, 1, 5, 6), "report", "-l", "zh", result)
    onecard(folder, f"replay-{name}", (0, 1, 5, 6), "replay", result)
    with open(result, "rb") as record:
        judged = record.read().count(b"<case ")
    if judged < 5:
        sys.exit(f"{name}: {judged} cases only")
    return judged


def look(folder, patterns):
    files = bad = size = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with open(f"{place}/{name}", "rb") as file:
                content = file.read()
            files += 1
            size += len(content)
            for found in finds(content, patterns):
                bad += 1
                print(f"{os.path.relpath(place, folder)}/{name}: {found}")
    return files, size, bad


def check_search(patterns):
    """What is hidden on purpose is found, in every form."""
    samples = {
        "PIN 286719": (b'pin="286719"', b"323836373139", b"0020000003286719", b"\x00\x20\x00\x00\x03\x28\x67\x19"),
        "record 09": ("样本𠮷".encode(), "样本𠮷".encode("gb18030"), "样本𠮷".encode("gb18030").hex().encode(),
                      b"x" + base64.b64encode("样本𠮷".encode())),
        "record 08": (b"990100199001010012", b"990100199001010012".hex().upper().encode()),
        "key SSSE/MK": (b"C4190E464019F1671A3E2A866498D06D".lower(),),
    }
    for name, contents in samples.items():
        for content in contents:
            assert name in finds(b"some " + content + b" more", patterns), (name, content)
    assert not finds(b"0.286719 1286719 sha256 a286719f", patterns)


def main():
    patterns = sorted(set(needles()))
    check_search(patterns)
    with tempfile.TemporaryDirectory() as folder:
        counts = [run(folder, "cards", CARDS)]
        if LIBRARY:
            counts.append(run(folder, "terminal", TERMINAL, "--terminal", f"driver:{LIBRARY}"))
        with host_service.Host(ONECARD, "--profile", PROFILE, "--medical-store", f"{folder}/host.db",
                               "--judge", f"{folder}/judged") as host:
            counts.append(run(folder, "host", HOST, "--host", "http://%s:%d" % host.address))
            printed = host.stop()[1]
        with open(f"{folder}/host.printed", "w", encoding="utf-8") as file:
            file.write(printed)
        os.remove(f"{folder}/host.db")  # the ledger is no log
        files, size, bad = look(folder, patterns)
    print(f"{len(patterns)} patterns, {counts} cases, {files} files, {size} bytes, {bad} finds")
    return 0 if bad == 0 and files > 20 else 1


sys.exit(main())
