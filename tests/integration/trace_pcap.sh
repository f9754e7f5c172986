#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The packet capture of a run, as tshark sees it: nothing malformed, and instructions and status words as in the record.
# trace_pcap.sh ONECARD
set -euo pipefail
onecard=$1
command -v tshark >/dev/null || exit 77
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$onecard" run -q --via inproc --profile vectors/cards/ssc-3.0.xml -k 'FLOW.AUT-1.READ' -o "$folder" vectors/flows >/dev/null
"$onecard" trace --pcap "$folder/x.pcap" "$folder/result.xml"

fields() { tshark -n -r "$folder/x.pcap" "$@" 2>/dev/null; }
malformed=$(fields -Y _ws.malformed | wc -l)
[ "$malformed" -eq 0 ] || { echo "$malformed packets are malformed" >&2; exit 1; }

# INS of each command and SW of each answer, in their order. The dissector names no INS of a proprietary class; answers
# that begin like an answer to reset are not given to it.
fields -Y 'iso7816 && !iso7816.atr' -T fields -e iso7816.apdu.ins -e iso7816.apdu.sw1 -e iso7816.apdu.sw2 |
    tr -d '\t' | sed 's/0x//g' | tr a-f A-F >"$folder/seen"
grep -o '<command>[^<]*</command><response>[^<]*' "$folder/result.xml" | grep -v '>reset ' |
    sed -E 's/<command>[89A-F].{3}/<command>00--/; s/<command>..(..)[^<]*<\/command><response>([^<]*)(....)$/\1\n\3 \2/' |
    sed -E '/^(....) (3B|3F)/d; s/ .*$//; s/^--$//' >"$folder/wanted"
[ -s "$folder/wanted" ] || { echo "no exchange in the record" >&2; exit 1; }
diff "$folder/wanted" "$folder/seen"

# Masked bytes are zeros, and the packet says so.
marked=$(fields -Y 'exported_pdu.col_proto_str contains "masked"' | wc -l)
secrets=$(grep -oE '<(command|response)>[^<]*\{[^<]*' "$folder/result.xml" | wc -l)
if [ "$marked" -eq 0 ] || [ "$marked" -ne "$secrets" ]; then
  echo "$marked packets are marked, $secrets are masked" >&2
  exit 1
fi
