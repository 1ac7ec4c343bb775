#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The measures of one snapshot as Python users take them: NetworkX, igraph, and a power-law fit in NumPy and SciPy.

usage: peer_networks.py SNAPSHOT.safetensors; one JSON line a measure on stdout: name, subject, peer, value, seconds.
"""

import json
import sys
import time

import igraph
import networkx as nx
import numpy as np
import scipy.optimize
import scipy.sparse as sp
import scipy.sparse.linalg
import scipy.special


def read(path):
    """Returns [(name, from, to, csr matrix (out, in))] and {layer: size} of a sparsegraph snapshot."""
    with open(path, "rb") as f:
        n = int.from_bytes(f.read(8), "little")
        header = json.loads(f.read(n))
        data = f.read()
    meta = header.pop("__metadata__")
    kinds = {"F32": np.float32, "U32": np.uint32, "I32": np.int32, "I64": np.int64, "U64": np.uint64}

    def tensor(name):
        t = header[name]
        begin, end = t["data_offsets"]
        return np.frombuffer(data[begin:end], kinds[t["dtype"]]).reshape(t["shape"])

    layers = {layer["name"]: layer["size"] for layer in json.loads(meta["layers"])}
    links = []
    for link in json.loads(meta["links"]):
        name = link["name"]
        shape = (layers[link["to"]], layers[link["from"]])
        indptr, col = tensor(name + ".indptr"), tensor(name + ".indices")
        value = tensor(name + ".values") if name + ".values" in header else np.ones(len(col), np.float32)
        links.append((name, link["from"], link["to"],
                      sp.csr_matrix((value, col.astype(np.int64), indptr.astype(np.int64)), shape)))
    return links, layers


def say(name, subject, peer, function):
    begin = time.perf_counter()
    value = function()
    seconds = time.perf_counter() - begin
    print(json.dumps({"measure": name, "subject": subject, "peer": peer, "value": float(value), "s": seconds}), flush=True)


def bipartite(m):
    """The link as a NetworkX graph: receiving neurons r, sending neurons n_rows + c."""
    g = nx.Graph()
    g.add_nodes_from(range(m.shape[0]), bipartite=0)
    g.add_nodes_from(range(m.shape[0], sum(m.shape)), bipartite=1)
    coo = m.tocoo()
    g.add_edges_from(zip(coo.row.tolist(), (coo.col + m.shape[0]).tolist()))
    return g


def whole(links, layers):
    first, at = {}, 0
    for name, size in layers.items():
        first[name] = at
        at += size
    edges = []
    for _, a, b, m in links:
        coo = m.tocoo()
        edges.extend(zip((coo.col + first[a]).tolist(), (coo.row + first[b]).tolist()))
    return at, edges


def fit_power_law(values):
    """Discrete maximum likelihood for every xmin, the one of smallest KS distance: (D, alpha, xmin)."""
    x = np.sort(values[values > 0])
    best = (np.inf, np.nan, 0)
    distinct = np.unique(x)
    for xmin in distinct[:-1]:
        tail = x[x >= xmin]
        logs = np.log(tail).sum()
        fit = scipy.optimize.minimize_scalar(
            lambda a: len(tail) * np.log(scipy.special.zeta(a, xmin)) + a * logs, bounds=(1.01, 100), method="bounded")
        seen, count = np.unique(tail, return_counts=True)
        above = np.arange(len(tail), 0, -1)[np.searchsorted(tail, seen)] / len(tail)
        at_most = 1 - above + count / len(tail)
        # P(X <= x) = 1 - zeta(alpha, x + 1)/zeta(alpha, xmin), at the values that occur
        law = 1 - scipy.special.zeta(fit.x, seen + 1.0) / scipy.special.zeta(fit.x, float(xmin))
        d = np.abs(at_most - law).max()
        if d < best[0]:
            best = (d, fit.x, int(xmin))
    return best


def bootstrap_p(values, n_replicates, rng):
    d, alpha, xmin = fit_power_law(values)
    values = values[values > 0]
    body, n_tail = values[values < xmin], int((values >= xmin).sum())
    support = np.arange(xmin, 100000)
    cdf = 1 - scipy.special.zeta(alpha, support + 1.0) / scipy.special.zeta(alpha, float(xmin))
    larger = 0
    for _ in range(n_replicates):
        in_tail = rng.random(len(values)) < n_tail / len(values)
        sample = np.empty(len(values))
        sample[in_tail] = support[np.minimum(np.searchsorted(cdf, rng.random(in_tail.sum())), len(support) - 1)]
        if (~in_tail).any():
            sample[~in_tail] = rng.choice(body, (~in_tail).sum())
        larger += fit_power_law(sample)[0] >= d
    return larger / n_replicates


def main():
    links, layers = read(sys.argv[1])
    name, _, _, m = links[0]
    degree = np.diff(m.indptr).astype(float)
    g = bipartite(m)
    rows = range(m.shape[0])
    say("in_degree_powerlaw_alpha", name, "SciPy", lambda: fit_power_law(degree)[1])
    say("in_degree_powerlaw_alpha", name, "igraph, with its p", lambda: igraph.power_law_fit([int(d) for d in degree if d > 0]).alpha)
    n_replicates = 10
    begin = time.perf_counter()
    p = bootstrap_p(degree, n_replicates, np.random.default_rng(1))
    print(json.dumps({"measure": "in_degree_powerlaw_p", "subject": name, "peer": "SciPy, 10 replicates, times 10",
                      "value": p, "s": (time.perf_counter() - begin) * 100 / n_replicates}), flush=True)
    say("in_latapy_dot", name, "NetworkX",
        lambda: np.mean(list(nx.bipartite.latapy_clustering(g, nodes=rows, mode="dot").values())))
    say("robins_alexander", name, "NetworkX", lambda: nx.bipartite.robins_alexander_clustering(g))
    say("singular_2", name, "SciPy", lambda: sorted(
        sp.linalg.svds(sp.csr_matrix((np.ones(m.nnz), m.indices, m.indptr), m.shape), 2, return_singular_vectors=False))[0])
    n, edges = whole(links, layers)
    graph = igraph.Graph(n, edges)
    net = nx.Graph()
    net.add_nodes_from(range(n))
    net.add_edges_from(edges)
    say("core_max", "network", "igraph", lambda: max(graph.coreness()))
    say("core_max", "network", "NetworkX", lambda: max(nx.core_number(net).values()))
    say("components", "network", "NetworkX", lambda: nx.number_connected_components(net))
    say("distance_mean", "network", "igraph, every pair", lambda: graph.average_path_length())


main()
