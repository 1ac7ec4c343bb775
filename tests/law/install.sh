#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Installs into a folder of its own, and uses what lies there as a stranger would.
# Usage: install.sh SOURCE_ROOT BUILD_ROOT VERSION CC
set -u
. "$(dirname "$0")/tap.sh"
source_root=$1
build_root=$2
version=$3
cc=$4

stage=$(mktemp -d "${TMPDIR:-/tmp}/sparsegraph-install-XXXXXX") || exit 99
trap 'rm -rf "$stage"' EXIT

log=$(meson install -C "$build_root" --no-rebuild --destdir "$stage/root" 2>&1)
verdict "meson install fills a folder" "$([ $? -eq 0 ] || printf '%s\n' "$log")"

pc=$(find "$stage/root" -name sparsegraph.pc)
prefix=$(sed -n 's/^prefix=//p' "${pc:-/dev/null}")
verdict "the headers, the library, the command and sparsegraph.pc are there" "$(
    [ -n "$pc" ] || echo "no sparsegraph.pc"
    [ -x "$stage/root$prefix/bin/sparsegraph" ] || echo "no bin/sparsegraph"
    for header in "$source_root"/include/sparsegraph/*.h; do
        [ -f "$stage/root$prefix/include/sparsegraph/$(basename "$header")" ] || echo "no $(basename "$header")"
    done
    find "$stage/root" -name 'libsparsegraph.so*' | grep -q . || echo "no libsparsegraph.so")"

if command -v pkg-config >/dev/null 2>&1; then
    PKG_CONFIG_PATH=$(dirname "$pc")
    PKG_CONFIG_SYSROOT_DIR=$stage/root
    export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
    # shellcheck disable=SC2046 # the flags are words
    log=$("$cc" -std=c11 -Wall -Werror "$source_root/tests/law/consumer.c" -o "$stage/consumer" \
        $(pkg-config --cflags --libs sparsegraph) 2>&1)
    verdict "a program builds with what pkg-config says" "$log"
    folder=$(dirname "$(find "$stage/root" -name 'libsparsegraph.so' | head -n 1)")
    said=$(LD_LIBRARY_PATH=$folder "$stage/consumer" 2>&1)
    verdict "that program runs" "$([ "$said" = "$version" ] || echo "it said: $said")"
else
    skip "a program builds with what pkg-config says" "there is no pkg-config"
fi

folder=$(dirname "$(find "$stage/root" -name 'libsparsegraph.so*' | head -n 1)")
said=$(LD_LIBRARY_PATH=$folder "$stage/root$prefix/bin/sparsegraph" --version 2>&1)
verdict "the installed command tells its version" "$(
    printf '%s\n' "$said" | grep -q "sparsegraph $version" || echo "it said: $said")"
finish
