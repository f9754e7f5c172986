#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The HTML report as text: well formed, self-contained, in two languages, decoded, and inert. page_test.py ONECARD"""
import base64
import hashlib
import html.parser
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import record  # noqa: E402  pylint: disable=wrong-import-position

FAILURES = []


def check(holds, sentence):
    """Notes what does not hold and goes on."""
    if not holds:
        FAILURES.append(sentence)
        print(f"FAIL {sentence}", file=sys.stderr)


class Page(html.parser.HTMLParser):
    """Collects what the checks are about."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.ids, self.links, self.scripts, self.open, self.tags = [], [], [], [], {}
        self.uncaptioned = self.unscoped = self.unnamed_details = 0
        self.labels, self.inputs = set(), set()
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        self.tags[tag] = self.tags.get(tag, 0) + 1
        self.ids += [attributes["id"]] if "id" in attributes else []
        for name, value in attrs:
            check(not name.startswith("on"), f"no handler: {tag} {name}")
            check(name not in ("src", "srcset", "action", "style", "ping", "data"), f"no attribute {name} of {tag}")
            if name in ("href", "xlink:href"):
                check(value.startswith("#"), f"no link leads out: {value}")
                self.links.append(value[1:])
            if name in ("aria-labelledby", "for"):
                self.links += value.split()
        if self.open and self.open[-1] == "table":
            self.uncaptioned += tag != "caption"
            self.open.pop()
        if tag in ("table", "script"):
            self.open.append(tag)
        self.unscoped += tag == "th" and "scope" not in attributes
        check(tag not in ("iframe", "object", "embed", "link", "base", "form", "img", "audio", "video"), f"no <{tag}>")

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts.append(data)


def look_at_structure(text):
    """What any browser and any reader needs."""
    page = Page(text)
    check(text.startswith("<!DOCTYPE html"), "a document type")
    check('<html lang="zh-CN">' in text, "a language")
    check(page.tags["h1"] == 1, "one h1")
    check(len(page.ids) == len(set(page.ids)), f"ids are unique: {sorted(x for x in page.ids if page.ids.count(x) > 1)[:5]}")
    dead = [link for link in page.links if link not in page.ids]
    check(not dead, f"every link has its target: {dead[:5]}")
    check(page.uncaptioned == 0 and page.tags["table"] > 15, f"tables without a caption: {page.uncaptioned}")
    check(page.unscoped == 0, f"heads without a scope: {page.unscoped}")
    check(not re.search(r"https?://|url\(|@import", text), "nothing is fetched")
    digest = base64.b64encode(hashlib.sha256(page.scripts[0].encode()).digest()).decode()
    check(len(page.scripts) == 1 and f"script-src 'sha256-{digest}'" in text, "one script, the one that the policy allows")
    check("window.hurt=1</script>" not in text and "<img" not in text, "what is hostile stands as text")


def look_at_words(text):
    """Fragments in both languages."""
    for words in (
            ">不符合<", ">Does not conform<", "R-20260302T011500Z-0A1B2C3D", "结果仅与所测样品有关。", "The results relate only to",
            "虚拟卡的时延不代表芯片", "The wording of the requirements is this project", "not an accredited laboratory",
            # decoded: status word, return code, message, TLV, file
            "安全状态不满足", "security status not satisfied", "用户取消密码输入", "the user cancelled the PIN entry",
            "[VOUCHER] 令牌已过期", ">data.mdtrt_cert_no<", "FCI template", "DF名称", "“sx1.sh.社会保障”", ">DF04/EF05<",
            "判定前的最后几次交换", "onecard replay result.xml --pass ssc-3.0/inproc T.SW",
            "onecard run --card", "--seed 42 -k '^T\\.SW$'",
            "合格", "未检", "待复核", "不合格", "推断", "inferred", "未提供", "not provided", "报告结束", "End of report",
            "accepted for the pilot", "expired, has no effect", '<a href="#waivers"><code>W-1</code></a>', "card.df03 is false", "The ten slowest cases"):
        check(words in text, f"the page says {words}")
    for heading in ("clauses", "findings", "requirements", "left-out", "latency", "cases", "conditions", "verify", "lab"):
        check(f'<h2 id="{heading}">' in text and f'href="#{heading}"' in text, f"section {heading}, and its line in the contents")


def look_at_groups(text):
    """Cases of one cause stand together, and one finding of several passes is one card."""
    cards = re.findall(r'<article class="finding[^>]*>.*?</article>', text, re.S)
    same = [card for card in cards if ">T.<wbr></wbr>SW<" in card or 'T.<wbr>SW' in card or ">SW</code>" in card]
    check(len(same) == 1 and same[0].count("ssc-3.0/") >= 2, "one card for both passes")
    sections = re.findall(r'<section class="cause".*?</section>', text, re.S)
    check(any("T.SAME.8" in one and "× 11" in one for one in sections), "eleven cases of one cause")


def look_at_items(without, given):
    """ISO/IEC 17025, 7.8.2.1: every letter, with and without what a laboratory gives."""
    for letter in "abcdefghijklmnop":
        check(f"<td>{letter}</td>" in without, f"item {letter}")
    for words in ("Vendor A · ", "SN-42", "ICS-7", "terminal.has(iDoDebit)"):
        check(words in without, f"the declaration says {words}")
    for words in ("Road 1", "LAB-2026-9", "2026-03-09", "Customer C", "2026-02-27", "Humidity was not held.", "Doctor D · director"):
        check(words in given and words not in without, f"the laboratory says {words}")
    table = [text[text.index('<table class="items">'):text.index('<table class="sign">')] for text in (without, given)]
    check(table[0].count("not provided") == 8 and table[1].count("not provided") == 3,
          f"what is not provided: {table[0].count('not provided')}, {table[1].count('not provided')}")


def look_with_xmllint(path):
    """libxml2's HTML parser knows nothing of HTML 5; it still sees what is not closed."""
    unknown = re.compile(r"Tag (main|section|nav|header|footer|article|details|summary|mark|wbr|svg|output|g|path|rect|line|text|circle|polyline|title|desc|defs|pattern|tspan) invalid")
    said = subprocess.run(["xmllint", "--html", "--noout", str(path)], capture_output=True, check=False).stderr.decode(errors="replace")
    errors = [line for line in said.splitlines() if "error :" in line and not unknown.search(line)]
    check(not errors, f"xmllint: {errors[:3]}")


def main():
    """Entry."""
    onecard = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        result, page = pathlib.Path(folder, "result.xml"), pathlib.Path(folder, "report.html")
        record.write(result)
        subprocess.run([onecard, "report", "-f", f"html={page}", str(result)], check=True)
        text = page.read_text(encoding="utf-8")
        subprocess.run([onecard, "report", "-f", f"html={page}", str(result)], check=True)
        check(text == page.read_text(encoding="utf-8"), "the same record makes the same bytes")
        look_at_structure(text)
        look_at_words(text)
        look_at_groups(text)
        look_with_xmllint(page)
        lab = pathlib.Path(folder, "lab.xml")
        lab.write_text(record.LAB, encoding="utf-8")
        subprocess.run([onecard, "report", "--lab", lab, "-f", f"html={page}", str(result)], check=True)
        look_at_structure(page.read_text(encoding="utf-8"))
        look_at_items(text, page.read_text(encoding="utf-8"))
        lab.write_text(record.LAB.replace("customer", "costumer"), encoding="utf-8")
        said = subprocess.run([onecard, "report", "--lab", lab, "-f", f"html={page}", str(result)], capture_output=True, check=False)
        check(said.returncode == 2 and b"lab.xml:2: " in said.stderr, f"a wrong file is named with its line: {said.stderr[-200:]}")
        # Past the limit the list is gone, and the numbers stay.
        record.write(result, 20001)
        subprocess.run([onecard, "report", "-f", f"html={page}", str(result)], check=True)
        check(page.stat().st_size < 3_000_000, f"a large run makes a small page: {page.stat().st_size}")
        check("There are too many cases to list" in page.read_text(encoding="utf-8"), "a large run says what is left out")
    return 1 if FAILURES else 0


if __name__ == "__main__":
    sys.exit(main())
