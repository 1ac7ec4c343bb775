#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A SET-MLP the way most of the field simulates one in PyTorch: dense matrices, multiplied by a binary mask.

784-1000-1000-1000-10, epsilon 20, ReLU, cross-entropy, SGD with momentum; one JSON line an epoch on stdout.
With --dense after the epochs: every cell linked, no masks and no evolution, as `train --method dense` does.
"""

import os
import sys
import time

os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # Debian's build is twice as slow without it

import numpy as np
import torch

import fashion

EPSILON, ZETA, LR, MOMENTUM, DECAY, BATCH = 20, 0.3, 0.01, 0.9, 2e-4, 100
SIZES = [784, 1000, 1000, 1000, 10]


def make(generator, dense):
    layers, masks = [], []
    for i, (n_in, n_out) in enumerate(zip(SIZES, SIZES[1:])):
        layer = torch.nn.Linear(n_in, n_out)
        last = i + 2 == len(SIZES)
        p = 1.0 if last or dense else min(1.0, EPSILON * (n_in + n_out) / (n_in * n_out))
        mask = (torch.rand(n_out, n_in, generator=generator) < p).float()
        bound = (6.0 / max(1.0, mask.sum().item() / n_out)) ** 0.5
        with torch.no_grad():
            layer.weight.uniform_(-bound, bound, generator=generator).mul_(mask)
            layer.bias.zero_()
        layers += [layer] if last else [layer, torch.nn.ReLU()]
        masks.append(mask)
    return torch.nn.Sequential(*layers), masks


@torch.no_grad()
def evolve(layer, mask, velocity, generator):
    w = layer.weight
    before = int(mask.sum())
    for sign in (1, -1):
        index = torch.nonzero((w.flatten() * sign > 0) & (mask.flatten() > 0)).flatten()
        drop = int(ZETA * index.numel())
        order = torch.argsort(w.flatten()[index].abs())[:drop]
        mask.view(-1)[index[order]] = 0
    empty = torch.nonzero(mask.flatten() == 0).flatten()
    grown = empty[torch.randperm(empty.numel(), generator=generator)[: before - int(mask.sum())]]
    w.mul_(mask)
    velocity.mul_(mask)
    mask.view(-1)[grown] = 1
    w.view(-1)[grown] = torch.randn(grown.numel(), generator=generator) * 0.1
    velocity.view(-1)[grown] = 0


def main(folder, epochs, dense):
    torch.set_num_threads(len(os.sched_getaffinity(0)))
    generator = torch.Generator().manual_seed(1)
    x, y, x_test, y_test = (torch.from_numpy(np.ascontiguousarray(a)) for a in fashion.load(folder))
    net, masks = make(generator, dense)
    linear = [m for m in net if isinstance(m, torch.nn.Linear)]
    optimiser = torch.optim.SGD(net.parameters(), lr=LR, momentum=MOMENTUM, weight_decay=DECAY)
    for epoch in range(1, epochs + 1):
        order = torch.randperm(len(y), generator=generator)
        begin = time.perf_counter()
        for first in range(0, len(y), BATCH):
            index = order[first : first + BATCH]
            optimiser.zero_grad()
            torch.nn.functional.cross_entropy(net(x[index]), y[index]).backward()
            if not dense:
                with torch.no_grad():
                    for layer, mask in zip(linear, masks):
                        layer.weight.grad.mul_(mask)
            optimiser.step()
        trained = time.perf_counter()
        for layer, mask in [] if dense else list(zip(linear, masks))[:-1]:
            evolve(layer, mask, optimiser.state[layer.weight]["momentum_buffer"], generator)
        evolved = time.perf_counter()
        with torch.no_grad():
            hits = (net(x_test).argmax(1) == y_test).float().mean().item()
        fashion.report(epoch, trained - begin, evolved - trained, hits)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), "--dense" in sys.argv[3:])
