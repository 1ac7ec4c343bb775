#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Third-party networks and data sets, where a folder of them is given (meson option real_data).
if [ -z "${SPARSEGRAPH_REAL_DATA:-}" ]; then
    echo '1..0 # SKIP no folder of real data'
    exit 0
fi
. "$(dirname "$0")/lib.sh"
real=$SPARSEGRAPH_REAL_DATA
nets=$real/sparse_nets

it 'inspects a network that a Rust library trained: 784-512-128-32-10'
run inspect "$nets/mlp_mnist_dense_dfdx/mnist.safetensors"
code 0
out_has '784-512-128-32-10'

it 'counts the links of a pruned network: 11004, 7500 and 1376'
run inspect "$nets/mlp_mnist_pruned90/mlp_pruned.safetensors"
code 0
out_matches 'input-hidden1 .* 11004 '
out_matches 'hidden1-hidden2 .* 7500 '
out_matches 'hidden2-output .* 1376 '

it 'finds the same numbers when it measures them'
run analyze "$nets/mlp_mnist_pruned90/mlp_pruned.safetensors" --bootstrap 0 --csv -q
code 0
for links in 11004 7500 1376; do
    out_matches ",$links(,|\$)"
done

it 'compares a pruned network with karate and a yeast interactome'
run compare "$nets/mlp_mnist_pruned90/mlp_pruned.safetensors" --with karate \
    --with "$real/ppi/yeast_vonmering2002/yeast_vonmering2002.edges"
code 0
out_has 2617
out_has 11855
out_has 2.408
out_matches 'alpha .* 2\.1[23]'
out_matches 'xmin .* 2 '
out_matches 'assortativity .* -0\.47[56]'

for name in mnist fashion-mnist; do
    it "trains on $name from the usual places"
    run train "$name" --data-dir "$real" --n-train 1000 --n-test 200 --hidden 50 --epochs 1 --verbose -o "$name"
    if grep -q 'cannot find the data set' "$tmp/err"; then
        skip "$name is not here"
    else
        code 0
        err_has 'sha256'
        exists "$name/snapshots/epoch-0001.safetensors"
    fi
done

it 'reads the degrees of every real network without a crash'
for graph in "$real"/*/*/*.edges; do
    [ "$(wc -c <"$graph")" -lt 200000 ] || continue
    run compare "$nets/mlp_mnist_pruned90/mlp_pruned.safetensors" --with "$graph" -q
    [ "$exit_code" -eq 0 ] || wrong "exit code $exit_code with $graph: $(cat "$tmp/err")"
done

finish
