"""
2. Choose a simulator, and compare
==================================

The same circuit runs on several platforms, and each must give the same spikes and weights. Which one to take is a
question of speed, and of what else you want to do with the network.

============= ===================================================== =====================================
platform      take it                                               first use
============= ===================================================== =====================================
``nest``      for PyNN networks as they are used in neuroscience    compiles a synapse, once, seconds
``brian2``    if you know Brian2; it is often faster                compiles its code, once, half a minute
``lava``      for the integers of Intel's Loihi chip, and its cores compiles, once, seconds
``reference`` for the weights alone, in seconds instead of minutes  compiles, once, seconds
============= ===================================================== =====================================
"""

# %%
# By name
# -------
# A name becomes a platform; all platforms have the same methods.

from pynn_backprop.platforms import get_platform

for name in ("nest", "lava", "reference"):
    print(get_platform(name).describe())

# %%
# Against each other
# ------------------
# ``compare`` trains the same network on each, sample by sample, and holds every spike, weight, output and potential
# of the others against those of the first. On the command line it is ``pynn-backprop compare nest lava
# reference:steps --hidden 50 --samples 100``.

from dataclasses import replace

from pynn_backprop import initial_weights, training_circuit
from pynn_backprop.comparison.compare import compare
from pynn_backprop.comparison.named import platforms_named
from pynn_backprop.data.samples import load_samples

samples = load_samples("digits")
few = replace(
    samples,
    x_train=samples.x_train[:100], y_train=samples.y_train[:100],
    x_test=samples.x_test[:20], y_test=samples.y_test[:20],
)  # fmt: skip
circuit = training_circuit((few.x_train.shape[1], 50, few.n_classes))
platforms = platforms_named(["nest", "lava", "reference:steps"])
found = compare(platforms, circuit, few, initial_weights(circuit.neurons, seed=0))

for pair in found.pairs:
    print(f"{pair.standard} = {pair.other}: {pair.equal}, {pair.spikes:,} spikes compared")

# %%
# What if they differed?
# ----------------------
# Then the comparison says where first: which population, neuron, step, sample and phase. To see it, let us give one
# of two runs another weight.

from pynn_backprop.spikes import first_difference


def spikes_with(weights):
    running = platforms["reference:steps"].build(circuit, weights, record=["h", "o"])
    running.train(few.x_train[:10], few.y_train[:10])
    spikes = running.take_spikes()
    running.close()
    return spikes


weights = initial_weights(circuit.neurons, seed=0)
others = {name: matrix.copy() for name, matrix in weights.items()}
others["W1"][:, 7] = 60
print(first_difference(spikes_with(weights), spikes_with(others), circuit, ("the one", "the other")))

# %%
# How fast
# --------
# What each took for these 100 samples, building apart. With so few samples this says little; :doc:`/performance` has
# whole measurements.

for result in found.results:
    learning = result.training
    print(f"{result.name:16} {learning.ms_per_sample:6.2f} ms a sample, built in {learning.build_seconds:.2f} s")
