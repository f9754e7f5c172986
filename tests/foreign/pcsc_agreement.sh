#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Both runners over PC/SC, through a pcscd of our own. Usage: pcsc_agreement.sh PYTHON ONECARD ARGUMENT.. (of agreement.py)
set -euo pipefail

python=$1
onecard=$2
shift 2
here=${BASH_SOURCE[0]%/*}
"$python" -c 'import cryptography, smartcard' 2>/dev/null || { echo "python3-cryptography or python3-pyscard is not there"; exit 77; }

# shellcheck source-path=SCRIPTDIR source=../integration/pcscd.sh
. "$here/../integration/pcscd.sh"

"$python" -B "$here/agreement.py" --onecard "$onecard" --reader "onecard test 00 00" --port "$port" "$@"
