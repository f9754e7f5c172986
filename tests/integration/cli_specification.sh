#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The specification as a document: every case in it, ids unique, no dead anchors, nothing from outside.
# usage: cli_specification.sh ONECARD
set -euo pipefail
onecard=$1
export LC_ALL=C
command -v xmllint >/dev/null || exit 77
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    echo "$*"
    exit 1
}

"$onecard" list --format html >"$scratch/all.html"
"$onecard" list --format ids | tr ' %' '__' | sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g; s/"/\&quot;/g' | sort >"$scratch/cases"
grep -o ' id="[^"]*"' "$scratch/all.html" | sed 's/ id="//; s/"$//' | sort >"$scratch/ids"
[[ -z $(uniq -d "$scratch/ids") ]] || fail "ids stand twice: $(uniq -d "$scratch/ids" | head -3)"
comm -23 "$scratch/cases" "$scratch/ids" >"$scratch/missing"
[[ ! -s $scratch/missing ]] || fail "cases are missing: $(head -3 "$scratch/missing")"
(($(wc -l <"$scratch/cases") > 10000)) || fail "few cases"
grep -o ' href="[^"]*"' "$scratch/all.html" | sed 's/ href="//; s/"$//' | sort -u >"$scratch/links"
if grep -v '^#' "$scratch/links"; then fail "links to elsewhere"; fi
sed 's/^#//' "$scratch/links" | comm -23 - "$scratch/ids" >"$scratch/dead"
[[ ! -s $scratch/dead ]] || fail "dead anchors: $(head -3 "$scratch/dead")"
if grep -niE '<(script|img|link|iframe|object)[ >]|src=|@import|url\(' "$scratch/all.html"; then fail "something from outside"; fi

# A part of it, read whole; HTML 5's own elements are unknown to xmllint.
"$onecard" list --format html -k '^(CARD\.SELECT|CARD\.PIN|FLOW\.MED-1|TERM\.PIN|HOST\.SIGN)' >"$scratch/part.html"
xmllint --html --noout "$scratch/part.html" 2>&1 | grep 'error :' |
    grep -vE 'Tag (header|section|nav|main|article) invalid' >"$scratch/errors" || true
[[ ! -s $scratch/errors ]] || fail "no good HTML: $(head -3 "$scratch/errors")"
for words in '<b>VERIFY</b>' '适用条件' 'has to be refused, because' 'short file identifier' 'lasting changes on the card' \
    'terminal function' 'PSAM: ' '>9000</code> (<span class="zh"'; do
    grep -qF "$words" "$scratch/part.html" || fail "not said: $words"
done
code=0
"$onecard" list --format html -k '^NOTHING$' >"$scratch/none.html" || code=$?
((code == 4)) || fail "nothing selected ends with $code"
code=0
"$onecard" list --format html -k '^CARD\.SELECT' >/dev/full 2>"$scratch/said" || code=$?
((code == 3)) || fail "a full disk ends with $code"
grep -q 'cannot write the specification' "$scratch/said" || fail "a full disk is not named"
