# SPDX-License-Identifier: GPL-3.0-or-later
import json
import sys

import numpy as np


def read_snapshot(path):
    data = open(path, "rb").read()
    n = int.from_bytes(data[:8], "little")
    header = json.loads(data[8 : 8 + n])
    meta = header.pop("__metadata__")
    dtypes = {"U64": np.uint64, "U32": np.uint32, "F32": np.float32}
    arrays = {}
    for name, t in header.items():
        begin, end = (8 + n + offset for offset in t["data_offsets"])
        arrays[name] = np.frombuffer(data[begin:end], dtypes[t["dtype"]]).reshape(t["shape"])
    return meta, json.loads(meta["layers"]), json.loads(meta["links"]), arrays


if __name__ == "__main__":
    meta, layers, links, arrays = read_snapshot(sys.argv[1])
    size = {layer["name"]: layer["size"] for layer in layers}
    print("epoch", meta["epoch"], "note", json.dumps(meta["note"]))
    for layer in layers:
        bias = arrays[layer["name"] + ".bias"].tolist() if layer["bias"] else None
        print(layer["name"], layer["size"], layer["shape"], bias)
    for link in links:
        indptr = arrays[link["name"] + ".indptr"].astype(np.int64)
        indices = arrays[link["name"] + ".indices"]
        values = arrays.get(link["name"] + ".values", np.ones(len(indices), np.float32))
        dense = np.zeros((size[link["to"]], size[link["from"]]), np.float32)
        dense[np.repeat(np.arange(len(indptr) - 1), np.diff(indptr)), indices] = values
        print(link["name"], dense.tolist())
    print("slope", arrays["extra.slope"].tolist(), "step", arrays["extra.step"].tolist())
