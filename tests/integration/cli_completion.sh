#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What bash completes, by its own function; zsh reads its own, where it is installed.
# usage: cli_completion.sh ONECARD
set -euo pipefail
onecard=$(realpath "$1")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
bash conformance/cli/completion/completions.sh "$onecard" "$scratch"
# shellcheck disable=SC1091 # made just now
. "$scratch/bash/onecard"

# completes WORD...: the last one is to be completed, "" for none begun; a line each.
completes() {
    COMP_WORDS=("$onecard" "$@")
    COMP_CWORD=$#
    COMPREPLY=()
    _onecard 2>/dev/null || true
    printf '%s\n' "${COMPREPLY[@]}"
}

wrong=0
# expect "words wanted" WORD...
expect() {
    local wanted=$1 got
    shift
    got=$(completes "$@" | sed 's/ *$//' | sort | tr '\n' ' ')
    if [[ $got != "$wanted " ]]; then
        echo "onecard $*: $got, not $wanted"
        wrong=1
    fi
}

expect 'replay report' rep
expect 'verify version' ver
expect '--tag= --terminal= --threshold= --timeout=' run --t
expect '--seed= --serve-cards= --shard= --strict' run --s
expect '--aql=' accept --aq
expect 'inproc inproc,pcsc' run --via = i
expect 'inproc inproc,pcsc pcsc' run --via =
expect 'inproc inproc,pcsc pcsc' run --via ''
expect 'html ids text' list --format ''
expect 'tap=' run --format = t
expect 'en' verify -l e
expect 'CARD.SELECT.AGAIN' list -k CARD.SELECT.AG
expect 'vectors/README.md' lint vectors/READ
expect 'vectors/card vectors/cards' run -o vectors/c
expect 'vectors/cards/ssc-2.0-rk.xml vectors/cards/ssc-2.0.xml vectors/cards/ssc-2.01.xml' run --profile = vectors/cards/ssc-2
expect '' version --x

# Each option that --help names is offered, with = when it takes an argument.
while read -r command; do
    "$onecard" "$command" --help | grep -oE '^  (-.,|   ) --[a-z0-9-]+\[?=?' | sed 's/.*--/--/; s/\[=$/=/' | sort >"$scratch/said"
    completes "$command" -- | sort >"$scratch/offered"
    diff "$scratch/said" "$scratch/offered" || { echo "onecard $command"; wrong=1; }
done < <(completes '' | grep '^[a-z]' | grep -v '^version$')

if command -v zsh >/dev/null; then
    zsh -n "$scratch/zsh/_onecard" || wrong=1
fi
exit $wrong
