#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The Windows side under Wine: the stand-in libraries with a program that loads them, and the driver host with two small
# drivers, one that finds its card through winscard.dll and one through SSSE32.dll.
# Usage: windows.sh ONECARD FOLDER BITS WINEPREFIX SOURCE_FOLDER, FOLDER with what was built for that many bits. Exit
# code 77: there is no Wine for them.
set -euo pipefail
onecard=$1
folder=$2
bits=$3
export WINEPREFIX=$4
source=$5
case $bits in
  32) wine=$(command -v /usr/lib/wine/wine || true) ;;
  *) wine=$(command -v wine64 /usr/lib/wine/wine64 | head -n 1 || true) ;;
esac
[ -n "$wine" ] || { echo "there is no Wine for $bits bits"; exit 77; }
export WINEDEBUG=-all DISPLAY='' WINEDLLOVERRIDES='winscard=n;mscoree,mshtml='

work=$(mktemp -d)
reader=
host=
finish() {
  [ -z "$reader" ] || kill "$reader" 2>/dev/null || true
  [ -z "$host" ] || kill "$host" 2>/dev/null || true
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

# await FILE TEXT: until it is there, at most 20 seconds
await() {
  for _ in $(seq 1000); do
    ! grep -qF -- "$2" "$1" || return 0
    sleep 0.02
  done
  echo "this did not come: $2"
  cat "$1"
  exit 1
}

free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

profile=$source/vectors/cards/ssc-2.0.xml
"$onecard" reader --psam --profile "$profile" --standin tcp:127.0.0.1:0 >"$work/reader.log" 2>&1 &
reader=$!
await "$work/reader.log" ONECARD_CARDS=
ONECARD_CARDS=$(sed -n 's/.*ONECARD_CARDS=\([^;]*\);.*/\1/p' "$work/reader.log")
export ONECARD_CARDS
cd "$folder"
for set in winscard:winscard.dll icc:SSSE32.dll dc:dcrf32.dll dc-seat:seat/dcrf32.dll; do
  timeout 120 "$wine" standins_probe.exe "${set%:*}" "${set#*:}" >"$work/out" 2>&1 || { cat "$work/out"; exit 1; }
  check "probe, ${set#*:}" "$work/out" "${set%:*}, $bits bits:"
  check "probe, ${set#*:}" "$work/out" ", 0 failed"
done
kill "$reader"
wait "$reader" || true
reader=

# The vectors call the driver, and the cards that it then reads are those of the run.
for driver in winscard icc; do
  cards=tcp:127.0.0.1:$(free_port)
  port=$(free_port)
  : >"$work/$driver.log"
  ONECARD_CARDS=$cards "$wine" onecard-driver-host.exe --listen "$port" "driver_$driver.dll" >"$work/$driver.log" 2>&1 &
  host=$!
  await "$work/$driver.log" "listening on port"
  (cd "$source" && timeout 60 "$onecard" run --terminal "tcp:127.0.0.1:$port" --serve-cards "$cards" \
    --profile "$profile" -k 'TERM.BAS.SLOW.READ|TERM.BAS.STATUS.SELECT-6A82' -v -o "$work/run" vectors/terminal) \
    >"$work/out" 2>&1 || true
  check "run, driver_$driver.dll" "$work/out" "PASS           ssc-2.0/inproc  TERM.BAS.SLOW.READ"
  check "run, driver_$driver.dll" "$work/out" "PASS           ssc-2.0/inproc  TERM.BAS.STATUS.SELECT-6A82"
  kill "$host"
  wait "$host" || true
  host=
done
"${wine%/*}/wineserver" -k 2>/dev/null || wineserver -k 2>/dev/null || true
echo "$bits bits: $passed passed, 0 failed"
