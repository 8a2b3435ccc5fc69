"""
9. Extend it
============

A simulator, a code, a circuit, a benchmark case: each is one file, anywhere on your disk. Here a code and a circuit
are made in a few lines, and run on every platform at once, because a circuit is data.
"""

# %%
# A code
# ------
# How a number becomes spikes: here n neurons that all do the same. What a subclass does not say is that of its
# parent, and the rule and the circuit ask it.

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from pynn_backprop import Rule, StepSimulator, initial_weights, training_circuit
from pynn_backprop.codes.graded import GradedCode


@dataclass(frozen=True)
class Repeated(GradedCode):
    kind: ClassVar[str] = "repeated"
    name = property(lambda self: f"repeated {self.n}")
    variants = property(lambda self: 1)
    arguments = lambda self: {"kind": self.kind, "n": self.n}
    from_arguments = classmethod(lambda cls, **arguments: cls(**arguments))
    rotor = lambda self, population, slope, centred: None

    def levels(self, population, units, cycles):
        middle = 0 if population.endswith("T") else self.n // 2
        return np.full((len(cycles), units * self.n), middle, np.int32)


code = Repeated(5)
circuit = training_circuit((4, 3), code=code)
print(circuit.count())

# %%
# Rule and circuit, held against each other
# -----------------------------------------
# The rule is ten lines of arithmetic, the step simulator runs every spike. They know nothing of each other.

weights = initial_weights(circuit.units, seed=0, parameters=circuit.parameters, code=code)
random = np.random.default_rng(0)
x, labels = code.fire(random.integers(0, 2, (50, 4))), random.integers(0, 3, 50)
rule, steps = Rule(weights, circuit.parameters, code), StepSimulator(circuit, weights)
rule.train(x, labels)
steps.train(x, labels)
print("equal weights:", np.array_equal(rule.weights()["W1"], steps.weights()["W1"]))
print("changed:", int((rule.weights()["W1"] != weights["W1"]).sum()), "of", weights["W1"].size)

# %%
# A circuit
# ---------
# ``Builder`` has the pieces: sources, populations that gates open in a phase, one-to-one copies. This one asks
# whether anything fires at all.

from pynn_backprop.circuit.builder import Builder
from pynn_backprop.circuit.chain import ChainSchedule
from pynn_backprop.circuit.connectivity import AllToAll
from pynn_backprop.circuit.parameters import Parameters
from pynn_backprop.circuit.parts import Projection
from pynn_backprop.codes.binary import Binary


def any_circuit(units):
    build = Builder((units,), ChainSchedule(1), Parameters(), Binary())
    build.source("input", units, 0)
    build.source("start", 1, None, build.schedule.length - 1)
    build.add("x", units, "data", 0, [1])
    build.add("any", 1, "data", 1, [2])
    build.one_to_one("input", "x", build.strength.chain, 1)
    build.projections.append(Projection("x", "any", AllToAll(), 1, build.strength.chain))
    return build.circuit()


samples = np.array([[False, False, False], [False, True, True], [True, False, False]])
from pynn_backprop.platforms import get_platform

for name in ("reference", "nest", "lava"):
    running = get_platform(name).build(any_circuit(3), {}, record=["any"])
    running.show({"input": samples})
    print(name, running.take_spikes()["any"].tolist())
    running.close()

# %%
# :doc:`/extending` has these and the others as templates of at most 20 lines, each run by a test.
