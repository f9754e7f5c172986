#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Includes run one way. Each part names what it may include beside itself; nothing else, and no relative include.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

declare -A may=(
    [sim/base]=""
    [sim/crypto]="sim/base"
    [sim/profile]="sim/base sim/crypto"
    [sim/link]="sim/base"
    [sim/keys]="sim/base sim/crypto sim/profile sim/link"
    [sim/card]="sim/base sim/crypto sim/link"
    [sim/psam]="sim/base sim/crypto sim/link sim/card"
    [sim/apps]="sim/base sim/crypto sim/link sim/card"
    [sim/issuer]="sim/base sim/crypto sim/profile sim/link sim/card sim/psam sim/apps"
    [sim/terminal]="sim/base sim/crypto sim/profile sim/link sim/keys"
    [sim/host]="sim/base sim/crypto sim/profile sim/keys"
    [reports]="sim/base sim/crypto"
    [conformance]="sim/base sim/crypto sim/profile sim/link sim/keys sim/card sim/psam sim/apps sim/issuer sim/terminal \
sim/host reports"
)

# The part that a path belongs to: its first folder, below sim/ its first two.
part_of() {
    local rest=${1#sim/}
    if [[ $rest != "$1" ]]; then
        printf 'sim/%s' "${rest%%/*}"
    else
        printf '%s' "${1%%/*}"
    fi
}

count=0
while IFS= read -r file; do
    part=$(part_of "$file")
    [[ $part != tests ]] || continue
    count=$((count + 1))
    if [[ ! -v may[$part] ]]; then
        complain "$file" 1 "the part $part is not in the include graph of ${BASH_SOURCE[0]##*/}"
        continue
    fi
    while IFS=: read -r line include; do
        target=${include#*\"}
        target=${target%%\"*}
        if [[ ! -f $target ]]; then
            complain "$file" "$line" "\"$target\" is not a path from the project folder"
            continue
        fi
        other=$(part_of "$target")
        if [[ $other != "$part" && " ${may[$part]} " != *" $other "* ]]; then
            complain "$file" "$line" "$part must not include $other ($target)"
        fi
    done < <(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$file" || true)
    while IFS=: read -r line include; do
        complain "$file" "$line" "project headers are included with quotes: $include"
    done < <(grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*<(sim|conformance|reports|tests)/' "$file" || true)
done < <(project_files '*.c' '*.h')

finish "$count"
