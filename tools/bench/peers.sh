#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# One epoch of full Fashion-MNIST, 784-1000-1000-1000-10, epsilon 20, batch 100: sparsegraph beside what Python users
# run, in one go on this machine; and the same with all 2,794,000 cells linked, beside dense PyTorch. Prints the median
# seconds of training an epoch, and the ratios.
set -euo pipefail

usage() {
    cat <<'TEXT'
usage: tools/bench/peers.sh [--epochs N] [SPARSEGRAPH [FASHION-MNIST-FOLDER]]

Needs Debian's python3-scipy, python3-numba, python3-torch and libopenblas0-pthread (without the last, PyTorch multiplies
dense matrices 20 times slower); a peer that is missing is left out.
Run it alone on the machine: it uses every processor, one program after the other.
TEXT
}

epochs=3
while [ $# -gt 0 ]; do
    case $1 in
        -h | --help) usage; exit 0 ;;
        --epochs) epochs=$2; shift 2 ;;
        -*) usage >&2; exit 2 ;;
        *) break ;;
    esac
done
here=$(cd "$(dirname "$0")" && pwd)
sparsegraph=${1:-$here/../../build/tools/sparsegraph}
folder=${2:-/usr/share/datasets/fashion-mnist}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

median() { # of the JSON lines on stdin, the median of a member
    /usr/bin/python3 -c '
import json, statistics, sys
rows = [json.loads(line) for line in sys.stdin]
rows = [row for row in rows if row["epoch"] > 0]
print("%.4f" % statistics.median(row[sys.argv[1]] for row in rows))' "$1"
}

ours() { # method; sets the seconds that others are held against
    "$sparsegraph" train "$folder" --method "$1" --hidden 1000,1000,1000 --epsilon 20 --zeta 0.3 --epochs "$epochs" \
        --batch 100 --lr 0.01 --seed 1 -q -o "$scratch/$1"
    ours=$(median train_s <"$scratch/$1/metrics.jsonl")
}

row() { # name, file of JSON lines
    local s evolve accuracy
    s=$(median train_s <"$2")
    evolve=$(median evolve_s <"$2")
    accuracy=$(tail -n 1 "$2" | /usr/bin/python3 -c 'import json, sys; print("%.4f" % json.load(sys.stdin)["test_accuracy"])')
    awk -v name="$1" -v s="$s" -v ours="$ours" -v evolve="$evolve" -v accuracy="$accuracy" \
        'BEGIN { printf "%-34s %9.2f %9.3f %10s %8.1f\n", name, s, evolve, accuracy, s / ours }'
}

peer() { # name, module that it needs, options
    local name=$1 module=$2
    shift 2
    if /usr/bin/python3 -c "import $module" 2>/dev/null; then
        (cd "$here" && OMP_WAIT_POLICY=passive /usr/bin/python3 -B "peer_$module.py" "$folder" "$epochs" "$@") \
            >"$scratch/peer.jsonl"
        row "$name" "$scratch/peer.jsonl"
    else
        printf '%-34s not installed\n' "$name"
    fi
}

printf '%-34s %9s %9s %10s %8s\n' "epoch of Fashion-MNIST, 125,700 links" "train s" "evolve s" "accuracy" "ratio"
ours set
row "sparsegraph" "$scratch/set/metrics.jsonl"
peer "SciPy CSR + numba" scipy
peer "PyTorch, masked dense" torch
ours dense
row "sparsegraph, all cells linked" "$scratch/dense/metrics.jsonl"
peer "PyTorch, dense" torch --dense
