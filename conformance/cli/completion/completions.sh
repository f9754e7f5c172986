#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the completions of bash and zsh from what --help says.
# usage: completions.sh ONECARD OUT-FOLDER      writes OUT/bash/onecard and OUT/zsh/_onecard
set -euo pipefail
export LC_ALL=C
unset LANGUAGE
onecard=$1
out=$2
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
mkdir -p "$out/bash" "$out/zsh"

commands() {
    "$onecard" --help | sed -n 's/^  \([a-z][a-z0-9-]*\)  *\(.*\)/\1\t\2/p'
}

# The options of a command: LETTER or -, NAME, ARGUMENT or -, TEXT, apart by tabs. What goes over several lines is one.
options() {
    [[ $1 == version ]] || "$onecard" "$1" --help | awk '
        function flush() { if (name != "") print letter "\t" name "\t" argument "\t" text; name = "" }
        /^  (-.,|   ) --/ {
            flush()
            letter = substr($0, 3, 1) == "-" ? substr($0, 4, 1) : "-"
            rest = substr($0, 9)
            # An argument may hold a single blank; two part it from the text.
            head = rest; text = ""
            if (match(rest, /  +/)) { head = substr(rest, 1, RSTART - 1); text = substr(rest, RSTART + RLENGTH) }
            name = head; argument = "-"
            if (match(head, /\[?=/)) {
                name = substr(head, 1, RSTART - 1); argument = substr(head, RSTART + RLENGTH)
                sub(/\]$/, "", argument)
            }
            next
        }
        match($0, /^ +/) && RLENGTH == 29 { text = text (text == "" ? "" : " ") substr($0, 30); next }
        { flush() }
        END { flush() }'
}

# What the scripts look up.
# shellcheck disable=SC2016 # for bash
{
    printf '_onecard_commands="%s"\n' "$(commands | cut -f1 | tr '\n' ' ')"
    printf '_onecard_options() {\n    case $1 in\n'
    while IFS=$'\t' read -r command _; do
        printf '        %s) echo "%s" ;;\n' "$command" \
            "$(options "$command" | awk -F'\t' '{ printf "%s--%s%s ", $1 == "-" ? "" : "-" $1 " ", $2, $3 == "-" ? "" : "=" }')"
    done < <(commands)
    printf '    esac\n}\n_onecard_argument() {\n    case $1 in\n'
    while IFS=$'\t' read -r command _; do
        options "$command" | awk -F'\t' -v command="$command" '$3 != "-" {
            printf "        \"%s --%s\"%s) echo \"%s\" ;;\n", command, $2, $1 == "-" ? "" : " | \"" command " -" $1 "\"", $3 }'
    done < <(commands)
    printf '    esac\n}\n\n'
    sed '/^# SPDX/d' "$here/onecard.bash"
} >"$out/bash/onecard"

# shellcheck disable=SC2016 # for zsh
{
    printf '#compdef onecard\n\nlocal -a commands\ncommands=(\n'
    commands | sed "s/'/'\\\\''/g; s/\t/:/; s/.*/  '&'/"
    printf ')\n\n'
    sed '/^# SPDX/d' "$here/onecard.zsh"
    printf '\ncase $words[1] in\n'
    while IFS=$'\t' read -r command _; do
        printf '%s)\n  _arguments -s \\\n' "$command"
        options "$command" | sed "s/'/'\\\\''/g; s/\[/\\\\[/g; s/\]/\\\\]/g" | awk -F'\t' '{
            argument = $3; gsub(/:/, "-", argument)
            action = "_onecard_argument " $2
            tail = $3 == "-" ? "" : ":" argument ":" action
            if ($1 != "-") printf "    '\''-%s%s[%s]%s'\'' \\\n", $1, $3 == "-" ? "" : "+", $4, tail
            printf "    '\''--%s%s[%s]%s'\'' \\\n", $2, $3 == "-" ? "" : "=", $4, tail }'
        printf "    '*:file:_files'\n  ;;\n"
    done < <(commands)
    printf 'esac\n'
} >"$out/zsh/_onecard"
