# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=sh
# Sourced by the scripts beside it: tests that print the Test Anything Protocol.
n_tests=0
n_failed=0

# verdict DESCRIPTION COMPLAINTS: passes when there are no complaints, else prints them.
verdict() {
    n_tests=$((n_tests + 1))
    if [ -z "$2" ]; then
        echo "ok $n_tests - $1"
    else
        n_failed=$((n_failed + 1))
        echo "not ok $n_tests - $1"
        printf '%s\n' "$2" | sed 's/^/# /'
    fi
}

skip() {
    n_tests=$((n_tests + 1))
    echo "ok $n_tests - $1 # SKIP $2"
}

finish() {
    echo "1..$n_tests"
    [ "$n_failed" -eq 0 ]
}
