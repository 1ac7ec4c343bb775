#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# What the shared library shows to the world, and what it keeps. Usage: symbols.sh LIBRARY SOURCE_ROOT
set -u
. "$(dirname "$0")/tap.sh"
library=$(realpath "$1") || exit 99 # it may be relative to where the test starts
cd "$2" || exit 99

for tool in nm objdump; do
    command -v "$tool" >/dev/null 2>&1 && continue
    skip "the library's symbols" "there is no $tool"
    finish
    exit
done

exported=$(nm -D --defined-only "$library" | awk '{ print $3 }' | sed 's/@.*//' | sort)
declared=$(cat include/sparsegraph/*.h)
verdict "every exported symbol is declared in a public header" "$(
    for symbol in $exported; do
        printf '%s\n' "$declared" | grep -qw "$symbol" || echo "$symbol"
    done)"

verdict "every function of the public headers is exported" "$(
    printf '%s\n' "$declared" | tr '\n' ' ' |
        grep -oE 'SG_API [^;{]*;' | grep -oE '(^|[ *])sg_[a-z0-9_]+\(' | tr -d ' *(' | sort -u |
        while read -r name; do
            printf '%s\n' "$exported" | grep -qx "$name" || echo "$name"
        done)"

# The compiler's and linker's own, the lock around igraph's global handlers, and that around OpenBLAS's number of threads.
allowed='^(completed\.|__|_edata|_end|_DYNAMIC|lock$|first_reason$|openblas_threads$)'
verdict "the library keeps no mutable state" "$(
    objdump -t "$library" | awk '/ O \.(data|bss)[ \t]/ { print $NF }' | grep -vE "$allowed")"
finish
