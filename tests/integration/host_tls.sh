#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The back-end over TLS: clients with a certificate of the named authority are served, others do not get through the
# handshake; `onecard run` shows one and believes the authority it is told. All certificates are made here.
# host_tls.sh ONECARD
set -euo pipefail
onecard=$1
for tool in openssl curl; do
    command -v $tool >/dev/null || { echo "skipped: no $tool"; exit 77; }
done
folder=$(mktemp -d)
host=
trap 'kill $host 2>/dev/null || true; rm -rf "$folder"' EXIT
pem=$folder/pem
mkdir "$pem"

fail() { echo "$*" >&2; exit 1; }
key() { openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "/CN=$1" -keyout "$pem/$1.key" "${@:2}" 2>/dev/null; }
authority() { key "$1" -x509 -days 1 -addext keyUsage=critical,keyCertSign -out "$pem/$1.pem"; }
certificate() { # certificate NAME AUTHORITY DAYS EXTENSIONS
    key "$1" -out "$pem/$1.csr"
    openssl x509 -req -in "$pem/$1.csr" -CA "$pem/$2.pem" -CAkey "$pem/$2.key" -days "$3" -out "$pem/$1.pem" \
        -extfile <(printf '%b' "$4") 2>/dev/null
}
authority ca
authority foreign-ca
certificate server ca 1 'extendedKeyUsage=serverAuth\nsubjectAltName=IP:127.0.0.1\n'
certificate client ca 1 'extendedKeyUsage=clientAuth\n'
certificate foreign foreign-ca 1 'extendedKeyUsage=clientAuth\n'
certificate expired ca -1 'extendedKeyUsage=clientAuth\n'

start() { # start OPTION...
    : >"$folder/host" # what the last one said is none of its
    "$onecard" host --listen 127.0.0.1:0 "$@" >"$folder/host" & host=$!
    for _ in $(seq 600); do
        grep -q '^http' "$folder/host" && break
        sleep 0.1
    done
    url=$(sed -nE 's|^(http[^ ]*)/ .*|\1/fsi/api|p' "$folder/host")
}
stop() { kill -TERM $host; wait $host; host=; }
ask() { curl -sS --max-time 10 -H 'Content-Type: application/json' -d '{}' "$@" "$url" 2>"$folder/why"; }
as() { ask --cacert "$pem/ca.pem" --cert "$pem/$1.pem" --key "$pem/$1.key" "${@:2}"; }
refused() { # refused WHAT COMMAND...
    if answer=$("${@:2}"); then fail "$1 was served: $answer"; fi
    [ -z "$answer" ] || fail "$1 was answered: $answer"
}

start --tls-cert "$pem/server.pem" --tls-key "$pem/server.key"
[[ $url == https://* ]] || fail "it serves at $url"
ask --cacert "$pem/ca.pem" | grep -q '"infcode":"-1"' || fail "no answer over TLS: $(cat "$folder/why")"
refused "a client that does not know the authority" ask --cacert "$pem/foreign-ca.pem"
refused "TLS 1.1" ask --cacert "$pem/ca.pem" --tls-max 1.1
url=http${url#https} refused "a client without TLS" ask
stop

start --tls-cert "$pem/server.pem" --tls-key "$pem/server.key" --client-ca "$pem/ca.pem"
for version in 1.2 1.3; do
    as client "--tlsv$version" --tls-max $version | grep -q '"infcode":"-1"' || fail "the right client: $(cat "$folder/why")"
    refused "a client without a certificate" ask --cacert "$pem/ca.pem" --tls-max $version
    for other in foreign expired server; do
        refused "the certificate $other" as $other --tls-max $version
    done
done

run() { "$onecard" run -q --via inproc --profile vectors/cards/ssc-3.0.xml -o "$folder/out" --host "$url" "$@" vectors/host/outpatient.xml; }
run --host-ca "$pem/ca.pem" --host-cert "$pem/client.pem" --host-key "$pem/client.key" >"$folder/said" || fail "$(cat "$folder/said")"
passed=$(grep -o 'verdict="PASS"' "$folder/out/result.xml" | wc -l)
[ "$passed" -ge 3 ] || fail "only $passed cases passed"
one=(-k '^HOST.FLOW.OUTPATIENT$')
status=0
run "${one[@]}" --host-ca "$pem/ca.pem" --host-cert "$pem/foreign.pem" --host-key "$pem/foreign.key" >/dev/null || status=$?
[ $status -eq 1 ] || fail "exit code $status with a foreign certificate"
status=0
run "${one[@]}" --host-ca "$pem/foreign-ca.pem" >/dev/null 2>"$folder/why" || status=$?
[ $status -eq 3 ] || fail "exit code $status with another authority"
grep -q 'the back-end does not serve at' "$folder/why" || fail "nothing is said of the authority"
status=0
run "${one[@]}" --host-ca "$pem/ca.pem" --host-cert "$pem/ca.key" --host-key "$pem/ca.key" >/dev/null 2>&1 || status=$?
[ $status -eq 2 ] || fail "exit code $status with a key for a certificate"
stop

wrong() { # wrong CODE PART OPTION...
    status=0
    "$onecard" "${@:3}" >/dev/null 2>"$folder/why" || status=$?
    if [ $status -ne "$1" ] || ! grep -q -- "$2" "$folder/why"; then
        fail "exit code $status: ${*:3}: $(cat "$folder/why")"
    fi
}
serve=(host --listen 127.0.0.1:0)
wrong 2 'go together' "${serve[@]}" --tls-cert "$pem/server.pem"
wrong 2 'goes with' "${serve[@]}" --client-ca "$pem/ca.pem"
wrong 3 'server.pem.*client.key' "${serve[@]}" --tls-cert "$pem/server.pem" --tls-key "$pem/client.key"
wrong 3 'server.key.*authority' "${serve[@]}" --tls-cert "$pem/server.pem" --tls-key "$pem/server.key" --client-ca "$pem/server.key"
wrong 3 'none.pem' "${serve[@]}" --tls-cert "$pem/none.pem" --tls-key "$pem/server.key"
wrong 2 'over https' run --host http://127.0.0.1:1/ --host-ca "$pem/ca.pem"
wrong 2 'go together' run --host https://127.0.0.1:1/ --host-key "$pem/client.key"
wrong 2 'none.pem' run --host https://127.0.0.1:1/ --host-ca "$pem/none.pem"
