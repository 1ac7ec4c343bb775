# SPDX-License-Identifier: GPL-3.0-or-later
"""What the peers' scripts share: the data, standardised as sparsegraph does, and the lines they print."""

import gzip
import json
import os

import numpy as np

CLASSES = 10


def read_idx(path):
    with gzip.open(path, "rb") as file:
        data = file.read()
    rank = data[3]
    shape = [int.from_bytes(data[4 + 4 * d : 8 + 4 * d], "big") for d in range(rank)]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * rank).reshape(shape)


def load(folder):
    """Returns x_train, y_train, x_test, y_test; x (n, 784) float32, standardised by the training set."""

    def images(name):
        return read_idx(os.path.join(folder, name + "-images-idx3-ubyte.gz")).reshape(-1, 784).astype(np.float32)

    def labels(name):
        return read_idx(os.path.join(folder, name + "-labels-idx1-ubyte.gz")).astype(np.int64)

    x_train, x_test = images("train"), images("t10k")
    mean, deviation = x_train.mean(axis=0), x_train.std(axis=0)
    deviation[deviation == 0] = 1
    return (x_train - mean) / deviation, labels("train"), (x_test - mean) / deviation, labels("t10k")


def report(epoch, train_s, evolve_s, accuracy):
    print(
        json.dumps({"epoch": epoch, "train_s": train_s, "evolve_s": evolve_s, "test_accuracy": accuracy}),
        flush=True,
    )
