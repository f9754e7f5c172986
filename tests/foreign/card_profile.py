# SPDX-License-Identifier: Apache-2.0
"""Card profiles, a second time: references, settings and keys as vectors/cards/README.md describes them."""

import collections
import pathlib
import re
import xml.etree.ElementTree as ElementTree

import ssc_crypto as ssc


class Unknown(Exception):
    """The profile does not know a value."""


class NoKey(Exception):
    """The profile has no such key."""


def load(path):
    root = ElementTree.parse(path).getroot()
    for element in root.iter():
        element.tag = element.tag.split("}")[-1]
    return root


class Profile:
    def __init__(self, path):
        path = pathlib.Path(path)
        self.root = load(path)
        parts = {part: load(path.parent / self.root.find(part).get("href")) for part in ("structure", "keys", "pki")
                 if self.root.find(part) is not None}
        self.generation, self.alg = self.root.get("generation"), ssc.SM4 if self.root.get("alg") == "SM4" else ssc.TDES
        self.settings = dict(self.defaults(path.parent / "README.md"))
        self.settings.update((s.get("name"), s.get("value")) for s in self.root.iter("setting"))
        self.dirs = {d.get("name"): d for d in parts["structure"].iter("directory") if self.there(d)}
        self.data = {d.get("file"): d for d in self.root.iter("data")}
        self.keys = {(k.get("dir"), k.get("name"), k.get("version", "1")): bytes.fromhex(k.get("value"))
                     for k in parts["keys"].iter("key") if k.get("alg") == self.root.get("alg")}
        self.atr, area = bytes.fromhex(self.root.find("chip").get("atr")), self.root.find("city").get("area")
        pin, self.psam = self.root.find("pin"), self.root.find("psam")
        self.factors = [ssc.province_factor(area), ssc.city_factor(area), self.atr[-8:]]
        psam_atr = self.psam.get("atr")
        self.values = {
            "pin": packed(pin.get("value")), "initial-pin": packed(pin.get("initial")), "wrong-pin": wrong(pin.get("value")),
            "alg": bytes([self.alg]), "area": area.encode(), "terminal": bytes.fromhex(self.psam.get("terminal")),
            "psam-atr": psam_atr and bytes.fromhex(psam_atr), "psam-pin": packed(self.psam.get("pin")),
            "psam-index": bytes.fromhex(self.psam.get("index", "01")), "atr": self.atr, "atr/historical": self.atr[-13:],
            "psam-serial": bytes.fromhex(self.psam.get("serial", "00000001")),
            "factor/province": self.factors[0], "factor/city": self.factors[1], "factor/card": self.factors[2]}
        if "pki" in parts:
            pins = parts["pki"].find("pins")
            self.values |= {"pki/root": bytes.fromhex(parts["pki"].find("root").get("certificate")),
                            "pki/foreign": bytes.fromhex(parts["pki"].find("foreign").get("certificate")),
                            "pki/pin": packed(pins.get("user")), "pki/wrong-pin": wrong(pins.get("user")),
                            "pki/admin-pin": packed(pins.get("administrator"))}

    def defaults(self, readme):
        """The table of settings."""
        for line in readme.read_text().splitlines():
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            names = re.findall(r"`([a-z0-9-]+)`", cells[0])
            if len(cells) == 6 and names:
                column = cells[2 + ["1.0", "2.0", "2.01", "3.0"].index(self.generation)]
                yield from zip(names, column.split(", ") if ", " in column else [column] * len(names))

    def setting(self, text):
        return self.settings[text[8:]] if text and text.startswith("setting.") else text

    def there(self, element):
        return (self.setting(element.get("if", "on")) == "on") and self.setting(element.get("unless", "off")) == "off"

    def file(self, name):
        directory = self.dirs.get(name.split("/")[0])
        found = [f for f in (directory.iter("file") if directory is not None else ()) if f.get("name") == name.split("/")[1]]
        return found[0] if found and self.there(found[0]) else None

    def stored(self, element, record):
        """A record's or item's value, filled up; None where it is not known."""
        items = element.findall("item")
        if items:
            parts = [(i, self.stored(i, next((r for r in record.findall("item") if r.get("tag") == i.get("tag")), None)))
                     for i in items]
            return b"".join(tlv(i.get("tag"), value) for i, value in parts) if all(v is not None for _, v in parts) else None
        if record is None or record.get("value") is None:
            return None
        size = int(element.get("len"))
        return fill(record.get("value"), size, "F" if self.setting(element.get("kind")) == "cn" else "0")

    def records(self, name):
        """(tag, place among those of its tag, element, element of the data, value) in the file's order."""
        if self.file(name).get("kind") == "dir":
            for directory in self.dirs.values():
                if directory.get("parent") == name.split("/")[0]:
                    entry = tlv("4F", fill(directory.get("df-name"), 0, "0")) + tlv("50", directory.get("label").encode())
                    yield "70", 1, None, None, tlv("61", entry)
            return
        of_data, given = self.data.get(name), collections.Counter()
        for element in self.file(name).iter("record"):
            for _ in range(int(self.setting(element.get("count", "1"))) if self.there(element) else 0):
                tag = element.get("tag")
                same = [r for r in (of_data.iter("record") if of_data is not None else ()) if r.get("tag") == tag]
                record = same[given[tag]] if given[tag] < len(same) else None
                given[tag] += 1
                yield tag, given[tag], element, record, None if record is None else self.stored(element, record)

    def find(self, ref):
        if ref in self.values:
            return self.values[ref], None, "cn"
        first, *rest = ref.split("/")
        directory = self.dirs.get(first)
        if directory is None or not rest:
            return None, None, ""
        if rest[0] in ("name", "fid", "alias"):
            if rest[0] == "fid":
                return bytes.fromhex(directory.get("fid")), None, "b"
            name = directory.get("df-name")
            if name.startswith("setting."):
                names = self.setting(name).split()
                name = names[min(rest[0] == "alias", len(names) - 1)]
                return (name + ".sh.社会保障").encode("gb18030"), None, "an"
            return fill(name, 0, "0"), None, "an"
        if self.file(first + "/" + rest[0]) is None:
            name, _, version = rest[0].partition("#")
            key = next((k for k in directory.iter("key") if k.get("name") == name and self.there(k)
                        and (version or "1") in k.get("versions", "1").split()), None)
            value = None if key is None else version or "1" if rest[1] == "version" else key.get(rest[1])
            return value and bytes.fromhex(value.zfill(2)), None, "b"
        element, name = self.file(first + "/" + rest[0]), first + "/" + rest[0]
        if rest[1] == "size":
            return int(self.setting(element.get("size"))).to_bytes(2, "big"), None, "b"
        if rest[1] == "content":
            content = self.data[name].find("content") if name in self.data else None
            size = int(self.setting(element.get("size")))
            return None if content is None else fill(content.get("value"), size, element.get("fill", "0")[0]), None, "b"
        records = list(self.records(name))
        if rest[1] == "count":
            return bytes([len(records)]), None, "b"
        if rest[1] == "records":
            whole = [value is not None and tlv(tag, value) for tag, _, _, _, value in records]
            return b"".join(whole) if all(whole) else None, None, "b"
        tag, _, place = rest[1].partition("-")
        for of_tag, number, element, record, value in records:
            if of_tag == tag and number == int(place or 1):
                if len(rest) == 3:
                    element = next((i for i in element.iter("item") if i.get("tag") == rest[2]), None)
                    item = None if record is None else next((i for i in record.iter("item") if i.get("tag") == rest[2]), None)
                    value, tag = None if element is None else self.stored(element, item), rest[2]
                return value, tag, "b" if element is None else self.setting(element.get("kind", "b"))
        return None, None, ""

    def value(self, ref):
        base, *forms = ref.split(".")
        value, tag, kind = self.find(base)
        if value is None:
            raise Unknown("@" + ref)
        for form in forms:
            digits = value.hex().upper()
            value = {"tlv": lambda: tlv(tag, value), "hex": digits.encode, "digits": digits.rstrip("F").encode,
                     "text": lambda: value.rstrip(b"\xff" if kind == "cn" else b"\0"),
                     "utf8": lambda: value.rstrip(b"\0").decode("gb18030").encode()}[form]()
        return value

    def key(self, name, factors=None):
        directory, name = name.split("/")
        name, _, version = name.partition("#")
        root = self.keys.get((directory, name, version or "1"))
        held = any(k.get("name") == name and self.there(k) and (version or "1") in k.get("versions", "1").split()
                   for k in (self.dirs[directory].iter("key") if directory in self.dirs else ()))
        if root is None or not held:
            raise NoKey(f"{directory}/{name} {version}")
        return self.alg, ssc.diversify(self.alg, root, *(self.factors if factors is None else factors))


def fill(tokens, size, digit):
    out = ""
    for text, number in re.findall(r"'([^']*)'|([0-9A-Fa-f]+)", tokens):
        out += text.encode("gb18030").hex() or number
    return bytes.fromhex((out + digit * (len(out) % 2)).ljust(2 * size, digit))


def packed(digits):
    return digits and bytes.fromhex(digits + "F" * (len(digits) % 2))


def wrong(digits):
    return packed(digits[:-1] + str((int(digits[-1]) + 1) % 10))


def tlv(tag, value):
    return bytes.fromhex(tag) + bytes([len(value)]) + value
