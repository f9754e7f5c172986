# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Shared by the checks of the source tree.
set -euo pipefail

failures=0

# complain FILE LINE REASON...
complain() {
    printf '%s:%s: %s\n' "$1" "$2" "${*:3}"
    failures=$((failures + 1))
}

# The files of the project that match any of the patterns: those that git tracks, or, without git, those there are.
project_files() {
    if [[ -e .git ]] && command -v git >/dev/null; then
        # The tree may belong to another user than the one who tests it.
        git -c safe.directory="$PWD" ls-files --cached -- "$@" | while IFS= read -r file; do
            [[ ! -f $file ]] || printf '%s\n' "$file"
        done
    else
        local pattern
        for pattern in "$@"; do
            find . -path ./build -prune -o -path ./out -prune -o -type f -name "${pattern##*/}" -print
        done | sed 's|^\./||' | sort -u
    fi
}

# Ends the check: says what was looked at, so that a check that saw nothing is no success.
finish() {
    printf '%s: %d looked at, %d wrong\n' "${0##*/}" "$1" "$failures"
    [[ $1 -gt 0 && $failures -eq 0 ]]
}

cd -- "$1"
