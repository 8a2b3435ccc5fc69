"""The circuit on Lava."""

from .kinds.spiking import simulator

PLATFORM = simulator("lava", "Lava, the arithmetic of Loihi on the CPU")
