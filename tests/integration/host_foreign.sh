#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# A host of our own passes as a back-end under test, over HTTP; nobody's does not.
# host_foreign.sh ONECARD
set -euo pipefail
onecard=$1
folder=$(mktemp -d)
host=
trap 'kill $host 2>/dev/null || true; rm -rf "$folder"' EXIT

serve() {
    : >"$folder/host" # what the last one said is none of its
    "$onecard" host --listen 127.0.0.1:0 "$@" >"$folder/host" & host=$!
    for _ in $(seq 600); do
        grep -q '^http' "$folder/host" && break
        sleep 0.1
    done
    url=$(sed -nE 's|^(http://[^ ]*)/ .*|\1/fsi/api/|p' "$folder/host")
}
verdict_of() { grep -oE "<case [^>]*id=\"$1\"[^>]*" "$folder/out/result.xml" | grep -oE 'verdict="[A-Z_]+"'; }

serve
run() { "$onecard" run -q --via inproc --profile vectors/cards/ssc-3.0.xml -o "$folder/out" --host "$url" "$@"; }

run vectors/host/outpatient.xml vectors/host/messages.xml >"$folder/said" || { cat "$folder/said"; exit 1; }
passed=$(grep -o 'verdict="PASS"' "$folder/out/result.xml" | wc -l)
[ "$passed" -ge 100 ] || { echo "only $passed cases passed" >&2; exit 1; }

kill -TERM $host
wait $host

# The insurance of our flows is nobody's policy: other rates, deductibles and classes are no finding, and what is ours alone
# (the electronic card, what the account and the fund pay of a fee) is not asked of another back-end.
mkdir "$folder/regions"
cp vectors/regions/*.xml "$folder/regions"
sed -i -E 's/permille="[0-9]+"/permille="510"/g; s/deductible-fen="[0-9]+"/deductible-fen="1000"/g; s/limit-fen="2500"/limit-fen="1900"/' \
    "$folder/regions/national.xml"
serve --region "$folder/regions/national.xml"
run vectors/host/outpatient.xml vectors/host/component.xml vectors/flows/iss-2.xml vectors/flows/med-1-voucher.xml >"$folder/said" ||
    { cat "$folder/said"; exit 1; }
! grep -qE '<case [^>]*verdict="(FAIL|DEVIATION)"' "$folder/out/result.xml" || { echo "another policy is a finding" >&2; exit 1; }
[ "$(verdict_of HOST.FLOW.OUTPATIENT)" = 'verdict="PASS"' ]
for ours in HOST.VOUCHER.QUERY FLOW.ISS-2.AWAY FLOW.MED-1.VOUCHER; do
    [ "$(verdict_of $ours)" = 'verdict="NOT_APPLICABLE"' ] || { echo "$ours is asked of another back-end" >&2; exit 1; }
done
kill -TERM $host
wait $host

# Where nobody serves there is nobody to judge.
rm -r "$folder/out"
status=0
run -k '^HOST.FLOW.OUTPATIENT$' vectors/host/outpatient.xml 2>"$folder/said" || status=$?
[ $status -eq 3 ] || { echo "exit code $status without a back-end" >&2; exit 1; }
grep -q 'the back-end does not serve at' "$folder/said"
[ ! -e "$folder/out" ]
