#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A terminal with a command line, for the example adapter: tells what it was called with.
case $1 in
iReadCardBas) printf '0\n330100|测试|%s|\n' "$2" ;;
iVerifyPIN) printf '%s\n\n' "$([ "${ONECARD_KEYPAD_PIN:-}" = 286719 ] && echo 0 || echo -51)" ;;
iReadCard) printf -- '-22\n输入与卡内不符 %s\n' "$4" ;;
*) echo missing ;;
esac
