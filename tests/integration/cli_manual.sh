#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A manual page for each command and file format, without anything that a reader of manual pages warns of.
# usage: cli_manual.sh ONECARD
set -euo pipefail
onecard=$1
command -v help2man >/dev/null || exit 77
command -v mandoc >/dev/null || exit 77
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    echo "$*"
    exit 1
}

bash conformance/cli/man/pages.sh "$onecard" 0.0.1 "$scratch/man"
mapfile -t commands < <("$onecard" --help | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p' | grep -v '^version$')
((${#commands[@]} > 15)) || fail "commands are missing: ${commands[*]}"
pages=("$scratch/man/man1/onecard.1.gz" "$scratch/man/man5/onecard-result.5.gz" "$scratch/man/man5/onecard-vectors.5.gz"
    "$scratch/man/man7/onecard-bundle.7.gz")
for command in "${commands[@]}"; do
    pages+=("$scratch/man/man1/onecard-$command.1.gz")
done
for page in "${pages[@]}"; do
    [[ -e $page ]] || fail "there is no ${page##*/}"
    zcat "$page" >"$scratch/page"
    if mandoc -Tlint -Wwarning "$scratch/page" | grep -v STYLE; then fail "${page##*/}: see above"; fi
    name=${page##*/}
    name=${name%.?.gz}
    mandoc -Tutf8 "$scratch/page" | sed 's/.\x08//g' >"$scratch/text"
    # NAME tells the name, as apropos reads it.
    LC_ALL=C.UTF-8 grep -qP "^ +\Q$name\E (-|–|—) \S" "$scratch/text" || fail "$name: NAME is $(sed -n 4p "$scratch/text")"
done
(($(find "$scratch/man" -type f | wc -l) == ${#pages[@]})) || fail "pages of no command"
for option in --terminal --seed --challenge; do
    zcat "$scratch/man/man1/onecard-run.1.gz" | sed 's/\\//g' | grep -- "$option" >/dev/null || fail "onecard-run(1) lacks $option"
done
# Same sources, same pages.
bash conformance/cli/man/pages.sh "$onecard" 0.0.1 "$scratch/again"
diff -r "$scratch/man" "$scratch/again"
