#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# libSSCardDriver.so over a real pcscd: installed as a developer installs it, used from C and from Python.
# Usage: driver_library.sh BUILD_FOLDER SOURCE_FOLDER. Exit code 77: a program that this needs is not there.
set -euo pipefail
build=$1
source=$2
# shellcheck source-path=SCRIPTDIR source=../pcscd.sh
. "${BASH_SOURCE[0]%/*}/../pcscd.sh"
needs pkg-config nm cc
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1

fail() {
  echo "$@"
  exit 1
}

prefix=$work/prefix
examples=$source/sim/terminal/driver/examples
env -u DESTDIR cmake --install "$build" --prefix "$prefix" >"$work/install.log" || { cat "$work/install.log"; exit 1; }
library=$(find "$prefix" -name libSSCardDriver.so)
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name SSCardDriver.pc)")
export PKG_CONFIG_PATH LD_LIBRARY_PATH=${library%/*}

# What the header declares, and nothing else, is exported.
grep -oE '\b(i|PKI_)[A-Za-z0-9_]+\(' "$prefix/include/SSCardDriver.h" | tr -d '(' | sort >"$work/declared"
nm -D --defined-only "$library" | awk '{print $3}' | sort >"$work/exported"
cmp -s "$work/declared" "$work/exported" || fail "exports differ: $(diff "$work/declared" "$work/exported")"
[ "$(wc -l <"$work/exported")" -eq 25 ] || fail "not 25 functions"

read -ra flags <<<"$(pkg-config --cflags --libs --define-variable=prefix="$prefix" SSCardDriver)"
cc -Wall -Wextra -Werror "$examples/read_card.c" "${flags[@]}" -o "$work/read_card"

insert() { # insert PROFILE
  "$build/onecard" reader --psam --profile "$source/vectors/cards/$1.xml" --port "$port" >"$work/reader.log" 2>&1 &
  reader=$!
  until_true "$examples/sscard.py" --library "$library" basic
}
remove() {
  kill "$reader"
  wait "$reader" || true
  reader=
}

# Without a card.
"$examples/sscard.py" --library "$library" basic 2>"$work/none" && fail "a card was read that is not there"
grep -q -- "-2 无卡" "$work/none" || fail "no card: $(cat "$work/none")"

for generation in 1.0 2.0 3.0; do
  insert "ssc-$generation"
  pin=$(sed -n 's/.*<pin value="\([0-9]*\)".*/\1/p' "$source/vectors/cards/ssc-$generation.xml")
  python3 "$source/tests/integration/driver_library/functions.py" "$examples" "$library" "$generation" "$pin"
  ONECARD_KEYPAD_PIN=$pin "$work/read_card" | iconv -f GB18030 -t UTF-8 >"$work/read" || fail "read_card: $(cat "$work/read")"
  grep -q '^5 样本' "$work/read" || fail "the name is missing: $(cat "$work/read")"
  grep -q '^SSSEEF06|' "$work/read" || fail "the file is missing: $(cat "$work/read")"
  remove
done

# Settings: nine items, a log; wrong ones are -5, with the place in the log and nothing on the outputs.
insert ssc-2.0
export SSCARD_DRIVER_CONFIG=$work/settings.xml
settings() {
  printf '<settings xmlns="urn:onecard:driver-settings:1">%s<log file="%s"/></settings>\n' "$1" "$work/driver.log" >"$work/settings.xml"
}
settings '<terminal items="9"/>'
[ "$("$examples/sscard.py" --library "$library" basic | wc -l)" -eq 9 ] || fail "not nine items"
settings '<readers card="no such reader"/>'
"$examples/sscard.py" --library "$library" basic 2>"$work/err" && fail "a reader was found that is not there"
grep -q -- "-11" "$work/err" || fail "no such reader: $(cat "$work/err")"
grep -q "no reader is called" "$work/driver.log" || fail "the log does not tell of the reader"
pin=$(sed -n 's/.*<pin value="\([0-9]*\)".*/\1/p' "$source/vectors/cards/ssc-2.0.xml")
settings "<keypad><program command=\"echo $pin\"/></keypad>"
[ "$("$examples/sscard.py" --library "$library" verify-pin)" = right ] || fail "the key pad program"
settings '<keypad><program command="sleep 20" timeout="50"/></keypad>'
"$examples/sscard.py" --library "$library" verify-pin 2>"$work/err" && fail "a key pad without a holder"
grep -q -- "-32" "$work/err" || fail "the key pad's time: $(cat "$work/err")"
! grep -q "$pin" "$work/driver.log" || fail "the log holds the PIN"
printf '<settings/>' >"$work/settings.xml"
"$examples/sscard.py" --library "$library" basic >"$work/out" 2>"$work/err" && fail "wrong settings were taken"
grep -q -- "-5" "$work/err" || fail "wrong settings: $(cat "$work/err")"
[ ! -s "$work/out" ] || fail "it prints: $(cat "$work/out")"
remove
echo "passed"
