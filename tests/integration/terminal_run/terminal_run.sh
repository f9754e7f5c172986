#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# onecard run --terminal, from outside: terminals.sh ONECARD DRIVER NASTY-FOLDER SOURCE
# Each run must end with the exit code, the verdicts and no process that it should not leave.
onecard=$1 driver=$2 nasty=$3 source=$4
out=$(mktemp -d) || exit 1
trap 'rm -rf "$out"' EXIT
script="$source/tests/integration/terminal_run/script.sh"
failed=0

complain() {
  echo "$*"
  failed=1
}

# run EXIT-CODE ARGUMENT...: runs with TERM.BAS.TYPE and what else is given
run() {
  local wanted=$1
  shift
  "$onecard" run -q -o "$out/run" --profile "$source/vectors/cards/ssc-3.0.xml" "$@" "$source/vectors" \
    >"$out/text" 2>&1
  local code=$?
  [ $code = "$wanted" ] || { complain "$*: exit code $code, not $wanted"; tail -20 "$out/text"; }
}

# has PATTERN: the record holds it
has() {
  grep -qE "$1" "$out/run/result.xml" || complain "the record lacks $1"
}

nobody_left() {
  if pgrep -f "$out|$script" >/dev/null; then
    complain "left behind: $(pgrep -af "$out|$script")"
  fi
}

few='^TERM.BAS.TYPE.CONTACT$'

# A program: code and out are judged.
run 1 --terminal "exec:sh $script answer 0 '310000|'" -k "$few"
has 'id="TERM.SANITY" [^>]*verdict="PASS"'
has 'verdict="(FAIL|DEVIATION)"'
nobody_left

# One that is dead or silent fails the opening case, and the rest is not run.
for way in die sleep nonsense; do
  run 1 --timeout 1 --terminal "exec:sh $script $way" -k "$few"
  has 'id="TERM.SANITY" [^>]*verdict="FAIL"'
  has 'run stopped: the opening sanity case did not pass'
  nobody_left
done

# Where nobody serves there is nothing to judge.
run 3 --terminal tcp:127.0.0.1:1 -k "$few"
grep -q 'the terminal cannot be reached: nobody serves at 127.0.0.1 port 1' "$out/text" || complain "$(tail -3 "$out/text")"
for scheme in http ws; do
  run 3 --terminal "$scheme://127.0.0.1:1/,dialect=$source/conformance/dut/bridges/func-in.xml" -k "$few"
  grep -q 'the bridge cannot be reached: nobody serves at 127.0.0.1 port 1' "$out/text" || complain "$(tail -3 "$out/text")"
done

# What is not there does not load.
for spec in exec:/no-such-program driver:/no-such-driver.so; do
  run 1 --terminal "$spec" -k "$few"
  has 'id="TERM.SANITY" [^>]*verdict="FAIL"'
  has 'LOAD: .*(status 127|missing-file)'
  has 'run stopped: the opening sanity case did not pass'
done

# Our own driver, through the stand-in libraries: faults, other cards, what is not offered.
run 0 -j 2 --terminal "driver:$driver" -k '^TERM.BAS.(TYPE|REMOVED|MUTE)|^FLOW.AUT-1'
has 'id="TERM.BAS.REMOVED.AT-3" [^>]*verdict="PASS"'
has 'fault="remove"'
has 'name="terminal iReadCardBas: own"'
has 'terminal.has\(iAuthCard\) is false'
nobody_left

# The card's share of the time is what it is told to be.
run 0 --card-delay-us 3000 --terminal "driver:$driver" -k "$few"
python3 - "$out/run/result.xml" <<'PY' || complain 'the card did not take its 3000 us'
import sys, xml.etree.ElementTree as tree
steps = [s for s in tree.parse(sys.argv[1]).iter() if s.tag.endswith('}step') and s.get('card-ns')]
def exchanges(step):
    return [e for e in step if e.tag.endswith('}exchange') and not e.findtext('{*}command').startswith('reset')]
ok = any(exchanges(s) for s in steps) and all(
    3000000 * len(exchanges(s)) <= int(s.get('card-ns')) <= int(s.get('duration-ns')) for s in steps)
sys.exit(0 if ok else 1)
PY

# What misbehaves costs its verdicts, and leaves nothing.
for way in crash hang flood_for_ever leave_child; do
  [ -e "$nasty/nasty_$way.so" ] || continue
  run 1 --timeout 1 --terminal "driver:$nasty/nasty_$way.so" -k "$few"
  has 'verdict="FAIL"'
  nobody_left
done

# A driver that departs in every way that can be declared, and is right behind that: one finding for each kind of
# departure, one for each function that it lacks, and not one more.
run 1 -j 2 --terminal "driver:$nasty/departing_driver.so,manifest=$source/tests/integration/terminal_run/departing_driver.xml" \
  -k '^(FLOW.AUT-1.READ|TERM.(LOAD|BAS.(TYPE|ITEM|COUNT)|READ.ONE|PIN.(VERIFY|CHANGE)$|RECORD|WRITE.ITEM|DEBIT.OWN))'
python3 - "$out/run/result.xml" <<'PY' || complain 'the departures are not one finding each'
import sys, xml.etree.ElementTree as tree
cases = {c.get('id'): c.get('verdict') for c in tree.parse(sys.argv[1]).iter() if c.tag.endswith('}case')}
kinds = 'PARAMETERS SYMBOLS INIT PIN KEYPAD CODES LONG CONVENTION BUFFER ITEMS'
wanted = {'TERM.LOAD.DEPARTURE.' + kind for kind in kinds.split()} | {'TERM.LOAD.PSAM.READDEBITRECORD'}
wanted |= {case for case in cases if case.startswith('TERM.LOAD.HSM-')}
found = {case for case, verdict in cases.items() if verdict not in ('PASS', 'NOT_APPLICABLE')}
lacking = {case: verdict for case, verdict in cases.items() if case.startswith('TERM.RECORD.')}
print(sorted(found ^ wanted), lacking)
sys.exit(0 if found == wanted and set(lacking.values()) == {'NOT_APPLICABLE'} else 1)
PY
has 'terminal.has\(iReadDebitRecord\) is false'

# Options that contradict each other.
run 2 --terminal manual -j 2
run 2 --terminal "driver:$driver" --card exec:true
run 2 --terminal nothing:here

# Events: a line each, all of them JSON, as many verdicts as planned.
run 0 --events "$out/events" --terminal "driver:$driver" -k "$few"
python3 - "$out/events" <<'PY' || complain 'the events are not what they should be'
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1], encoding='utf-8')]
kinds = [line['event'] for line in lines]
planned = lines[0]['planned']
ok = (kinds[0] == 'run-started' and kinds[-1] == 'run-ended' and kinds.count('verdict') == planned and
      'apdu' in kinds and 'step' in kinds and lines[-1]['exit-code'] == 0)
sys.exit(0 if ok else 1)
PY

# The same driver in the readers of a real daemon, where one can be had.
if command -v pcscd >/dev/null || [ -x /usr/sbin/pcscd ]; then
  run 0 --via pcsc --terminal "driver:$driver" -k '^TERM.BAS.(TYPE.CONTACT|REMOVED.AT-[14])$'
  has 'id="TERM.BAS.REMOVED.AT-1" [^>]*verdict="PASS"'
  nobody_left
fi
exit $failed
