# SPDX-License-Identifier: Apache-2.0
"""`onecard host --describe` against the tables themselves: each field, with everything that the tables say of it, and what the
regions change.
Usage: describe_test.py ONECARD SOURCE"""

import glob
import re
import subprocess
import sys
import xml.etree.ElementTree as tree

ONECARD, SOURCE = sys.argv[1:3]
MESSAGES = "{urn:onecard:messages:1}"
REGION = "{urn:onecard:region:1}"
root = tree.parse(f"{SOURCE}/vectors/regions/messages.xml").getroot()
parts = {part.get("id"): part for part in root.iter(MESSAGES + "part")}


def describe(what=None, region=None):
    command = [ONECARD, "host", "--describe" + (f"={what}" if what else "")] + (["--region", region] if region else [])
    return subprocess.run(command, stdout=subprocess.PIPE, check=True, encoding="utf-8").stdout


def fields(node):
    """By name: a later one stands for an earlier one."""
    found = {}
    for child in node:
        found.update({child.get("name"): child} if child.tag == MESSAGES + "field" else fields(parts[child.get("id")]))
    return found


def words(field):
    length = field.get("len") + ("," + field.get("decimals") if field.get("decimals", "0") != "0" else "")
    when = field.get("when")
    presence = ["with", when] if when else ["mandatory" if field.get("required") == "yes" else "optional"]
    dictionary = [field.get("dictionary")] if field.get("dictionary") else []
    return [field.get("name"), field.get("type", "text"), ("=" if field.get("exact") == "yes" else "") + length,
            *presence, field.get("source"), *dictionary]


def lines(page):
    return [re.split(r"; |  (?=\w+ only)", line)[0].split() for line in page.splitlines()]


count = 0
for message in root.iter(MESSAGES + "message"):
    page = describe(message.get("infno"))
    assert message.get("zh") in page and message.get("en") in page, page
    said = lines(page)
    for node in message:
        assert [node.tag.replace(MESSAGES, "") + "put", node.get("node") + ("[]" if node.get("many") == "yes" else "")] in \
            [line[:2] for line in said], (message.get("infno"), node.get("node"))
        for field in fields(node).values():
            count += 1
            assert words(field) in said, (message.get("infno"), words(field))
for envelope in root.iter(MESSAGES + "envelope"):
    said = lines(describe("envelope"))
    for field in fields(envelope).values():
        count += 1
        assert words(field) in said, words(field)

whole = describe()
changes = 0
for file in glob.glob(f"{SOURCE}/vectors/regions/*.xml"):
    region = tree.parse(file).getroot()
    if region.tag != REGION + "region":
        continue
    name = region.get("id")
    assert re.search(rf"^  {name} +infver ", whole, re.M), name
    for change in region.iter(REGION + "change"):
        page = describe(change.get("infno") or "envelope")
        for field in change:
            changes += 1
            assert re.search(rf"\b{field.get('name')}\b.*\b{name}\b", page), (name, field.get("name"))
    for value in region.iter(REGION + "value"):
        changes += 1
        assert re.search(rf"{name}: also {value.get('code')} ", whole), (name, value.get("code"))
    assert f"  {name} " in describe(region=file), name
wrong = subprocess.run([ONECARD, "host", "--describe=0000"], stderr=subprocess.PIPE, check=False)
assert wrong.returncode == 2 and b"there is no message 0000" in wrong.stderr, wrong
print(f"{count} fields and {changes} changes of regions are described")
