#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From a fresh checkout to a result: installs what is missing, builds, and runs the main job or the tests.
set -euo pipefail
exec </dev/null

readonly EXIT_USAGE=2
readonly EXIT_INFRASTRUCTURE=3
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd -P)

usage() {
    cat <<'TEXT'
usage: ./bootstrap.sh run  [ARGUMENT...]   install what is missing, build, run the main job in both links
       ./bootstrap.sh test [ARGUMENT...]   install what is missing, build, run the tests
       ./bootstrap.sh install run|test|ci  install what is missing only

Further arguments of `run` go to `onecard run`, those of `test` to ctest. Packages are listed in packages.txt and
are installed with apt-get when they are missing and the caller is root; otherwise they are named.
Exit code: that of onecard run or ctest; 2 usage; 3 packages missing or build failed.
TEXT
}

say() {
    printf '== %s\n' "$*" >&2
}

die() {
    printf 'bootstrap.sh: %s\n' "$*" >&2
    exit "$EXIT_INFRASTRUCTURE"
}

# The packages that a purpose needs: those of "run" always, and so on up the list.
packages_for() {
    local wanted
    case $1 in
        run) wanted=' run ' ;;
        test) wanted=' run test ' ;;
        ci) wanted=' run test ci ' ;;
    esac
    local group package _
    while read -r group package _; do
        if [[ $wanted == *" $group "* ]]; then
            printf '%s\n' "$package"
        fi
    done <"$root/packages.txt"
}

is_installed() {
    [[ $(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null) == installed* ]]
}

install_packages() {
    if ! command -v dpkg-query >/dev/null; then
        say "this is not a Debian system: packages are not checked (packages.txt lists what is needed)"
        return
    fi
    local package
    local -a missing=()
    while read -r package; do
        is_installed "$package" || missing+=("$package")
    done < <(packages_for "$1")
    if ((${#missing[@]} == 0)); then
        return
    fi
    if ((EUID != 0)); then
        printf 'bootstrap.sh: missing packages: %s\n' "${missing[*]}" >&2
        die "install them with: sudo apt-get install --no-install-recommends ${missing[*]}"
    fi
    say "installing: ${missing[*]}"
    export DEBIAN_FRONTEND=noninteractive
    # The package lists may be absent or old; without network the packages may still be in the cache.
    apt-get update -qq >&2 || say "apt-get update failed, going on with the package lists at hand"
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >&2 || die "cannot install: ${missing[*]}"
}

build() {
    say "building build/release with $(nproc) cores"
    cmake --preset release >&2 || die "cmake found something wrong, see above"
    cmake --build --preset release --parallel "$(nproc)" ${1:+--target "$1"} >&2 || die "the build failed, see above"
}

# The program names the reports that it makes.
main_job() {
    install_packages run
    build onecard
    say "build/release/onecard run --via inproc,pcsc -o out${*:+ $*} vectors"
    "$root/build/release/onecard" run --via inproc,pcsc -o out "$@" vectors
}

main() {
    cd -- "$root"
    local command=${1:-}
    shift || true
    case $command in
        run) main_job "$@" ;;
        test)
            install_packages test
            build
            # One more than there are cores: some tests wait for clocks and other programs.
            ctest --preset release --no-tests=error --parallel "$(($(nproc) + 1))" "$@"
            ;;
        install)
            case ${1:-} in
                run | test | ci) install_packages "$1" ;;
                *)
                    usage >&2
                    exit "$EXIT_USAGE"
                    ;;
            esac
            ;;
        help | -h | --help) usage ;;
        *)
            usage >&2
            exit "$EXIT_USAGE"
            ;;
    esac
}

main "$@"
