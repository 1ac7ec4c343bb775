#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# How time and memory grow with the links: SET on Fashion-MNIST, three hidden layers of equal width, epsilon 20, the
# first 2,000 training samples. One network after the other, each in a process of its own. Prints the seconds of an epoch
# (training alone, evolution, test, snapshot), nanoseconds a link and sample, the peak memory, and what of it a link takes
# beside activations, neurons, data and the program itself. With --peer, SciPy + numba beside it.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: tools/bench/growth.sh [--widths N,N,...] [--epochs N] [--samples N] [--batch N] [--threads N] [--keep DIR]
                             [--peer] [SPARSEGRAPH [FASHION-MNIST-FOLDER]]
       tools/bench/growth.sh --giant [--keep DIR] [SPARSEGRAPH [FASHION-MNIST-FOLDER]]

--widths   neurons of each of the three hidden layers [3000,10000,30000]; 300000 needs 1.5 GiB and minutes
--giant    10 million neurons, 3 x 3,333,072 hidden ones, 233 million links, 128 samples in batches of 16: about 7 GiB
           of memory, and 9 GiB of disk where the runs go
--peer     the same network and samples with SciPy + numba (python3-scipy, python3-numba), and how many times as long it takes
--keep     leave the runs in DIR; otherwise they go to a temporary folder ($TMPDIR) that is removed

Run it alone on the machine.
TEXT
}

widths=3000,10000,30000
epochs=1
samples=2000
tests=500
batch=100
epsilon=20
threads=0
keep=
peer=
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --widths) widths=$2; shift 2 ;;
        --epochs) epochs=$2; shift 2 ;;
        --samples) samples=$2; shift 2 ;;
        --batch) batch=$2; shift 2 ;;
        --threads) threads=$2; shift 2 ;;
        --keep) keep=$2; shift 2 ;;
        --peer) peer=yes; shift ;;
        # with h = 3,333,072 about epsilon (784 + 5 h) links, and 10 h into the output layer, which is dense
        --giant) widths=3333072 epsilon=12 samples=128 tests=32 batch=16; shift ;;
        -*) usage >&2; exit 2 ;;
        *) break ;;
    esac
done
here=$(cd "$(dirname "$0")" && pwd)
sparsegraph=${1:-$here/../../build/tools/sparsegraph}
folder=${2:-/usr/share/datasets/fashion-mnist}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
runs=${keep:-$scratch}
mkdir -p "$runs"

# loading the data takes more memory than a small network does
peak() {
    /usr/bin/time -f %M -o "$scratch/peak" "$sparsegraph" train "$folder" --n-train "$samples" --n-test "$tests" \
        --threads "$threads" --seed 1 --overwrite -q "$@" >&2
    tail -n 1 "$scratch/peak"
}
loading=$(peak --hidden 8 --epochs 0 -o "$scratch/loading")

printf '%9s %12s %9s %9s %8s %10s %14s %9s %12s\n' \
    width links "train s" "evolve s" "test s" "snapshot s" "ns/link/sample" "peak MiB" "bytes a link" | tr -d '\n'
printf '%s\n' "${peer:+ $(printf '%9s %9s' "SciPy s" ratio)}"
for width in ${widths//,/ }; do
    used=$(peak --method set --hidden "$width,$width,$width" --epsilon "$epsilon" --zeta 0.3 --epochs "$epochs" \
        --batch "$batch" --lr 0.01 --snapshot-every 1000000 -o "$runs/$width")
    beside=
    if [ -n "$peer" ]; then
        (cd "$here" && /usr/bin/python3 -B peer_scipy.py "$folder" 2 --width "$width" --samples "$samples") >"$scratch/peer"
        beside=$scratch/peer
    fi
    /usr/bin/python3 - "$runs/$width" "$width" "$samples" "$tests" "$batch" "$used" "$loading" "$beside" <<'PYTHON'
import json
import statistics
import sys

run, width, samples, tests, batch, peak_kib, loading_kib = sys.argv[1], *map(int, sys.argv[2:8])
rows = [json.loads(line) for line in open(run + "/metrics.jsonl")]
epochs = [row for row in rows if row["epoch"] > 0]
of = lambda key: statistics.median(row[key] for row in epochs)
links = rows[0]["links"]

neurons = 784 + 3 * width + 10
groups = 2 if batch >= 32 and links <= 4e6 else 1
vectors = -(-(-(-batch // groups)) // 16)  # of 16 samples: a group is padded to whole ones
fit = (3 << 19) // (64 * width)            # of these that a layer has in a core's cache; if none, all are done at once
parts = -(-vectors // fit) if fit else 1
columns = groups * -(-vectors // parts) * 16
activations = 4 * columns * neurons        # gradients take their place
a_neuron = 4 * (2 + groups) + 3 * 8        # bias, velocity, gradients; where its links begin, twice, and scratch
data = 784 * (samples + tests) + 784 * 4 * 3
program = 16 << 20                         # code, libraries, buffers of files
beside = activations + a_neuron * neurons + data + program
a_link = (peak_kib * 1024 - beside) / links
print("%9d %12d %9.3f %9.3f %8.3f %10.3f %14.4f %9.0f %12s"
      % (width, links, of("train_s"), of("evolve_s"), of("test_s"), rows[0]["snapshot_s"],
         1e9 * of("train_s") / links / samples, peak_kib / 1024,
         "%.1f" % a_link if peak_kib > loading_kib + 16384 else "-"), end="")
if sys.argv[8]:
    peer = statistics.median(json.loads(line)["train_s"] for line in open(sys.argv[8]))
    print(" %9.2f %9.1f" % (peer, peer / of("train_s")), end="")
print()
PYTHON
    [ -n "$keep" ] || rm -rf "${runs:?}/$width"
done
