#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Compiles each public header alone, in C and in C++, and each private one in C.
# Usage: headers.sh SOURCE_ROOT CC [CC_ARGUMENTS...]
set -u
. "$(dirname "$0")/tap.sh"
cd "$1" || exit 99
shift

# alone STANDARD LANGUAGE COMMAND...: complaints about each public header, included twice.
alone() {
    standard=$1
    language=$2
    shift 2
    for header in include/sparsegraph/*.h; do
        name=sparsegraph/$(basename "$header")
        printf '#include <%s>\n#include <%s>\nint main(void);\n' "$name" "$name" |
            "$@" -std="$standard" -x "$language" -Wall -Wextra -Wpedantic -Werror -fsyntax-only -Iinclude - 2>&1 |
            sed "s|^|$name: |" | head -n 5
    done
}

verdict "every public header compiles alone in C" "$(alone c11 c "$@")"

cxx=
for candidate in ${CXX:-} c++ g++ clang++; do
    if printf 'int x;\n' | "$candidate" -x c++ -fsyntax-only - >/dev/null 2>&1; then
        cxx=$candidate
        break
    fi
done
if [ -n "$cxx" ]; then
    verdict "every public header compiles alone in C++" "$(alone c++11 c++ "$cxx")"
else
    skip "every public header compiles alone in C++" "this machine has no C++ compiler"
fi

verdict "every public header is part of sparsegraph.h and is installed" "$(
    for header in include/sparsegraph/*.h; do
        name=$(basename "$header")
        grep -q "'sparsegraph/$name'" include/meson.build || echo "$name is not in include/meson.build"
        [ "$name" = sparsegraph.h ] && continue
        grep -q "#include \"$name\"" include/sparsegraph/sparsegraph.h || echo "$name is not in sparsegraph.h"
    done)"

packages="igraph cairo pangocairo libcjson gsl zlib"
# shellcheck disable=SC2086 # both lists are words
flags=$(pkg-config --cflags $packages 2>/dev/null)
verdict "every private header compiles alone in C" "$(
    for header in src/*/*.h; do
        name=${header#src/}
        # shellcheck disable=SC2086
        printf '#include "%s"\n#include "%s"\nint main(void);\n' "$name" "$name" |
            "$@" -std=gnu11 -D_GNU_SOURCE -x c -Wall -Werror -fsyntax-only $flags -Isrc -Iinclude - 2>&1 |
            sed "s|^|$name: |" | head -n 5
    done)"
finish
