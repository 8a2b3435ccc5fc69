"""Figures of graded circuits, each drawn from what a simulator recorded.

There is one small module per figure: ``record(platform)`` runs it and returns a Neo block, ``caption(block)`` says what
it shows.  The drawing, a function of the block alone, is in :mod:`pynn_backprop.plots`, in a module of the same name;
:data:`pynn_backprop.figures.table.FIGURES` joins them.
"""
