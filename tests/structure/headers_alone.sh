#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every header compiles by itself, as C11 and C17 with the warning set of the project, and as C++17 if it says that it
# can (extern "C"). A source that includes its header before all else was compiled with it alone already, where the
# build knows it (COMPILED: its compile_commands.json); the other headers are compiled here one by one. The rest
# follows folder by folder: no header includes something for one of the languages only, so one that stands alone does so
# in each of them, and must only be of that language; all are included twice, so that the guards are tried as well.
# Compound literals and designated initialisers are not in C++17, but g++ and clang++ take them as C means them.
# shellcheck source-path=SCRIPTDIR source=common.sh
. "${BASH_SOURCE[0]%/*}/common.sh"

cc=${CC:-cc}
cxx=${CXX:-}
read -ra warnings <<<"${WARNINGS:--Wall -Wextra}"
read -ra cflags <<<"${CFLAGS:-}"
as_c11=("$cc" -x c -std=c11 "${warnings[@]}")
as_c17=("$cc" -x c -std=c17 "${warnings[@]}")
as_cxx=("$cxx" -x c++ -std=c++17 -Wall -Wextra -Wno-missing-field-initializers)

# try WHERE HEADERS COMMAND...: the headers, apart by blanks, included twice.
try() {
    local where=$1 header said
    local -a headers
    read -ra headers <<<"$2"
    shift 2
    if ! said=$({
        for header in "${headers[@]}" "${headers[@]}"; do
            printf '#include "%s"\n' "$header"
        done
    } | "$@" -Werror "${cflags[@]}" -I. -D_GNU_SOURCE -fsyntax-only - 2>&1); then
        complain "$where" 1 "does not stand alone for: $*"
        printf '%s\n' "$said"
    fi
}

# The headers that a source includes before all else, and that the build knows as compiled.
declare -A proven=()
if [[ -n ${COMPILED:-} && -f $COMPILED ]]; then
    declare -A compiled=()
    while IFS= read -r source; do
        compiled[$source]=1
    done < <(sed -n "s|^ *\"file\": \"$PWD/\\(.*\\)\",\{0,1\}\$|\\1|p" "$COMPILED")
    while IFS=: read -r source include; do
        header=${include#*\"}
        header=${header%\"*}
        if [[ ${header%.h} == "${source%.c}" && -v compiled[$source] ]]; then
            proven[$header]=1
        fi
    done < <(project_files '*.c' | xargs grep -m1 -HE '^[[:space:]]*#[[:space:]]*include')
fi

mapfile -t headers < <(project_files '*.h')
declare -A in_c=() in_cxx=() for_cxx=()
while IFS= read -r header; do
    for_cxx[$header]=1
done < <(printf '%s\n' "${headers[@]}" | xargs grep -l '^extern "C"')
for header in "${headers[@]}"; do
    [[ -v proven[$header] ]] || try "$header" "$header" "${as_c17[@]}"
    group=${header%/*}
    [[ $group != tests/* ]] || group=$header # two tests may give a thing of theirs the same name
    in_c[$group]+=" $header"
    if [[ -v for_cxx[$header] ]]; then
        in_cxx[$group]+=" $header"
    fi
done

guards() {
    local header upper
    for header in "${headers[@]}"; do
        upper=${header#sim/}
        upper=${upper^^}
        printf '%s:#ifndef OC_%s\n' "$header" "${upper//[^A-Z0-9]/_}"
    done
}
while IFS=: read -r header guard; do
    complain "$header" 1 "has no guard $guard"
done < <(comm -23 <(guards | sort) <(printf '%s\n' "${headers[@]}" | xargs grep -HE '^#ifndef OC_' | sort))

while IFS=: read -r header line; do
    complain "$header" "$line" "includes something for one of the languages only"
done < <(awk 'FNR == 1 { depth = 0 }
    /^#[ \t]*if/ { stack[++depth] = /__cplusplus/ }
    /^#[ \t]*endif/ { depth-- }
    /^#[ \t]*include/ { for (i = 1; i <= depth; i++) if (stack[i]) print FILENAME ":" FNR }' "${headers[@]}")

for group in "${!in_c[@]}"; do
    try "$group" "${in_c[$group]}" "${as_c11[@]}"
done
if [[ -n $cxx ]]; then
    for group in "${!in_cxx[@]}"; do
        try "$group" "${in_cxx[$group]}" "${as_cxx[@]}"
    done
else
    printf 'no C++ compiler: headers were not tried as C++17\n'
fi
printf '%d headers stand first in a source of theirs\n' "${#proven[@]}"
finish "${#headers[@]}"
