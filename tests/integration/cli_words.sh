#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The command line speaks Chinese to who asks for it, and English else; what programs read is the same for all.
# usage: cli_words.sh ONECARD
set -euo pipefail
onecard=$1
unset LANG LANGUAGE LC_ALL LC_MESSAGES LC_CTYPE
[[ -e $(dirname "$onecard")/share/locale/zh_CN/LC_MESSAGES/onecard.mo ]] || exit 77
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

fail() {
    echo "$*"
    exit 1
}

mapfile -t commands < <("$onecard" --help | sed -n 's/^  \([a-z]\{1,\}\) .*/\1/p' | grep -v '^version$')
((${#commands[@]} > 15)) || fail "commands are missing: ${commands[*]}"

for command in "${commands[@]}"; do
    for language in 'LC_ALL=zh_CN.UTF-8' 'LANG=zh_CN.UTF-8' 'LC_MESSAGES=zh_CN' 'LANG=C.UTF-8 LANGUAGE=zh_CN:en'; do
        # shellcheck disable=SC2086
        env $language "$onecard" "$command" --help >"$scratch/zh"
        grep -q '^用法： onecard' "$scratch/zh" || fail "$language $command --help is not Chinese"
        if grep -P '\b[a-z]{2,} [a-z]{2,} [a-z]{2,}\b' "$scratch/zh"; then
            fail "$language $command --help has sentences in English"
        fi
    done
    for language in 'LC_ALL=C' 'LANG=en_US.UTF-8' 'LANGUAGE=zh_CN' 'LC_ALL=C LANG=zh_CN.UTF-8'; do
        # shellcheck disable=SC2086
        env $language "$onecard" "$command" --help >"$scratch/en"
        if grep -P '[^\x00-\x7f]' "$scratch/en"; then
            fail "$language $command --help is not English"
        fi
        (($(wc -L <"$scratch/en") < 80)) || fail "$command --help is wider than 79 columns"
        # help2man reads this form.
        grep -q "^Usage: onecard $command \[OPTION...\]" "$scratch/en" || fail "$command --help has no usage"
    done
    width=$(LC_ALL=C.UTF-8 wc -L <"$scratch/zh")
    ((width < 80)) || fail "$command --help in Chinese is $width columns wide"
done

said=$(LC_ALL=zh_CN.UTF-8 "$onecard" run --nothing 2>&1) && fail "an unknown option passes"
grep -q '更多说明见' <<<"$said" || fail "an error in English: $said"
said=$(LC_ALL=zh_CN.UTF-8 "$onecard" run --via smoke 2>&1) && fail "an unknown link passes"
grep -qF -- '--via 取 inproc、pcsc 或 inproc,pcsc，而不是 smoke' <<<"$said" || fail "an error in English: $said"

# Programs read these.
LC_ALL=C "$onecard" list --format ids >"$scratch/ids.en"
LC_ALL=zh_CN.UTF-8 "$onecard" list --format ids >"$scratch/ids.zh"
cmp "$scratch/ids.en" "$scratch/ids.zh"
for language in C zh_CN.UTF-8; do
    LC_ALL=$language "$onecard" run -q -k '^CARD\.SELECT\.' --profile vectors/cards/ssc-3.0.xml -o "$scratch/$language" \
        --format tap="$scratch/$language.tap" --format junit="$scratch/$language.junit" >"$scratch/$language.out"
    tail -1 "$scratch/$language.out" | grep -qxE '[0-9]+ passed, 0 failed, [0-9]+ skipped' || fail "the last line changed"
done
[[ $(tail -1 "$scratch/C.out") == $(tail -1 "$scratch/zh_CN.UTF-8.out") ]] || fail "the last line differs"
grep -q 符合 "$scratch/zh_CN.UTF-8.out" || fail "the summary is not Chinese"
cut -d' ' -f1-4 "$scratch/C.tap" | grep -v '^#\|[0-9]ms\|duration' >"$scratch/a" || true
cut -d' ' -f1-4 "$scratch/zh_CN.UTF-8.tap" | grep -v '^#\|[0-9]ms\|duration' >"$scratch/b" || true
cmp "$scratch/a" "$scratch/b"

# What stands between columns that are measured is Chinese, too.
LC_ALL=zh_CN.UTF-8 "$onecard" run -q -k '^FLOW\.AUT-1\.READ$' --profile vectors/cards/ssc-3.0.xml --repeat 2 \
    --threshold 'tx.aut-1.read:max<1ns' -o "$scratch/late" >"$scratch/late.out" || true
grep -q '^时延未达标：阈值 tx.aut-1.read:max<1ns' "$scratch/late.out" || fail "$(tail -2 "$scratch/late.out")"
