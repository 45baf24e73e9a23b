#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Candidates of CPT-V's search in eager PyTorch, the plain way: the yardstick of tests/bench/search_bench.cpp.

Each candidate is a whole forward pass of 100 images through the fake-quantized network, with the scales of one attention module
changed: weights and the inputs of every convolution, linear layer and matrix product are fake-quantized by the usual operations
(divide, round, add, clamp, subtract, multiply) in inference mode. Prints "<wall ms> <processor ms>" of one candidate, mean over
the number asked for.
"""
import argparse
import time

import torch
from torch import nn
from torch.nn import functional

from eager_reference import SHAPES, VisionTransformer

IMAGES = 100


class Uniform:
    """round(x / s) + z, clamped to the codes, and back."""

    def __init__(self, scale, zero, codes):
        self.scale, self.zero, self.codes = scale, zero, codes

    def __call__(self, x):
        return (((x / self.scale).round() + self.zero).clamp(0, self.codes - 1) - self.zero) * self.scale


def activation():
    return Uniform(torch.tensor(8 / 255), torch.tensor(127.0), 256)


def of_weight(weight, bits=4):
    rows = weight.flatten(1)
    shape = [-1] + [1] * (weight.dim() - 1)
    scale = ((rows.amax(1) - rows.amin(1)) / (2**bits - 1)).view(shape)
    return Uniform(scale, (-rows.amin(1).view(shape) / scale).round(), 2**bits)


class QuantizedLinear(nn.Module):
    def __init__(self, layer):
        super().__init__()
        self.layer, self.input, self.weight = layer, activation(), of_weight(layer.weight)

    def forward(self, x):
        if isinstance(self.layer, nn.Conv2d):
            return functional.conv2d(self.input(x), self.weight(self.layer.weight), self.layer.bias, self.layer.stride)
        return functional.linear(self.input(x), self.weight(self.layer.weight), self.layer.bias)


class QuantizedAttention(nn.Module):
    def __init__(self, attention):
        super().__init__()
        self.heads, self.scale = attention.heads, attention.scale
        self.qkv, self.proj = QuantizedLinear(attention.qkv), QuantizedLinear(attention.proj)
        self.quantizers = [activation() for _ in range(4)]

    def forward(self, x):
        batch, tokens, channels = x.shape
        qkv = self.qkv(x).reshape(batch, tokens, 3, self.heads, channels // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = (quantizer(part) for quantizer, part in zip(self.quantizers, qkv.unbind(0)))
        weights = self.quantizers[3](((q @ k.transpose(-2, -1)) * self.scale).softmax(dim=-1))
        return self.proj((weights @ v).transpose(1, 2).reshape(batch, tokens, channels))


def quantize(model):
    model.patch_embed = QuantizedLinear(model.patch_embed)
    model.head = QuantizedLinear(model.head)
    for block in model.blocks:
        block.attention = QuantizedAttention(block.attention)
        block.mlp[0], block.mlp[2] = QuantizedLinear(block.mlp[0]), QuantizedLinear(block.mlp[2])


def contrast(quantized, floating, temperature=3.0):
    similarity = functional.normalize(quantized) @ functional.normalize(floating).t() / temperature
    return functional.cross_entropy(similarity, torch.arange(len(similarity))) * 2 * temperature


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=int, default=3)
    parser.add_argument("--batch", type=int, default=IMAGES, help="images evaluated at once; all, as in Evol-Q, unless given")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    model = VisionTransformer(*SHAPES["tiny"]).eval()
    images = torch.randn(IMAGES, 3, 224, 224)
    with torch.inference_mode():
        targets = model(images)
        quantize(model)
        model(images[:10])
        wall, processor = time.perf_counter(), time.process_time()
        for number in range(arguments.candidates):
            for layer in (model.blocks[-1 - number].attention.qkv, model.blocks[-1 - number].attention.proj):
                scale = layer.weight.scale
                layer.weight.scale = scale * (1 + 0.02 * (2 * torch.rand_like(scale) - 1))
            logits = torch.cat([model(part) for part in images.split(arguments.batch)])
            contrast(logits, targets).item()
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
    print(f"{1e3 * wall / arguments.candidates:.1f} {1e3 * processor / arguments.candidates:.1f}")


if __name__ == "__main__":
    main()
