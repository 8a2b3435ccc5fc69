"""Data sets: where they are found, how they are read, and how they become spikes of input neurons."""
