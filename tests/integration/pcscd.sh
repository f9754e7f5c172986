# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Shared by scripts that need a pcscd of their own, with one vpcd reader of two slots. Sourcing it ends the script with
# exit code 77 when the machine cannot have one.

needs() { # needs PROGRAM...
  local program
  for program in "$@"; do
    command -v "$program" >/dev/null || { echo "$program is not installed"; exit 77; }
  done
}

needs pcscd unshare python3
driver=$(find /usr/lib -name libifdvpcd.so -path '*drivers*' 2>/dev/null | head -n 1)
[ -n "$driver" ] || { echo "the vpcd driver is not installed"; exit 77; }
unshare --mount true 2>/dev/null || { echo "no mount namespace to be had"; exit 77; }

work=$(mktemp -d)
pcscd=
reader=
finish() {
  [ -z "$reader" ] || kill "$reader" 2>/dev/null || true
  [ -z "$pcscd" ] || kill "$pcscd" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT

# Two neighbouring ports that nobody uses.
port=$(python3 - <<'PY'
import socket
for port in range(36200, 40000, 2):
    try:
        held = []
        for p in (port, port + 1):
            s = socket.socket()
            s.bind(("0.0.0.0", p))
            held.append(s)
        print(port)
        break
    except OSError:
        continue
PY
)

# Asks until the answer is there, at most a minute.
until_true() {
  for _ in $(seq 3000); do
    "$@" >/dev/null 2>&1 && return 0
    sleep 0.02
  done
  echo "not so within a minute: $*"
  return 1
}

mkdir -p "$work/conf" "$work/run" /run/pcscd
printf 'FRIENDLYNAME "onecard test"\nDEVICENAME /dev/null:%s\nLIBPATH %s\nCHANNELID %s\n' \
  "$port" "$driver" "$port" >"$work/conf/vpcd"
# shellcheck disable=SC2016 # the inner shell expands it
unshare --mount --propagation private bash -c \
  'mount --bind "$1/run" /run/pcscd && exec pcscd --foreground -c "$1/conf"' _ "$work" >"$work/pcscd.log" 2>&1 &
pcscd=$!
export PCSCLITE_CSOCK_NAME=$work/run/pcscd.comm
until_true test -S "$PCSCLITE_CSOCK_NAME"
