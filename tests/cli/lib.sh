# SPDX-License-Identifier: GPL-3.0-or-later
# What the tests of the command share. A test is a sentence and the checks after it:
#
#     it 'names the option that was probably meant'
#     run train digits --epocs 3
#     code 2
#     err_has "did you mean '--epochs'"
#
# SPARSEGRAPH is the command; GOLDEN the folder of expected outputs. Results are printed as TAP.
# With UPDATE_GOLDEN=1 the expected outputs are written anew: read the diff before you commit it.

set -u
LC_ALL=C.UTF-8
export LC_ALL
unset COLUMNS NO_COLOR SPARSEGRAPH_DATA XDG_CACHE_HOME 2>/dev/null || :
TERM=dumb
export TERM
OMP_NUM_THREADS=1 # tests run beside each other; those about threads say so by --threads
export OMP_NUM_THREADS

: "${SPARSEGRAPH:?the path of the command}" "${GOLDEN:?the folder of expected outputs}"

tmp=$(mktemp -d "${TMPDIR:-/tmp}/sparsegraph-cli.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
HOME=$tmp/home
export HOME
mkdir "$HOME"

n_tests=0
n_failed=0
sentence=
problems=

# Prints the result of the test in hand.
conclude() {
    [ -n "$sentence" ] || return 0
    n_tests=$((n_tests + 1))
    if [ -z "$problems" ]; then
        echo "ok $n_tests - $sentence"
    else
        n_failed=$((n_failed + 1))
        echo "not ok $n_tests - $sentence"
        printf '%s\n' "$problems" | sed 's/^/# /'
        echo "# the command: sparsegraph ${ran:-}"
        [ ! -f "$tmp/out" ] || head -n 20 "$tmp/out" | sed 's/^/# stdout: /'
        [ ! -f "$tmp/err" ] || head -n 20 "$tmp/err" | sed 's/^/# stderr: /'
    fi
    sentence=
    problems=
}

it() {
    conclude
    sentence=$1
}

# Ends the test in hand as not run, with the reason.
skip() {
    n_tests=$((n_tests + 1))
    echo "ok $n_tests - $sentence # SKIP $1"
    sentence=
    problems=
}

finish() {
    conclude
    echo "1..$n_tests"
    [ "$n_failed" -eq 0 ]
}

wrong() {
    problems="${problems:+$problems
}$1"
}

# Runs the command; its stdout, stderr and exit code are kept for the checks.
run() {
    ran=$*
    "$SPARSEGRAPH" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
    exit_code=$?
}

# --- checks -------------------------------------------------------------------------------------

code() {
    [ "$exit_code" -eq "$1" ] || wrong "exit code $exit_code, expected $1"
}

out_is_empty() {
    [ ! -s "$tmp/out" ] || wrong 'stdout is not empty'
}

err_is_empty() {
    [ ! -s "$tmp/err" ] || wrong 'stderr is not empty'
}

out_has() {
    grep -qF -e "$1" "$tmp/out" || wrong "stdout lacks: $1"
}

out_matches() {
    grep -qE -e "$1" "$tmp/out" || wrong "stdout does not match: $1"
}

err_has() {
    grep -qF -e "$1" "$tmp/err" || wrong "stderr lacks: $1"
}

# The way every failure has to look: nothing on stdout, one line on stderr, ours, no full stop.
fails_with() {
    code "$1"
    out_is_empty
    [ "$(wc -l <"$tmp/err")" -eq 1 ] || wrong "stderr has $(wc -l <"$tmp/err") lines, expected 1"
    grep -q '^sparsegraph' "$tmp/err" || wrong 'the message does not begin with sparsegraph'
    ! grep -q '\.$' "$tmp/err" || wrong 'the message ends with a full stop'
}

out_is_json() {
    python3 -c 'import json, sys; json.load(open(sys.argv[1]), parse_constant=lambda c: 1 / 0)' \
        "$tmp/out" 2>/dev/null || wrong 'stdout is not JSON'
}

# Compares stdout with GOLDEN/NAME.txt, the version number aside.
out_is_golden() {
    sed 's/^sparsegraph [0-9][0-9.]*/sparsegraph VERSION/' "$tmp/out" >"$tmp/plain"
    if [ "${UPDATE_GOLDEN:-0}" = 1 ]; then
        cp "$tmp/plain" "$GOLDEN/$1.txt"
    fi
    cmp -s "$tmp/plain" "$GOLDEN/$1.txt" ||
        wrong "stdout differs from $1.txt:
$(diff "$GOLDEN/$1.txt" "$tmp/plain" 2>&1 | head -n 30)"
}

exists() {
    for path; do
        [ -s "$path" ] || wrong "$path is missing or empty"
    done
}

is_absent() {
    for path; do
        [ ! -e "$path" ] || wrong "$path was left behind"
    done
}

same_bytes() {
    cmp -s "$1" "$2" || wrong "$1 and $2 differ"
}

# Waits until a file has so many lines; gives up after two minutes.
wait_for_lines() {
    tries=0
    while [ "$(wc -l 2>/dev/null <"$1" || echo 0)" -lt "$2" ]; do
        tries=$((tries + 1))
        if [ "$tries" -gt 2400 ]; then
            wrong "$1 did not reach $2 lines"
            return 1
        fi
        sleep 0.05
    done
}

# --- files that tests need ----------------------------------------------------------------------

# Prints a number below 2^16 as 4 bytes, the highest first.
be32() {
    printf '\000\000'
    printf "\\$(printf '%03o' $(($1 / 256)))\\$(printf '%03o' $(($1 % 256)))"
}

# idx_images N: N images of 4x4 pixels; idx_labels N: their labels, 0 and 1 in turn.
idx_images() {
    printf '\000\000\010\003'
    be32 "$1" && be32 4 && be32 4
    awk -v n="$1" 'BEGIN { for (i = 0; i < 16 * n; i++) printf "%c", 1 + (i * 7 + int(i / 16)) % 90 }'
}

idx_labels() {
    printf '\000\000\010\001'
    be32 "$1"
    i=0
    while [ "$i" -lt "$1" ]; do
        printf "\\00$((i % 2))"
        i=$((i + 1))
    done
}

# A folder with a small, sound data set.
make_idx_folder() {
    mkdir -p "$1"
    idx_images 20 >"$1/train-images-idx3-ubyte"
    idx_labels 20 >"$1/train-labels-idx1-ubyte"
    idx_images 10 >"$1/t10k-images-idx3-ubyte"
    idx_labels 10 >"$1/t10k-labels-idx1-ubyte"
}

# safetensors HEADER: the length, the header; the data are to be appended.
safetensors_header() {
    printf "\\$(printf '%03o' $((${#1} % 256)))\\$(printf '%03o' $((${#1} / 256)))"
    printf '\000\000\000\000\000\000%s' "$1"
}
