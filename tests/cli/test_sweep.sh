#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Many runs by one command: trained at once or in parts, joined, continued, and refused where they
# do not belong together.
. "$(dirname "$0")/lib.sh"

settings='digits --hidden 12 --epsilon 3 --epochs 2 --n-train 200 --n-test 50'
# Long enough that a signal after epoch 3 comes well before the end.
long='digits --n-train 6000 --n-test 100 --hidden 200,100 --epsilon 20 --epochs 20 --batch 32'

# sweep ARGUMENTS: trains with the small settings.
sweep() {
    # shellcheck disable=SC2086
    run train $settings "$@"
}

# same_runs A B: the same runs with the same snapshots, to the byte.
same_runs() {
    (cd "$1" && find . -name '*.safetensors' | sort) >"$tmp/list.1"
    (cd "$2" && find . -name '*.safetensors' | sort) >"$tmp/list.2"
    [ -s "$tmp/list.1" ] || wrong "$1 holds no snapshot"
    cmp -s "$tmp/list.1" "$tmp/list.2" || wrong "$1 and $2 hold other snapshots"
    while read -r name; do
        same_bytes "$1/$name" "$2/$name"
    done <"$tmp/list.1"
}

it 'trains every method with every seed, a run after another'
sweep --seeds 1:2,5 --methods set,fixed -o whole
code 0
out_is_empty
err_has 'runs     6: set,fixed, seeds 1:2,5'
err_has 'run 6/6  fixed-seed-5'
err_has 'all 6 complete'
exists whole/plan.json whole/sweep.json whole/set-seed-5/snapshots/final.safetensors \
    whole/fixed-seed-1/metrics.jsonl
is_absent whole/set-seed-3 whole/set-seed-1/.lock

it 'gives each run the bytes that it has when trained alone'
sweep --method fixed --seed 5 -o alone -q
code 0
same_runs alone whole/fixed-seed-5

it 'leaves complete runs alone when called again'
cp -p whole/set-seed-1/metrics.jsonl before
sweep --seeds 1:2,5 --methods set,fixed -o whole
code 0
err_has 'run 1/6  set-seed-1: complete already'
same_bytes before whole/set-seed-1/metrics.jsonl

it 'deals the runs to shards, each run to one'
for k in 1 2 3; do
    sweep --seeds 1:2,5 --methods set,fixed --shard $k/3 -o part$k -q
    code 0
    err_is_empty
done
[ "$(echo part*/*-seed-* | wc -w)" -eq 6 ] || wrong "the shards hold $(echo part*/*-seed-*)"
exists part2/set-seed-2/manifest.json part2/fixed-seed-2/manifest.json
is_absent part1/sweep.json

it 'has nothing to do for a shard beyond the last run'
sweep --seeds 1:2 --shard 3/4 -o small
code 0
err_has 'nothing to do'
is_absent small/set-seed-1

it 'joins the shards to what one process makes'
run merge part1 part2 part3 -o joined
code 0
out_is_empty
err_has 'runs     joined: 6 of 6'
same_runs whole joined
same_bytes whole/sweep.json joined/sweep.json
[ -z "$(find joined -name '.*' ! -name .)" ] || wrong 'merge left hidden files'

it 'merges again without a change, and into a folder that is there'
run merge part1 joined -o joined
code 0
same_runs whole joined
run merge joined
code 0

it 'prints the list of runs as JSON'
run merge joined --json -q
code 0
out_is_json
out_has '"name": "fixed-seed-2"'
cmp -s "$tmp/out" joined/sweep.json || wrong 'it differs from sweep.json'

it 'names the shard and the runs that are missing, and writes nothing'
run merge part1 part3 -o lacking
code 3
err_has 'missing     set-seed-2  (shard 2/3)'
err_has '2 of 6 runs are not complete, the first is set-seed-2 of shard 2/3'
err_has "to train    sparsegraph train digits --hidden 12 --epsilon 3 --epochs 2 --n-train 200 --n-test 50 --methods fixed --seeds 2 -o part1"
is_absent lacking
run merge part1 part3 -o lacking -q
fails_with 3

it 'makes what is missing by the commands that it names'
grep -h '^to train' "$tmp/err" >/dev/null && wrong 'they are printed in spite of -q'
cp -R part1 mended
run merge mended part3 --dry-run -o lacking
sed -n 's/^to train *sparsegraph //p' "$tmp/err" >todo
[ "$(wc -l <todo)" -eq 2 ] || wrong "$(wc -l <todo) commands, expected 2"
while read -r command; do
    # shellcheck disable=SC2086
    "$SPARSEGRAPH" $command -q </dev/null || wrong "failed: $command"
done <todo
run merge mended part3 -o lacking
code 0
same_runs whole lacking

it 'joins a part by --partial, and the rest later'
run merge part1 part3 -o growing --partial
code 0
err_has '4 of 6'
is_absent growing/set-seed-2
run merge part2 -o growing
code 0
same_runs whole growing

it 'writes nothing by --dry-run'
run merge part1 part2 part3 -o dry --dry-run
code 0
err_has '6 of 6 runs would be in dry'
is_absent dry

it 'says that a folder of runs is no run'
run report joined
fails_with 3
err_has "'joined' holds several runs and is none itself; name the run, such as joined/set-seed-1"

it 'takes more seeds into a folder'
sweep --seeds 1:2 -o more -q
sweep --seeds 2:3 -o more
code 0
err_has 'run 1/2  set-seed-2: complete already'
err_has 'all 3 complete'

it 'analyses a folder of runs as a group'
run analyze more --group --measure links --bootstrap 0 --csv -q
code 0
out_has ',links,3,'
run analyze whole --group
fails_with 3
err_has "'whole' holds runs of several methods; a group is of one, such as whole/set-seed-*"

it 'refuses other settings in the same folder and names the setting'
sweep --seeds 1:2 --zeta 0.2 -o more -q
fails_with 3
err_has "differ in 'zeta' (0.3 and 0.2)"

it 'refuses to join runs of other settings'
sweep --seeds 9 --zeta 0.2 -o other -q
run merge part1 other -o never
fails_with 3
err_has "'part1' and 'other' differ in 'zeta'"
is_absent never

it 'refuses a run that is there twice with different content'
cp -R part1 changed
cp changed/fixed-seed-1/snapshots/epoch-0002.safetensors \
    changed/fixed-seed-1/snapshots/epoch-0001.safetensors
run merge part1 changed part2 part3 -o never
fails_with 3
err_has 'fixed-seed-1/snapshots/epoch-0001.safetensors'
err_has 'differ; find out which is right'
is_absent never

it 'finds a snapshot that was cut short in copying, and one that is missing'
cp -R part2 cut
head -c 2000 part2/set-seed-2/snapshots/epoch-0001.safetensors \
    >cut/set-seed-2/snapshots/epoch-0001.safetensors
run merge part1 cut part3 -o never
fails_with 3
err_has 'cut/set-seed-2/snapshots/epoch-0001.safetensors'
rm -r cut && cp -R part2 cut && rm cut/set-seed-2/snapshots/final.safetensors
run merge part1 cut part3 -o never
fails_with 3
err_has "'cut/set-seed-2' is not whole"
is_absent never

it 'refuses a run under the name of another'
cp -R part1 renamed && mv renamed/set-seed-1 renamed/set-seed-2
run merge renamed part2 -o never
fails_with 3
err_has "'renamed/set-seed-2' holds the run set-seed-1 by its manifest"

it 'refuses a folder without a plan, and one that holds something else'
mkdir strange && echo text >strange/file
run merge part1 strange -o never
fails_with 3
err_has "'strange' is no folder of runs"
run merge part1 part2 part3 -o strange
fails_with 3
err_has 'choose another'
[ "$(ls -A strange)" = file ] || wrong "strange holds $(ls -A strange)"
run merge part1 nowhere -o never
fails_with 3

it 'refuses a plan that is no plan'
mkdir broken
for text in '' '{' '[]' '{"format":"sparsegraph-sweep-plan","settings":{},"runs":[{"method":"../x","seed":1}]}' \
    '{"format":"sparsegraph-sweep-plan","settings":{},"runs":[{"method":"set"}]}'; do
    printf '%s' "$text" >broken/plan.json
    run merge broken
    fails_with 3
    err_has 'broken/plan.json'
done

for bad in '--shard 0/3' '--shard 4/3' '--shard 1/0' '--shard 3' '--shard a/b' '--shard 1/3x' \
    '--shard -1/3' '--shard /3' '--seeds 3:1' '--seeds 1,1' '--seeds 1:3,2' '--seeds ,' \
    '--seeds 1:' '--seeds 1;2' '--seeds 1:100000' '--methods set,set' '--methods sett' \
    '--methods set,' '--methods unknown'; do
    it "refuses $bad before anything else"
    # shellcheck disable=SC2086
    case $bad in
    --seeds*) sweep $bad -o never ;;
    *) sweep --seeds 1:3 $bad -o never ;;
    esac
    fails_with 2
    err_has "${bad%% *} needs"
    is_absent never
done

it 'refuses options that several runs would ignore'
sweep --seeds 1:3 --seed 4 -o never
fails_with 2
sweep --methods set --method fixed -o never
fails_with 2
sweep --shard 1/2 -o never
fails_with 2
err_has 'needs --seeds'
sweep --seeds 1:3 --overwrite -o never
fails_with 2
run train --resume whole --seeds 1:3
fails_with 2
run merge part1 part2
fails_with 2
err_has '-o FOLDER is missing'
is_absent never

it 'refuses a run as a folder of runs'
sweep --seeds 1:3 -o alone -q
fails_with 3
err_has "'alone' is a run itself"

# Starts a sweep in the background; once its first run has 4 lines of metrics, goes on here.
start_long() {
    ran="train $long --seeds 1:2 -o $1"
    # shellcheck disable=SC2086
    "$SPARSEGRAPH" train $long --seeds 1:2 -o "$1" >"$tmp/out" 2>"$tmp/err.long" </dev/null &
    pid=$!
    wait_for_lines "$1/set-seed-1/metrics.jsonl" 4
}

it 'refuses a run that another process is writing, and names the process'
start_long live
kill -s STOP "$pid" # still alive, and it cannot end meanwhile
# shellcheck disable=SC2086
run train $long --seeds 1 -o live -q
fails_with 3
err_has "'live/set-seed-1' is being written by process $pid on "
run train --resume live/set-seed-1
fails_with 3
err_has "is being written by process $pid on "

it 'stops on SIGINT with a checkpoint and says how to continue'
kill -s INT "$pid"
kill -s CONT "$pid"
wait "$pid"
exit_code=$?
cp "$tmp/err.long" "$tmp/err"
code 130
err_has 'interrupted in set-seed-1; to go on: sparsegraph train digits'
err_has '--seeds 1:2 -o live'
exists live/set-seed-1/checkpoint.safetensors
is_absent live/set-seed-2 live/sweep.json live/set-seed-1/.lock

it 'tells of an unfinished run when it merges'
run merge live --dry-run
code 3
err_has 'unfinished  live/set-seed-1, after epoch'
err_has 'to train    sparsegraph train --resume live/set-seed-1'
err_has '--methods set --seeds 2 -o live'

it 'continues after SIGINT and after SIGKILL to the bytes of an undisturbed sweep'
# shellcheck disable=SC2086
run train $long --seeds 1:2 -o live
code 0
err_has 'run 1/2  set-seed-1: goes on after epoch'
start_long killed
kill -s KILL "$pid"
wait "$pid" 2>/dev/null
# shellcheck disable=SC2086
run train $long --seeds 1:2 -o killed -q
code 0
same_runs live killed
[ -z "$(find killed -name '.*' ! -name .)" ] || wrong 'hidden files were left behind'

it 'begins anew what was stopped before its first checkpoint'
mkdir -p whole/set-seed-9/snapshots
sweep --seeds 9 --methods set -o whole -q
code 0
exists whole/set-seed-9/snapshots/final.safetensors

it 'lets two processes share a folder, each run done once'
# shellcheck disable=SC2086
"$SPARSEGRAPH" train $settings --seeds 1:2,5 --methods set,fixed --shard 1/2 -o shared -q \
    2>"$tmp/err.one" </dev/null &
pid=$!
sweep --seeds 1:2,5 --methods set,fixed --shard 2/2 -o shared -q
code 0
wait "$pid" || wrong "the other process failed: $(cat "$tmp/err.one")"
run merge shared
code 0
rm -r whole/set-seed-9
same_runs whole shared

finish
