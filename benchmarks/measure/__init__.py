"""What is measured of a run: time, counts, energy."""
