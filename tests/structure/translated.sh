#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A document and its translation show the same commands, under as many headings.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

# What stands in fences, without what only indents it.
shown() {
    awk '/^ *```/ { inside = !inside; print "```"; next } inside { sub(/^   /, ""); print }' "$1"
}

headings() {
    awk '/^ *```/ { inside = !inside } !inside && /^#/ { print length($1) }' "$1"
}

count=0
while read -r english chinese; do
    count=$((count + 1))
    if ! difference=$(diff <(shown "$english") <(shown "$chinese")); then
        complain "$chinese" 1 "shows other commands than $english: $(head -3 <<<"$difference" | tr '\n' ' ')"
    fi
    diff -q <(headings "$english") <(headings "$chinese") >/dev/null ||
        complain "$chinese" 1 "has other headings than $english"
done <<'PAIRS'
README.md README.zh-CN.md
reports/guide/guide.en.md reports/guide/guide.zh-CN.md
PAIRS

finish "$count"
