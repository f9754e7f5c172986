#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The settlement that README shows for a bash, exactly as it is printed there, against a host of its own.
# host_curl.sh ONECARD
set -euo pipefail
onecard=$1
command -v curl >/dev/null && command -v jq >/dev/null || exit 77
folder=$(mktemp -d)
host=
trap 'kill $host 2>/dev/null || true; rm -rf "$folder"' EXIT

"$onecard" host --listen 127.0.0.1:0 --medical-store "$folder/settled.db" >"$folder/host" & host=$!
for _ in $(seq 100); do
    grep -q '^http' "$folder/host" && break
    sleep 0.1
done
ONECARD_HOST=$(sed -nE 's|^(http://[^ ]*)/ .*|\1|p' "$folder/host")
export ONECARD_HOST

awk '/^```/ { if (on) exit; on = $0 == "```bash"; next } on' README.md >"$folder/dialogue"
[ -s "$folder/dialogue" ] || { echo "README has no dialogue" >&2; exit 1; }
bash -euo pipefail "$folder/dialogue" >"$folder/said"

# 9001, 1101, 2201 are captured; the others are printed. 1000 yuan less the 500 of the year, of which the fund pays 70 %.
jq -se '[.[] | .setlinfo.fund_pay_sumamt // .fund_pay_sumamt // .stmtinfo.stmt_rslt // .result[0].inscp_scp_amt // {}]
    == [{}, 1000, 350, 350, "0", -350]' "$folder/said" >/dev/null || { cat "$folder/said"; exit 1; }

# It ends when it is told to, and what was booked is in its store.
kill -TERM $host
wait $host
[ -s "$folder/settled.db" ]
