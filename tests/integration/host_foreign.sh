#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A host of our own passes as a back-end under test, over HTTP; nobody's does not.
# host_foreign.sh ONECARD
set -euo pipefail
onecard=$1
folder=$(mktemp -d)
host=
trap 'kill $host 2>/dev/null || true; rm -rf "$folder"' EXIT

"$onecard" host --listen 127.0.0.1:0 >"$folder/host" & host=$!
for _ in $(seq 100); do
    grep -q '^http' "$folder/host" && break
    sleep 0.1
done
url=$(sed -nE 's|^(http://[^ ]*)/ .*|\1/fsi/api/|p' "$folder/host")
run() { "$onecard" run -q --via inproc --profile vectors/cards/ssc-3.0.xml -o "$folder/out" --host "$url" "$@"; }

run vectors/host/outpatient.xml vectors/host/messages.xml >"$folder/said" || { cat "$folder/said"; exit 1; }
passed=$(grep -o 'verdict="PASS"' "$folder/out/result.xml" | wc -l)
[ "$passed" -ge 100 ] || { echo "only $passed cases passed" >&2; exit 1; }

kill -TERM $host
wait $host
status=0
run -k '^HOST.FLOW.OUTPATIENT$' vectors/host/outpatient.xml >"$folder/said" || status=$?
[ $status -eq 1 ] || { echo "exit code $status without a back-end" >&2; exit 1; }
grep -q 'LOAD: .*the back-end does not serve at' "$folder/out/result.xml"
