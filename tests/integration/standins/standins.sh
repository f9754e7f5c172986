#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Programs that are not ours against a card and a PSAM that `onecard reader --standin` serves: no daemon.
# Usage: standins.sh ONECARD STANDINS_FOLDER PROBE SOURCE_FOLDER. Exit code 77: a program that this needs is not there.
set -euo pipefail
onecard=$1
standins=$2
probe=$3
source=$4
for program in opensc-tool pcsc_scan scriptor; do
  command -v "$program" >/dev/null || { echo "$program is not installed"; exit 77; }
done

work=$(mktemp -d)
reader=
finish() {
  [ -z "$reader" ] || kill "$reader" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

passed=0
check() { # check NAME FILE TEXT
  if grep -qF -- "$3" "$2"; then
    passed=$((passed + 1))
  else
    echo "$1: this is missing: $3"
    cat "$2"
    exit 1
  fi
}

# serve ADDRESS OPTION...: until ONECARD_CARDS can be told
serve() {
  : >"$work/reader.log" # not what an earlier one said
  "$onecard" reader --standin "$@" >"$work/reader.log" 2>&1 &
  reader=$!
  for _ in $(seq 3000); do
    ! grep -q ONECARD_CARDS= "$work/reader.log" || break
    sleep 0.02
  done
  ONECARD_CARDS=$(sed -n 's/.*ONECARD_CARDS=\([^;]*\);.*/\1/p' "$work/reader.log")
  [ -n "$ONECARD_CARDS" ] || { cat "$work/reader.log"; exit 1; }
  export ONECARD_CARDS
}

stop() {
  kill "$reader"
  wait "$reader"
  reader=
}

with_standin() { LD_LIBRARY_PATH=$standins "$@"; }

serve "unix:$work/cards" --psam --profile "$source/vectors/cards/ssc-2.0.xml"
with_standin opensc-tool -l >"$work/out" 2>&1
check "opensc-tool -l" "$work/out" "onecard stand-in 00 01"
with_standin opensc-tool -r 0 -a >"$work/out" 2>&1
check "opensc-tool -a" "$work/out" "3b:6d:00:00:00:99:4f:43:32"
with_standin opensc-tool -r 0 -s 00:A4:04:00:0F:73:78:31:2E:73:68:2E:C9:E7:BB:E1:B1:A3:D5:CF >"$work/out"
check "opensc-tool -s" "$work/out" "SW1=0x90, SW2=0x00"
with_standin timeout 10 pcsc_scan -n -c </dev/null >"$work/out" 2>&1 || true
check "pcsc_scan" "$work/out" "3B 6D 00 00 00 99 4F 43 32"
with_standin scriptor -r "onecard stand-in 00 00" "$source/tests/integration/foreign_clients/read_basic.scriptor" \
  >"$work/out" 2>&1
check "scriptor, version" "$work/out" "< 03 04 32 2E 30 30 90 00"
for set in icc:libSSSE32.so dc:libdcrf32.so dc-seat:seat/libdcrf32.so; do
  "$probe" "${set%:*}" "$standins/${set#*:}" >"$work/out" 2>&1 || { cat "$work/out"; exit 1; }
  check "probe, ${set%:*}" "$work/out" ", 0 failed"
done
# The same cases with the same outcome as in one process, but for those that a reader cannot carry.
with_standin "$onecard" run --card "pcsc:onecard stand-in 00 00" --profile "$source/vectors/cards/ssc-2.0.xml" \
  --expendable --allow lifecycle -k 'CARD.SELECT|CARD.READ' -o "$work/run" "$source/vectors/card" >"$work/out" 2>&1 ||
  { cat "$work/out"; exit 1; }
check "onecard run over the stand-in" "$work/out" " 0 failed"
stop

serve tcp:127.0.0.1:0 --interface contactless
with_standin opensc-tool -r 0 -a >"$work/out" 2>&1
check "opensc-tool over TCP, contactless" "$work/out" "3b:8d:80:01"
stop
[ ! -e "$work/cards" ] || { echo "the socket is left behind"; exit 1; }
echo "$passed passed, 0 failed"
