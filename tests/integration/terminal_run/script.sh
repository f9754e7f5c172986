#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A terminal in a few lines: answers each call with what it was told, or dies, or is silent.
#   script.sh answer CODE OUT | die | sleep | nonsense
while read -r line; do
  id=$(printf '%s' "$line" | sed 's/.*"id": *\([0-9]*\).*/\1/')
  case $1-$line in
  answer-*hello*)
    printf '{"id":%s,"hello":"script","exports":["iReadCardBas"]}\n' "$id"
    continue
    ;;
  esac
  case $1 in
  answer) printf '{"id":%s,"code":%s,"out":"%s"}\n' "$id" "$2" "$3" ;;
  die) kill -SEGV $$ ;;
  sleep) sleep 600 ;;
  nonsense) echo '}{' ;;
  esac
done
