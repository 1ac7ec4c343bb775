#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs what sparsegraph needs, and only where it is missing.
set -euo pipefail

usage() {
    cat <<'END'
Usage: tools/install-deps.sh [--build | --test]

Installs the packages that are missing, through apt-get (Debian 12, Ubuntu 24.04 and later), dnf
(Fedora) or brew (Homebrew), as root or through sudo. Nothing is asked. The package names for Fedora
and Homebrew are the best known ones; they are UNTESTED.

  --build     what building and running takes (the default)
  --test      also what the tests and the checks of tools/test.sh --full take
  -h, --help  this text
END
}

# packages MANAGER KIND: the names of one kind. build: what the build cannot do without; nice: fast dense layers, fonts for
# the figures and a data set to train on; test: what the tests cannot do without; check: further
# compilers, checkers, MPI, and the implementations that results are held against.
packages() {
    case $1-$2 in
    apt-build) echo gcc libc6-dev meson ninja-build pkg-config libigraph-dev libcairo2-dev libpango1.0-dev \
        libcjson-dev libgsl-dev zlib1g-dev ;;
    apt-nice) echo libopenblas-dev fonts-dejavu-core dataset-fashion-mnist ;;
    apt-test) echo libcmocka-dev g++ ;;
    apt-check) echo clang clang-format clang-tidy libclang-rt-dev libomp-dev valgrind binutils shellcheck \
        python3-numpy python3-scipy python3-networkx python3-igraph libopenmpi-dev openmpi-bin ;;
    # UNTESTED from here on
    dnf-build) echo gcc meson ninja-build pkgconf-pkg-config igraph-devel cairo-devel pango-devel cjson-devel \
        gsl-devel zlib-devel ;;
    dnf-nice) echo openblas-devel dejavu-sans-fonts ;;
    dnf-test) echo libcmocka-devel gcc-c++ ;;
    dnf-check) echo clang clang-tools-extra compiler-rt libomp-devel valgrind binutils ShellCheck \
        python3-numpy python3-scipy python3-networkx python3-igraph openmpi-devel openmpi ;;
    brew-build) echo meson ninja pkg-config igraph cairo pango cjson gsl ;;
    brew-nice) echo openblas ;;
    brew-test) echo cmocka ;;
    brew-check) echo llvm libomp shellcheck numpy scipy open-mpi ;;
    esac
}

say() {
    printf 'install-deps: %s\n' "$*" >&2
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "only root may install packages, and there is no sudo; as root run: $*"
        return 1
    fi
}

# The words of a call that are not installed yet, one a line.
missing_apt() {
    local package
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || echo "$package"
    done
}

missing_dnf() {
    local package
    for package in "$@"; do
        rpm -q --quiet --whatprovides "$package" || echo "$package"
    done
}

missing_brew() {
    local package
    for package in "$@"; do
        brew list --versions "$package" >/dev/null 2>&1 || echo "$package"
    done
}

updated=no
install_apt() {
    if [ "$updated" = no ]; then
        as_root apt-get update -q >&2 || say "apt-get update failed; going on with the lists there are"
        updated=yes
    fi
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >&2
}

install_dnf() {
    as_root dnf install -y "$@" >&2
}

install_brew() {
    brew install "$@" >&2
}

# require MANAGER KIND: installs what is missing, or fails.
require() {
    local missing
    # shellcheck disable=SC2046 # one package a word
    missing=$("missing_$1" $(packages "$1" "$2") | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    say "installing $missing"
    # shellcheck disable=SC2086
    "install_$1" $missing
}

# wish MANAGER KIND: the same, but each by itself where they fail together, and failing is a warning.
wish() {
    local missing package
    # shellcheck disable=SC2046
    missing=$("missing_$1" $(packages "$1" "$2") | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    say "installing $missing(optional)"
    # shellcheck disable=SC2086
    "install_$1" $missing && return 0
    for package in $missing; do
        "install_$1" "$package" || say "warning: $package could not be installed; what needs it is skipped"
    done
}

main() {
    local want=build manager
    while [ $# -gt 0 ]; do
        case $1 in
        --build) want=build ;;
        --test) want='test' ;;
        -h | --help)
            usage
            return 0
            ;;
        *)
            say "unknown option '$1'; see --help"
            return 2
            ;;
        esac
        shift
    done

    if command -v apt-get >/dev/null; then
        manager=apt
    elif command -v dnf >/dev/null; then
        manager=dnf
        say "warning: the package names for Fedora are untested"
    elif command -v brew >/dev/null; then
        manager=brew
        say "warning: the package names for Homebrew are untested"
    else
        say "no apt-get, dnf or brew here; install by hand what Debian calls $(packages apt build)"
        return 1
    fi

    require "$manager" build
    wish "$manager" nice
    if [ "$want" = test ]; then
        require "$manager" test
        wish "$manager" check
    fi
}

main "$@"
