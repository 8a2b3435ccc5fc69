"""The circuit on Lava."""

from .base import Memory
from .kinds.spiking import simulator

MEMORY = Memory(base=326e6, synapse=185)
"""The slope between 1 and 2 million synapses on MNIST; below, loading the samples takes more than the network."""

PLATFORM = simulator("lava", "Lava, the arithmetic of Loihi on the CPU", memory=MEMORY)
