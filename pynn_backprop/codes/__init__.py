"""Numbers as spikes, one file a code.

A code says how many neurons a unit has, at which drive each of them fires, and with which strengths and weights a
circuit of such units begins.  A class of a code is known by its ``kind`` as soon as it is defined
(:func:`pynn_backprop.codes.code.kinds`).
"""

from . import binary as binary
from . import graded as graded
