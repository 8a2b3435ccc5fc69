"""The circuit on Brian2."""

from .base import Memory
from .kinds.spiking import simulator

MEMORY = Memory(base=326e6, synapse=259)
"""Peaks of the process with 50 to 3,200 hidden units on MNIST (29,000 to 1.6 million synapses) lie within 5 % of this
line, with code for numpy and for cython; while cython compiles for the first time the peak is 554 MB."""

PLATFORM = simulator("brian2", "Brian2, a simulator of spiking networks", memory=MEMORY)
