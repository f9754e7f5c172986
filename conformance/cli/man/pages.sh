#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the manual: onecard(1) and a page for each command from what --help says, and the pages written by hand.
# usage: pages.sh ONECARD VERSION OUT-FOLDER      (help2man, gzip)
set -euo pipefail
export LC_ALL=C.UTF-8
unset LANGUAGE
onecard=$(realpath "$1")
version=$2
out=$3
here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)
# Same sources, same pages.
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git -C "$here" log -1 --format=%ct 2>/dev/null || echo 1767225600)}
export SOURCE_DATE_EPOCH
PATH=$(dirname "$onecard"):$PATH

rm -rf "$out"
mkdir -p "$out/man1" "$out/man5" "$out/man7"

# page NAME COMMAND PURPOSE INCLUDE
page() {
    help2man --no-info --no-discard-stderr --section=1 --manual="onecard" --source="onecard $version" \
        --version-string="onecard $version" --name="$3" --include="$here/$4" --output="$out/man1/$1.1" "$2"
}

page onecard onecard 'simulator of the social security card and conformance harness' onecard.h2m
while read -r command purpose; do
    page "onecard-$command" "onecard $command" "$purpose" command.h2m
done < <("$onecard" --help | sed -n 's/^  \([a-z][a-z0-9-]*\)  *\(.*\)/\1 \2/p' | grep -v '^version ')
cp "$here"/*.5 "$out/man5"
cp "$here"/*.7 "$out/man7"
# The day as mandoc reads it.
day=$(date -u -d "@$SOURCE_DATE_EPOCH" +%F)
sed -i -E "s/^(\.TH [^ ]+ \"?1\"?) \"[^\"]*\"/\1 \"$day\"/" "$out"/man1/*.1
# help2man names a page of two words by the first.
for file in "$out"/man1/onecard-*.1; do
    name=$(basename "$file" .1)
    sed -i -E "s/^\.TH [^ ]+ /.TH ${name^^} /; s/^onecard(\\\\?-[a-z0-9]+)? \\\\- /$name \\\\- /" "$file"
done
find "$out" -type f -exec gzip -9nf {} +
