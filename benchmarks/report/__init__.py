"""From rows of results to what a person reads: a table in the terminal, plots, and one HTML file.

Every energy says whether it was measured here, estimated, or published by others.
"""
