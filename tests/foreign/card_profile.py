# SPDX-License-Identifier: Apache-2.0
"""Card profiles, a second time: what vectors/cards/README.md has names for, all of it written out."""

import collections
import re
import xml.etree.ElementTree as ElementTree

import ssc_crypto as ssc

GENERATIONS = {"1.0": "10", "2.0": "20", "2.01": "21", "3.0": "30"}
SETTING = re.compile(r"^\| `([a-z0-9-]+)`[^|]*\|[^|]*" + len(GENERATIONS) * r"\| *([^|]*?) *" + r"\|$", re.M)
SINGLE = {"pin": ("pin", "value"), "initial-pin": ("pin", "initial"), "atr": ("chip", "atr"),
          "terminal": ("psam", "terminal"), "psam-index": ("psam", "index"), "psam-serial": ("psam", "serial"),
          "psam-pin": ("psam", "pin"), "pki/pin": ("pki/pins", "user"), "pki/admin-pin": ("pki/pins", "administrator"),
          "pki/root": ("pki/root", "certificate"), "pki/foreign": ("pki/foreign", "certificate")}


def load(path, settings={}):
    """The root element; names go without namespace, and for a setting stands its value."""
    text = re.sub(r' xmlns="[^"]*"', "", path.read_text(encoding="utf-8"))
    return ElementTree.fromstring(re.sub(r'(?<=")setting\.([a-z0-9-]+)(?=")', lambda m: settings.get(m[1], m[0]), text))


def fill(text, size=0, digit="0"):
    """A value written as hex and 'text', filled up."""
    text = re.sub(r"'([^']*)'|\s", lambda m: (m[1] or "").encode("gb18030").hex(), text)
    return bytes.fromhex((text + digit * (len(text) % 2)).ljust(2 * size, digit))


def tlv(tag, value):
    return bytes.fromhex(tag) + bytes([len(value)]) + value


def numbered(name, elements):
    """References and elements, as often as they are there; the second of one tag is TAG-2."""
    seen = collections.Counter()
    for element in elements:
        for _ in range(int(element.get("count", 1))):
            tag = element.get("tag", element.tag)
            seen[tag] += 1
            part = element.get("name") or tag + (f"-{seen[tag]}" if seen[tag] > 1 else "")
            yield f"{name}/{part}", element


class Profile:
    """`values` by reference, root `keys` by name, and `facts`, the terms that hold."""

    def __init__(self, path):
        self.root = root = load(path)
        generation, alg = root.get("generation"), root.get("alg")
        settings = {name: columns[list(GENERATIONS).index(generation)]
                    for name, *columns in SETTING.findall((path.parent / "README.md").read_text(encoding="utf-8"))}
        settings |= {each.get("name"): each.get("value") for each in root.findall("setting")}
        for part in root.findall("*[@href]"):
            part.extend(load(path.parent / part.get("href"), settings))
        for parent in list(root.iter()):
            parent[:] = [each for each in parent if (each.get("if", "on"), each.get("unless", "off")) == ("on", "off")]

        self.alg, self.given = ssc.SM4 if alg == "SM4" else ssc.TDES, {}
        self.values = {"alg": bytes([self.alg]), "psam-index": b"\1", "psam-serial": b"\0\0\0\1"}
        self.values |= {name: fill(each.get(attribute), 0, "F") for name, (place, attribute) in SINGLE.items()
                        for each in root.findall(f"{place}[@{attribute}]")}
        for name in {"pin", "pki/pin"} & self.values.keys():
            pin = self.values[name].hex().rstrip("f")
            self.values[name.replace("pin", "wrong-pin")] = fill(pin[:-1] + str((int(pin[-1]) + 1) % 10), 0, "F")
        self.factors = ssc.card_factors(root.find("city").get("area"), self.values["atr"])
        self.values |= zip(("factor/province", "factor/city", "factor/card"), self.factors)
        self.values["atr/historical"] = self.values["atr"][-13:]
        psam = {"algs": alg, "mac2-tries": "15", **root.find("psam").attrib}
        self.facts = {"generation." + GENERATIONS[generation], "alg." + alg.lower(), "card.issued", "psam",
                      "psam.virtual", "psam.mac2-tries." + psam["mac2-tries"],
                      *(f"psam.{each}" for each in psam["algs"].lower().split()),
                      *(["profile.pin"] if "pin" in self.values else []), *(["psam.pin"] if "pin" in psam else []),
                      *(f"setting.{name}.{value}" for name, value in settings.items()),
                      *("setting." + name for name, value in settings.items() if value in ("on", "yes"))}
        for data in root.findall("data"):
            for ref, record in numbered(data.get("file"), data):
                self.given |= {name: each.get("value") for name, each in ((ref, record), *numbered(ref, record))}
        self.keys = {f"{key.get('dir')}/{key.get('name')}#{key.get('version', '1')}": bytes.fromhex(key.get("value"))
                     for key in root.findall(f"keys/key[@alg='{alg}']")}
        for directory in root.findall("structure/directory"):
            self.keep(directory.get("name"), directory)
        self.facts |= {f"record({ref})" for ref in self.values}
        self.values = {"@" + ref: value for ref, value in self.values.items()}

    def keep(self, ref, element):
        """Notes an element of the structure and those inside it. A record's or item's value comes back, with tag and
        length, or None where the profile does not know it."""
        inside, get = [self.keep(*each) for each in numbered(ref, element)], element.get
        match element.tag:
            case "directory":
                self.facts.add("card." + ref.lower())
                name = f"'{get('df-name').split()[0]}.sh.社会保障'" if ref == "SSSE" else get("df-name")
                self.values[ref + "/name"] = fill(name)
                self.values |= {ref + "/fid": fill(get("fid"))} if get("fid") else {}
            case "key":
                for version in get("versions", "1").split():
                    names = [f"{ref}#{version}"] + [ref] * (version == "1")
                    self.values |= {name + "/id": fill(get("id")) for name in names}
                    self.facts |= {f"psam.usage.{get('usage')}({name})" for name in names}
                    self.facts |= {f"key({name})" for name in names if names[0] in self.keys}
            case "file":
                right = "free" if get("free-if") == "on" else get("read")
                self.facts |= {f"file({ref})", f"read.{right}({ref})", f"update.{get('update')}({ref})"}
                size, content = int(get("size", 0)), self.given.get(ref + "/content")
                self.values |= {ref + "/size": size.to_bytes(2, "big")} if size else {}
                if content is not None:
                    self.values[ref + "/content"] = fill(content, size, get("fill", "0")[0])
                if get("kind") == "dir":
                    for number, each in enumerate(self.root.findall(f"structure/directory[@parent='{ref[:-5]}']"), 1):
                        entry = tlv("4F", fill(each.get("df-name"))) + tlv("50", each.get("label").encode())
                        name = f"{ref}/70" + (f"-{number}" if number > 1 else "")
                        inside.append(self.note(name, "70", tlv("61", entry)))
                self.values[ref + "/count"] = bytes([len(inside)])
                if None not in inside:
                    self.values[ref + "/records"] = b"".join(inside)
            case "record" | "item":
                if len(element) == 0 and ref in self.given:
                    inside = [fill(self.given[ref], int(get("len")), "F" if get("kind") == "cn" else "0")]
                if not inside or None in inside:
                    return None
                return self.note(ref, get("tag"), b"".join(inside))

    def note(self, ref, tag, value):
        self.values |= {ref: value, ref + ".tlv": tlv(tag, value)}
        return tlv(tag, value)
