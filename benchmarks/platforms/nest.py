"""The circuit on NEST."""

from .spiking import SimulatorPlatform, spiking

PLATFORM = spiking(
    "nest", "NEST, a simulator of spiking networks", ("compiled", "dopamine"), SimulatorPlatform("nest"), threads=True
)
