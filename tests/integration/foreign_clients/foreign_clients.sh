#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# PC/SC programs of other makers against `onecard reader` in a pcscd of this test's own.
# Usage: foreign_clients.sh ONECARD SOURCE_FOLDER. Exit code 77: a program that this needs is not there.
set -euo pipefail
onecard=$1
source=$2
# shellcheck source-path=SCRIPTDIR source=../pcscd.sh
. "${BASH_SOURCE[0]%/*}/../pcscd.sh"
needs opensc-tool pcsc_scan scriptor

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

atr_is() { opensc-tool -r 0 -a | grep -q "^$1"; }

for generation in 1.0 2.0 3.0; do
  "$onecard" reader --profile "$source/vectors/cards/ssc-$generation.xml" --port "$port" >"$work/reader.log" 2>&1 &
  reader=$!
  until_true atr_is "3b:6d:00:00:00:99:4f:43:3${generation%.*}" # the card before may still be thought present
  passed=$((passed + 1))
  opensc-tool -r 0 -s 00:A4:04:00:0F:73:78:31:2E:73:68:2E:C9:E7:BB:E1:B1:A3:D5:CF >"$work/select.txt"
  check "opensc-tool, SELECT on $generation" "$work/select.txt" "SW1=0x90, SW2=0x00"
  timeout 10 pcsc_scan -n -c </dev/null >"$work/scan.txt" 2>&1 || true
  check "pcsc_scan, $generation" "$work/scan.txt" "3B 6D 00 00 00 99 4F 43"
  scriptor -r "onecard test 00 00" "$source/tests/integration/foreign_clients/read_basic.scriptor" >"$work/read.txt" 2>&1
  check "scriptor, version record of $generation" "$work/read.txt" "< 03 04 3${generation%.*} 2E 3${generation#*.} 30 90 00"
  check "scriptor, ID number of $generation" "$work/read.txt" "< 08 12 39 39"
  # Cards of generation 1.0 have no name extension, tag 4E.
  normal=15
  [ "$generation" != 1.0 ] || normal=14
  [ "$(grep -c '90 00 : Normal processing' "$work/read.txt")" -eq "$normal" ] || { cat "$work/read.txt"; exit 1; }
  passed=$((passed + 1))
  pin=$(sed -n 's/.*<pin value="\([0-9]*\)".*/\1/p' "$source/vectors/cards/ssc-$generation.xml" | sed 's/../& /g; s/ $//')
  sed "s/PIN/$pin/" "$source/tests/integration/foreign_clients/medical.scriptor" >"$work/medical.scriptor"
  scriptor -r "onecard test 00 00" "$work/medical.scriptor" >"$work/medical.txt" 2>&1 || { cat "$work/medical.txt"; exit 1; }
  check "scriptor, a wrong PIN on $generation" "$work/medical.txt" "< 63 C5"
  check "scriptor, date of insurance on $generation" "$work/medical.txt" "< 80 04 20"
  check "scriptor, balance on $generation" "$work/medical.txt" "< 00 00 00 00 90 00"
  check "scriptor, a record without right on $generation" "$work/medical.txt" "< 69 82"
  kill "$reader"
  wait "$reader" || true
  reader=
done

# Whole commands: T=1 by its answer to reset, and the form in which PC/SC shows a contactless card.
whole_commands() { # whole_commands PROFILE INTERFACE ATR
  "$onecard" reader --profile "$source/vectors/cards/$1.xml" --interface "$2" --port "$port" >"$work/reader.log" 2>&1 &
  reader=$!
  until_true atr_is "$3"
  passed=$((passed + 1))
  timeout 10 pcsc_scan -n -c </dev/null >"$work/scan.txt" 2>&1 || true
  check "pcsc_scan, $1 $2" "$work/scan.txt" "$(echo "$3" | tr 'a-f:' 'A-F ')"
  opensc-tool -r 0 -s 00:A4:04:00:0F:73:78:31:2E:73:68:2E:C9:E7:BB:E1:B1:A3:D5:CF:00 -s 00:B2:03:28:00 >"$work/t1.txt"
  check "opensc-tool, SELECT of case 4, $1 $2" "$work/t1.txt" "73 78 31 2E 73 68 2E"
  check "opensc-tool, version record, $1 $2" "$work/t1.txt" "03 04 33 2E 30 30"
  printf '%s\n' "00 A4 04 00 0F 73 78 31 2E 73 68 2E C9 E7 BB E1 B1 A3 D5 CF 00" "00 B2 03 28 $4" >"$work/t1.scriptor"
  scriptor -r "onecard test 00 00" "$work/t1.scriptor" >"$work/t1.txt" 2>&1
  check "scriptor, version record, $1 $2" "$work/t1.txt" "< 03 04 33 2E 30 30 90 00"
  kill "$reader"
  wait "$reader" || true
  reader=
}
whole_commands ssc-3.0-t1 contact "3b:ed:00:00:81:31:fe:45:00:99" "00 00 00"
whole_commands ssc-3.0 contactless "3b:8d:80:01:00:99" "00"
echo "$passed passed, 0 failed"
