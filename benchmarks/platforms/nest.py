"""The circuit on NEST."""

from .base import Memory
from .kinds.spiking import simulator

MEMORY = Memory(base=341e6, synapse=260)
"""Peaks of the process with 50 to 1,600 hidden units on MNIST lie on this line (68,000 to 2 million synapses)."""

PLATFORM = simulator("nest", "NEST, a simulator of spiking networks", threads=True, memory=MEMORY)
