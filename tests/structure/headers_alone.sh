#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every header compiles by itself: as C11 and C17 with the warning set of the project, and as C++17 if it says that it
# can (extern "C"). Compound literals and designated initialisers are not in C++17, but g++ and clang++ take them as C
# means them.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

cc=${CC:-cc}
cxx=${CXX:-}
read -ra warnings <<<"${WARNINGS:--Wall -Wextra}"
read -ra cflags <<<"${CFLAGS:-}"

# try HEADER COMMAND...: the header included twice, so that its guard is tried as well.
try() {
    local header=$1 said
    shift
    if ! said=$(printf '#include "%s"\n#include "%s"\n' "$header" "$header" | "$@" -I. -D_GNU_SOURCE -fsyntax-only - 2>&1); then
        complain "$header" 1 "does not stand alone for: $*"
        printf '%s\n' "$said"
    fi
}

count=0
while IFS= read -r header; do
    count=$((count + 1))
    for standard in c11 c17; do
        try "$header" "$cc" -x c -std=$standard "${warnings[@]}" -Werror "${cflags[@]}"
    done
    if [[ -n $cxx ]] && grep -q '^extern "C"' "$header"; then
        try "$header" "$cxx" -x c++ -std=c++17 -Wall -Wextra -Wno-missing-field-initializers -Werror "${cflags[@]}"
    fi
    guard=OC_$(printf '%s' "${header#sim/}" | tr 'a-z/.-' 'A-Z___')
    grep -q "^#ifndef $guard\$" "$header" || complain "$header" 1 "its guard is not $guard"
done < <(project_files '*.h')

[[ -n $cxx ]] || printf 'no C++ compiler: headers were not tried as C++17\n'
finish "$count"
