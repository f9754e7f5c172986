#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The vectors about single fields are exactly what the field tables make.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

command -v python3 >/dev/null || exit 77
made=$(mktemp -d)
trap 'rm -rf -- "$made"' EXIT
python3 tests/structure/host_fields.py vectors/regions/messages.xml "$made"

count=0
for file in "$made"/fields-*.xml vectors/host/fields-*.xml; do
    name=${file##*/}
    count=$((count + 1))
    cmp -s -- "$made/$name" "vectors/host/$name" ||
        complain "vectors/host/$name" 1 "is not what tests/structure/host_fields.py makes of the tables"
done

finish "$count"
