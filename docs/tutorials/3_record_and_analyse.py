"""
3. Record, and analyse with Neo and Elephant
============================================

What a network does is recorded as PyNN's users expect it: as Neo objects, with a spike train for each neuron, and
with epochs that say which sample was shown and which phase of its cycle each step is.
"""

# %%
# A run that records
# ------------------
# A few epochs by the rule, then a hundred samples on NEST with the hidden layer, the output and its errors recorded.

import pyNN.nest as sim

from pynn_backprop import BackpropClassifier, Network, datasets, training_circuit

digits = datasets.load("digits")
learnt = BackpropClassifier("reference", hidden=100, epochs=3, levels=digits.default_levels)
learnt.fit(digits.x_train, digits.y_train)

x = datasets.encode(digits.x_train, digits.default_levels)
circuit = training_circuit((x.shape[1], 100, 10))
network = Network(sim, circuit, learnt.weights_, record=["h", "o", "d+", "d-", "e"])
network.train(x[:100], digits.y_train[:100])
block = network.block(per_neuron=True)
network.close()
print(block.name, "-", len(block.segments[0].spiketrains), "spike trains")

# %%
# Neo
# ---
# Every train says whose it is. The epochs ``samples`` and ``phases`` divide time; Neo's own functions cut along them.

segment = block.segments[0]
train = next(each for each in segment.spiketrains if each.annotations["population"] == "h" and len(each) > 20)
print(train.name, train.annotations["layer"], len(train), "spikes from", train.t_start, "to", train.t_stop)

for epoch in segment.epochs:
    print(epoch.name, len(epoch), epoch.labels[:6])

# %%
# By population and phase
# -----------------------
# ``analysis`` counts; the ring of gates makes every phase mean something.

from pynn_backprop.recording import analysis

print(analysis.spike_table(block).format())
print(f"{analysis.accuracy(block):.0%} were answered rightly")

# %%
# In a sample without an error nothing behind ``e`` may fire. ``check_gated`` looks at every spike.

analysis.check_gated(block)
analysis.check_silence(block)

# %%
# Elephant
# --------
# Rates, intervals and correlations of the hidden neurons.

import elephant.conversion
import elephant.spike_train_correlation
import elephant.statistics
import numpy as np
import quantities as pq

from pynn_backprop.recording import trains

hidden = trains.trains_of(segment, "h")
rates = np.array([float(elephant.statistics.mean_firing_rate(each).rescale("Hz")) for each in hidden])
print(f"rates: {rates.min():.1f} to {rates.max():.1f} Hz, mean {rates.mean():.1f} Hz")

busy = [hidden[place] for place in np.argsort(rates)[-30:]]
binned = elephant.conversion.BinnedSpikeTrain(busy, bin_size=1 * pq.ms)
correlation = elephant.spike_train_correlation.correlation_coefficient(binned)
print(f"mean correlation of the 30 busiest: {correlation[np.triu_indices(30, 1)].mean():.3f}")

# %%
# Steps are milliseconds, and trains begin with a cycle, so that a bin is a phase:

from matplotlib.figure import Figure

histogram = elephant.statistics.time_histogram(hidden, bin_size=1 * pq.ms).magnitude.ravel()
by_phase = histogram.reshape(-1, circuit.schedule.length).sum(axis=0)
figure = Figure(figsize=(7, 2.6), layout="constrained")
axes = figure.subplots()
axes.bar(range(len(by_phase)), by_phase, color="black")
axes.set(xlabel="phase of the cycle", ylabel="spikes of h", xticks=range(len(by_phase)))
figure

# %%
# To a file and back
# ------------------
# ``pynn-backprop train --record h o`` writes the same block as ``spikes.nix``; :doc:`/recordings` tells all.

import tempfile
from pathlib import Path

from pynn_backprop.recording import blocks

with tempfile.TemporaryDirectory() as folder:
    path = Path(folder) / "spikes.npz"
    blocks.save(block, path)
    again = blocks.load(path)
print(len(again.segments[0].spiketrains), "spike trains came back")
