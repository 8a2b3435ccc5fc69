"""An ordinary PyNN script: two populations, the first drives the second.

    python two_populations.py SIMULATOR [--conductances]

``nest``, ``brian2``, or ``lava`` once ``python -m hardware.lava.setup_pynn`` has made ``pyNN.lava`` importable.
"""

from pyNN.utility import get_simulator

sim, options = get_simulator(
    ("--conductances", "cells with conductances in place of currents", {"action": "store_true"})
)
cell, weight = (sim.IF_cond_exp(), 0.02) if options.conductances else (sim.IF_curr_exp(), 2.0)

sim.setup(timestep=0.5, min_delay=0.5)
noise = sim.Population(20, sim.SpikeSourceArray(spike_times=[float(time) for time in range(5, 100, 5)]))
cells = sim.Population(5, cell, label="cells")
sim.Projection(noise, cells, sim.AllToAllConnector(), sim.StaticSynapse(weight=weight, delay=1.0))
cells.record("spikes")
sim.run(100.0)
print(f"{cells.mean_spike_count():g} spikes a cell on {options.simulator}")
sim.end()
