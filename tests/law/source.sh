#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Rules that every source file keeps. Usage: source.sh SOURCE_ROOT
set -u
. "$(dirname "$0")/tap.sh"
cd "$1" || exit 99

# Prints FILE:LINE: CODE without comments, strings and character constants.
code() {
    awk '
        FNR == 1 { comment = 0 }
        {
            line = $0
            out = ""
            while (line != "") {
                if (comment) {
                    at = index(line, "*/")
                    if (!at) { line = ""; break }
                    line = substr(line, at + 2)
                    comment = 0
                } else if (match(line, /^\/\*/)) {
                    comment = 1
                    line = substr(line, 3)
                } else if (match(line, /^\/\//)) {
                    line = ""
                } else if (match(line, /^"([^"\\]|\\.)*"/) || match(line, /^\047([^\047\\]|\\.)*\047/)) {
                    out = out "_"
                    line = substr(line, RLENGTH + 1)
                } else {
                    out = out substr(line, 1, 1)
                    line = substr(line, 2)
                }
            }
            if (out ~ /[^ \t]/)
                print FILENAME ":" FNR ": " out
        }' "$@"
}

# The file names are unquoted on purpose: none holds a blank.
everything=$(find src include tools tests -name '*.[ch]' | sort)
all_code=$(mktemp "${TMPDIR:-/tmp}/sparsegraph-code-XXXXXX") || exit 99
trap 'rm -f "$all_code"' EXIT
code $everything >"$all_code"

# calls FOLDER NAMES: where in the folder ("" = everywhere) any of the functions is called.
calls() {
    grep "^$1" "$all_code" | awk -v names="$2" '
        { text = $0; sub(/^[^ ]* /, "", text) }
        " " text ~ "[^A-Za-z0-9_](" names ")[ \t]*\\(" { print }'
}

verdict "the library never prints" "$(calls src/ 'printf|vprintf|puts|putchar|fprintf|vfprintf|fputs|perror')"
verdict "the library never exits" "$(calls src/ 'exit|abort|quick_exit|_Exit|system')"
verdict "the library draws random numbers from its own streams alone" \
    "$(calls src/ 'rand|srand|random|srandom|drand48|rand_r')"
verdict "no call that cannot bound or check" \
    "$(calls '' 'strtok|sprintf|vsprintf|strcpy|strcat|gets|atoi|atol|atoll|atof|alloca')"
verdict "the library allocates through its one allocator" "$(
    calls src/ 'malloc|calloc|realloc|free|strdup|strndup|asprintf|aligned_alloc' |
        grep -v '^src/base/memory.c:')"
verdict "there is no goto" "$(grep -E '[^A-Za-z0-9_]goto[ \t]' "$all_code")"
verdict "every file begins with its licence" "$(
    for file in $everything; do
        head -n 1 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || echo "$file"
    done)"
verdict "no file is longer than 600 lines" "$(
    for file in $everything; do
        n=$(wc -l <"$file")
        [ "$n" -le 600 ] || echo "$file has $n: which two things is it?"
    done)"
verdict "nothing is left unfinished" "$(grep -nwE '(TODO|FIXME|XXX|not implemented)' $everything)"
finish
