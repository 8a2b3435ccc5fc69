"""A network in the numbers of a SpiNNaker core: descriptions in PyNN's units become integers, with every rounding."""
