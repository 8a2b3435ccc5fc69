"""The table of traits against the installed simulators: a release that changes one fails the test that names it."""

from __future__ import annotations

import functools
import importlib
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from scenarios import traits
from scenarios.cases import Case, image_case
from simulators import NEEDS_COMPILER, has_compiler, skip_unless_installed

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.platforms import PyNNPlatform, get_platform
from pynn_backprop.simulation.backends import BACKENDS, SIMULATORS, Options
from pynn_backprop.simulation.backends.traits import TRAITS
from pynn_backprop.simulation.fusion import LAYOUTS

QUICK = {"nest": "dopamine", "brian2": "numpy", "lava": "fast"}
"""The variant with which a simulator is ready soonest, for what does not depend on it."""

FASTEST = {"nest": "compiled", "brian2": "cython", "lava": "fast"}
"""The variant for which a run's fixed cost counts most."""

BY_VARIANT = "update_visible_after"
SIMPLE = sorted(set(traits.MEASURES) - {BY_VARIANT})
COMPILES_LONG = "cython"
"""Takes a minute or two to compile even four neurons."""

VARIANTS = [
    pytest.param(simulator, variant, marks=[pytest.mark.slow] if variant == COMPILES_LONG else [])
    for simulator, path in SIMULATORS.items()
    for variant in TRAITS[path].update_visible_after
]
NOISE = 0.25
"""By which share two times of equal work may differ on a busy machine."""


@functools.cache
def platform_with(simulator: str, variant: str, layout: str = "auto") -> PyNNPlatform:
    """One object for all tests, so that what is measured together is measured once; skips what can't be had."""
    skip_unless_installed(simulator)
    if variant in NEEDS_COMPILER and not has_compiler():
        pytest.skip("there is no C++ compiler")
    platform = get_platform(simulator, Options(variant=variant, layout=layout))
    assert isinstance(platform, PyNNPlatform)
    return platform


def check(trait: str, platform: PyNNPlatform, in_table: Any) -> None:
    """Measure a trait and compare it with the table."""
    measured = traits.MEASURES[trait](platform)
    same = measured == pytest.approx(in_table, rel=1e-9) if isinstance(in_table, float) else measured == in_table
    simulator, versions = platform.backend.TRAITS.simulator, platform.describe()
    assert same, (
        f"the trait {trait!r} of {simulator} is {in_table!r} in pynn_backprop/simulation/backends/traits.py, but "
        f"{measured!r} was measured ({versions}): correct the table, and whatever relies on it"
    )


@pytest.mark.parametrize("trait", SIMPLE)
@pytest.mark.parametrize("simulator", SIMULATORS)
def test_the_simulator_has_the_trait_that_the_table_says(simulator, trait):
    platform = platform_with(simulator, QUICK[simulator])
    check(trait, platform, getattr(platform.backend.TRAITS, trait))


@pytest.mark.parametrize(("simulator", "variant"), VARIANTS)
def test_a_changed_weight_is_handed_on_when_the_table_says(simulator, variant):
    platform = platform_with(simulator, variant)
    check(BY_VARIANT, platform, platform.backend.TRAITS.update_visible_after[variant])


@pytest.mark.parametrize("simulator", SIMULATORS)
def test_the_table_names_every_variant(simulator):
    backend = importlib.import_module(BACKENDS[SIMULATORS[simulator]])
    assert set(backend.TRAITS.update_visible_after) == set(backend.VARIANTS) - {"auto"}
    assert {QUICK[simulator], FASTEST[simulator]} <= set(backend.VARIANTS)


# --- what was chosen for speed


def spent() -> float:
    """Seconds of processor time of this process and those that it has started."""
    own = time.process_time()
    ticks = 0
    for path in Path("/proc/self/task").glob("*/children"):
        for child in path.read_text().split():
            # After the name of the program, which may hold anything, fields 14 and 15 are user and system time.
            fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
    return own + ticks / 100


@contextmanager
def published_network(platform: PyNNPlatform, case: Case) -> Iterator[Any]:
    """400-400-10, while it learns, warmed up."""
    network = platform.build(training_circuit(case.layer_sizes, case.parameters), case.weights)
    try:
        network.train(case.x[:5], case.labels[:5])
        yield network
    finally:
        network.close()


def seconds(network: Any, case: Case, n: int) -> float:
    """Processor time for one run of n samples."""
    start = spent()
    network.train(case.x[:n], case.labels[:n])
    return spent() - start


@pytest.mark.slow
@pytest.mark.parametrize("simulator", SIMULATORS)
def test_a_run_of_the_chosen_length_is_hardly_longer_than_its_samples(simulator, images):
    """Runs of the chosen length and of a fifth of it, in turn; the line through their times gives the fixed cost."""
    case, platform = image_case(*images), platform_with(simulator, FASTEST[simulator])
    n = platform.samples_per_run
    few = n // 5
    with published_network(platform, case) as network:
        pairs = [(seconds(network, case, few), seconds(network, case, n)) for _ in range(5)]
    short, long = (statistics.median(times) for times in zip(*pairs, strict=True))
    fixed = (short * n - long * few) / (n - few)
    assert fixed < 0.15 * long, (
        f"the trait 'samples_per_run' of {platform.backend.TRAITS.simulator} is {n}, but the fixed cost of a run is "
        f"{fixed:.3f} of {long:.3f} s: a longer run would be better"
    )


@pytest.mark.slow
@pytest.mark.parametrize("simulator", SIMULATORS)
def test_the_other_layout_is_not_faster(simulator, images):
    case, chosen = image_case(*images), platform_with(simulator, QUICK[simulator]).backend.TRAITS.layout
    # Brian2's cython code would be compiled for many minutes where nothing is fused.
    variant = {"brian2": "numpy"}.get(simulator, FASTEST[simulator])
    (other,) = set(LAYOUTS) - {chosen}
    if simulator == "lava":
        pytest.skip("Lava has one layout: its engines fuse all populations themselves")
    medians = {}
    for layout in (chosen, other):
        with published_network(platform_with(simulator, variant, layout), case) as network:
            medians[layout] = statistics.median(seconds(network, case, 50) for _ in range(3))
    assert medians[chosen] < (1 + NOISE) * medians[other], (
        f"the trait 'layout' of {SIMULATORS[simulator]} is {chosen!r}, but 50 samples take {medians}"
    )
