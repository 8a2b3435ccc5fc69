"""
6. Deep and error-gated circuits
================================

The circuit comes in two forms with the same weights: the *published* one, in which every sample takes its whole
cycle, and the *compact* one, in which a neuron ``e`` opens the way back only if there is an error. Only the compact
one goes to any depth.
"""

# %%
# Two forms
# ---------

from pynn_backprop import training_circuit

for form in ("published", "compact"):
    circuit = training_circuit((192, 100, 10), form=form)
    print(f"{form}: {circuit.schedule.length} phases, {circuit.count()}")

# %%
# The compact one, drawn: below, who is open in which phase. Behind the red line everything is opened by ``e``.

from pynn_backprop import plots

plots.draw_circuit(circuit)

# %%
# Same weights, fewer spikes
# --------------------------
# Two hundred samples of digits in each form, step by step.

import numpy as np

from pynn_backprop import StepSimulator, datasets, initial_weights

digits = datasets.load("digits")
x = datasets.encode(digits.x_train, digits.default_levels)
weights, spikes = {}, {}
for form in ("published", "compact"):
    circuit = training_circuit((192, 100, 10), form=form)
    everyone = [population.name for population in circuit.simulated if population.role != "gate"]
    steps = StepSimulator(circuit, initial_weights(circuit.neurons, seed=0), everyone)
    steps.train(x[:200], digits.y_train[:200])
    weights[form], spikes[form] = steps.weights(), steps.take_spikes()
    print(f"{form}: {sum(map(len, spikes[form].values())):,} spikes")
one, other = weights.values()
print("equal weights:", all(np.array_equal(one[name], other[name]) for name in one))

# %%
# Three matrices
# --------------
# Depth is the length of a tuple. A wrong sample then takes more phases, a right one just one more.

deep = training_circuit((192, 60, 40, 10))
print(deep.schedule.length, "phases;", ", ".join(deep.matrices))
plots.draw_circuit(deep)

# %%
from pynn_backprop import BackpropClassifier

network = BackpropClassifier("nest", hidden=(60, 40), epochs=2, levels=digits.default_levels, seed=1)
network.fit(digits.x_train, digits.y_train)
print(f"{network.score(digits.x_test, digits.y_test):.1%} after two epochs on NEST")

# %%
# What an error costs
# -------------------
# In the trained network most samples are right, and cost a forward pass. ``check_gated`` makes sure of it, spike by
# spike.

from pynn_backprop.spikes import check_gated

everyone = [population.name for population in deep.simulated if population.role != "gate"]
steps = StepSimulator(deep, network.weights_, everyone)
steps.train(x[:100], digits.y_train[:100])
found = steps.take_spikes()
check_gated(found, deep)
length = deep.schedule.length
fired = np.bincount(np.concatenate([table[:, 0] for table in found.values()]) // length - 1, minlength=100)
wrong = np.zeros(100, bool)
wrong[found["e"][:, 0] // length - 1] = True
print(f"{(~wrong).sum()} samples without an error: {fired[~wrong].mean():.0f} spikes each")
print(f"{wrong.sum()} with one: {fired[wrong].mean():.0f}")

# %%
# :doc:`/circuit` tells the phases one by one; :doc:`/energy` what the forms would cost on a chip.
