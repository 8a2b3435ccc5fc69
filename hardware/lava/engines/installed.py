"""Whether Lava, and what a chip needs beyond it, is there."""

from __future__ import annotations

import importlib.util
import sys

from pynn_backprop.errors import PlatformError

LAVA = "lava.magma.core.process.process"
LAVA_PYTHON = (3, 10)
"""The newest Python that lava-nc 0.10.0 can be installed on."""

INSTEAD = "the engine 'emulator' needs none"

LOIHI_EXTENSION = "lava.utils.loihi2_profiler"
"""The module by which lava-nc itself decides whether its extension for Loihi is there."""


def is_installed(module: str) -> bool:
    """Whether a module can be found."""
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:
        return False


def require_lava(python: tuple[int, int] = sys.version_info[:2]) -> None:
    """Check that lava-nc is there.

    Parameters
    ----------
    python
        Version of this Python.

    Raises
    ------
    PlatformError
        Says how to get it, and on which Python.
    """
    if is_installed(LAVA):
        return
    if python > LAVA_PYTHON:
        needed, here = (".".join(map(str, version)) for version in (LAVA_PYTHON, python))
        raise PlatformError(
            f"Lava can't be installed here: lava-nc 0.10.0 needs Python {needed}, this is Python {here}.  Make an "
            f"environment with Python {needed} and install 'pynn_backprop[lava]' there; {INSTEAD}"
        )
    raise PlatformError(f"Lava is not installed: pip install 'pynn_backprop[lava]'; {INSTEAD}")


def require_loihi() -> None:
    """Say what is missing to run on a chip.

    Raises
    ------
    PlatformError
        Always, since no engine was tried on one.
    """
    require_lava()
    missing = [] if is_installed(LOIHI_EXTENSION) else ["Intel's extension of Lava for Loihi (to members of its INRC)"]
    raise PlatformError(
        "nothing can run on a Loihi chip here.  Missing: "
        + "; ".join([*missing, "a Loihi board, local or through slurm", "an engine that was tried on one"])
        + ".  The engines 'emulator', 'fast' and 'stock' run Loihi's arithmetic on this computer"
    )
