#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The second runner of the card vectors stays small: all lines of tests/foreign/runner.py and of what it imports from
# there, blank lines and comments too, without the cryptography.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

readonly most=490
readonly cryptography=" ssc_crypto ssc_functions sm2 "

total=0
modules=(runner)
for ((i = 0; i < ${#modules[@]}; i++)); do
    file=tests/foreign/${modules[i]}.py
    total=$((total + $(wc -l <"$file")))
    while read -r name; do
        if [[ -f tests/foreign/$name.py && " ${modules[*]} $cryptography" != *" $name "* ]]; then
            modules+=("$name")
        fi
    done < <(sed -nE 's/^ *(import|from) +([a-z0-9_]+).*/\2/p' "$file")
done
printf '%s: %d lines\n' "${modules[*]}" "$total"
if ((total >= most)); then
    complain tests/foreign/runner.py 1 "$total lines in ${modules[*]}, and fewer than $most was the promise"
fi
finish "${#modules[@]}"
