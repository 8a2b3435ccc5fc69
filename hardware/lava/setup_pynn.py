"""Make ``pyNN.lava`` importable: ``python -m hardware.lava.setup_pynn``, and ``--remove`` takes it away.

PyNN's scripts name their simulator (``python example.py nest``) and PyNN imports ``pyNN.nest``.  So a simulator that
does not come with PyNN puts a small module into PyNN's folder, as sPyNNaker does for its own.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pyNN

from pynn_backprop.errors import InputError, PlatformError
from pynn_backprop.files.whole import written_whole

MARK = "Written by python -m hardware.lava.setup_pynn"
"""By which a file is known to be ours."""

MODULE = f'''"""{MARK}: pyNN.lava is hardware.lava."""

import sys

import hardware.lava

sys.modules[__name__] = hardware.lava
'''


def module_path(folder: Path | None = None) -> Path:
    """Where the module stands.

    Parameters
    ----------
    folder
        Of PyNN; that of the PyNN which is imported here if None.
    """
    return (folder or Path(pyNN.__file__).parent) / "lava.py"


def install(folder: Path | None = None) -> Path:
    """Make ``pyNN.lava`` importable; harmless when called again.

    Parameters
    ----------
    folder
        Of PyNN.

    Returns
    -------
    Path
        What was written.

    Raises
    ------
    PlatformError
        If there is a pyNN.lava of somebody else, or PyNN's folder can't be written to.
    """
    path = module_path(folder)
    if path.with_suffix("").exists() or (path.exists() and not _is_ours(path)):
        raise PlatformError(f"there is a pyNN.lava already that is not ours: {path}; remove it first")
    try:
        with written_whole(path) as partial:
            partial.write_text(MODULE, encoding="utf-8")
    except (OSError, InputError) as error:
        raise PlatformError(f"pyNN.lava can't be written to {path}: {error}") from error
    return path


def remove(folder: Path | None = None) -> bool:
    """Take ``pyNN.lava`` away; whether there was one.

    Raises
    ------
    PlatformError
        If it is somebody else's, or can't be removed.
    """
    path = module_path(folder)
    if not path.exists():
        return False
    if not _is_ours(path):
        raise PlatformError(f"{path} is not ours and stays")
    try:
        path.unlink()
    except OSError as error:
        raise PlatformError(f"{path} can't be removed: {error.strerror}") from error
    return True


def _is_ours(path: Path) -> bool:
    return MARK in path.read_text(encoding="utf-8", errors="replace")


def main(arguments: list[str] | None = None) -> int:
    """The command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="python -m hardware.lava.setup_pynn", description="make pyNN.lava importable")
    parser.add_argument("--remove", action="store_true", help="take it away")
    options = parser.parse_args(arguments)
    try:
        if options.remove:
            print("pyNN.lava is removed" if remove() else "there is no pyNN.lava")
        else:
            print(f"pyNN.lava is hardware.lava now: {install()}")
    except PlatformError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
