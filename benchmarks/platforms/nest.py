"""The circuit on NEST."""

from .kinds.spiking import simulator

PLATFORM = simulator("nest", "NEST, a simulator of spiking networks", threads=True)
