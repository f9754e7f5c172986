#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Example adapter (exec:) in shell, with jq: for a terminal that has a command line. Each call runs
#     COMMAND FUNCTION NAME=VALUE...
# with the key pad entries in ONECARD_KEYPAD_PIN, _OLD, _NEW, _AGAIN, _ACTION. COMMAND prints the return code on its first
# line and pOutInfo, in UTF-8, on the second. FUNCTIONS, words in the environment, says which functions there are.
#
#     onecard run --terminal 'exec:conformance/dut/examples/adapter.sh COMMAND' vectors/terminal
set -u
command=$1

answer() {
    # jq writes one line; --arg quotes whatever is in the text.
    jq -nc --argjson id "$1" --arg code "$2" --arg out "$3" '{id: $id, code: ($code | tonumber), out: $out}'
}

while IFS= read -r line; do
    ask() { printf '%s' "$line" | jq "$@"; }
    id=$(ask .id)
    function=$(ask -r '.call // empty')
    if [ -z "$function" ]; then
        # shellcheck disable=SC2016 # $names is jq's
        ask -c --arg names "${FUNCTIONS:-iReadCardBas}" '{id, hello: "adapter.sh", exports: ($names | split(" "))}'
        continue
    fi
    for entry in PIN OLD NEW AGAIN ACTION; do
        unset "ONECARD_KEYPAD_$entry"
    done
    # @sh quotes each word for the shell.
    eval "$(ask -r '(.keypad // {}) | to_entries[] | "export ONECARD_KEYPAD_\(.key | ascii_upcase)=\(.value | @sh)"')"
    eval "set -- $(ask -r '.args | to_entries | map("\(.key)=\(.value)") | @sh')"
    said=$("$command" "$function" "$@" </dev/null)
    code=$(printf '%s\n' "$said" | sed -n 1p)
    out=$(printf '%s\n' "$said" | sed -n 2p)
    if [ "$code" = missing ]; then
        jq -nc --argjson id "$id" '{id: $id, error: "no-such-function"}'
    else
        answer "$id" "$code" "$out"
    fi
done
