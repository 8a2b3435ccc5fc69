"""The command ``pynn-backprop``."""
