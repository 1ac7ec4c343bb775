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

# calls NAMES FILES...: where any of the functions is called.
calls() {
    names=$1
    shift
    code "$@" | awk -v names="$names" '
        { text = $0; sub(/^[^ ]* /, "", text) }
        " " text ~ "[^A-Za-z0-9_](" names ")[ \t]*\\(" { print }'
}

library=$(find src -name '*.[ch]' | sort)
everything=$(find src include tools tests -name '*.[ch]' | sort)

# The word lists are unquoted on purpose: file names here hold no blanks.
verdict "the library never prints" "$(calls 'printf|vprintf|puts|putchar|fprintf|vfprintf|fputs|perror' $library)"
verdict "the library never exits" "$(calls 'exit|abort|quick_exit|_Exit|system' $library)"
verdict "the library draws random numbers from its own streams alone" \
    "$(calls 'rand|srand|random|srandom|drand48|rand_r' $library)"
verdict "no call that cannot bound or check" \
    "$(calls 'strtok|sprintf|vsprintf|strcpy|strcat|gets|atoi|atol|atoll|atof|alloca' $everything)"
verdict "the library allocates through its one allocator" "$(
    calls 'malloc|calloc|realloc|free|strdup|strndup|asprintf|aligned_alloc' $library |
        grep -v '^src/base/memory.c:')"
verdict "there is no goto" "$(code $everything | grep -E '[^A-Za-z0-9_]goto[ \t]')"
verdict "every file begins with its licence" "$(
    for file in $everything; do
        head -n 1 "$file" | grep -q 'SPDX-License-Identifier: GPL-3.0-or-later' || echo "$file"
    done)"
verdict "no file of the library or the command is longer than 600 lines" "$(
    for file in $(find src include tools -name '*.[ch]' | sort); do
        n=$(wc -l <"$file")
        [ "$n" -le 600 ] || echo "$file has $n: which two things is it?"
    done)"
verdict "nothing is left unfinished" "$(grep -nwE '(TODO|FIXME|XXX|not implemented)' $everything)"
finish
