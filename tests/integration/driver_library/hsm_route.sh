#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The _HSM_ functions of libSSCardDriver.so over a real pcscd, with `onecard host` as the HSM: from Python and from C, with
# no PSAM and with PSAMs that lack something.
# Usage: hsm_route.sh BUILD_FOLDER SOURCE_FOLDER. Exit code 77: a program that this needs is not there.
set -euo pipefail
build=$1
source=$2
# shellcheck source-path=SCRIPTDIR source=../pcscd.sh
. "${BASH_SOURCE[0]%/*}/../pcscd.sh"
needs cc curl jq
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 LD_LIBRARY_PATH=$build
unset SSCARD_DRIVER_CONFIG
examples=$source/sim/terminal/driver/examples
host=
trap '[ -z "$host" ] || kill "$host" 2>/dev/null || true; finish' EXIT

fail() {
  echo "$@"
  exit 1
}

cc -Wall -Wextra -Werror -I "$source/sim/terminal/driver" "$examples/hsm_card.c" -L "$build" -lSSCardDriver -o "$work/hsm_card"
cp -r "$source/vectors/cards" "$work/cards"

serve() { # serve PROFILE
  : >"$work/host.log" # not what an earlier one said
  "$build/onecard" host --listen 127.0.0.1:0 --profile "$work/cards/$1.xml" >"$work/host.log" 2>&1 &
  host=$!
  until_true grep -q '^http[^ ]*/ ' "$work/host.log"
  url=$(sed -n 's/^\(http[^ ]*\)\/ .*/\1/p' "$work/host.log")
}
# Both readers are seen when neither card nor PSAM is missed; without its number a PSAM was not there.
answers() { # answers [--psam]
  local said
  said=$(python3 "$examples/sscard.py" basic 2>&1) || true
  ! grep -qE ': -[24] ' <<<"$said" && { [ $# -eq 0 ] || ! grep -qE ': -2201 |^0{12}$' <<<"$said"; }
}
insert() { # insert PROFILE [--psam]
  "$build/onecard" reader --profile "$work/cards/$1.xml" --port "$port" "${@:2}" >"$work/reader.log" 2>&1 &
  reader=$!
  until_true answers "${@:2}"
}
end() {
  kill "$reader" "$host"
  wait "$reader" || true
  wait "$host" || true
  reader=
  host=
}
route() {
  python3 "$source/tests/integration/driver_library/hsm_route.py" "$source" "$url" "$@"
}
by_c() {
  "$examples/ask_hsm.sh" "$url" "$work/hsm_card" "$@"
}

for generation in 2.0 3.0; do
  serve "ssc-$generation"
  insert "ssc-$generation"
  route walk
  export ONECARD_KEYPAD_NEW=246802
  by_c basic | iconv -f GB18030 -t UTF-8 | grep -q '|样本' || fail "C: basic"
  [ "$(by_c read 'SSSEEF08|$' | cut -c 1-13)" = 'SSSEEF08|FFD8' ] || fail "C: read"
  by_c write 'SSSEEF06|0A|$' 'SSSEEF06|1|$' >"$work/out" || fail "C: write"
  by_c reload-pin >"$work/out" || fail "C: reload"
  export ONECARD_KEYPAD_PIN=246802
  by_c debit '0.00|4.50|20260302120000|' >"$work/debit" || fail "C: debit"
  route written 'SSSEEF06|0A|$' 'SSSEEF06|1|$' 20260302120000
  by_c unblock-pin >"$work/out" || fail "C: unblock"
  # Without an answer of the HSM the C program ends, with the driver's reason.
  "$work/hsm_card" read 'SSSEEF08|$' </dev/null >"$work/out" 2>"$work/err" && fail "C: it went on without the HSM"
  grep -q 'iReadCardBas_HSM_Step2: -14' "$work/err" || fail "C: no answer: $(cat "$work/err")"
  unset ONECARD_KEYPAD_PIN ONECARD_KEYPAD_NEW
  end
done

# What a PSAM lacks, the codes for it, and the function that it shows in.
while read -r generation lack codes function; do
  sed -i "s|\(<psam terminal=\"[0-9]*\"\)[^>]*|\1 $lack/|" "$work/cards/ssc-$generation.xml"
  serve "ssc-$generation"
  insert "ssc-$generation" --psam
  route fallback "$codes" "$function"
  end
done <<'LACKS'
3.0 algs="3DES" -2202 iReadCardBas
3.0 without="SSSE/RK" -2203,-27272 iReadCardBas
2.0 level="1" -24 iReadCardBas
2.0 without="SSSE/RK" -27272 iReadCard
LACKS
echo "passed"
