"""What is Brian2's own: code generation, its cache, its logs and its names."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pytest
from scenarios import equality
from scenarios.cases import random_case
from simulators import has_compiler, skip_unless_installed

from pynn_backprop.circuit.training import training_circuit
from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.files import read_npz
from pynn_backprop.interfaces import Options
from pynn_backprop.platforms import get_platform
from pynn_backprop.runs.config import RunConfig
from pynn_backprop.runs.folder import CHECKPOINT
from pynn_backprop.runs.opening import resume, start
from pynn_backprop.simulation.backends.brian2_code import why_no_cython
from pynn_backprop.simulation.backends.common import warn_once

skip_unless_installed("brian2")

needs_compiler = pytest.mark.skipif(not has_compiler(), reason="there is no C++ compiler")
CASE = random_case((30, 4), 40)
TINY = """
import sys
hook, filters = sys.excepthook, len(sys.path)
from pynn_backprop.simulation.backends.registry import load_simulator
load_simulator("brian2")
import logging, os, tempfile, warnings
assert sys.excepthook is hook
assert os.listdir(tempfile.gettempdir()) == [], os.listdir(tempfile.gettempdir())
warnings.warn("a warning of the user's")
"""


# --- what is refused


def test_an_unknown_variant_is_refused():
    with pytest.raises(InputError, match="variant is 'cpp' but must be one of auto, cython, numpy"):
        get_platform("brian2", Options(variant="cpp"))


def test_more_than_one_thread_is_refused():
    with pytest.raises(InputError, match="threads is 2 but must be 1 on Brian2"):
        get_platform("brian2", Options(threads=2))


# --- compiled code


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache, and no memory of what could be compiled."""
    monkeypatch.setenv("PYNN_BACKPROP_CACHE", str(tmp_path / "cache"))
    for function in (why_no_cython, warn_once):
        function.cache_clear()
    yield tmp_path / "cache"
    for function in (why_no_cython, warn_once):
        function.cache_clear()


@pytest.mark.slow
@needs_compiler
def test_compiled_code_goes_to_the_package_s_own_cache(cache):
    """In a process of its own: what this one has compiled it does not compile again."""
    train = ("train", "brian2", "--variant", "cython", "--hidden", "4", "--samples", "2", "--test-samples", "2")
    command = [sys.executable, "-m", "pynn_backprop", *train, "--epochs", "1", "--out", str(cache.parent / "run")]
    subprocess.run(command, check=True, capture_output=True, timeout=600)
    assert len(list((cache / "brian2").glob("*.so"))) > 5


@needs_compiler
def test_compiled_code_is_the_default():
    platform = get_platform("brian2")
    platform.build(training_circuit((30, 20, 4)), weights()).close()
    assert platform.describe()["variant"] == "cython"


@needs_compiler
def test_the_next_network_is_not_compiled_anew():
    """Names of Brian2's objects are in the code, and must not depend on what is still held of earlier networks."""
    names, held = [], []
    for _ in range(3):
        network = get_platform("brian2", Options(variant="numpy")).build(
            training_circuit(CASE.layer_sizes), CASE.weights, ["o"]
        )
        network.train(CASE.x, CASE.labels)
        names.append(sorted(item.name for item in brian2_network().sorted_objects))
        held.append((network, brian2_network().sorted_objects))
        network.close()
    assert names[0] == names[1] == names[2]


def brian2_network():
    from pyNN.brian2.simulator import state

    return state.network


def test_without_a_compiler_numpy_does_it_with_a_warning(cache, tmp_path, monkeypatch):
    failing = tmp_path / "c++"
    failing.write_text("#!/bin/sh\necho no such thing >&2\nexit 1\n")
    failing.chmod(0o755)
    for name in ("CC", "CXX"):
        monkeypatch.setenv(name, str(failing))
    platform = get_platform("brian2")
    with pytest.warns(UserWarning, match="Brian2 runs with numpy code"):
        equality.weights_equal_the_oracle(platform, CASE, n_chunks=1)
    assert platform.describe()["variant"] == "numpy"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        platform.build(training_circuit(CASE.layer_sizes), CASE.weights).close()
    assert [str(warning.message) for warning in caught if "numpy code" in str(warning.message)] == []
    with pytest.raises(PlatformError, match="cython code can't be had"):
        get_platform("brian2", Options(variant="cython")).build(training_circuit(CASE.layer_sizes), CASE.weights)


def test_a_cache_that_can_not_be_written_is_named(cache):
    cache.write_text("a file, where the folder should be")
    with pytest.raises(PlatformError, match=r"cache.* can't be written"):
        get_platform("brian2", Options(variant="cython")).build(training_circuit(CASE.layer_sizes), CASE.weights)


# --- what is left behind


def test_importing_leaves_no_file_and_no_hook(tmp_path):
    done = subprocess.run(
        [sys.executable, "-c", TINY],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert "UserWarning: a warning of the user's" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_no_file_is_left_in_the_temporary_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    equality.weights_equal_the_oracle(get_platform("brian2"), random_case((30, 20, 4), 40), n_chunks=2)
    assert list(tmp_path.iterdir()) == []


# --- a whole run


@pytest.mark.slow
def test_an_interrupted_run_is_resumed_to_the_same_weights(tmp_path):
    config = RunConfig(
        "brian2", variant="numpy", hidden=20, samples=120, test_samples=20, epochs=2, checkpoint_every=60, record=("o",)
    )
    whole = tmp_path / "whole"
    assert start(config, whole).train()
    part = tmp_path / "part"
    assert not start(config, part).train(interrupted=Once())
    assert resume(part).train()
    one, other = (read_npz(folder / CHECKPOINT) for folder in (whole, part))
    for name in set(one) - {"seconds", "sums"}:
        np.testing.assert_array_equal(one[name], other[name], err_msg=name)
    assert {"W1", "W2", "shown"} < set(one)


class Once:
    """Says True after the first run."""

    asked = 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.asked > 1


def test_cython_modules_are_few(tmp_path: Path) -> None:
    """The layout keeps the number of things to compile small: it is what the first run waits for."""
    network = get_platform("brian2", Options(variant="numpy")).build(training_circuit((30, 20, 4)), weights())
    try:
        network.train(np.ones((1, 30), bool), np.zeros(1, int))
        assert len(brian2_network().objects) < 12
    finally:
        network.close()


def weights():
    return random_case((30, 20, 4), 1).weights
