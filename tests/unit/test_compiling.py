"""What compiles says so, once, and is not taken for the time of samples."""

from __future__ import annotations

import logging
import subprocess
import sys

import numpy as np
import pytest

from pynn_backprop import initial_weights, training_circuit
from pynn_backprop.circuit.inference import inference_circuit
from pynn_backprop.platforms import ReferencePlatform
from pynn_backprop.simulation.backends.brian2_code import announced

PROGRAM = """
import logging
import numpy as np
from pynn_backprop.compiled import compiled

def twice(x):
    return 2 * x

def other(x):
    return 3 * x

twice.__module__ = other.__module__ = "pynn_backprop.somewhere"
logging.basicConfig(format="%(name)s: %(message)s")
twice = compiled(twice)
print("made")
print(twice(np.arange(3)), twice(np.ones(2)), compiled(other)(1))
"""


def test_the_first_kernel_that_is_compiled_is_announced(tmp_path):
    (tmp_path / "program.py").write_text(PROGRAM)
    done = subprocess.run([sys.executable, "program.py"], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "made\n[0 2 4] [2. 2.] 3\n", done.stderr
    assert done.stderr == "pynn_backprop.compiled: compiling the rule and the circuit's steps, once, about 20 s\n"


@pytest.mark.parametrize("variant", ["rule", "steps"])
@pytest.mark.parametrize("make", [training_circuit, inference_circuit])
def test_a_running_reference_is_compiled_and_the_same_as_if_it_were_not(variant, make):
    circuit = make((4, 3, 2))
    weights, x = initial_weights(circuit.neurons, 0), np.random.default_rng(0).random((5, 4)) < 0.5
    built = ReferencePlatform(variant).build(circuit, weights)
    made = type(built)(circuit, weights) if variant == "steps" else type(built)(weights, circuit.parameters)
    one, other = (
        each.train(x, np.arange(5) % 2) if make is training_circuit else each.infer(x) for each in (built, made)
    )
    np.testing.assert_array_equal(one.outputs, other.outputs)
    np.testing.assert_array_equal(one.potentials, other.potentials)
    for name, matrix in made.weights().items():
        np.testing.assert_array_equal(built.weights()[name], matrix)


def test_code_of_brian2_is_announced_once_a_machine(caplog, monkeypatch, tmp_path):
    pytest.importorskip("brian2")
    monkeypatch.setenv("PYNN_BACKPROP_CACHE", str(tmp_path))
    (tmp_path / "brian2").mkdir()
    with caplog.at_level(logging.WARNING):
        for code in ("a", "a", "b"):
            with announced(code):
                pass
        with pytest.raises(KeyboardInterrupt), announced("c"):
            raise KeyboardInterrupt
        with announced("c"):
            pass
    assert caplog.messages == ["compiling for Brian2, once, about 30 s"] * 4
