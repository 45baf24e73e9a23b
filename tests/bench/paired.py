#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compares forward passes in pairs: A B A B ..., so that both see the same state of the machine.

  eager      eager PyTorch over our float forward: how many times as fast ours is
  quantized  our fake-quantized forward over our float forward: what fake quantization costs
  search     a candidate of CPT-V's search in eager PyTorch, evaluated the plain way, over ours (--bench names bench_search); --blas
             holds OpenBLAS at the kernels of a processor on both sides
  psaq, clampvit  our iteration of image synthesis over that of eager PyTorch, 32 images (--bench names bench_synthesis)

Prints the times of every round (the fastest pass, in milliseconds) and the median of the rounds' ratios, of wall time and
of processor time. On a machine that does other work too, only the latter means something.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
PASSES = 5


BLAS = {}


def environment(threads):
    """One set-up for both sides: OpenBLAS chooses its kernels itself unless told otherwise, malloc is as the system has it."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("OPENBLAS_", "MALLOC_", "OMP_"))}
    return kept | BLAS | {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}


def run(command, threads):
    return subprocess.run(command, env=environment(threads), check=True, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True).stdout


def ours(arguments, name):
    output = run([arguments.bench, f"--benchmark_filter=^{name}/{arguments.shape}/{arguments.batch}/",
                  f"--benchmark_repetitions={PASSES}", "--benchmark_min_time=0.001", "--benchmark_format=json"], 1)
    if not output:
        sys.exit(f"{arguments.bench} has no benchmark {name}/{arguments.shape}/{arguments.batch}")
    passes = [entry for entry in json.loads(output)["benchmarks"] if entry["run_type"] == "iteration"]
    return min(entry["real_time"] for entry in passes), min(entry["cpu_time"] for entry in passes)


def eager(arguments):
    output = run([arguments.python, HERE / "eager_reference.py", "--shape", arguments.shape, "--batch",
                  str(arguments.batch), "--repeat", str(PASSES)], 1)
    wall, processor = output.split()
    return float(wall), float(processor)


def synthesis(arguments):
    """Pairs of our iteration and the eager one, with the same loss."""
    ratios = []
    for number in range(arguments.rounds):
        base = [float(word) for word in run([arguments.bench, arguments.comparison, "3"], 1).split()]
        other = [float(word) for word in run([arguments.python, HERE / "eager_synthesis.py", "--loss", arguments.comparison,
                                              "--repeat", "3"], 1).split()]
        ratios.append((base[0] / other[0], base[1] / other[1]))
        print(f"round {number + 1}: ours {base[0]:.0f} ms, eager {other[0]:.0f} ms, ratio {ratios[-1][0]:.3f} (processor time "
              f"{base[1]:.0f}, {other[1]:.0f}, {ratios[-1][1]:.3f}; peak {base[2]:.0f}, {other[2]:.0f} MB)", flush=True)
    wall, processor = (statistics.median(column) for column in zip(*ratios))
    print(f"DeiT tiny, 32 images, 1 thread, ours / eager for {arguments.comparison}: median {wall:.3f} of wall time, "
          f"{processor:.3f} of processor time")


def search(arguments):
    """Pairs of the eager candidate and ours, 100 images."""
    ratios, wholes = [], []
    for number in range(arguments.rounds):
        base = [float(word) for word in run([arguments.bench], 1).split()]
        other = [float(word) for word in run([arguments.python, HERE / "eager_search.py", "--batch", str(arguments.eager_batch)], 1).split()]
        ratios.append((other[0] / base[0], other[1] / base[1]))
        wholes.append(base)
        print(f"round {number + 1}: ours {base[0]:.0f} ms, eager {other[0]:.0f} ms, ratio {ratios[-1][0]:.2f} (processor time "
              f"{base[1]:.0f}, {other[1]:.0f}, {ratios[-1][1]:.2f}; peak {base[2]:.0f} MB, cached {base[3]:.0f} MB)", flush=True)
    wall, processor = (statistics.median(column) for column in zip(*ratios))
    ours_wall, ours_processor = (statistics.median(column) for column in list(zip(*wholes))[:2])
    print(f"DeiT tiny, 100 images, 1 thread, a candidate in eager PyTorch / ours: median {wall:.2f} of wall time, {processor:.2f} of "
          f"processor time; ours {ours_wall:.0f} ms wall, {ours_processor:.0f} ms processor")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("comparison", choices=["eager", "quantized", "search", "psaq", "clampvit"])
    parser.add_argument("--bench", required=True, help="the program bench_engine")
    parser.add_argument("--python", default=sys.executable, help="a Python that has PyTorch")
    parser.add_argument("--shape", choices=["tiny", "small"], default="tiny")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--eager-batch", type=int, default=100, help="images that the eager candidate evaluates at once, for search")
    parser.add_argument("--blas", help="OPENBLAS_CORETYPE of both sides, such as Haswell")
    arguments = parser.parse_args()

    if arguments.blas:
        BLAS["OPENBLAS_CORETYPE"] = arguments.blas
    if arguments.comparison == "search":
        return search(arguments)
    if arguments.comparison in ("psaq", "clampvit"):
        return synthesis(arguments)
    ratios = []
    for number in range(arguments.rounds):
        base = ours(arguments, "forwardFloat")
        other = eager(arguments) if arguments.comparison == "eager" else ours(arguments, "forwardQuantized")
        ratios.append((other[0] / base[0], other[1] / base[1]))
        print(f"round {number + 1}: float {base[0]:.1f} ms, {arguments.comparison} {other[0]:.1f} ms, "
              f"ratio {ratios[-1][0]:.3f} (processor time {base[1]:.1f}, {other[1]:.1f}, {ratios[-1][1]:.3f})", flush=True)
    wall, processor = (statistics.median(column) for column in zip(*ratios))
    print(f"DeiT {arguments.shape}, batch {arguments.batch}, 1 thread, {arguments.comparison} / float: "
          f"median {wall:.3f} of wall time, {processor:.3f} of processor time")


if __name__ == "__main__":
    main()
