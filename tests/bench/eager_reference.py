#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Forward passes of DeiT shapes in eager PyTorch: the yardstick of Vitrine's engine.

The network is written the way the field writes it (fused qkv layer, softmax(q k^T / sqrt(d)) v, erf GELU, pre-norm), with
random weights. Prints the fastest pass in milliseconds: "<wall time> <processor time>".
"""
import argparse
import time

import torch
from torch import nn

SHAPES = {"tiny": (192, 3), "small": (384, 6), "base": (768, 12)}


class Attention(nn.Module):
    def __init__(self, channels, heads):
        super().__init__()
        self.heads = heads
        self.scale = (channels // heads) ** -0.5
        self.qkv = nn.Linear(channels, 3 * channels)
        self.proj = nn.Linear(channels, channels)

    def forward(self, x):
        batch, tokens, channels = x.shape
        qkv = self.qkv(x).reshape(batch, tokens, 3, self.heads, channels // self.heads).permute(2, 0, 3, 1, 4)
        q, k, v = qkv.unbind(0)
        weights = ((q @ k.transpose(-2, -1)) * self.scale).softmax(dim=-1)
        return self.proj((weights @ v).transpose(1, 2).reshape(batch, tokens, channels))


class Block(nn.Module):
    def __init__(self, channels, heads):
        super().__init__()
        self.norm1 = nn.LayerNorm(channels, eps=1e-6)
        self.attention = Attention(channels, heads)
        self.norm2 = nn.LayerNorm(channels, eps=1e-6)
        self.mlp = nn.Sequential(nn.Linear(channels, 4 * channels), nn.GELU(), nn.Linear(4 * channels, channels))

    def forward(self, x):
        x = x + self.attention(self.norm1(x))
        return x + self.mlp(self.norm2(x))


class VisionTransformer(nn.Module):
    def __init__(self, channels, heads, depth=12, patch=16, image=224, classes=1000):
        super().__init__()
        self.patch_embed = nn.Conv2d(3, channels, patch, patch)
        self.token = nn.Parameter(torch.randn(1, 1, channels))
        self.position = nn.Parameter(torch.randn(1, (image // patch) ** 2 + 1, channels))
        self.blocks = nn.Sequential(*[Block(channels, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(channels, eps=1e-6)
        self.head = nn.Linear(channels, classes)

    def forward(self, images):
        x = self.patch_embed(images).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(len(x), -1, -1), x], dim=1) + self.position
        return self.head(self.norm(self.blocks(x))[:, 0])


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shape", choices=SHAPES, default="tiny")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--repeat", type=int, default=5, help="timed passes; the fastest counts")
    arguments = parser.parse_args()

    torch.manual_seed(0)
    torch.set_num_threads(arguments.threads)
    model = VisionTransformer(*SHAPES[arguments.shape]).eval()
    images = torch.randn(arguments.batch, 3, 224, 224)
    wall, processor = [], []
    with torch.inference_mode():
        for _ in range(2):
            model(images)
        for _ in range(arguments.repeat):
            start, start_processor = time.perf_counter(), time.process_time()
            model(images)
            wall.append(time.perf_counter() - start)
            processor.append(time.process_time() - start_processor)
    print(f"{1e3 * min(wall):.3f} {1e3 * min(processor):.3f}")


if __name__ == "__main__":
    main()
