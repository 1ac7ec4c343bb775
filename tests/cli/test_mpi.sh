#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Several processes that train one network over MPI: the same bytes as one, whatever happens to them.
. "$(dirname "$0")/lib.sh"

if [ "${WITH_MPI:-no}" != yes ] || ! command -v mpirun >/dev/null; then
    it 'trains one network on several ranks'
    skip 'this build has no MPI, or there is no mpirun'
    finish
    exit
fi

# As root, with more ranks than processors, on one machine, and without what containers forbid.
OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none
OMPI_MCA_plm_rsh_agent=/bin/false OMPI_MCA_btl=self,vader
OMPI_MCA_btl_vader_single_copy_mechanism=none
OMPI_MCA_mpi_yield_when_idle=1 # ranks that wait must not keep the others from working
export OMPI_ALLOW_RUN_AS_ROOT OMPI_ALLOW_RUN_AS_ROOT_CONFIRM OMPI_MCA_rmaps_base_oversubscribe \
    OMPI_MCA_hwloc_base_binding_policy OMPI_MCA_plm_rsh_agent OMPI_MCA_btl \
    OMPI_MCA_btl_vader_single_copy_mechanism OMPI_MCA_mpi_yield_when_idle
TMPDIR=$tmp # where the ranks meet
# MPI itself never frees all it takes; the unit test of ranks looks for leaks of ours.
ASAN_OPTIONS=${ASAN_OPTIONS:+$ASAN_OPTIONS:}detect_leaks=0
export TMPDIR ASAN_OPTIONS

small='digits --n-train 250 --n-test 60 --hidden 40,30 --epochs 2 --batch 60 --dropout 0.2 --activation srelu
    --output-layer sparse --epsilon 5 --seed 7'
# Long enough for a signal after epoch 2 to come before the end.
long='digits --n-train 8000 --n-test 50 --hidden 150,80 --epochs 12 --batch 32 --seed 7 --groups 4'

# on N ARGUMENTS: runs the command on N ranks.
on() {
    ran="(on $1 ranks) $*"
    n_ranks=$1
    shift
    mpirun -n "$n_ranks" "$SPARSEGRAPH" "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
    exit_code=$?
}

# How many lines the command itself has said, mpirun's aside.
said() {
    [ "$(grep -c '^sparsegraph' "$tmp/err")" -eq "$1" ] ||
        wrong "the ranks said $(grep -c '^sparsegraph' "$tmp/err") lines, expected $1"
}

# same_run A B: every snapshot, final.safetensors among them, is the same in both.
same_run() {
    [ "$(ls "$1/snapshots")" = "$(ls "$2/snapshots")" ] || wrong "$1 and $2 hold other snapshots"
    for snapshot in "$1"/snapshots/*; do
        same_bytes "$snapshot" "$2/snapshots/${snapshot##*/}"
    done
    [ "$(wc -l <"$1/metrics.jsonl")" -eq "$(wc -l <"$2/metrics.jsonl")" ] ||
        wrong "$1 and $2 hold other numbers of epochs"
}

it 'gives the bytes of one process on two ranks'
# shellcheck disable=SC2086
run train $small -q -o one
code 0
# shellcheck disable=SC2086
on 2 train $small -o two
code 0
out_is_empty
[ "$(grep -c '^epoch' "$tmp/err")" -eq 3 ] || wrong 'other than one rank speaks'
err_has 'ranks    2'
same_run one two

it 'gives the bytes of one process with four groups on four ranks'
# shellcheck disable=SC2086
run train $small --groups 4 -q -o one4
code 0
# shellcheck disable=SC2086
on 4 train $small -q -o four
code 0
err_is_empty
same_run one4 four
! cmp -s one/snapshots/final.safetensors one4/snapshots/final.safetensors ||
    wrong 'two and four groups give the same network: nothing was tested'

it 'gives them on two ranks with two groups each, and two threads'
# shellcheck disable=SC2086
on 2 train $small --groups 4 --threads 2 -q -o pairs
code 0
same_run one4 pairs

it 'records the groups in the manifest'
grep -q '"groups": *4' four/manifest.json || wrong "it does not: $(grep groups four/manifest.json)"

it 'says once what is wrong on every rank'
on 2 train digits -o two
code 3
out_is_empty
err_has "'two' holds a run already"
said 1

it 'names the rank on which something is wrong'
ran='(one rank each) train digits, and train nowhere'
mpirun -n 1 "$SPARSEGRAPH" train digits -q -o odd : -n 1 "$SPARSEGRAPH" train nowhere -q -o odd \
    >"$tmp/out" 2>"$tmp/err" </dev/null
exit_code=$?
code 3
err_has 'sparsegraph: rank 1 of 2 on '
err_has "there is no data set 'nowhere'"
said 1
is_absent odd

it 'refuses ranks with different settings'
ran='(one rank each) train --seed 1, and --seed 2'
mpirun -n 1 "$SPARSEGRAPH" train digits -q --seed 1 -o odd : \
    -n 1 "$SPARSEGRAPH" train digits -q --seed 2 -o odd >"$tmp/out" 2>"$tmp/err" </dev/null
exit_code=$?
code 3
err_has 'sparsegraph: rank 1 of 2 has other settings or data than rank 0'
said 1
is_absent odd

it 'refuses ranks that no group is left for'
# shellcheck disable=SC2086
on 3 train $small --groups 2 -q -o odd
code 3
err_has '2 groups leave some of 3 ranks without work'
said 1

# Prints the process ids of the ranks of mpirun $1.
ranks_of() {
    for path in /proc/[0-9]*/stat; do
        # the parent is the second word after the name, which stands in parentheses
        parent=$(sed 's/.*) //' "$path" 2>/dev/null | cut -d ' ' -f 2)
        [ "$parent" != "$1" ] || basename "$(dirname "$path")"
    done
}

# start_long RUN: trains on 2 ranks in the background, and waits for epoch 2. Leaves mpirun's id in pid.
start_long() {
    ran="(on 2 ranks) train $long -q -o $1"
    # shellcheck disable=SC2086
    mpirun -n 2 "$SPARSEGRAPH" train $long -q -o "$1" >"$tmp/out" 2>"$tmp/err" </dev/null &
    pid=$!
    wait_for_lines "$1/metrics.jsonl" 3 2>/dev/null
}

it 'trains longer without interruption'
# shellcheck disable=SC2086
run train $long -q -o whole
code 0

it 'ends the job when a rank is killed, and goes on with other numbers of ranks'
start_long killed
victim=$(ranks_of "$pid" | tail -n 1)
[ -n "$victim" ] || wrong 'mpirun has no ranks'
[ -z "$victim" ] || kill -s KILL "$victim"
wait "$pid"
exit_code=$?
[ "$exit_code" -ne 0 ] || wrong 'mpirun succeeded without one of its ranks'
err_has 'signal 9'
exists killed/checkpoint.safetensors
cp -r killed killed6
on 4 train --resume killed -q
code 0
same_run whole killed

it 'goes on with more ranks than groups'
on 6 train --resume killed6 -q
code 0
same_run whole killed6

it 'writes a checkpoint when one rank is asked to stop, and one process goes on from it'
start_long stopped
kill -s TERM "$(ranks_of "$pid" | tail -n 1)"
wait "$pid"
exit_code=$?
code 130
err_has 'to go on: sparsegraph train --resume stopped'
said 1
is_absent stopped/snapshots/epoch-0012.safetensors
run train --resume stopped -q
code 0
same_run whole stopped

it 'goes on with a finished run as little as one process does'
on 2 train --resume two
code 3
err_has "'two' is finished"
said 1

finish
