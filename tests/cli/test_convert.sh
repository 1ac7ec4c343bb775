#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Networks in the formats of other programs, read again by those that are installed.
. "$(dirname "$0")/lib.sh"

make_idx_folder sound
"$SPARSEGRAPH" train sound --hidden 12,8 --epsilon 4 --epochs 3 --batch 5 -q -o run || exit 99

# A Python that has all of the modules named, or nothing.
python_with() {
    for candidate in python3 /usr/bin/python3; do
        "$candidate" -c "import $1" 2>/dev/null && echo "$candidate" && return
    done
}

it 'writes every format by its suffix'
for format in safetensors graphml gml gexf cx2 sif edges csv; do
    run convert run "out.$format" --epoch 3
    code 0
    out_is_empty
    err_has "written: out.$format"
    exists "out.$format"
done

it 'writes the snapshot itself, byte for byte'
same_bytes out.safetensors run/snapshots/epoch-0003.safetensors

it 'takes the latest epoch of a run, and any file of a network'
run convert run latest.gml -q
code 0
err_is_empty
same_bytes latest.gml out.gml
run convert out.safetensors file.gml -q
same_bytes file.gml out.gml

it 'writes a file for each link where a format holds one matrix'
for format in npz mtx; do
    run convert run "out.$format"
    code 0
    for link in 1-input-hidden1 2-hidden1-hidden2 3-hidden2-output; do
        err_has "written: out-$link.$format"
        exists "out-$link.$format"
    done
    is_absent "out.$format"
done

it 'prints text to standard output'
run convert run - --to edges
code 0
same_bytes "$tmp/out" out.edges
err_is_empty

it 'holds as many lines in an edge list as the network has connections'
ran='inspect --json out.safetensors'
connections=$("$SPARSEGRAPH" inspect out.safetensors | sed -n 's/^  connections  *\([0-9]*\),.*/\1/p')
[ "$(wc -l <out.edges)" = "$connections" ] ||
    wrong "out.edges has $(wc -l <out.edges) lines, expected $connections"

it 'makes a timeline of a run'
run convert run growth.gexf
code 0
grep -q 'mode="dynamic"' growth.gexf || wrong 'it is not dynamic'
grep -q '<spell start="0" end="3"/>' growth.gexf || wrong 'no connection stays for ever'
run convert run growth.gexf --epochs 1:2 --all-weights --absolute
code 0
grep -q '<attvalue for="weight" value="[0-9.e-]*" start="1" end="1"/>' growth.gexf ||
    wrong 'no weight belongs to epoch 1'
! grep -q 'weight="-' growth.gexf || wrong 'a weight is negative'

it 'writes the core of a network'
run convert run core.edges --core 0.3
code 0
[ "$(wc -l <core.edges)" -lt "$(wc -l <out.edges)" ] || wrong 'the core is the whole'

it 'reads back what it wrote, whatever it was'
sort out.edges >expected
for given in out.csv out.edges '--layers out-1-input-hidden1.npz out-2-hidden1-hidden2.npz out-3-hidden2-output.npz' \
    '--layers out-1-input-hidden1.mtx out-2-hidden1-hidden2.mtx out-3-hidden2-output.mtx'; do
    # shellcheck disable=SC2086
    run convert $given back.edges -q
    code 0
    sort back.edges >"$tmp/back"
    same_bytes expected "$tmp/back"
done

it 'compares and analyses what it wrote'
run analyze out.safetensors -q
code 0
run compare out.safetensors --with out.graphml
code 0

# --- other programs -----------------------------------------------------------------------------

it 'is read by NetworkX, igraph and SciPy'
python=$(python_with 'networkx, igraph, scipy.io, scipy.sparse')
if [ -z "$python" ]; then
    skip 'no Python with networkx, igraph and scipy'
else
    ran='(Python)'
    cat >check.py <<'PY'
import json
import networkx as nx, igraph, numpy as np, scipy.io, scipy.sparse

matrices = [scipy.sparse.load_npz(f"out-{name}.npz") for name in
            ("1-input-hidden1", "2-hidden1-hidden2", "3-hidden2-output")]
sizes = [matrices[0].shape[1]] + [m.shape[0] for m in matrices]
names = ["input", "hidden1", "hidden2", "output"]
edges = {}
for k, m in enumerate(matrices):
    c = m.tocoo()
    for to, start, w in zip(c.row, c.col, c.data):
        edges[f"{names[k]}:{start}", f"{names[k + 1]}:{to}"] = w
nodes = {f"{name}:{i}" for name, size in zip(names, sizes) for i in range(size)}

def hold(found_nodes, found_edges):
    assert set(found_nodes) == nodes and len(found_edges) == len(edges)
    assert {k: np.float32(w) for k, w in found_edges.items()} == edges

def of_networkx(g, name):
    assert g.is_directed() and not g.is_multigraph()
    name = {v: name(v, d) for v, d in g.nodes(data=True)}
    hold(name.values(), {(name[a], name[b]): d["weight"] for a, b, d in g.edges(data=True)})

def of_igraph(g, key):
    assert g.is_directed()
    hold(g.vs[key], {(g.vs[e.source][key], g.vs[e.target][key]): e["weight"] for e in g.es})

for k, m in enumerate(matrices):
    other = scipy.io.mmread(f"out-{k + 1}-{names[k]}-{names[k + 1]}.mtx").tocsr()
    assert (other.astype(np.float32) != m).nnz == 0 and other.shape == m.shape
of_networkx(nx.read_graphml("out.graphml"), lambda v, d: d["name"])
of_networkx(nx.read_gml("out.gml"), lambda v, d: v)
of_igraph(igraph.Graph.Read_GraphML("out.graphml"), "name")
of_igraph(igraph.Graph.Read_GML("out.gml"), "label")
# NetworkX below 3 knows older versions only, under another name
text = open("out.gexf").read().replace("http://gexf.net/1.3", "http://www.gexf.net/1.2draft")
open("old.gexf", "w").write(text)
of_networkx(nx.read_gexf("old.gexf"), lambda v, d: d["label"])
cx2 = {k: v for part in json.load(open("out.cx2")) for k, v in part.items()}
label = {n["id"]: n["v"]["name"] for n in cx2["nodes"]}
hold(label.values(), {(label[e["s"]], label[e["t"]]): e["v"]["weight"] for e in cx2["edges"]})
PY
    "$python" check.py 2>"$tmp/err" || wrong "$(tail -n 3 "$tmp/err")"
fi

# --- what goes wrong ----------------------------------------------------------------------------

it 'asks for a format where the suffix names none'
run convert run out.xyz
fails_with 2
err_has -- --to
run convert run -
fails_with 2

it 'names the format that was probably meant'
run convert run out.x --to graphm
fails_with 2
err_has graphml

it 'keeps options apart that make no sense together'
run convert out.safetensors a.gml --epoch 3
fails_with 2
run convert run a.gml --epochs 1:2
fails_with 2
run convert run a.gml --all-weights
fails_with 2
run convert run a.gml --numbers
fails_with 2
run convert run a.safetensors --absolute
fails_with 3
is_absent a.gml a.safetensors

it 'needs both a network and a place for it'
run convert run
fails_with 2
run convert run a.gml b.gml
fails_with 2

it 'names the epoch that a run does not have'
run convert run a.gml --epoch 9
fails_with 3
err_has 'epoch 9'
is_absent a.gml

it 'refuses what is no network'
echo 'hello, world: this is a letter, no network' >letter.safetensors
run convert letter.safetensors a.gml
fails_with 3
err_has letter.safetensors
is_absent a.gml

it 'does not print what is binary, nor several matrices one after the other'
run convert run - --to npz
fails_with 3
run convert run - --to mtx
fails_with 3
run convert run - --to safetensors
fails_with 3

it 'cannot write into a folder that is not there'
run convert run no/such/folder/a.graphml
fails_with 1
err_has no/such/folder/a.graphml

it 'leaves nothing behind where the disk is full'
if [ -w /dev/full ]; then
    ran='convert run - --to graphml >/dev/full'
    "$SPARSEGRAPH" convert run - --to graphml >/dev/full 2>"$tmp/err"
    exit_code=$?
    : >"$tmp/out"
    fails_with 1
    run convert run /dev/full --to graphml
    fails_with 1
    err_has 'No space left on device'
else
    skip 'no /dev/full here'
fi
[ -z "$(find "$tmp" -name '*.tmp*')" ] || wrong "left behind: $(find "$tmp" -name '*.tmp*')"

finish
