#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# The commands of the README's tour, word for word and in their order, in an empty folder.
. "$(dirname "$0")/lib.sh"
: "${README:?the path of README.md}"

# What the tour takes for granted: the command on the PATH, and somebody's network in a file.
PATH=$(dirname "$SPARSEGRAPH"):$PATH
export PATH
{
    safetensors_header '{"fc.weight":{"dtype":"F32","shape":[2,4],"data_offsets":[0,32]}}'
    printf '\000\000\200\077\000\000\000\000\000\000\200\277\000\000\000\000'
    printf '\000\000\000\100\000\000\000\077\000\000\000\000\000\000\000\000'
} >model.safetensors

sed -n '/^## A tour/,/^## How fast/s/^    \(sparsegraph .*\)$/\1/p' "$README" >tour

it 'finds the commands of the tour'
ran='(none: the README is read)'
[ "$(wc -l <tour)" -ge 10 ] || wrong "found $(wc -l <tour) commands, expected 10 at least"

while read -r command; do
    it "runs: $command"
    ran=${command#sparsegraph }
    sh -c "$command" >"$tmp/out" 2>"$tmp/err" </dev/null
    exit_code=$?
    case $command in
    *--resume*) # the tour's run was not interrupted, so nothing is left to do
        fails_with 3
        err_has 'is finished'
        ;;
    *)
        code 0
        ! grep -q '^sparsegraph' "$tmp/err" || wrong 'it complains'
        ;;
    esac
    case $command in
    *' --seeds '*) exists "${command##* -o }/plan.json" ;;
    *' -o output/'*) exists "${command##* -o }/manifest.json" ;;
    *' -o '*) exists "${command##* -o }" ;;
    esac
done <tour

it 'draws each figure of the table'
sed -n 's/^| `\([a-z]*\)` |.*/\1/p' "$README" >figures
ran='render --list'
[ "$(sort figures)" = "$("$SPARSEGRAPH" render --list | cut -d ' ' -f 1 | sort)" ] ||
    wrong 'the table has other figures than render --list'
for figure in $(sort figures); do
    [ "$figure" = networks ] && set -- || set -- output/first
    run render "$figure" "$@" -q -o "table-$figure.svg"
    code 0
    exists "table-$figure.svg"
done

it 'leaves the files that the tour names'
ran='(the whole tour)'
exists output/first/metrics.jsonl output/first/analysis/measures.csv output/first/report.html

it 'reads a snapshot by the lines of Python'
ran='(Python)'
sed -n '/^```python$/,/^```$/p' "$README" | sed '/^```/d' >block.py
cat >>block.py <<'PY'
layers = json.loads(meta["layers"])
indptr, indices = arrays["input-hidden1.indptr"], arrays["input-hidden1.indices"]
assert [layer["size"] for layer in layers] == [784, 300, 100, 10], layers
assert len(indptr) == 301 and indptr[-1] == len(indices) == len(arrays["input-hidden1.values"])
assert indices.max() < 784
PY
python=
for candidate in python3 /usr/bin/python3; do
    "$candidate" -c 'import numpy' 2>/dev/null && python=$candidate && break
done
if [ -z "$python" ]; then
    skip 'no Python with numpy'
else
    "$python" block.py 2>"$tmp/err" || wrong 'Python cannot read the snapshot'
fi

finish
