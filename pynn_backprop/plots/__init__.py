"""Figures: the spikes of a recording, the circuit itself, what a network answers, where two platforms differ.

All functions return a :class:`matplotlib.figure.Figure` that belongs to no window and no global state; :func:`save`
writes it.
"""

from .confusion import confusion as confusion
from .contrast import contrast as contrast
from .contrast import overview as overview
from .diagram import draw_circuit as draw_circuit
from .difference import difference as difference
from .learning_curve import learning_curve as learning_curve
from .raster import raster as raster
from .saving import check_picture as check_picture
from .saving import save as save
