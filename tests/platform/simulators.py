"""Runs a test on every installed simulator, in each of its configurations; one that is missing skips, and says why."""

from __future__ import annotations

import functools
import os
import shutil

import pytest

from hardware.lava.engines.installed import require_lava
from pynn_backprop.errors import PlatformError
from pynn_backprop.interfaces import Options
from pynn_backprop.platforms import PyNNPlatform, get_platform
from pynn_backprop.simulation.backends.registry import load_simulator

SIMULATORS = ("nest", "brian2", "lava")
"""Those that the package knows, the quickest to compare with first."""

CONFIGURATIONS = {
    "nest:compiled": Options(variant="compiled"),
    "nest:compiled, fused": Options(variant="compiled", layout="fused"),
    "nest:compiled, 2 threads": Options(variant="compiled", threads=2),
    "nest:dopamine": Options(variant="dopamine"),
    "nest:dopamine, 2 threads": Options(variant="dopamine", threads=2),
    "brian2:numpy": Options(variant="numpy"),
    "brian2:cython": Options(variant="cython"),
    "brian2:numpy, separate": Options(variant="numpy", layout="separate"),
    "lava:emulator": Options(variant="emulator"),
    "lava:fast": Options(variant="fast"),
    "lava:stock": Options(variant="stock"),
}
"""Name of the simulator, a colon, and whatever tells a configuration from the others."""

OTHERS = ("nest:compiled, fused", "nest:compiled, 2 threads", "nest:dopamine, 2 threads")
"""For tests that name them: what they change is how a network is laid out and distributed."""

SLOW = ("brian2:numpy, separate", "lava:stock")
"""Many times slower than the others: only for tests that name it."""

COMPILED_ANEW = ("brian2:cython",)
"""Where every other circuit is other code, which takes half a minute to compile; of two matrices there is enough."""

ONE_EACH = ("nest:compiled", "brian2:numpy", "lava:emulator")
"""One configuration of each simulator, for what does not depend on the rest."""

NUMPY = ("brian2:numpy",)
"""A network on it takes some seconds: where NEST and Lava show the same, it is for `make test-all`."""

NEEDS_COMPILER = ("compiled", "cython")

NEEDS_LAVA = ("fast", "stock")
"""Engines of hardware.lava that lava-nc runs."""


def run_with_simulators(*names: str, slow: tuple[str, ...] = ()) -> pytest.MarkDecorator:
    """Give the test a `platform` in each of these configurations, or in one for each variant if none is named.

    Those in `slow` are for `make test-all`.
    """
    chosen = names or tuple(name for name in CONFIGURATIONS if name not in (*OTHERS, *SLOW))
    marked = [pytest.param(name, marks=[pytest.mark.slow] if name in slow else []) for name in chosen]
    return pytest.mark.parametrize("platform", marked, indirect=True)


@functools.cache
def _why_not(simulator: str) -> str | None:
    try:
        load_simulator(simulator)
    except PlatformError as error:
        return str(error)
    return None


def platform_of(name: str) -> PyNNPlatform:
    """The platform of this configuration; skips the test where it can't be had."""
    simulator, options = name.split(":")[0], CONFIGURATIONS[name]
    reason = _why_not(simulator)
    if reason is None and options.variant in NEEDS_COMPILER and not has_compiler():
        reason = "there is no C++ compiler"
    if reason is None and options.variant in NEEDS_LAVA:
        reason = _why_no_lava()
    if reason is not None:
        pytest.skip(reason)
    platform = get_platform(simulator, options)
    assert isinstance(platform, PyNNPlatform)
    return platform


def _why_no_lava() -> str | None:
    try:
        require_lava()
    except PlatformError as error:
        return str(error)
    return None


def has_compiler() -> bool:
    """Whether code can be compiled here."""
    return shutil.which(os.environ.get("CXX", "g++")) is not None


def skip_unless_installed(simulator: str) -> None:
    """For a module of tests that are about this simulator alone."""
    reason = _why_not(simulator)
    if reason is not None:
        pytest.skip(reason, allow_module_level=True)


def skip_without_lava() -> None:
    """For a module of tests that are about the engines that are made of Lava's processes."""
    reason = _why_no_lava()
    if reason is not None:
        pytest.skip(reason, allow_module_level=True)
