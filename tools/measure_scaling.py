"""Times one network on many processes and threads of NEST, and what a model says of each: prints tables.

    .venv-mpi/bin/python tools/measure_scaling.py                         # needs `make nest-mpi` and mpirun
    .venv-mpi/bin/python tools/measure_scaling.py --hidden 400 1600 --repeats 1 --samples 40

400-HIDDEN-10 learns the first samples of MNIST 20x20 in the compact form with the compiled synapse, nothing recorded,
on n processes of t threads (NxT), all points in turn; of its repeats each has the fastest.  PYNN_BACKPROP_DATA may name
a folder that holds MNIST.  The last repeat must end with the weights of the rule, where it is quick to read them.

The model (``scaling_model.py``) has constants measured in the same run: silent networks say what a step and a neuron
cost, and what an exchange and waiting add to a step; exchanges without NEST say what a byte costs, and each network on
one process what an event costs.  All else that the model says is held against a measurement, or is for machines with
more cores.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from typing import Any

import numpy as np
from scaling_model import BYTES_A_SPIKE, Model, Point, Silence, Work

from pynn_backprop.circuit.circuit import Circuit
from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.data.samples import load_samples
from pynn_backprop.errors import EqualityError
from pynn_backprop.interfaces import Options
from pynn_backprop.platforms import PyNNPlatform, get_platform
from pynn_backprop.processes import world
from pynn_backprop.reference.rule import Rule
from pynn_backprop.reference.steps import StepSimulator
from pynn_backprop.runs.memory import peak_memory
from pynn_backprop.weights import Weights, initial_weights

INPUTS, OUTPUTS = 400, 10
WARM_UP = 10
SILENT_STEPS = 3000
SILENT_NEURONS = (200, 20_000)
EXCHANGES = 3000
EXCHANGED = (16, 65_536)
"""Bytes that a process hands to each other one: NEST's smallest buffer, and a large one."""

CHECKED = 1600
"""The largest hidden layer whose weights are read: 2.6 million of them take most of a minute."""

SMALLEST_BUFFER = 2
"""Spikes for each other process, with which NEST begins."""

ON_PAPER = (2, 4, 16, 64, 256)
NETWORK = 2e3
"""ns of a round between machines, on paper: InfiniBand needs 1 to 2 us for a small message."""


# --- what runs on many processes


def nest(threads: int) -> PyNNPlatform:
    """The platform."""
    platform = get_platform("nest", Options(threads, "compiled"))
    assert isinstance(platform, PyNNPlatform)
    return platform


def lesson(hidden: int, samples: int) -> tuple[Circuit, Weights, np.ndarray, np.ndarray]:
    """Circuit, first weights, samples and labels."""
    units = (INPUTS, hidden, OUTPUTS)
    data = load_samples("mnist", 20, samples=WARM_UP + samples, test_samples=1)
    return training_circuit(units), initial_weights(units, 0), data.x_train, data.y_train


def learn(hidden: int, threads: int, samples: int, check: int) -> dict[str, Any]:
    """Train; seconds to build, ms a sample, MB of a process before and after, bytes that it hands to an exchange."""
    platform, processes = nest(threads), world()
    circuit, weights, x, labels = lesson(hidden, samples)
    before, start = peak_memory(), time.perf_counter()
    network = platform.build(circuit, weights)
    built = time.perf_counter() - start
    network.train(x[:WARM_UP], labels[:WARM_UP])
    processes.gather(None)
    start = time.perf_counter()
    network.train(x[WARM_UP:], labels[WARM_UP:])
    processes.gather(None)
    seconds = time.perf_counter() - start
    memory = processes.gather(peak_memory())
    volume = BYTES_A_SPIKE * processes.size * buffer_size()
    if check:
        rule = Rule(weights)
        rule.train(x, labels)
        found = network.weights()
        if any((found[name] != matrix).any() for name, matrix in rule.weights().items()):
            raise EqualityError("the weights are not those of the rule")
    network.close()
    ms = 1e3 * seconds / samples
    return {"build": built, "ms": ms, "before": before, "memory": max(memory), "volume": volume}


def buffer_size() -> int:
    """Spikes that fit into what a process hands to each other one in an exchange, whether there are as many or not."""
    import nest

    sizes = nest.GetKernelStatus("spike_buffer_resize_log")["new_buffer_size"]
    return int(sizes[-1]) if len(sizes) else SMALLEST_BUFFER


def silent(neurons: int, threads: int) -> dict[str, Any]:
    """Nanoseconds of a step of neurons that do not fire."""
    platform, processes = nest(threads), world()
    session = platform.backend.open(platform.sim, platform.options, 5.0)
    cell = platform.sim.IF_curr_delta(v_rest=-100.0, v_reset=-100.0, v_thresh=0.0, tau_m=1e-3, tau_refrac=0.0, cm=1.0)
    platform.sim.Population(neurons, cell)
    platform.sim.run(10.0)
    processes.gather(None)
    start = time.perf_counter()
    platform.sim.run(float(SILENT_STEPS))
    processes.gather(None)
    seconds = time.perf_counter() - start
    platform.sim.end()
    session.close()
    return {"ns": 1e9 * seconds / SILENT_STEPS}


def exchange(size: int) -> dict[str, Any]:
    """Nanoseconds of an exchange of so many bytes with each process, without NEST."""
    from mpi4py import MPI

    mine = np.zeros(size * MPI.COMM_WORLD.Get_size(), np.uint8)
    theirs = np.empty_like(mine)
    MPI.COMM_WORLD.Barrier()
    start = time.perf_counter()
    for _ in range(EXCHANGES):
        MPI.COMM_WORLD.Alltoall(mine, theirs)
    return {"ns": 1e9 * (time.perf_counter() - start) / EXCHANGES}


# --- what starts it


def run(n: int, *arguments: object) -> dict[str, Any]:
    """A measurement on so many processes."""
    environment = {
        **os.environ,
        "OMPI_ALLOW_RUN_AS_ROOT": "1",
        "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
        "OMP_PROC_BIND": "false",
    }
    command = ["mpirun", "--bind-to", "none", "-n", str(n), sys.executable, __file__, "--inside", *map(str, arguments)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def fastest(repeats: int, n: int, *arguments: object) -> float:
    """ns of what is measured; the smallest, since other programs only add."""
    return min(float(run(n, *arguments)["ns"]) for _ in range(repeats))


def work_of(hidden: int, samples: int) -> Work:
    """What a sample makes the simulator do, counted in the circuit step by step."""
    circuit, weights, x, labels = lesson(hidden, samples)
    steps = StepSimulator(circuit, weights)
    steps.train(x[:WARM_UP], labels[:WARM_UP])
    steps.take_spikes()
    steps.train(x[WARM_UP:], labels[WARM_UP:])
    fired = {name: len(table) / samples for name, table in steps.take_spikes().items()}
    reached = [fired[p.pre] * circuit.synapses(p) / circuit[p.pre].size for p in circuit.projections]
    count = circuit.count()
    return Work(circuit.schedule.length, count.neurons, count.synapses, sum(fired.values()), sum(reached))


def silence_of(on: Sequence[Point], repeats: int) -> Silence:
    """Steps without spikes on this machine."""
    few, many = SILENT_NEURONS
    ns = {point: fastest(repeats, point[0], "silent", few, point[1]) for point in on}
    neuron = (fastest(repeats, 1, "silent", many, 1) - ns[1, 1]) / (many - few)
    return Silence({(n, t): found - few * neuron / (n * t) for (n, t), found in ns.items()}, neuron)


def measured(options: argparse.Namespace, on: Sequence[Point]) -> dict[tuple[int, Point], dict[str, Any]]:
    """The fastest of each network's repeats at each point."""
    points: dict[tuple[int, Point], dict[str, Any]] = {}
    for repeat in range(1, options.repeats + 1):
        for hidden in options.hidden:
            for point in on:
                found = run(
                    point[0],
                    "learn",
                    hidden,
                    point[1],
                    options.samples,
                    int(repeat == options.repeats and hidden <= CHECKED),
                )
                print(f"{hidden} on {point[0]}x{point[1]}: {json.dumps(found)}", file=sys.stderr, flush=True)
                best = points.setdefault((hidden, point), found)
                best.update(ms=min(best["ms"], found["ms"]), build=min(best["build"], found["build"]))
    return points


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hidden", nargs="+", type=int, default=[400, 1600, 6400])
    parser.add_argument("--on", nargs="+", default=["1x1", "2x1", "1x2"], metavar="NxT", help="1x1 and 2x1 among them")
    parser.add_argument("--samples", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--inside", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        what, *numbers = options.inside
        found = {"learn": learn, "silent": silent, "exchange": exchange}[what](*map(int, numbers))
        if world().rank == 0:
            print(json.dumps(found))
        return
    on = [(int(n), int(t)) for n, t in (point.split("x") for point in options.on)]
    if len(set(options.hidden)) < 2 or not {(1, 1), (2, 1)} <= set(on):
        parser.error("the model needs two sizes of the hidden layer at least, and the points 1x1 and 2x1")
    points = measured(options, on)
    short, long = (fastest(options.repeats, 2, "exchange", size) for size in EXCHANGED)
    byte = (long - short) / (2 * (EXCHANGED[1] - EXCHANGED[0]))
    works = {hidden: work_of(hidden, options.samples) for hidden in options.hidden}
    alone = {hidden: points[hidden, (1, 1)]["ms"] for hidden in works}
    silence = silence_of(on, options.repeats)
    models = {hidden: Model.fitted(silence, byte, work, alone[hidden]) for hidden, work in works.items()}
    events = ", ".join(f"{model.event:.1f} ns at {hidden}" for hidden, model in models.items())
    print(f"neuron {silence.neuron:.1f} ns; event {events}")
    print(f"exchange of two without NEST: {short / 1e3:.1f} us and {byte:.3f} ns a byte")
    report(models, works, points)
    on_paper(models, works, points, {"as here": silence.waiting, "between machines": NETWORK})


def report(models: dict[int, Model], works: dict[int, Work], points: dict[tuple[int, Point], dict[str, Any]]) -> None:
    """Print what was measured, and what the model says of it."""
    for (n, t), ns in next(iter(models.values())).silence.step.items():
        print(f"step on {n}x{t}: {ns / 1e3:.1f} us")
    print("hidden  on     build s  ms a sample   model  of measured  bytes given  MB before  MB a process  B a synapse")
    for (hidden, (n, t)), found in points.items():
        work, ms = works[hidden], models[hidden].ms(works[hidden], (n, t), found["volume"])
        each = 1e6 * (found["memory"] - found["before"]) * n / work.synapses
        print(
            f"{hidden:6}  {n}x{t}  {found['build']:9.2f}  {found['ms']:11.2f}  {ms:6.2f}  {ms / found['ms']:11.2f}"
            f"  {found['volume']:11,}  {found['before']:9.0f}  {found['memory']:12.0f}  {each:11.0f}"
        )
    for hidden, work in works.items():
        print(
            f"{hidden}: {work.steps} steps, {work.neurons:,} neurons, {work.synapses:,} synapses; a sample has "
            f"{work.spikes:,.0f} spikes and {work.events:,.0f} events"
        )


def on_paper(
    models: dict[int, Model], works: dict[int, Work], points: dict[Any, Any], rounds: dict[str, float]
) -> None:
    """Print what the model says of more processes, each with a core of its own, and of the number that is quickest."""
    for where, ns in rounds.items():
        print(f"on paper, {where}: a round of an exchange takes {ns / 1e3:.1f} us")
        print("hidden     1" + "".join(f"{n:9}" for n in ON_PAPER) + "   ms a sample; quickest on")
        for hidden, work in works.items():
            volume = points[hidden, (2, 1)]["volume"]
            row = [points[hidden, (1, 1)]["ms"], *(models[hidden].ms_on_paper(work, n, volume, ns) for n in ON_PAPER)]
            print(f"{hidden:6}" + "".join(f"{ms:9.2f}" for ms in row) + f"   {models[hidden].best(work, ns):.0f}")


if __name__ == "__main__":
    main()
