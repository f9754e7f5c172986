#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs a program that writes "hsm MESSAGE JSON" for each question to the HSM and reads the pKey; prints its other lines.
# 把程序输出的 "hsm 消息 JSON" 行转给 `onecard host`，并把返回的 pkey 写回程序。
#   ask_hsm.sh URL PROGRAM [ARGUMENT...]
set -euo pipefail
url=$1
shift
coproc card { "$@"; }
program=$!
exec {from}<&"${card[0]}" {to}>&"${card[1]}"
while IFS= read -r line <&"$from"; do
  case $line in
    "hsm "*)
      read -r _ message body <<<"$line"
      # What is refused has no pkey: an empty line.
      curl --silent --show-error --json "$body" "$url/hsm/$message" | jq -r '.pkey // ""' >&"$to" ;;
    *) printf '%s\n' "$line" ;;
  esac
done
wait "$program"
