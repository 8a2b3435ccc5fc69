"""Accuracy, spikes, time and energy of the same network on every platform, and beside other ways to learn.

A tool of the repository, no part of the wheel: ``python -m benchmarks`` in a checkout.

A *case* is a task (``cases``), a *platform* is what learns it (``platforms``), a *job* is one case on one platform
(``jobs``), a *row* is what came of a job (``rows``).  ``measure`` counts and times, ``report`` and ``changes`` make of
rows what a person reads.

Imports run one way, only downward::

    rows registry < row_files changes cases measure < platforms < jobs report < arguments < cli < __main__
"""
