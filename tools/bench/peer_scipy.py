#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A truly sparse SET-MLP as Python users write one: SciPy CSR for the products, numba for the weight gradient.

784-1000-1000-1000-10 unless told another width, epsilon 20, ReLU, softmax, SGD with momentum; one JSON line an epoch on
stdout.
"""

import argparse
import time

import numba
import numpy as np
import scipy.sparse as sp

import fashion

EPSILON, ZETA, LR, MOMENTUM, DECAY, BATCH = 20, 0.3, 0.01, 0.9, 2e-4, 100


@numba.njit(parallel=True, fastmath=False)
def sampled_product(rows, cols, x, d, out):
    """out[k] = sum over samples of x[s, rows[k]] * d[s, cols[k]]; x and d are (features, samples)."""
    for k in numba.prange(rows.shape[0]):
        a, b = x[rows[k]], d[cols[k]]
        total = np.float32(0)
        for s in range(a.shape[0]):
            total += a[s] * b[s]
        out[k] = total


def start(rng, n_in, n_out, dense):
    if dense:
        cells = np.arange(n_in * n_out)
    else:
        p = min(1.0, EPSILON * (n_in + n_out) / (n_in * n_out))
        n = rng.binomial(n_in * n_out, p)
        cells = np.unique(rng.integers(0, n_in * n_out, n))
        while cells.size < n:
            cells = np.unique(np.concatenate([cells, rng.integers(0, n_in * n_out, n - cells.size)]))
    bound = np.sqrt(6.0 / max(1.0, cells.size / n_out))
    values = rng.uniform(-bound, bound, cells.size).astype(np.float32)
    return sp.csr_matrix((values, (cells // n_out, cells % n_out)), shape=(n_in, n_out))


def evolve(rng, w, v):
    """Removes per sign, regrows as many; returns the new weights and velocities."""
    coo = w.tocoo()
    values = coo.data
    keep = np.ones(values.size, bool)
    for sign in (1, -1):
        index = np.flatnonzero(values * sign > 0)
        drop = int(ZETA * index.size)
        keep[index[np.argsort(np.abs(values[index]), kind="stable")[:drop]]] = False
    n_in, n_out = w.shape
    cells = coo.row.astype(np.int64) * n_out + coo.col
    kept = cells[keep]
    wanted = values.size - kept.size
    grown = np.empty(0, np.int64)
    while grown.size < wanted:
        more = rng.integers(0, n_in * n_out, wanted - grown.size)
        grown = np.unique(np.concatenate([grown, more[~np.isin(more, kept)]]))
    cells = np.concatenate([kept, grown])
    data = np.concatenate([values[keep], rng.normal(0, 0.1, wanted).astype(np.float32)])
    velocity = np.concatenate([v[keep], np.zeros(wanted, np.float32)])
    order = np.argsort(cells)
    cells = cells[order]
    new = sp.csr_matrix((data[order], (cells // n_out, cells % n_out)), shape=w.shape)
    return new, velocity[order]


def forward(weights, biases, x):
    """x (samples, features); returns the activations of each layer, feature-major."""
    layers = [np.ascontiguousarray(x.T)]
    for i, (w, b) in enumerate(zip(weights, biases)):
        z = w.T @ layers[-1] + b[:, None]
        layers.append(z if i + 1 == len(weights) else np.maximum(z, 0))
    return layers


def train_batch(weights, biases, velocities, bias_velocities, x, y):
    layers = forward(weights, biases, x)
    z = layers[-1]
    p = np.exp(z - z.max(axis=0))
    p /= p.sum(axis=0)
    p[y, np.arange(y.size)] -= 1
    d = np.ascontiguousarray(p / y.size, np.float32)
    gradients = []
    for i in reversed(range(len(weights))):
        w = weights[i]
        rows = np.repeat(np.arange(w.shape[0], dtype=np.int32), np.diff(w.indptr))
        gradient = np.empty(w.nnz, np.float32)
        sampled_product(rows, w.indices, layers[i], d, gradient)
        gradients.append((i, gradient, d.sum(axis=1)))
        if i > 0:
            d = np.ascontiguousarray((w @ d) * (layers[i] > 0), np.float32)
    for i, gradient, bias_gradient in gradients:
        velocities[i] = MOMENTUM * velocities[i] - LR * gradient
        weights[i].data += velocities[i] - DECAY * weights[i].data
        bias_velocities[i] = MOMENTUM * bias_velocities[i] - LR * bias_gradient
        biases[i] += bias_velocities[i] - DECAY * biases[i]


def accuracy(weights, biases, x, y):
    hits = 0
    for first in range(0, y.size, 1000):
        z = forward(weights, biases, x[first : first + 1000])[-1]
        hits += int((z.argmax(axis=0) == y[first : first + 1000]).sum())
    return hits / y.size


def main(folder, epochs, width, samples):
    rng = np.random.default_rng(1)
    x, y, x_test, y_test = fashion.load(folder)
    x, y = x[:samples], y[:samples]
    sizes = [784, width, width, width, 10]
    n = len(sizes) - 1
    weights = [start(rng, sizes[i], sizes[i + 1], i + 1 == n) for i in range(n)]
    biases = [np.zeros(s, np.float32) for s in sizes[1:]]
    velocities = [np.zeros(w.nnz, np.float32) for w in weights]
    bias_velocities = [np.zeros_like(b) for b in biases]
    # compile outside the timing
    train_batch([w.copy() for w in weights], [b.copy() for b in biases], [v.copy() for v in velocities],
                [v.copy() for v in bias_velocities], x[:BATCH], y[:BATCH])
    for epoch in range(1, epochs + 1):
        order = rng.permutation(y.size)
        begin = time.perf_counter()
        for first in range(0, y.size, BATCH):
            index = order[first : first + BATCH]
            train_batch(weights, biases, velocities, bias_velocities, x[index], y[index])
        trained = time.perf_counter()
        for i in range(n - 1):
            weights[i], velocities[i] = evolve(rng, weights[i], velocities[i])
        evolved = time.perf_counter()
        fashion.report(epoch, trained - begin, evolved - trained, accuracy(weights, biases, x_test, y_test))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", help="of Fashion-MNIST")
    parser.add_argument("epochs", type=int)
    parser.add_argument("--width", type=int, default=1000, help="neurons of each hidden layer")
    parser.add_argument("--samples", type=int, default=60000, help="of the training set")
    args = parser.parse_args()
    main(args.folder, args.epochs, args.width, args.samples)
