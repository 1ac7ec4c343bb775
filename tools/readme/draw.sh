#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Draws the README's picture anew: the same settings and seed give the same picture.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
sparsegraph=${1:-$here/../../build/tools/sparsegraph}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$sparsegraph" train digits --hidden 300,100 --epsilon 10 --batch 10 --lr 0.05 --standardize none --epochs 20 \
    -q -o "$scratch/digits"
"$sparsegraph" render heatmap "$scratch/digits" --core 0.3 --epochs 0,5,10,20 --dpi 200 -q -o "$here/heatmap.png"
