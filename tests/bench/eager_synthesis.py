#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Iterations of image synthesis in eager PyTorch, with the same losses as tests/bench/synthesis_bench.cpp: its yardstick.

Weights ask for no gradients. Losses are written as one would with batched operations; the images are taken in chunks, as 32 at once
would need more than ten times the memory. Prints "<wall ms> <processor ms> <peak MB>" of the fastest iteration.
"""
import argparse
import math
import resource
import time

import torch
from torch.nn import functional

from eager_reference import SHAPES, VisionTransformer

GRID = 14


def neighbours():
    index = torch.zeros(GRID * GRID, 8, dtype=torch.long)
    valid = torch.zeros(GRID * GRID, 8, dtype=torch.bool)
    offsets = [(r, c) for r in (-1, 0, 1) for c in (-1, 0, 1) if (r, c) != (0, 0)]
    for patch in range(GRID * GRID):
        for k, (r, c) in enumerate(offsets):
            row, column = patch // GRID + r, patch % GRID + c
            valid[patch, k] = 0 <= row < GRID and 0 <= column < GRID
            index[patch, k] = row * GRID + column if valid[patch, k] else patch
    return index, valid


INDEX, VALID = neighbours()


def contrast(output):
    """output [B,N,C] of an attention module: -log(sum of positives / sum of all neighbours), mean over patches."""
    patches = functional.normalize(output[:, 1:], dim=-1, eps=1e-8)
    similarity = patches @ patches.transpose(1, 2)
    near = similarity.gather(2, INDEX.expand(len(output), -1, -1))
    with torch.no_grad():
        order = near.masked_fill(~VALID, -math.inf).argsort(dim=2, descending=True, stable=True)
        count = (VALID.sum(1) - 1).clamp(max=4)
        taken = (torch.arange(8)[None] < count[:, None]).expand(near.shape)
        positive = torch.zeros_like(taken).scatter(2, order, taken)
    logits = near / 0.1
    every = logits.masked_fill(~VALID, -math.inf).logsumexp(2)
    return (every - logits.masked_fill(~positive, -math.inf).logsumexp(2)).mean(1)


def entropy(attended):
    """attended [B,H,N,d]: differential entropy of patch similarities by a Gaussian kernel density at 10 points."""
    patches = functional.normalize(attended.mean(1)[:, 1:], dim=-1, eps=1e-8)
    similarity = (patches @ patches.transpose(1, 2)).flatten(1)
    low, high = similarity.detach().amin(1, True), similarity.detach().amax(1, True)
    points = low + (high - low) * torch.linspace(0, 1, 10)
    density = torch.stack([torch.exp(-0.5 * ((points[:, k:k + 1] - similarity) / 0.01) ** 2).mean(1) for k in range(10)], 1)
    mass = density / (0.01 * math.sqrt(2 * math.pi)) + 1e-4
    return torch.trapz(-mass * mass.log(), points, dim=1)


def variation(images):
    right = images[:, :, :, :-1] - images[:, :, :, 1:]
    below = images[:, :, :-1] - images[:, :, 1:]
    falling = images[:, :, :-1, :-1] - images[:, :, 1:, 1:]
    rising = images[:, :, 1:, :-1] - images[:, :, :-1, 1:]
    return right.norm() + below.norm() + falling.norm() + rising.norm()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--loss", choices=["psaq", "clampvit"], default="psaq")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--chunk", type=int, default=8)
    arguments = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = VisionTransformer(*SHAPES["tiny"]).eval().requires_grad_(False)
    seen = []
    for block in model.blocks:
        attention = block.attention
        if arguments.loss == "clampvit":
            attention.register_forward_hook(lambda module, inputs, output: seen.append(output))
        else:
            # The product with the values, heads apart, is the projection's input.
            attention.proj.register_forward_hook(
                lambda module, inputs, output, heads=attention.heads: seen.append(inputs[0].unflatten(-1, (heads, -1)).transpose(1, 2)))
    images = torch.randn(32, 3, 224, 224, requires_grad=True)
    labels = torch.randint(1000, (32,))
    optimizer = torch.optim.Adam([images], lr=0.2, betas=(0.5, 0.9), eps=1e-8)
    low, high = -torch.ones(1, 3, 1, 1), torch.ones(1, 3, 1, 1)
    wall, processor = [], []
    for _ in range(arguments.repeat + 1):
        begin, used = time.perf_counter(), time.process_time()
        optimizer.zero_grad()
        view = torch.roll(images.detach(), (3, -5), (2, 3)).flip(3).requires_grad_(True)
        (0.05 * (variation(view) - 2700).abs()).backward()
        for first in range(0, 32, arguments.chunk):
            part = slice(first, first + arguments.chunk)
            seen.clear()
            loss = functional.cross_entropy(model(view[part]), labels[part], reduction="sum")
            for value in seen:
                loss = loss + (contrast(value) / len(seen) if arguments.loss == "clampvit" else -entropy(value)).sum()
            (loss / 32).backward()
        images.grad = torch.roll(view.grad.flip(3), (-3, 5), (2, 3))
        optimizer.step()
        with torch.no_grad():
            images.copy_(images.clamp(low, high))
        wall.append(time.perf_counter() - begin)
        processor.append(time.process_time() - used)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{1e3 * min(wall[1:]):.1f} {1e3 * min(processor[1:]):.1f} {peak:.0f}")


if __name__ == "__main__":
    main()
