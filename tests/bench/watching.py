#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs a run to be watched: the same run by vitrine-cli and in the window with one view in front, in alternating order.

    watching.py --bench build/release/tests/bench/bench_watch --cores 0-1 --rounds 4 -- vitrine-cli run --project study ...

The command after "--" makes the run without a window; the window repeats it from what the project has stored of it. Prints for every run
the time that its stages took, the processor time of the thread that computes, of the window's own thread and of all other threads;
then means of the rounds' ratios, watched over not watched, with their standard errors. QT_QPA_PLATFORM decides where the window is drawn.
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

INTERVAL = 0.1  # seconds between looks at a process


def nanoseconds(process):
    """Processor time by thread."""
    times = {}
    for task in pathlib.Path(f"/proc/{process}/task").glob("*"):
        try:
            times[int(task.name)] = int((task / "schedstat").read_text().split()[0])
        except (OSError, ValueError, IndexError):
            pass  # the thread has ended
    return times


def measured(command, cores, environment):
    child = subprocess.Popen(["taskset", "-c", cores, *command], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    threads = {}
    while child.poll() is None:
        threads.update(nanoseconds(child.pid))
        time.sleep(INTERVAL)
    output, problems = child.communicate()
    if child.returncode != 0:
        sys.exit(f"{' '.join(command)}\nended with {child.returncode}\n{problems}")
    main = threads.pop(child.pid)
    worker = max(threads.values())
    return {"worker": worker / 1e9, "main": main / 1e9, "others": (sum(threads.values()) - worker) / 1e9}


def newest(project):
    record = max(pathlib.Path(project).glob("runs/*/run.json"))
    return record.parent.name, json.loads(record.read_text())


def mean(values):
    error = statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else float("nan")
    return f"{statistics.mean(values):.4f} ({error:.4f})"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", required=True, help="the program bench_watch")
    parser.add_argument("--cores", default="0-1", help="where every run is held")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--views", nargs="+", default=["search", "images"])
    parser.add_argument("command", nargs="+", help="vitrine-cli run ...")
    arguments = parser.parse_args()
    project = arguments.command[arguments.command.index("--project") + 1]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("OPENBLAS_", "MALLOC_", "OMP_"))}
    environment |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_WAIT_POLICY": "passive"}

    first, ratios = None, {view: {"wall": [], "worker": [], "all": []} for view in arguments.views}
    for number in range(arguments.rounds):
        order = ["", *arguments.views]
        if number % 2 and first:
            order.reverse()
        results = {}
        for view in order:
            command = [arguments.bench, project, first, view] if view else arguments.command
            times = measured(command, arguments.cores, environment)
            run, record = newest(project)
            first = first or run
            times["wall"] = sum(stage["seconds"] for stage in record["stages"])
            times["all"] = times["worker"] + times["main"] + times["others"]
            results[view] = times
            print(f"round {number + 1} {view or 'no window':9} {run}: stages {times['wall']:.2f} s; processor time: computing {times['worker']:.2f} s, "
                  f"main thread {times['main']:.2f}, others {times['others']:.2f}", flush=True)
        for view in arguments.views:
            for key, values in ratios[view].items():
                values.append(results[view][key] / results[""][key])
    for view, values in ratios.items():
        print(f"{view} / no window: time of the stages {mean(values['wall'])}, processor time of the computing thread {mean(values['worker'])}, "
              f"of all threads {mean(values['all'])}; mean of {arguments.rounds} rounds (standard error)")


if __name__ == "__main__":
    main()
