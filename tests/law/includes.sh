#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Holds every #include of src/, include/ and tools/ against the two tables in CONTRIBUTING.md.
# Usage: includes.sh SOURCE_ROOT
set -u
. "$(dirname "$0")/tap.sh"
cd "$1" || exit 99

# The tables as lines "module NAME | headers | allowed" and "library NAMES | folders".
law=$(awk -F'|' '
    /^\|/ { gsub(/`/, "") }
    /^\| module / { table = "module"; next }
    /^\| library/ { table = "library"; next }
    /^\|-/ { next }
    !/^\|/ { table = ""; next }
    table == "module" { print "module|" $2 "|" $3 "|" $4 }
    table == "library" { print "library|" $2 "|" $3 }
' CONTRIBUTING.md)

# Every include as "FILE HEADER", both kinds of quotes.
includes=$(find src include tools -name '*.[ch]' | sort | xargs awk '
    match($0, /^[ \t]*#[ \t]*include[ \t]*[<"][^>"]+[>"]/) {
        header = $0
        sub(/^[^<"]*[<"]/, "", header)
        sub(/[>"].*/, "", header)
        print FILENAME, header
    }')

# Prints what the law has to say against the includes; $1 picks the rule.
judge() {
    printf '%s\n@\n%s\n' "$law" "$includes" | awk -v rule="$1" '
        function split_words(text, into,   words, n, i) {
            n = split(text, words, " ")
            for (i = 1; i <= n; i++)
                into[words[i]] = 1
        }
        function module_of(file,   parts) {
            split(file, parts, "/")
            if (parts[1] == "include")
                return owner[parts[3]]
            return parts[1] == "src" ? parts[2] : parts[1]
        }
        function basename(path) {
            sub(/.*\//, "", path)
            return path
        }
        # The module a header belongs to, or "" for the system and other libraries.
        function target_of(file, header,   parts) {
            if (header ~ /^sparsegraph\//)
                return owner[basename(header)]
            split(header, parts, "/")
            if (parts[2] != "" && (parts[1] in modules))
                return parts[1]
            if (file ~ /^include\// && (header in owner))
                return owner[header]
            return ""
        }
        $0 == "@" { reading = 1; next }
        !reading {
            split($0, cell, "|")
            if (cell[1] == "module") {
                gsub(/ /, "", cell[2])
                modules[cell[2]] = 1
                n_headers = split(cell[3], headers, " ")
                for (i = 1; i <= n_headers; i++)
                    owner[headers[i]] = cell[2]
                n_allowed = split(cell[4], allowed, " ")
                for (i = 1; i <= n_allowed; i++)
                    may[cell[2], allowed[i]] = 1
            } else if (cell[1] == "library") {
                n_names = split(cell[2], names, " ")
                for (i = 1; i <= n_names; i++)
                    door[names[i]] = " " cell[3] " "
            }
            next
        }
        {
            file = $1
            header = $2
            from = module_of(file)
            to = target_of(file, header)
        }
        rule == "modules" && file !~ /^tools\// && file !~ /\/sparsegraph\.h$/ {
            if (header ~ /sparsegraph\.h$/)
                print file " includes <" header ">: name the header that is needed"
            else if (from == "")
                print file " belongs to no module of the table"
            else if (to != "" && to != from && !((from, to) in may))
                print file " (" from ") may not include " header " (" to ")"
        }
        rule == "tools" && file ~ /^tools\// {
            if ((header ~ /\// && to != "" && header !~ /^sparsegraph\//) || header ~ /\.\./)
                print file " includes " header ": tools see the public headers only"
        }
        rule == "public" && file ~ /^include\// {
            if (header ~ /\// && header !~ /^sys\//)
                print file " includes " header ": public headers include only public ones"
        }
        rule == "doors" {
            library = header
            sub(/[\/.-].*/, "", library)
            sub(/^pangocairo$/, "pango", library)
            folder = file
            sub(/\/[^\/]*$/, "", folder)
            if ((library in door) && index(door[library], " " folder " ") == 0 &&
                header !~ /^(graph|draw)\//)
                print file " includes " header ": only" door[library] "may"
        }'
}

# The table itself: every folder and every public header stands in it once.
table=$(
    for folder in src/*/; do
        name=$(basename "$folder")
        printf '%s\n' "$law" | grep -q "^module| *$name *|" || echo "src/$name has no row"
    done
    for path in include/sparsegraph/*.h; do
        name=$(basename "$path")
        [ "$name" = sparsegraph.h ] && continue
        n=$(printf '%s\n' "$law" | awk -F'|' -v name="$name" '
            $1 == "module" && index(" " $3 " ", " " name " ") { n++ } END { print n + 0 }')
        [ "$n" -eq 1 ] || echo "$name stands in $n rows"
    done
)
loops=$(printf '%s\n' "$law" | awk -F'|' '
    $1 == "module" {
        gsub(/ /, "", $2)
        n = split($4, words, " ")
        for (i = 1; i <= n; i++)
            if (!(words[i] in seen))
                print $2 " may include " words[i] ", which stands below it: the arrow turns round"
        seen[$2] = 1
    }')

verdict "the table names every module and public header once" "$table"
verdict "the arrows of the table never turn round" "$loops"
verdict "modules include only what their row allows" "$(judge modules)"
verdict "tools include only public headers" "$(judge tools)"
verdict "public headers include only public headers" "$(judge public)"
verdict "libraries stay behind their doors" "$(judge doors)"
finish
