"""Figures of circuits, each drawn from what a simulator recorded.

There is one file for each figure: ``record(platform)`` runs it and returns a Neo block, ``draw(block)`` draws that, and
``caption(block)`` says what it shows.  :data:`pynn_backprop.figures.table.FIGURES` lists them.
"""
