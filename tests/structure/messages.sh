#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Each sentence of the command line has its translation, with the same placeholders.
set -euo pipefail
root=$1
catalogue=$root/conformance/cli/po/zh_CN.po
command -v msgfmt >/dev/null || exit 77
command -v python3 >/dev/null || exit 77
msgfmt --check --output-file=/dev/null "$catalogue"
python3 "$root/tests/structure/messages.py" "$root" check "$catalogue"
# The check itself: what is missing, idle or fuzzy is found.
spoilt=$(mktemp)
trap 'rm -f "$spoilt"' EXIT
sed -e '0,/^msgid "print versions"/s//#, fuzzy\nmsgid "print version"/' "$catalogue" >"$spoilt"
if said=$(python3 "$root/tests/structure/messages.py" "$root" check "$spoilt"); then
    echo "a spoilt catalogue passes"
    exit 1
fi
for finding in 'no translation: print versions' 'fuzzy: print version' 'said nowhere: print version'; do
    grep -qF "$finding" <<<"$said" || { echo "not found: $finding"; exit 1; }
done
