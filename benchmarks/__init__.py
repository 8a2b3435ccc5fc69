"""Accuracy, spikes, time and energy of the same network on every platform, and beside other ways to learn."""
