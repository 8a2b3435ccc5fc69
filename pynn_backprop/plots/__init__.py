"""Figures: the spikes of a recording, the circuit itself, and what a network answers.

All functions return a :class:`matplotlib.figure.Figure` that belongs to no window and no global state; :func:`save`
writes it.
"""

from .confusion import confusion as confusion
from .diagram import draw_circuit as draw_circuit
from .raster import raster as raster
from .style import save as save
