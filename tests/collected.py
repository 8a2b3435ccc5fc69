"""What the garbage collector of the test process goes through."""

from __future__ import annotations

import gc


def spare_the_collector() -> None:
    """Set aside all that is there now, since it lives as long as the tests.

    Brian2 asks for a full collection before each of its runs, and our session for another: among 5,500 tests and the
    modules of three simulators each took a second.
    """
    gc.collect()
    gc.freeze()
