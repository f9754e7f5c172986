#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The sentences of the command line, and whether each has its translation.

messages.py ROOT            prints them as a template for msgmerge
messages.py ROOT check PO   compares them with a catalogue: none missing, none idle, none fuzzy

They are what stands in _() and N_(), the documentation of options and programs that argp translates by itself, and the
sentences of the result codes.
"""
import glob
import os
import re
import sys

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|[A-Za-z_]\w*|\d\w*|\S', re.S)
ARGP_OWN = [  # glibc, argp/argp-help.c
    "Usage:", " or: ", " [OPTION...]", r"Try `%s --help' or `%s --usage' for more information.\n",
]


def tokens(text):
    return [t for t in TOKEN.findall(text) if not t.startswith(("/*", "//"))]


def group(all_tokens, at):
    """The elements between the bracket at `at` and its partner, apart at the commas, and the place behind it."""
    depth, elements = 0, [[]]
    while True:
        token = all_tokens[at]
        depth += token in "({["
        depth -= token in ")}]"
        if depth == 0:
            return elements, at + 1
        if depth == 1 and token == ",":
            elements.append([])
        elif not (depth == 1 and token in "({["):
            elements[-1].append(token)
        at += 1


def literal(element):
    """The text of adjoining string literals; None for anything else."""
    if not element or not all(t.startswith('"') for t in element):
        return None
    return "".join(t[1:-1] for t in element)


def member(elements, place, name):
    """A member of a struct, by its name or its place."""
    named = [e[3:] for e in elements if e[:3] == [".", name, "="]]
    return named[0] if named else elements[place] if len(elements) > place else []


def from_source(text):
    names = dict(re.findall(r'^#define (\w+) +((?:"[^"\n]*"|\\\n| )+)$', text, re.M))
    all_tokens = [part for t in tokens(text) for part in (tokens(names[t]) if t in names else [t])]
    for at, token in enumerate(all_tokens):
        follow = all_tokens[at + 1:at + 8]
        if token in ("_", "N_") and follow[:1] == ["("]:
            yield literal(group(all_tokens, at + 1)[0][0])
        elif token == "argp_option" and follow[1:5] == ["[", "]", "=", "{"]:
            for entry in group(all_tokens, at + 5)[0]:
                if entry:
                    elements = group(entry_tokens(entry), 0)[0]
                    yield literal(member(elements, 4, "doc"))
        elif token == "argp" and follow[1:3] == ["=", "{"]:
            elements = group(all_tokens, at + 3)[0]
            yield from (literal(member(elements, 3, "doc")) or "").split(r"\v")


def entry_tokens(entry):
    return entry if entry[0] == "{" else ["{"] + entry


def from_codes(text):
    """X(NAME, "category", "sentence") of sim/base/result.h."""
    return re.findall(r'X\(\w+, "[^"]*", "([^"]*)"\)', text)


def sentences(root):
    found = dict.fromkeys(ARGP_OWN)
    for path in sorted(p for part in ("cli", "gate") for p in glob.glob(os.path.join(root, "conformance", part, "*.c"))):
        with open(path, encoding="utf-8") as file:
            for text in from_source(file.read()):
                if text:
                    found.setdefault(text, os.path.relpath(path, root))
    with open(os.path.join(root, "sim/base/result.h"), encoding="utf-8") as file:
        for text in from_codes(file.read()):
            found.setdefault(text, "sim/base/result.h")
    return found


def template(found):
    print('msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"')
    for text, place in found.items():
        formats = "%" in re.sub("%%", "", text) and re.search(r"%[-+#0-9.*]*(?:hh|h|ll|l|z|j)?[sdiuxXcfgp]", text)
        print(f"\n#: {place or 'argp'}" + ("\n#, c-format" if formats else "") + f'\nmsgid "{text}"\nmsgstr ""')


def catalogue(path):
    """msgid -> (msgstr, fuzzy)"""
    entries, fuzzy, part, texts = {}, False, None, {}
    with open(path, encoding="utf-8") as file:
        for line in list(file) + ["\n"]:
            line = line.strip()
            if line.startswith("#,"):
                fuzzy = "fuzzy" in line
            match = re.match(r'(?:(msgid|msgstr)\s+)?"(.*)"$', line)
            if match:
                part = match[1] or part
                texts[part] = texts.get(part, "") + match[2]
            elif not line and texts:
                entries[texts.get("msgid", "")] = (texts.get("msgstr", ""), fuzzy)
                fuzzy, texts = False, {}
    return entries


def check(found, path):
    entries = catalogue(path)
    wrong = [f"no translation: {t}  ({p})" for t, p in found.items() if not entries.get(t, ("",))[0]]
    wrong += [f"fuzzy: {t}" for t, (_, fuzzy) in entries.items() if t and fuzzy]
    wrong += [f"said nowhere: {t}" for t in entries if t and t not in found]
    for line in wrong:
        print(f"{path}: {line}")
    print(f"{len(found)} sentences, {len(wrong)} findings")
    return 1 if wrong or len(found) < 100 else 0


if __name__ == "__main__":
    spoken = sentences(sys.argv[1])
    if len(sys.argv) > 3:
        sys.exit(check(spoken, sys.argv[3]))
    template(spoken)
