# SPDX-License-Identifier: Apache-2.0
_onecard_argument() {
  case $1 in
    filter) compadd -- ${(f)"$(_call_program ids onecard list --format ids 2>/dev/null)"} ;;
    via) compadd inproc pcsc inproc,pcsc ;;
    interface) compadd contact contactless ;;
    protocol) compadd t0 t1 ;;
    lang) compadd en zh ;;
    allow) compadd counters records purse keys lifecycle ;;
    keys) compadd profile none psam:virtual; compadd -S '' exec: pkcs11: psam: ;;
    card) compadd virtual; compadd -S '' pcsc: exec: vpcd: ;;
    psam) compadd virtual none; compadd -S '' pcsc: ;;
    terminal) compadd virtual manual; compadd -S '' driver: exec: tcp: ws: http: ;;
    format)
      if [[ $service == list ]]; then
        compadd text ids html
      else
        compadd -S '' html= junit= junit-extended= tap= ctrf= json=
      fi ;;
    *) _files ;;
  esac
}

if (( CURRENT == 2 )); then
  _describe command commands
  return
fi
shift words
(( CURRENT-- ))
local service=$words[1]
