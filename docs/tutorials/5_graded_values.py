"""
5. Graded values
================

So far a neuron was a number, 0 or 1. A *graded* unit is a population of N neurons, and its value is the share of them
that fires. The same circuit computes with these shares, and so with numbers between 0 and 1.
"""

# %%
# A value in spikes
# -----------------
# With 32 neurons a value is right to 1/64.

import numpy as np

from pynn_backprop import Graded, training_circuit

code = Graded(32)
values = np.array([[0.0, 0.1, 0.5, 0.77, 1.0]])
fires = code.fire(values)
print(fires.reshape(5, 32).sum(axis=1), "of 32 neurons fire")
print(code.counts(fires) / 32)

# %%
# The circuit
# -----------
# Four inputs, three outputs. A *rotor* lifts the neurons of a unit to levels that rotate from cycle to cycle, so that
# each has its turn and no random numbers are needed.

from pynn_backprop import plots

circuit = training_circuit((4, 3), code=code)
print(circuit.count())
plots.draw_circuit(circuit)

# %%
# A linear map
# ------------
# The network sees random values x and the targets x M. Its weights become M.

from pynn_backprop.tasks.linear_map import learn_map, random_map

matrix = random_map(0)
learnt = learn_map(matrix, code, samples=2000)
print("the map\n", matrix.round(3), "\nthe weights between units\n", learnt.learnt[-1].round(3))

# %%
from matplotlib.figure import Figure

figure = Figure(figsize=(7, 3), layout="constrained")
axes = figure.subplots()
axes.plot(learnt.shown, learnt.learnt.reshape(len(learnt.shown), -1), color="tab:blue", linewidth=1)
axes.set_xlim(0, 2200)
for value in matrix.ravel():
    axes.plot([2000, 2200], [value, value], color="black", linewidth=1)
axes.set(xlabel="samples", ylabel="weights between units (the map: black)")
figure

# %%
# On NEST, for the first 200 samples, the weights are those of the rule, bit for bit:

from pynn_backprop.platforms import get_platform

on_nest = learn_map(matrix, code, samples=200, platform=get_platform("nest"))
by_rule = learn_map(matrix, code, samples=200)
print(np.array_equal(on_nest.weights["W1"], by_rule.weights["W1"]))

# %%
# A classifier
# ------------
# A graded classifier takes values as they are, one unit a feature.

from sklearn.datasets import load_iris

from pynn_backprop import BackpropClassifier

x, y = load_iris(return_X_y=True)
classifier = BackpropClassifier("reference", hidden=12, epochs=20, code=Graded(16), seed=1).fit(x, y)
print(f"{classifier.score(x, y):.1%} of iris")

# %%
# :doc:`/graded` goes on to XOR, to neurons with memory, and to why the levels rotate by 1, 7, 9 and 15.
