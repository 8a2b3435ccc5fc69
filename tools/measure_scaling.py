"""Times one network on many processes and threads of NEST, and what a model says of each: prints tables.

    .venv-mpi/bin/python tools/measure_scaling.py                         # needs `make nest-mpi` and mpirun
    .venv-mpi/bin/python tools/measure_scaling.py --hidden 400 1600 --on 1x1 2x1 --repeats 1

400-HIDDEN-10 learns the first samples of MNIST 20x20 in the compact form with the compiled synapse, nothing recorded,
on n processes of t threads (NxT), all points in turn; of its repeats each has the fastest.  PYNN_BACKPROP_DATA may name
a folder that holds MNIST.  All must end with the weights of the rule.

The model has constants measured in the same run (docs/scaling.md): silent networks say what a step and a neuron cost
and what an exchange adds to a step; the smallest and the largest hidden layer on one process say what a spike and an
event cost.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

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
BYTES_A_SPIKE = 8
"""Of NEST's ``SpikeData``: thread, synapse type, place among the connections and lag, in 64 bits."""


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


def learn(hidden: int, threads: int, samples: int) -> dict[str, Any]:
    """Train; seconds to build, ms a sample, and MB of each process before and after."""
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
    found = network.weights()
    network.close()
    rule = Rule(weights)
    rule.train(x, labels)
    if any((found[name] != matrix).any() for name, matrix in rule.weights().items()):
        raise EqualityError("the weights are not those of the rule")
    return {"build": built, "ms": 1e3 * seconds / samples, "before": before, "memory": max(memory)}


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


# --- what starts it


@dataclass(frozen=True)
class Work:
    """What a sample makes the simulator do, counted in the circuit step by step.

    Parameters
    ----------
    steps, neurons : int
        Of a cycle; of the network.
    spikes, events : float
        Spikes a sample, and the synapses that they reach.
    synapses : int
        Of the network.
    """

    steps: int
    neurons: int
    spikes: float
    events: float
    synapses: int

    @classmethod
    def of(cls, hidden: int, samples: int) -> Work:
        """Count them."""
        circuit, weights, x, labels = lesson(hidden, samples)
        steps = StepSimulator(circuit, weights)
        steps.train(x[:WARM_UP], labels[:WARM_UP])
        steps.take_spikes()
        steps.train(x[WARM_UP:], labels[WARM_UP:])
        fired = {name: len(table) / samples for name, table in steps.take_spikes().items()}
        reached = [fired[p.pre] * circuit.synapses(p) / circuit[p.pre].size for p in circuit.projections]
        count = circuit.count()
        return cls(circuit.schedule.length, count.neurons, sum(fired.values()), sum(reached), count.synapses)


@dataclass(frozen=True)
class Model:
    """What a sample takes on n processes of t threads.

    Parameters
    ----------
    step : dict of (int, int) to float
        ns of a step with nothing in it, by processes and threads; more than on one are exchanges and waiting.
    neuron, spike, event : float
        ns of a neuron in a step, of a spike on each thread that it comes to, and of a synapse that it reaches.
    """

    step: dict[tuple[int, int], float]
    neuron: float
    spike: float
    event: float

    def ms(self, work: Work, n: int, t: int, step: float | None = None) -> float:
        """Of a sample; neurons and events are shared out, steps and spikes are everybody's."""
        each = self.step[n, t] if step is None else step
        shared = work.steps * work.neurons * self.neuron + work.events * self.event
        return (work.steps * each + work.spikes * self.spike + shared / (n * t)) / 1e6


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


def fastest(repeats: int, key: str, n: int, *arguments: object) -> dict[str, Any]:
    """The measurement with the smallest value, since other programs only add."""
    return min((run(n, *arguments) for _ in range(repeats)), key=lambda found: float(found[key]))


def fitted(on: Sequence[tuple[int, int]], works: dict[int, Work], points: dict[Any, Any], repeats: int) -> Model:
    """The model with constants of this machine."""
    step = {}
    few, many = SILENT_NEURONS
    ns = {size: fastest(repeats, "ns", 1, "silent", size, 1)["ns"] for size in SILENT_NEURONS}
    neuron = (ns[many] - ns[few]) / (many - few)
    for n, t in on:
        found = ns[few] if (n, t) == (1, 1) else fastest(repeats, "ns", n, "silent", few, t)["ns"]
        step[n, t] = found - few * neuron / (n * t)
    ends = [min(works), max(works)]
    rows = [(works[hidden].spikes, works[hidden].events) for hidden in ends]
    left = [
        1e6 * points[hidden, 1, 1]["ms"] - works[hidden].steps * (step[1, 1] + works[hidden].neurons * neuron)
        for hidden in ends
    ]
    spike, event = np.linalg.solve(np.array(rows), np.array(left))
    return Model(step, neuron, float(spike), float(event))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hidden", nargs="+", type=int, default=[400, 1600, 6400])
    parser.add_argument("--on", nargs="+", default=["1x1", "2x1", "1x2", "2x2"], metavar="NxT")
    parser.add_argument("--samples", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--inside", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.inside:
        what, *numbers = options.inside
        found = {"learn": learn, "silent": silent}[what](*map(int, numbers))
        if world().rank == 0:
            print(json.dumps(found))
        return
    on = [tuple(map(int, point.split("x"))) for point in options.on]
    works = {hidden: Work.of(hidden, options.samples) for hidden in options.hidden}
    points: dict[Any, Any] = {}
    for _ in range(options.repeats):
        for hidden in options.hidden:
            for n, t in on:
                found = run(n, "learn", hidden, t, options.samples)
                best = points.setdefault((hidden, n, t), found)
                best.update(ms=min(best["ms"], found["ms"]), build=min(best["build"], found["build"]))
    report(fitted(on, works, points, options.repeats), works, points)


def report(model: Model, works: dict[int, Work], points: dict[Any, Any]) -> None:
    """Print constants, what was measured, and what the model says of it and of more processes."""
    print(f"neuron {model.neuron:.1f} ns, spike {model.spike:.0f} ns, event {model.event:.2f} ns")
    for (n, t), ns in model.step.items():
        print(f"step on {n} x {t}: {ns / 1e3:.1f} us")
    print("hidden  on     build s  ms a sample   model  of measured   MB before  MB a process  bytes a synapse")
    for (hidden, n, t), found in points.items():
        work, ms = works[hidden], model.ms(works[hidden], n, t)
        each = 1e6 * (found["memory"] - found["before"]) * n / work.synapses
        print(
            f"{hidden:6}  {n}x{t}  {found['build']:9.2f}  {found['ms']:11.2f}  {ms:6.2f}  {ms / found['ms']:11.2f}"
            f"  {found['before']:10.0f}  {found['memory']:12.0f}  {each:15.0f}"
        )
    for hidden, work in works.items():
        volume = BYTES_A_SPIKE * work.spikes / work.steps
        print(
            f"{hidden}: {work.steps} steps, {work.neurons:,} neurons, {work.synapses:,} synapses; a sample has "
            f"{work.spikes:,.0f} spikes and {work.events:,.0f} events, {volume:,.0f} bytes of spikes a step and process"
        )


if __name__ == "__main__":
    main()
