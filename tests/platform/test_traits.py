"""The traits of every backend against the installed simulator: a release that changes one fails the test naming it."""

from __future__ import annotations

import functools
import inspect
import re
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from scenarios import traits
from scenarios.cases import Case, image_case
from simulators import NEEDS_COMPILER, NEEDS_LAVA, SIMULATORS, has_compiler, skip_unless_installed, skip_without_lava

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.interfaces import LAYOUTS, Options
from pynn_backprop.platforms import PyNNPlatform, get_platform
from pynn_backprop.simulation.backends.registry import find_backend

QUICK = {"nest": "dopamine", "brian2": "numpy", "lava": "emulator"}
"""The variant with which a simulator is ready soonest, for what does not depend on it."""

FASTEST = {"nest": "compiled", "brian2": "cython", "lava": "emulator"}
"""The variant for which a run's fixed cost counts most."""

BY_VARIANT = "update_visible_after"
SIMPLE = sorted(set(traits.MEASURES) - {BY_VARIANT})
COMPILES_LONG = "cython"
"""Takes a minute or two to compile even four neurons."""

VARIANTS = [
    pytest.param(simulator, variant, marks=[pytest.mark.slow] if variant == COMPILES_LONG else [])
    for simulator in SIMULATORS
    for variant in find_backend(simulator).traits.update_visible_after
]
FILES = {
    "nest": "pynn_backprop/simulation/backends/nest.py",
    "brian2": "pynn_backprop/simulation/backends/brian2.py",
    "lava": "hardware/lava/backend.py",
}
ROOT = Path(__file__).resolve().parents[2]
NOISE = 0.25
"""By which share two times of equal work may differ on a busy machine."""


@functools.cache
def platform_with(simulator: str, variant: str, layout: str = "auto") -> PyNNPlatform:
    """One object for all tests, so that what is measured together is measured once; skips what can't be had."""
    skip_unless_installed(simulator)
    if variant in NEEDS_COMPILER and not has_compiler():
        pytest.skip("there is no C++ compiler")
    if variant in NEEDS_LAVA:
        skip_without_lava()
    platform = get_platform(simulator, Options(variant=variant, layout=layout))
    assert isinstance(platform, PyNNPlatform)
    return platform


def file_of(platform: PyNNPlatform) -> str:
    """Where the backend says what its traits are, from the root of the project."""
    return Path(inspect.getfile(type(platform.backend))).relative_to(ROOT).as_posix()


def check(trait: str, platform: PyNNPlatform, said: Any) -> None:
    """Measure a trait and compare it with what the backend says."""
    measured = traits.MEASURES[trait](platform)
    same = measured == pytest.approx(said, rel=1e-9) if isinstance(said, float) else measured == said
    assert same, (
        f"the trait {trait!r} of {platform.backend.traits.simulator} is {said!r} in {file_of(platform)}, but "
        f"{measured!r} was measured ({platform.describe()}): correct it there, and whatever relies on it"
    )


@pytest.mark.parametrize("trait", SIMPLE)
@pytest.mark.parametrize("simulator", SIMULATORS)
def test_the_simulator_has_the_trait_that_its_backend_says(simulator, trait):
    platform = platform_with(simulator, QUICK[simulator])
    check(trait, platform, getattr(platform.backend.traits, trait))


@pytest.mark.parametrize(("simulator", "variant"), VARIANTS)
def test_a_changed_weight_is_handed_on_when_the_backend_says(simulator, variant):
    platform = platform_with(simulator, variant)
    check(BY_VARIANT, platform, platform.backend.traits.update_visible_after[variant])


@pytest.mark.parametrize(("simulator", "file"), FILES.items())
def test_a_trait_that_differs_is_reported_with_the_file_of_the_backend(simulator, file):
    platform = platform_with(simulator, QUICK[simulator])
    with pytest.raises(
        AssertionError, match=rf"'delay_offset' of \w+ is 7 in {re.escape(file)}, but -?\d was measured"
    ):
        check("delay_offset", platform, 7)


@pytest.mark.parametrize("simulator", SIMULATORS)
def test_the_variants_that_are_measured_here_exist(simulator):
    assert {QUICK[simulator], FASTEST[simulator]} <= set(find_backend(simulator).variants)


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
        f"the trait 'samples_per_run' of {platform.backend.traits.simulator} is {n}, but the fixed cost of a run is "
        f"{fixed:.3f} of {long:.3f} s: a longer run would be better"
    )


@pytest.mark.slow
@pytest.mark.parametrize("simulator", SIMULATORS)
def test_the_other_layout_is_not_faster(simulator, images):
    case, chosen = image_case(*images), platform_with(simulator, QUICK[simulator]).backend.traits.layout
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
        f"the trait 'layout' of {simulator} is {chosen!r}, but 50 samples take {medians}"
    )
