#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What every file of the project keeps: licence line, length, no path of one machine, no trailing blanks.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

readonly MAX_LINES=500
# Folders of a person's machine; /dev, /usr, /run and /tmp mean the same everywhere.
readonly MACHINE_PATH='(^|[^A-Za-z0-9_./-])/(work|root|home|Users|mnt|opt|srv)/[A-Za-z0-9_]'

count=0
while IFS= read -r file; do
    count=$((count + 1))
    head -n 3 "$file" | grep -q 'SPDX-License-Identifier: Apache-2.0' ||
        complain "$file" 1 "the SPDX line is missing"
    lines=$(wc -l <"$file")
    ((lines <= MAX_LINES)) || complain "$file" "$lines" "longer than $MAX_LINES lines"
done < <(project_files '*.c' '*.h' '*.sh' '*.py' '*.cmake' '*CMakeLists.txt' bootstrap.sh .ci/run)

while IFS= read -r file; do
    count=$((count + 1))
    if [[ $file != tests/structure/text.sh ]]; then
        while IFS=: read -r line found; do
            complain "$file" "$line" "a path of one machine: $found"
        done < <(grep -InE "$MACHINE_PATH" "$file" || true)
    fi
    while IFS=: read -r line _; do
        complain "$file" "$line" "blanks at the end of the line"
    done < <(grep -InE '[[:blank:]]+$' "$file" | grep -v '^Binary' || true)
    if grep -Iq . "$file" && [[ -n $(tail -c 1 "$file") ]]; then
        complain "$file" "$(wc -l <"$file")" "the last line is not ended"
    fi
done < <(project_files '*.c' '*.h' '*.sh' '*.py' '*.cmake' '*CMakeLists.txt' '*.xml' '*.xsd' '*.xsl' '*.md' '*.json' \
    '*packages.txt' '*.supp' bootstrap.sh .ci/run .clang-format .gitignore)

finish "$count"
