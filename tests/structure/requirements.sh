#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What this project chose itself (confidence P) binds no card: such a requirement is SHOULD or MAY.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

count=0
while IFS= read -r file; do
    while IFS=: read -r line element; do
        count=$((count + 1))
        if [[ $element == *'level="MUST"'* && $element == *'confidence="P"'* ]]; then
            id=${element#*id=\"}
            complain "$file" "$line" "${id%%\"*} is MUST with confidence P"
        fi
    done < <(grep -n '<requirement ' "$file")
done < <(project_files 'vectors/requirements/*.xml')

finish "$count"
