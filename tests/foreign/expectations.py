# SPDX-License-Identifier: Apache-2.0
"""What a step expects of an answer: section 6 of vectors/README.md."""

import re


class Mismatch(Exception):
    """What was found, and the requirement that the check names."""


class Judge:
    """`value` makes the bytes of a text, `captures` keeps what fields name."""

    def __init__(self, value, captures):
        self.value, self.captures = value, captures

    def judge(self, expected, data, sw, rest):
        """`rest`: whether data that nobody speaks of may be there."""
        silent, of_sw, of_data = (expected.find(name) for name in ("no-answer", "sw", "data"))
        if data is None or silent is not None and of_sw is None and of_data is None:
            if silent is None or data is not None:
                raise Mismatch("no answer" if data is None else "an answer", None)
            return
        patterns = "9000" if of_sw is None else of_sw.text
        if sw and not any(re.fullmatch(p.replace("?", "."), sw) for p in patterns.split()):
            raise Mismatch(f"{sw}, not {patterns}", of_sw is not None and of_sw.get("req"))
        if of_data is not None:
            self.check_data(of_data, data)
        elif rest is False and data:
            raise Mismatch("data", None)

    def check(self, element, data, req):
        def same(name):
            want, mask = self.value(element.get(name)), self.value(element.get("mask")) or b"\xff" * len(data)
            return len(want) == len(data) == len(mask) and all(not (a ^ b) & m for a, b, m in zip(want, data, mask))
        size = element.get("len")
        if size is not None and len(data) != int(size) or not (
                int(element.get("min", 0)) <= len(data) <= int(element.get("max", len(data)))):
            raise Mismatch(f"{len(data)} bytes", req)
        if element.get("eq") is not None and not same("eq") and not (element.get("or") is not None and same("or")):
            raise Mismatch(f"{data.hex().upper()}, not {element.get('eq')}", req)

    def check_data(self, element, data):
        req, at = element.get("req"), 0
        self.check(element, data, req)
        for field in element.findall("field"):
            part = data[at:at + int(field.get("len"))]
            at += int(field.get("len"))
            self.check(field, part, field.get("req") or req)
            self.captures[field.get("name")] = part
        if element.findall("field") and at != len(data) and (at > len(data) or element.get("rest") != "any"):
            raise Mismatch(f"{len(data)} bytes, not {at}", req)
        if element.findall("tlv"):
            self.check_tlv(element, data, req, element.get("rest"))

    def check_tlv(self, element, data, req, rest=None):
        objects, at = [], 0
        while at < len(data):
            start, size_at = at, at + (2 if data[at] & 0x1F == 0x1F else 1)
            if size_at >= len(data):
                raise Mismatch("no TLV", req)
            size, at = data[size_at], size_at + 1
            if size & 0x80:
                size, at = int.from_bytes(data[at:at + (size & 0x7F)], "big"), at + (size & 0x7F)
            if at + size > len(data):
                raise Mismatch("no TLV", req)
            objects.append((data[start:size_at].hex().upper(), data[at:at + size]))
            at += size
        last = -1
        for wanted in element.findall("tlv"):
            of = wanted.get("req") or req
            place = next((i for i, (tag, _) in enumerate(objects) if tag == wanted.get("tag")), None)
            if place is None and wanted.get("optional") == "true":
                continue
            if place is None or wanted.get("order") == "fixed" and place < last:
                raise Mismatch("no " + wanted.get("tag"), of)
            last, value = place, objects[place][1]
            self.check(wanted, value, of)
            if wanted.get("capture"):
                self.captures[wanted.get("capture")] = value
            if wanted.findall("tlv"):
                self.check_tlv(wanted, value, of, wanted.get("rest"))
        if rest == "none" and {tag for tag, _ in objects} - {w.get("tag") for w in element.findall("tlv")}:
            raise Mismatch("another object", req)
