"""The circuit on Brian2."""

from .kinds.spiking import simulator

PLATFORM = simulator("brian2", "Brian2, a simulator of spiking networks")
