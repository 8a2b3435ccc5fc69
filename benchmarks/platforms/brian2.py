"""The circuit on Brian2."""

from .spiking import SimulatorPlatform, spiking

PLATFORM = spiking(
    "brian2", "Brian2, a simulator of spiking networks", ("cython", "numpy"), SimulatorPlatform("brian2")
)
