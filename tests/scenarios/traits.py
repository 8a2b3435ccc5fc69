"""Measures every one of :class:`pynn_backprop.interfaces.Traits`, by a few neurons in plain PyNN.

Each function takes a platform and returns what the installed simulator does, to be compared with what its backend says.
Where a measurement would mean nothing (nothing fires at all), it raises an AssertionError.
"""

from __future__ import annotations

import functools
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from pyNN.errors import ConnectionError
from pyNN.parameters import Sequence

from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.interfaces import LONG, Session
from pynn_backprop.platforms import PyNNPlatform

FORGETFUL = {"v_rest": 0.0, "v_reset": 0.0, "tau_m": 0.001, "tau_refrac": 0.0, "cm": 1.0, "i_offset": 0.0}
"""Nothing is left of the potential after a step of 1 ms."""

DELAY = 3.0
LONGEST = 5.0
START = 10.0
"""When a source fires, in ms."""

NEVER = 2000.5
"""A threshold that nothing here reaches."""

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def session(platform: PyNNPlatform) -> Iterator[Session]:
    """The simulator, set up and mended by the backend; ended in any case."""
    opened = platform.backend.open(platform.sim, platform.options, LONGEST)
    try:
        yield opened
    finally:
        platform.sim.end()


@contextmanager
def simulation(platform: PyNNPlatform) -> Iterator[Any]:
    """The PyNN module of a session."""
    with session(platform):
        yield platform.sim


def neurons(sim: Any, n: int, v_thresh: Any = NEVER, **others: Any) -> Any:
    """A Population of memoryless neurons."""
    return sim.Population(n, sim.IF_curr_delta(**{**FORGETFUL, "v_thresh": v_thresh, **others}))


def source(sim: Any, *times: float) -> Any:
    """One SpikeSourceArray that fires at these times in ms."""
    return sim.Population(1, sim.SpikeSourceArray(spike_times=list(times)))


def connect(sim: Any, pre: Any, post: Any, weight: float = 8.0, one_to_one: bool = False) -> Any:
    """A static Projection with PyNN's own connector and synapse type."""
    connector = sim.OneToOneConnector() if one_to_one else sim.AllToAllConnector()
    return sim.Projection(
        pre, post, connector, sim.StaticSynapse(weight=weight, delay=DELAY), receptor_type="excitatory"
    )


def spikes(population: Any) -> list[list[int]]:
    """Steps in which each neuron fired, by PyNN's ``get_data``."""
    trains = population.get_data("spikes").segments[0].spiketrains
    return [np.rint(train.times.rescale("ms").magnitude).astype(int).tolist() for train in trains]


def potentials(population: Any) -> dict[int, float]:
    """What was recorded of the first neuron that is not 0, in mV, by the step of its time stamp."""
    signal = population.get_data("v").segments[0].filter(name="v")[0]
    steps = np.rint(signal.times.rescale("ms").magnitude).astype(int)
    values = signal.rescale("mV").magnitude[:, 0]
    # The first sample is PyNN's initial value, whatever the neuron does.
    return {int(steps[k]): float(values[k]) for k in np.flatnonzero(values) if k > 0}


# --- as shipped

SHIPPED = """
import json, sys, warnings
warnings.simplefilter("ignore")
from pynn_backprop.interfaces import Options
from pynn_backprop.simulation.backends.registry import for_simulator, load_simulator
sim = load_simulator(sys.argv[1])
for_simulator(sim).open(sim, Options(variant=sys.argv[2]), 5.0, mended=False)
source = sim.Population(1, sim.SpikeSourceArray(spike_times=[10.0]))
cell = sim.IF_curr_delta(
    v_rest=0.0, v_reset=0.0, v_thresh=5.5, tau_m=0.001, tau_refrac=0.0, cm=1.0, i_offset=0.0
)
neuron = sim.Population(1, cell)
sim.Projection(source, neuron, sim.AllToAllConnector(), sim.StaticSynapse(weight=8.0, delay=3.0))
source.record("spikes")
neuron.record("spikes")
if sys.argv[3] == "v":
    neuron.record("v")
sim.run(20.0)
fired = [len(population.get_data("spikes").segments[0].spiketrains[0]) for population in (source, neuron)]
signals = [s.name for s in neuron.get_data().segments[0].analogsignals]
sim.end()
print(json.dumps([fired, signals]))
"""
"""A source, a neuron, and nothing that our backend mends after ``sim.setup``."""


def run_apart(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script in an interpreter of its own, where no backend of ours has mended anything yet."""
    command = [sys.executable, "-c", script, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=ROOT)


@functools.cache
def _shipped(platform: PyNNPlatform, record: str) -> tuple[list[int], list[str]] | None:
    """How often source and neuron fired, and which signals there are; None if the script fails."""
    done = run_apart(SHIPPED, platform.name, platform.options.variant, record)
    if done.returncode:
        return None
    fired, signals = json.loads(done.stdout.splitlines()[-1])
    return fired, signals


def measure_fires_as_shipped(platform: PyNNPlatform) -> bool:
    """A source's spike of more than the threshold: does the neuron fire?"""
    found = _shipped(platform, "v") or _shipped(platform, "spikes")
    assert found is not None
    (of_source, of_neuron), _ = found
    assert of_source == 1
    return of_neuron == 1


def measure_records_v_as_shipped(platform: PyNNPlatform) -> bool:
    """The same with ``record('v')``, which may raise; without it the script must work."""
    found = _shipped(platform, "v")
    if found is None:
        assert _shipped(platform, "spikes") is not None
        return False
    return found[1] == ["v"]


# --- time


def measure_delay_offset(platform: PyNNPlatform) -> int:
    """From a source to a neuron and on to another neuron, by the time stamps of their spikes."""
    with simulation(platform) as sim:
        chain = [source(sim, 10.0), neurons(sim, 1, 5.5), neurons(sim, 1, 5.5)]
        for pre, post in pairwise(chain):
            connect(sim, pre, post)
        for population in chain:
            population.record("spikes")
        sim.run(30.0)
        steps = [spikes(population)[0] for population in chain]
    assert [len(fired) for fired in steps] == [1, 1, 1], steps
    first, second, third = (fired[0] for fired in steps)
    assert second - first == third - second, steps
    return int(DELAY) - (second - first)


def measure_earliest_source_step(platform: PyNNPlatform) -> int:
    """Sources set in a pause between two runs to fire 0, 1, 2, ... steps after it: which come, and act, in time?"""
    n, now = 8, 20
    with simulation(platform) as sim:
        sources = sim.Population(n, sim.SpikeSourceArray(spike_times=[Sequence([]) for _ in range(n)]))
        targets = neurons(sim, n, 5.5)
        connect(sim, sources, targets, one_to_one=True)
        sources.record("spikes")
        targets.record("spikes")
        sim.run(float(now))
        sources.set(spike_times=[Sequence([float(now + k)]) for k in range(n)])
        sim.run(20.0)
        fired, acted = spikes(sources), spikes(targets)
    latency = acted[-1][0] - (now + n - 1)
    in_time = [fired[k] == [now + k] and acted[k] == [now + k + latency] for k in range(n)]
    assert in_time[-1], (fired, acted)
    return n - in_time[::-1].index(False) if False in in_time else 0


def measure_update_visible_after(platform: PyNNPlatform) -> int:
    """All three neurons fire together in step T, and the presynaptic one again in T + k: with which weight?"""
    first, apart, most, eta, weight = 20, 10, 4, 2.0, 10.0
    together = [first + apart * k for k in range(most)]
    again = [step + k for k, step in enumerate(together, 1)]
    latency = int(DELAY) - platform.backend.traits.delay_offset
    one_step = 1.0 + platform.backend.traits.delay_offset
    with session(platform) as opened:
        sim = platform.sim
        fires = {"pre": sorted(together + again), "post": together, "r": together}
        cells = {}
        for name, steps in fires.items():
            cells[name] = neurons(sim, 1, 1000.5)
            connect(sim, source(sim, *(step - latency for step in steps)), cells[name], 2000.0)
            cells[name].record("spikes")
        synapse = opened.hebbian_synapse(cells["r"], weight=weight, delay=one_step, eta=eta, w_max=254.0)
        sim.Projection(cells["pre"], cells["post"], sim.AllToAllConnector(), synapse, receptor_type="excitatory")
        cells["post"].record("v")
        sim.run(float(together[-1] + apart))
        assert {name: spikes(cell) for name, cell in cells.items()} == {k: [v] for k, v in fires.items()}
        handed_on = potentials(cells["post"])
    changed = [handed_on[step + 1] == weight + eta * k for k, step in enumerate(again, 1)]
    assert changed[-1], handed_on
    return most + 1 - [*changed[::-1], False].index(False)


# --- the neuron


def measure_threshold_is_strict(platform: PyNNPlatform) -> bool:
    """Thresholds just below, at and above an input of 8 mV."""
    with simulation(platform) as sim:
        targets = neurons(sim, 3, [7.0, 8.0, 9.0])
        connect(sim, source(sim, 10.0), targets)
        targets.record("spikes")
        sim.run(20.0)
        below, equal, above = (len(fired) for fired in spikes(targets))
    assert (below, above) == (1, 0)
    return equal == 0


def measure_shows_v_that_fires(platform: PyNNPlatform) -> bool:
    """Two neurons with the same input: the recorded potential of the one that fires, where the other shows 8 mV."""
    with simulation(platform) as sim:
        silent, firing = neurons(sim, 1), neurons(sim, 1, 5.5)
        origin = source(sim, 10.0)
        for target in (silent, firing):
            connect(sim, origin, target)
            target.record(["spikes", "v"])
        sim.run(20.0)
        (step,) = spikes(firing)[0]
        seen, of_firing = potentials(silent), potentials(firing)
    assert list(seen) == [step], "the time stamp of a potential must be that of the spike that it makes"
    return bool(np.isclose(of_firing.get(step, 0.0), seen[step]))


def measure_refractory_may_differ(platform: PyNNPlatform) -> bool:
    """Two neurons of a Population that would fire in every step, one of them blocked for two steps after a spike."""
    try:
        with simulation(platform) as sim:
            free, blocked = _with_refractory_times(sim, [0.0, 2.0])
    except Exception:  # each simulator has its own
        with simulation(platform) as sim:
            free, same = _with_refractory_times(sim, [0.0, 0.0])
        assert free == same > 1
        return False
    assert free > blocked > 1
    return True


def _with_refractory_times(sim: Any, times: list[float]) -> tuple[int, int]:
    cells = neurons(sim, 2, 0.5, v_rest=1.0, tau_refrac=times)
    cells.record("spikes")
    sim.run(12.0)
    first, second = (len(fired) for fired in spikes(cells))
    return first, second


# --- weights


@functools.cache
def weight_scales(platform: PyNNPlatform) -> tuple[float, float, float]:
    """Created, get, set; see Traits."""
    with simulation(platform) as sim:
        target = neurons(sim, 1)
        projection = connect(sim, source(sim, 10.0, 30.0), target, weight=1.0)
        target.record("v")
        sim.run(20.0)
        answered = float(projection.get("weight", format="array")[0, 0])
        projection.set(weight=1.0)
        sim.run(20.0)
        created, changed = (value for _, value in sorted(potentials(target).items()))
    return created, answered / created, changed


def measure_weight_scale_created(platform: PyNNPlatform) -> float:
    """How much a weight of 1 mV raises the potential."""
    return weight_scales(platform)[0]


def measure_weight_scale_get(platform: PyNNPlatform) -> float:
    """What is answered for each mV that acts."""
    return weight_scales(platform)[1]


def measure_weight_scale_set(platform: PyNNPlatform) -> float:
    """How much a weight raises the potential after it was set to 1 mV."""
    return weight_scales(platform)[2]


def measure_mixed_signs_accepted(platform: PyNNPlatform) -> bool:
    """Two synapses on one neuron, of 1 and -1 mV."""
    with simulation(platform) as sim:
        pre, post = neurons(sim, 2), neurons(sim, 1)
        weights = np.array([[1.0], [-1.0]])
        synapse = sim.StaticSynapse(weight=weights, delay=DELAY)
        try:
            sim.Projection(pre, post, sim.AllToAllConnector(), synapse, receptor_type="excitatory")
        except ConnectionError:
            return False
    return True


def measure_longest_delay(platform: PyNNPlatform) -> int:
    """The longest one with which a spike arrives; whatever is refused does not."""
    low, high = 1, LONG + 1
    if _arrives(platform, LONG):
        return LONG
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _arrives(platform, middle) else (low, middle)
    return low


def _arrives(platform: PyNNPlatform, delay: int) -> bool:
    """Whether a spike arrives after so many steps, and not before."""
    sim = platform.sim
    try:
        platform.backend.open(sim, platform.options, float(delay))
        pre, post = source(sim, START), neurons(sim, 1, v_thresh=5.5)
        post.record("spikes")
        synapse = sim.StaticSynapse(weight=8.0, delay=float(delay))
        sim.Projection(pre, post, sim.AllToAllConnector(), synapse, receptor_type="excitatory")
        sim.run(START + delay + 5.0)
        (fired,) = spikes(post)
        # Simulators count the step of arrival differently, by one.
        return len(fired) == 1 and abs(fired[0] - START - delay) <= 1
    except (InputError, PlatformError, ConnectionError, ValueError):
        return False
    finally:
        sim.end()


MEASURES: dict[str, Callable[[PyNNPlatform], Any]] = {
    name.removeprefix("measure_"): function for name, function in globals().items() if name.startswith("measure_")
}
"""By the name of the trait."""

CHOICES = {
    "simulator": "a name to show",
    "samples_per_run": "chosen by us; the cost of a run is measured by a slow test of tests/platform/test_traits.py",
    "samples_per_run_by_variant": "chosen by us, so that Ctrl-C is answered within seconds",
    "layout": "chosen by us as the faster one, which a slow test of tests/platform/test_traits.py measures",
}
"""Traits that say nothing about what the simulator does, and why they need no measurement here."""
