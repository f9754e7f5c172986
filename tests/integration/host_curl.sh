#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The settlements that README shows for a bash, exactly as it is printed there, against a host of its own.
# host_curl.sh ONECARD
set -euo pipefail
onecard=$1
command -v curl >/dev/null && command -v jq >/dev/null || exit 77
folder=$(mktemp -d)
host=
trap 'kill $host 2>/dev/null || true; rm -rf "$folder"' EXIT

"$onecard" host --listen 127.0.0.1:0 --medical-store "$folder/settled.db" >"$folder/host" & host=$!
for _ in $(seq 600); do
    grep -q '^http' "$folder/host" && break
    sleep 0.1
done
ONECARD_HOST=$(sed -nE 's|^(http://[^ ]*)/ .*|\1|p' "$folder/host")
export ONECARD_HOST

awk '/^```/ { on = !on && $0 == "```bash"; next } on' README.md >"$folder/dialogue"
[ -s "$folder/dialogue" ] || { echo "README has no dialogue" >&2; exit 1; }
(cd "$folder" && bash -euo pipefail dialogue >said)

# What is captured is not printed. 1000 yuan less the 500 of the year, of which the fund pays 70 %; the same again with the
# electronic card, after the first was cancelled.
jq -se '[.[] | .setlinfo.fund_pay_sumamt? // .fund_pay_sumamt? // .stmtinfo.stmt_rslt? // (.result? | arrays | .[0].inscp_scp_amt)
        // .reason? // .certno? // .result? // {}]
    == [{}, 1000, 350, 350, "0", -350, "990100199001010012", {}, 1000, 350, 350, "accepted", "revoked"]' "$folder/said" >/dev/null ||
    { cat "$folder/said"; exit 1; }
if command -v zbarimg >/dev/null; then
    [[ $(zbarimg -q --raw "$folder/code.png" 2>/dev/null) =~ ^OCEC1\.[A-Za-z0-9_-]{126}$ ]]
fi

# It ends when it is told to, and what was booked is in its store.
kill -TERM $host
wait $host
[ -s "$folder/settled.db" ]
