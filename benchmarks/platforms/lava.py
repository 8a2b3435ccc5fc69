"""The circuit on Lava."""

from .spiking import SimulatorPlatform, spiking

PLATFORM = spiking("lava", "Lava, the arithmetic of Loihi on the CPU", ("fast", "stock"), SimulatorPlatform("lava"))
