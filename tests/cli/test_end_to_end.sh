#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The whole way on data that need no download: train, inspect, analyze, compare, render, report.
. "$(dirname "$0")/lib.sh"

it 'trains, with one plain line an epoch on stderr and nothing on stdout'
run train digits --n-train 800 --n-test 200 --hidden 64,48 --epsilon 8 --epochs 2 -o run
code 0
out_is_empty
[ "$(grep -c '^epoch ' "$tmp/err")" -eq 3 ] || wrong 'expected lines of epochs 0, 1 and 2'
err_has 'seed     1'
! grep -q "$(printf '\033')" "$tmp/err" || wrong 'there are escape sequences off a terminal'
exists run/manifest.json run/metrics.jsonl run/snapshots/epoch-0002.safetensors

it 'records the command line and every setting'
python3 - run/manifest.json <<'PY' || wrong 'the manifest lacks settings'
import json, sys
text = open(sys.argv[1]).read()
json.loads(text)
for word in ('digits', '--epsilon 8', 'softmax', 'relu', 'bernoulli', 'he', 'constant'):
    assert word in text, word
PY

it 'says what is left after the last removal'
err_has 'final    test accuracy'

it 'warns of a network that is meant to be sparse and is not'
run train digits --n-train 100 --n-test 50 --hidden 8 --epochs 1 -o full
code 0
err_has 'warning: every layer is fully connected'
run train digits --n-train 100 --n-test 50 --hidden 8 --epochs 1 --method dense --overwrite -o full
! grep -q warning "$tmp/err" || wrong 'a dense network is no surprise'

for choice in 'method fixed' 'method dense' 'activation srelu' 'activation all-relu' \
    'loss sigmoid-mse' 'output-layer sparse' 'output-layer frozen' 'start exact' 'init normal' \
    'lr-schedule linear' 'lr-schedule cosine' 'standardize global' 'standardize none'; do
    it "trains with --$choice and says so in the manifest"
    # shellcheck disable=SC2086
    run train digits --n-train 200 --n-test 50 --hidden 16 --epochs 1 -q --overwrite --$choice -o tiny
    code 0
    err_is_empty
    grep -v command tiny/manifest.json | grep -q "\"${choice#* }\"" ||
        wrong "the manifest does not name ${choice#* }"
done

it 'is read by ten lines of Python'
python3 - run/snapshots/epoch-0002.safetensors <<'PY' || wrong 'Python cannot read the snapshot'
import json, struct, sys
raw = open(sys.argv[1], 'rb').read()
n = struct.unpack('<Q', raw[:8])[0]
header = json.loads(raw[8:8 + n])
layers = json.loads(header['__metadata__']['layers'])
links = json.loads(header['__metadata__']['links'])
assert [layer['size'] for layer in layers] == [784, 64, 48, 10], layers
assert len(links) == 3, links
PY

it 'inspects a run'
run inspect run
code 0
err_is_empty
out_has 784-64-48-10
out_has 'epochs 0 to 2'
run inspect --json run run/snapshots/epoch-0000.safetensors
code 0
out_is_json

it 'analyzes a run into its folder and prints a table'
run analyze run --bootstrap 20 --jobs 2
code 0
exists run/analysis/analysis.json run/analysis/measures.csv run/analysis/fits.csv \
    run/analysis/degrees.csv
[ -s "$tmp/out" ] || wrong 'there is no table'

it 'gives the same analysis with one worker and with three'
cp run/analysis/analysis.json two.json
run analyze run --bootstrap 20 --jobs 3 -q
code 0
err_is_empty
same_bytes two.json run/analysis/analysis.json

it 'prints the analysis as JSON and as CSV'
run analyze run --json --bootstrap 0 -q -o elsewhere
code 0
err_is_empty
out_is_json
exists elsewhere/analysis.json
run analyze run/snapshots/epoch-0001.safetensors --csv --bootstrap 0 -q
code 0
out_matches '^epoch,scope,subject,measure,value'

it 'measures chosen epochs, chosen measures and the core, away from the whole analysis'
run analyze run --epochs 2 --measure density --core 0.3 --csv --bootstrap 0 -q
code 0
! grep -q '^[01],' "$tmp/out" || wrong 'epochs 0 or 1 were measured'
out_matches '^2,.*,density,'
exists run/analysis-core/measures.csv
same_bytes two.json run/analysis/analysis.json

it 'finds the untrained network not scale-free, although its p-values are high, and says why'
run train digits --n-train 50 --n-test 20 --hidden 1000,1000 --epochs 0 -q -o untrained
code 0
run analyze untrained --bootstrap 50 -q
code 0
out_has 'not scale-free: alpha'
python3 - untrained/analysis/fits.csv <<'PY' || wrong 'the fits are not as expected'
import csv, sys
fits = [row for row in csv.DictReader(open(sys.argv[1])) if row['epoch'] == '0']
assert fits and all(row['passes'] == 'no' and row['reasons'] for row in fits)
high = [row for row in fits if row['p_goodness_of_fit'] and float(row['p_goodness_of_fit']) >= 0.1]
assert high and all('outside (2, 3)' in row['reasons'] for row in high)
PY

it 'stops measuring on Ctrl-C and leaves nothing half-written'
ran='analyze run --bootstrap 1000000 -o stopped (then SIGINT)'
"$SPARSEGRAPH" analyze run --bootstrap 1000000 -o stopped >"$tmp/out" 2>"$tmp/err" &
pid=$!
sleep 1
kill -s INT "$pid"
wait "$pid"
exit_code=$?
fails_with 130
err_has interrupted
is_absent stopped

it 'names the measure that it does not know'
run analyze run --measure no_such_measure -q
fails_with 3
err_has no_such_measure

it 'lists the measures'
run analyze --list-measures
code 0
out_has density
run analyze --list-measures --json
code 0
out_is_json

it 'compares with a social network'
run compare run --with karate
code 0
out_has karate
out_matches 'its standard error .* exact'
run compare run --with karate --json -q
code 0
out_is_json

it 'lists the networks that it knows'
run compare --list-networks
code 0
out_has karate

it 'lists the figures'
run render --list
code 0
for figure in heatmap topology networks ccdf timeline; do
    out_has "$figure"
done

for figure in heatmap topology ccdf timeline; do
    for suffix in svg png pdf; do
        it "renders $figure as $suffix"
        run render "$figure" run --bootstrap 10 -o "$figure.$suffix"
        code 0
        out_is_empty
        exists "$figure.$suffix"
    done
done

it 'renders dense and sparse social networks'
run render networks -o networks.svg
code 0
exists networks.svg

it 'renders to standard output'
run render timeline run --format svg -q -o -
code 0
err_is_empty
out_has '<svg'

it 'writes a report and prints where it is'
run report run --bootstrap 10 --dpi 72 -o report
code 0
[ "$(cat "$tmp/out")" = report/report.html ] || wrong "stdout is $(cat "$tmp/out")"
exists report/report.html
[ -d report/report_data ] || wrong 'report_data is missing'
[ -d report/figures ] || wrong 'figures is missing'
! grep -qE '(src|href)="(https?:)?//' report/report.html || grep -q 'href="https://doi.org' report/report.html ||
    wrong 'the report loads from the network'

it 'writes the report of a run into the run, and again the same bytes'
run report run --bootstrap 10 --dpi 72 -q
code 0
exists run/report.html
cp run/report.html first.html
run report run --bootstrap 10 --dpi 72 -q
same_bytes first.html run/report.html

finish
