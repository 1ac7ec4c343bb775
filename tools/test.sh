#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Builds sparsegraph and runs its tests, from nothing.
set -euo pipefail

usage() {
    cat <<'END'
Usage: tools/test.sh [--full] [--no-install]

Installs what is missing, builds in build/, and runs every test. The last line says
"N passed, N failed, N skipped", summed over all runs; the exit status is 0 if none failed.

  --full        also: the formatting of every source file; a build by gcc and one by clang, warnings being
                errors, and the tests of both, clang's under AddressSanitizer and UBSan; the shorter unit
                tests under valgrind; clang-tidy
  --no-install  install nothing: what is missing is an error (or skipped, in --full)
  -h, --help    this text

SPARSEGRAPH_REAL_DATA  a folder of real data sets, for the tests that use them
END
}

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
passed=0
failed=0
skipped=0
failures=()

say() {
    printf '\n== %s (%s s)\n' "$*" "$SECONDS"
}

pass() {
    passed=$((passed + 1))
}

skip() {
    skipped=$((skipped + 1))
    printf 'skipped: %s\n' "$*"
}

fail() {
    failed=$((failed + 1))
    failures+=("$*")
    printf 'FAILED: %s\n' "$*"
}

# configure FOLDER OPTIONS...: sets a build folder up, or brings its options up to date.
configure() {
    local folder=$1
    shift
    if [ -f "$folder/meson-private/coredata.dat" ]; then
        meson setup --reconfigure "$folder" -Dtests=enabled "-Dreal_data=${SPARSEGRAPH_REAL_DATA:-}" "$@" >/dev/null
    else
        meson setup "$folder" -Dtests=enabled "-Dreal_data=${SPARSEGRAPH_REAL_DATA:-}" "$@"
    fi
}

# Adds the test cases of FOLDER's last run, as its JUnit file counts them, to the totals.
count_tests() {
    local numbers
    # a run under a wrapper has the wrapper's name in that of its log
    numbers=$(python3 - "$1"/meson-logs/testlog*.junit.xml <<'END'
import sys
import xml.etree.ElementTree as tree

total = bad = skipped = 0
for suite in tree.parse(sys.argv[1]).getroot():
    total += int(suite.get("tests", 0))
    bad += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
    skipped += int(suite.get("skipped", 0))
print(max(total - bad - skipped, 0), bad, skipped)
END
    ) || numbers='0 0 0' # nothing ran: run_tests() says so
    read -r run_passed run_failed run_skipped <<<"$numbers"
    passed=$((passed + run_passed))
    failed=$((failed + run_failed))
    skipped=$((skipped + run_skipped))
}

# run_tests WHAT FOLDER OPTIONS...: builds and tests one build folder.
run_tests() {
    local what=$1 folder=$2
    shift 2
    if ! ninja -C "$folder" -j "$(nproc)" >"$folder/build.log" 2>&1; then
        grep -E -A 12 'FAILED|error:' "$folder/build.log" | head -n 60
        fail "$what: the build"
        return 0
    fi
    rm -f "$folder"/meson-logs/testlog*.junit.xml
    local status=0
    meson test -C "$folder" --no-rebuild --print-errorlogs "$@" || status=$?
    run_failed=0
    run_passed=0
    count_tests "$folder"
    if [ "$run_passed" -eq 0 ]; then
        fail "$what: no test passed"
    elif [ "$run_failed" -gt 0 ]; then
        failures+=("$what: $run_failed tests")
    elif [ "$status" -ne 0 ]; then # a program that died, or ran out of time
        fail "$what: meson test ended with status $status"
    fi
}

# run_sanitized FOLDER: its tests, once more where LeakSanitizer itself fell over. Its tracer may crash on the
# dynamic thread storage of sleeping OpenMP threads, hence the option, too; that is no finding, and a second run is strict.
run_sanitized() {
    local folder=$1 before=("$passed" "$failed" "$skipped") reasons=("${failures[@]+"${failures[@]}"}")
    local -x UBSAN_OPTIONS=print_stacktrace=1:halt_on_error=1
    local -x ASAN_OPTIONS=detect_stack_use_after_return=1:intercept_tls_get_addr=0
    run_tests sanitizers "$folder" --timeout-multiplier 4
    if [ "$failed" -gt "${before[1]}" ] &&
        grep -qs 'LeakSanitizer has encountered a fatal error' "$folder/meson-logs/testlog.txt"; then
        say "LeakSanitizer crashed: once more"
        passed=${before[0]} failed=${before[1]} skipped=${before[2]}
        failures=("${reasons[@]+"${reasons[@]}"}")
        run_tests sanitizers "$folder" --timeout-multiplier 4
    fi
}

# sources FOLDERS...: their C files; not git's list, since a release archive has no git.
sources() {
    find "$@" -name '*.[ch]' | sort
}

check_format() {
    say "clang-format"
    if ! command -v clang-format >/dev/null; then
        skip "there is no clang-format"
    elif sources include src tools tests | xargs clang-format --dry-run --Werror; then
        pass
    else
        fail "clang-format: run clang-format -i on these files"
    fi
}

check_scripts() {
    say "shellcheck"
    if ! command -v shellcheck >/dev/null; then
        skip "there is no shellcheck"
    elif shellcheck -x -S warning tools/*.sh tests/law/*.sh .ci/run; then
        pass
    else
        fail "shellcheck"
    fi
}

check_tidy() {
    say "clang-tidy"
    if ! command -v clang-tidy >/dev/null || ! command -v clang >/dev/null; then
        skip "there is no clang-tidy, or no clang"
    elif CC=clang configure build-clang >/dev/null && sources src tools | grep '\.c$' |
        xargs -P "$(nproc)" -n 4 clang-tidy -quiet -p build-clang 2>/dev/null; then
        pass
    else
        fail "clang-tidy"
    fi
}

full() {
    check_format
    check_scripts

    say "gcc, warnings are errors"
    CC=gcc configure build-gcc -Dwerror=true
    run_tests gcc build-gcc

    if command -v clang >/dev/null; then
        say "clang, warnings are errors, AddressSanitizer and UBSan"
        CC=clang configure build-asan -Dwerror=true -Dbuildtype=debugoptimized -Doptimization=1 \
            -Db_sanitize=address,undefined -Db_lundef=false
        run_sanitized build-asan
    else
        skip "there is no clang: neither its warnings nor the sanitizers"
    fi

    if command -v valgrind >/dev/null; then
        say "valgrind"
        # the sanitizers see what forked workers do; here they are silent
        run_tests valgrind build-gcc --suite unit --no-suite long --timeout-multiplier 10 --wrap \
            "valgrind -q --error-exitcode=99 --leak-check=full --show-leak-kinds=definite \
             --errors-for-leak-kinds=definite --suppressions=$root/tests/valgrind.supp --child-silent-after-fork=yes"
    else
        skip "there is no valgrind"
    fi
    check_tidy
}

main() {
    local how=short install=yes
    while [ $# -gt 0 ]; do
        case $1 in
        --full) how=full ;;
        --no-install) install=no ;;
        -h | --help)
            usage
            return 0
            ;;
        *)
            printf 'test.sh: unknown option %s; see --help\n' "$1" >&2
            return 2
            ;;
        esac
        shift
    done

    if [ "$install" = yes ]; then
        say "what is missing"
        tools/install-deps.sh --test
    fi
    if [ "$how" = full ]; then
        full
    else
        say "build and tests"
        configure build
        run_tests tests build
    fi

    printf '\n'
    if [ "${#failures[@]}" -gt 0 ]; then
        printf 'failed: %s\n' "${failures[@]}"
    fi
    printf '%d passed, %d failed, %d skipped\n' "$passed" "$failed" "$skipped"
    [ "$failed" -eq 0 ]
}

main "$@"
