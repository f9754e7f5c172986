#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Progress on a terminal and in a log, by the real program over a pseudo-terminal.
# usage: cli_progress.sh ONECARD
set -euo pipefail
onecard=$1
command -v script >/dev/null || exit 77
unset LANG LANGUAGE LC_ALL LC_MESSAGES LC_CTYPE CI NO_COLOR COLUMNS
export LC_ALL=C.UTF-8 # of the tools here
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
run="$onecard run --profile vectors/cards/ssc-3.0.xml -k ^CARD.PIN -o $scratch/out"

fail() {
    echo "$*"
    exit 1
}

# on_terminal NAME ENVIRONMENT OPTION...: what a terminal of 70 columns would get, in NAME, a line a drawing.
on_terminal() {
    local name=$1 environment=$2
    shift 2
    script -qec "stty cols 70; env $environment $run $*" /dev/null >"$scratch/raw" || fail "$name: onecard failed"
    tr '\r' '\n' <"$scratch/raw" >"$scratch/$name"
}

on_terminal color 'TERM=xterm LC_ALL=C.UTF-8'
grep -qP '^\x1b\[32m[█░]{20}\x1b\[0m +\d+ %  \d+/\d+  .*CARD\..*\x1b\[K$' "$scratch/color" || fail "no progress line"
(($(grep -oP '\d+(?= %  )' "$scratch/color" | sort -nc 2>&1 | wc -l) == 0)) || fail "progress goes back"
grep -oP '\d+(?= %  )' "$scratch/color" | tail -1 | grep -qx 100 || fail "progress ends early"
grep -a ' %  ' "$scratch/color" | sed 's/\x1b\[[0-9;]*[mK]//g' >"$scratch/plain"
(($(LC_ALL=C.UTF-8 wc -L <"$scratch/plain") < 70)) || fail "wider than the terminal: $(<"$scratch/plain")"
# The line is gone before the summary comes.
grep -n -m1 'report.html' "$scratch/color" >/dev/null || fail "no summary"

on_terminal ascii 'TERM=xterm LC_ALL=C NO_COLOR=1'
grep -q '^\[#*-*\] ' "$scratch/ascii" || fail "no bar in ASCII"
if grep -P '[█░]|\x1b\[\d*m' "$scratch/ascii"; then fail "beyond ASCII, or coloured"; fi

for environment in 'TERM=xterm CI=true' 'TERM=dumb'; do
    on_terminal lines "$environment"
    if grep -aP '\x1b\[K| %  ' "$scratch/lines"; then fail "$environment: a line that is drawn again"; fi
done
on_terminal quiet 'TERM=xterm LC_ALL=C.UTF-8' -q
if grep -a '[█░] ' "$scratch/quiet"; then fail "-q shows progress"; fi

# No terminal.
bash -c "LC_ALL=C $run" >/dev/null 2>"$scratch/log"
if grep -avE '^onecard: [0-9]+ %, [0-9]+ of [0-9]+' "$scratch/log"; then fail "other lines in a log"; fi
