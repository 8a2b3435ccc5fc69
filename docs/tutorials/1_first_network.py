"""
1. A first network
==================

Handwritten digits, learnt in spikes on NEST: half a minute from nothing to a trained network.

The network gets an image as spikes, answers with spikes, and when the answer is wrong the error runs back through the
same neurons and changes the weights. Nothing outside of it computes a gradient.
"""

# %%
# The data
# --------
# ``digits`` comes with the package: 1,437 images of 8 x 8 pixels to learn from, 360 to be tested with. A pixel
# becomes three input neurons, which fire if it is brighter than a quarter, a half and three quarters.

from pynn_backprop import BackpropClassifier, datasets

digits = datasets.load("digits")
print(digits.x_train.shape, digits.x_test.shape, digits.default_levels, "neurons a pixel")

# %%
# Learning
# --------
# A hidden layer of 100 neurons, three passes over the samples. ``"brian2"``, ``"lava"`` or ``"reference"`` (the rule
# alone, a hundred times as fast) in place of ``"nest"`` give the same weights, to the last integer. ``verbose=1``
# tells each epoch.

network = BackpropClassifier("nest", hidden=100, epochs=3, levels=digits.default_levels, seed=1, verbose=1)
network.fit(digits.x_train, digits.y_train)

# %%
# How well
# --------
# Three scores, as in the paper: by the output spikes, by the drive of the output neurons, and how many samples had
# all outputs right.

scores = network.scores(digits.x_test, digits.y_test)
print(f"{scores.by_spikes:.1%} by spikes, {scores.by_potential:.1%} by potential, {scores.all_right:.1%} all right")

# %%
# Which digits are taken for which:

from pynn_backprop import plots

plots.confusion(network.evaluate(digits.x_test), digits.y_test)

# %%
# What happens inside
# -------------------
# Sixty more samples, with every spike recorded. Beside a sample that was answered rightly stands one that was not:
# the right one costs a forward pass and nothing else, the wrong one opens the rest of the circuit.

import pyNN.nest as sim

from pynn_backprop import Network, training_circuit

x = datasets.encode(digits.x_train, digits.default_levels)
circuit = training_circuit((x.shape[1], 100, 10))
running = Network(sim, circuit, network.weights_, record=[population.name for population in circuit.populations])
running.train(x[:60], digits.y_train[:60])
plots.contrast(running.block(), images=digits.x_train[:60].reshape(-1, 8, 8))

# %%
# All copies of a weight matrix in the circuit have changed alike; ``check_copies`` looks at each of them.

running.check_copies()
running.close()

# %%
# The weights are integers, in arrays that can be kept and loaded anywhere.

for name, matrix in network.weights_.items():
    print(name, matrix.shape, matrix.dtype, "from", matrix.min(), "to", matrix.max())
