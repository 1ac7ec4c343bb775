#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Interruption, crash and threads: none of them changes a byte of a snapshot.
. "$(dirname "$0")/lib.sh"

# Large enough that a signal after epoch 3 comes well before the end, on a fast machine too.
settings='digits --n-train 8000 --n-test 100 --hidden 200,100 --epsilon 20 --epochs 10 --dropout 0.2
    --batch 32 --activation srelu --output-layer sparse --seed 7'

# same_run A B: every snapshot, final.safetensors among them, is the same in both.
same_run() {
    [ "$(ls "$1/snapshots")" = "$(ls "$2/snapshots")" ] || wrong "$1 and $2 hold other snapshots"
    for snapshot in "$1"/snapshots/*; do
        same_bytes "$snapshot" "$2/snapshots/${snapshot##*/}"
    done
}

# Starts the training in the background, and sends it a signal once metrics.jsonl has 4 lines.
# Leaves the exit code in exit_code.
train_and_signal() {
    ran="train $settings -o $2 (then SIG$1)"
    # shellcheck disable=SC2086
    "$SPARSEGRAPH" train $settings --threads 1 -o "$2" >"$tmp/out" 2>"$tmp/err" </dev/null &
    pid=$!
    wait_for_lines "$2/metrics.jsonl" 4
    kill -s "$1" "$pid"
    wait "$pid" 2>/dev/null
    exit_code=$?
}

it 'trains without interruption'
# shellcheck disable=SC2086
run train $settings --threads 1 -o whole
code 0
out_is_empty
exists whole/snapshots/epoch-0000.safetensors whole/snapshots/epoch-0010.safetensors \
    whole/snapshots/final.safetensors

it 'gives the same bytes with two threads'
# shellcheck disable=SC2086
run train $settings --threads 2 -q -o threads
code 0
err_is_empty
same_run whole threads

it 'leaves threads that are bound to processors where they are bound'
if ldd "$SPARSEGRAPH" | grep -q 'libomp\.'; then
    skip "clang's OpenMP comes after GNU's (of igraph), which has bound the process to one processor"
elif [ "$(env -u OMP_NUM_THREADS nproc)" -ge 2 ]; then
    OMP_PROC_BIND=true OMP_DISPLAY_AFFINITY=true OMP_AFFINITY_FORMAT='thread on %A' \
        "$SPARSEGRAPH" train digits --hidden 30 --epochs 1 --threads 2 -q -o bound >"$tmp/out" 2>"$tmp/err"
    exit_code=$?
    code 0
    places=$(cat "$tmp/out" "$tmp/err" | grep '^thread on' | sort -u | wc -l)
    [ "$places" -eq 2 ] || wrong "two threads stand on $places places"
else
    skip 'there is one processor'
fi

it 'stops on SIGINT with exit code 130 and names the command that goes on'
train_and_signal INT stopped
code 130
out_is_empty
err_has 'to go on: sparsegraph train --resume stopped'
is_absent stopped/snapshots/epoch-0010.safetensors

it 'inspects a run that was interrupted'
run inspect stopped
code 0
out_has 'epochs 0 to '

it 'ends with the same bytes after SIGINT, with another number of threads'
run train --resume stopped --threads 2
code 0
same_run whole stopped

it 'ends with the same bytes after SIGKILL'
train_and_signal KILL killed
[ "$exit_code" -gt 128 ] || wrong "exit code $exit_code, expected a killed process"
run train --resume killed --threads 1
code 0
same_run whole killed

it 'ends with the same bytes after two interruptions'
train_and_signal INT twice
code 130
"$SPARSEGRAPH" train --resume twice -q 2>"$tmp/err" &
pid=$!
wait_for_lines twice/metrics.jsonl 7
kill -s TERM "$pid"
wait "$pid"
[ $? -eq 130 ] || wrong 'SIGTERM did not end it with exit code 130'
run train --resume twice
code 0
same_run whole twice

it 'keeps no line of metrics twice'
[ "$(wc -l <twice/metrics.jsonl)" -eq "$(wc -l <whole/metrics.jsonl)" ] ||
    wrong "$(wc -l <twice/metrics.jsonl) lines, expected $(wc -l <whole/metrics.jsonl)"

it 'leaves no checkpoint and no temporary file in a finished run'
[ "$(ls twice | sort)" = "$(ls whole | sort)" ] || wrong "twice holds $(ls twice), whole $(ls whole)"

it 'gives other bytes with another seed'
# shellcheck disable=SC2086
run train $settings --seed 8 -q -o other
code 0
! cmp -s whole/snapshots/epoch-0010.safetensors other/snapshots/epoch-0010.safetensors ||
    wrong 'seeds 7 and 8 give the same network'

finish
