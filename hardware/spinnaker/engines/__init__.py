"""The step of a SpiNNaker core, computed in its arithmetic on this computer."""
