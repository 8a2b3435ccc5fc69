"""
7. Lava, and a place on a chip
==============================

``hardware.lava`` is a PyNN simulator like ``pyNN.nest``, for any network. It runs with the integers and the rounding
of Intel's Loihi chip on this computer, says what became of your numbers, and where the network would sit on a chip.
Nothing runs on a chip.
"""

# %%
# An ordinary PyNN network
# ------------------------

import hardware.lava as sim

sim.setup(timestep=1.0)
source = sim.Population(20, sim.SpikeSourcePoisson(rate=40.0))
cells = sim.Population(5, sim.IF_curr_exp(tau_m=20.0, tau_syn_E=5.0), label="cells")
sim.Projection(source, cells, sim.AllToAllConnector(), sim.StaticSynapse(weight=0.6, delay=2.0))
cells.record(["spikes", "v"])
sim.run(300.0)
segment = cells.get_data().segments[0]
print(f"{cells.mean_spike_count():g} spikes a cell")

# %%
from matplotlib.figure import Figure

figure = Figure(figsize=(7, 2.4), layout="constrained")
axes = figure.subplots()
potential = segment.filter(name="v")[0]
axes.plot(potential.times, potential[:, 0], color="black", linewidth=1)
axes.set(xlabel="time (ms)", ylabel="potential (mV)")
figure

# %%
# What the chip holds
# -------------------
# Every parameter with what it is held as, and the error.

print(sim.rounding_report())

# %%
# Where it would sit
# ------------------

print(sim.mapping_report())
sim.end()

# %%
# The learning circuit on a chip
# ------------------------------
# The strengths of this package's circuits are held exactly, so that Lava gives the same spikes and weights as every
# other platform. On the command line it is ``pynn-backprop map lava --sizes 192 100 10 --plot cores.png``.

from pynn_backprop import training_circuit
from pynn_backprop.cli.map import map_circuit

report = map_circuit("lava", training_circuit((192, 100, 10)))
print(report)

# %%
report.figure("Training circuit 192-100-10")

# %%
# What a chip can't hold is refused, with the nearest that it can:

from pynn_backprop import BackpropClassifier, datasets
from pynn_backprop.circuit.learning_rule import LearningRule
from pynn_backprop.errors import InputError

digits = datasets.load("digits")
try:
    BackpropClassifier("lava", rule=LearningRule(hidden_threshold=60)).fit(digits.x_train, digits.y_train)
except InputError as error:
    print(error)

# %%
# :doc:`/lava` has all tables: which cells, synapses and plasticity become what, and what is refused and why.
