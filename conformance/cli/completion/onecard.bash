# SPDX-License-Identifier: Apache-2.0

_onecard_ids() {
    # Case ids of the shipped vectors; as -k takes them, a regular expression.
    if [[ -z ${_onecard_known_ids-} ]]; then
        _onecard_known_ids=$("${COMP_WORDS[0]}" list --format ids 2>/dev/null)
    fi
    compgen -W "$_onecard_known_ids" -- "$1"
}

# _onecard_values "COMMAND OPTION" WORD: what the option's argument may be.
_onecard_values() {
    local command=${1%% *} option=${1#* }
    case $option in
        --filter | -k) _onecard_ids "$2" ;;
        --via) compgen -W "inproc pcsc inproc,pcsc" -- "$2" ;;
        --interface) compgen -W "contact contactless" -- "$2" ;;
        --protocol) compgen -W "t0 t1" -- "$2" ;;
        --lang | -l) compgen -W "en zh" -- "$2" ;;
        --allow) compgen -W "counters records purse keys lifecycle" -- "$2" ;;
        --keys) compgen -W "profile none exec: pkcs11: psam:virtual" -- "$2" ;;
        --card) compgen -W "virtual pcsc: exec: vpcd:" -- "$2" ;;
        --psam) compgen -W "virtual none pcsc:" -- "$2" ;;
        --terminal) compgen -W "virtual manual driver: exec: tcp: ws: http:" -- "$2" ;;
        --format | -f)
            if [[ $command == list ]]; then
                compgen -W "text ids html" -- "$2"
            else
                compgen -W "html= junit= junit-extended= tap= ctrf= json=" -- "$2"
            fi
            ;;
        *)
            case $(_onecard_argument "$1") in
                *DIR* | *FOLDER*) compgen -d -- "$2" ;;
                *FILE* | *XML* | *.xml* | *PEM* | *CSV* | *PATH*) compgen -f -- "$2" ;;
            esac
            ;;
    esac
}

_onecard() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    # "=" parts words of its own.
    if [[ $word == "=" ]]; then
        word=
    elif [[ $before == "=" ]]; then
        before=${COMP_WORDS[COMP_CWORD - 2]}
    fi
    COMPREPLY=()
    if ((COMP_CWORD == 1)); then
        mapfile -t COMPREPLY < <(compgen -W "$_onecard_commands --help --version" -- "$word")
    elif [[ $before == -* && -n $(_onecard_argument "$command $before") ]]; then
        mapfile -t COMPREPLY < <(_onecard_values "$command $before" "$word")
    elif [[ $word == -* ]]; then
        mapfile -t COMPREPLY < <(compgen -W "$(_onecard_options "$command")" -- "$word")
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
        compopt -o filenames 2>/dev/null
    fi
    if [[ ${#COMPREPLY[@]} == 1 && ${COMPREPLY[0]} == *[=:] ]]; then
        compopt -o nospace 2>/dev/null
    fi
}

complete -F _onecard onecard
