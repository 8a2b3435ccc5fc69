"""Circuits on SpiNNaker: the adapter to sPyNNaker, and the arithmetic of SpiNNaker's cores without it.

A circuit becomes a description in PyNN's units (:mod:`.translation`), that becomes integers, which are validated and
placed (:mod:`.chip`), and emulated (:mod:`.engines`).  Only :mod:`.host` needs sPyNNaker, which runs in a process of
its own. What is refused, and what was tried on what, stands in docs/spinnaker.md.
"""
