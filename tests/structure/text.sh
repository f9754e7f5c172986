#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What every file of the project keeps: licence line, length, no path of one machine, no trailing blanks.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

readonly MAX_LINES=500
# Folders of a person's machine; /dev, /usr, /run and /tmp mean the same everywhere.
readonly MACHINE_PATH='(^|[^A-Za-z0-9_./-])/(work|root|home|Users|mnt|opt|srv)/[A-Za-z0-9_]'

mapfile -t sources < <(project_files '*.c' '*.h' '*.sh' '*.py' '*.cmake' '*CMakeLists.txt' bootstrap.sh .ci/run)
mapfile -t texts < <(project_files '*.c' '*.h' '*.sh' '*.py' '*.cmake' '*CMakeLists.txt' '*.xml' '*.xsd' '*.xsl' \
    '*.md' '*.json' '*packages.txt' '*.supp' bootstrap.sh .ci/run .clang-format .gitignore)

# A few processes over all files, not some for each: there are thousands of them.
while IFS=: read -r file line reason; do
    complain "$file" "$line" "$reason"
done < <(awk -v max="$MAX_LINES" '
    function close_file() {
        if (file == "") return
        if (!licensed) print file ":1:the SPDX line is missing"
        if (lines > max) print file ":" lines ":longer than " max " lines"
    }
    FNR == 1 { close_file(); file = FILENAME; licensed = 0 }
    FNR <= 3 && /SPDX-License-Identifier: Apache-2.0/ { licensed = 1 }
    { lines = FNR }
    END { close_file() }' "${sources[@]}")

while IFS=: read -r file line found; do
    [[ $file == tests/structure/text.sh ]] || complain "$file" "$line" "a path of one machine: $found"
done < <(grep -HInE "$MACHINE_PATH" "${texts[@]}" || true)
while IFS=: read -r file line _; do
    complain "$file" "$line" "blanks at the end of the line"
done < <(grep -HInE '[[:blank:]]+$' "${texts[@]}" || true)
while IFS= read -r file; do
    complain "$file" end "the last line is not ended"
done < <(grep -LzP '\n\z' "${texts[@]}" || true)

finish $((${#sources[@]} + ${#texts[@]}))
