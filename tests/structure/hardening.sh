#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# What the compiler and the linker were asked for against exploitation stands in the programs and libraries that are
# installed: read from the ELF files, not from the build description.
#
#   hardening.sh SKIP_REASON FORTIFIED LIBRARY_FOLDER FILE...
#
# SKIP_REASON is empty where the build asks for hardening; FORTIFIED is 1 where it asks for fortified library calls;
# the static libraries in LIBRARY_FOLDER show whether every object is marked for control-flow enforcement.
set -euo pipefail

readonly reason=$1 fortified=$2 folder=$3
shift 3
if [[ -n $reason ]]; then
    printf 'skipped: %s\n' "$reason"
    exit 77
fi
if ! command -v readelf >/dev/null; then
    echo "skipped: readelf is not installed"
    exit 77
fi

failures=0
# need FILE WHAT TEXT PATTERN: TEXT has a line that matches.
need() {
    if ! grep -qE -- "$4" <<<"$3"; then
        printf '%s: %s is missing\n' "$1" "$2"
        failures=$((failures + 1))
    fi
}

for file in "$@"; do
    header=$(readelf -Wh "$file")
    segments=$(readelf -Wl "$file")
    dynamic=$(readelf -Wd "$file")
    symbols=$(readelf -W --dyn-syms "$file")
    need "$file" "position independence" "$header" 'Type: +DYN '
    if grep -q ' INTERP ' <<<"$segments"; then
        need "$file" "the mark of a position-independent program" "$dynamic" '\(FLAGS_1\).* PIE'
    fi
    need "$file" "a read-only segment of relocations" "$segments" '^ +GNU_RELRO '
    need "$file" "binding of all symbols at the start" "$dynamic" '\(FLAGS_1\).* NOW'
    need "$file" "a stack without the right to execute" "$segments" '^ +GNU_STACK .* RW +0x'
    need "$file" "a checked stack" "$symbols" ' __stack_chk_fail'
    if [[ $fortified == 1 ]]; then
        need "$file" "a fortified call of the C library" "$symbols" ' __[a-z]+_chk(@| |$)'
    fi
    if grep -qE '^ +LOAD .* RWE ' <<<"$segments"; then
        printf '%s: a segment can be written and executed\n' "$file"
        failures=$((failures + 1))
    fi
done

# Only objects are looked at here: the linker marks a program when each of its objects is marked, and Debian 12's start
# files are not.
objects=0
if [[ $(uname -m) == x86_64 ]]; then
    while IFS= read -r library; do
        members=$(ar t "$library" | wc -l)
        marked=$(readelf -Wn "$library" 2>/dev/null | grep -c 'IBT, SHSTK' || true)
        objects=$((objects + members))
        if [[ $marked -ne $members ]]; then
            printf '%s: %d of %d objects are marked for control-flow enforcement\n' "$library" "$marked" "$members"
            failures=$((failures + 1))
        fi
    done < <(find "$folder/sim" "$folder/conformance" "$folder/reports" -name '*.a')
fi

printf 'hardening.sh: %d programs and libraries, %d objects, %d faults\n' "$#" "$objects" "$failures"
[[ $# -gt 0 && $failures -eq 0 ]]
