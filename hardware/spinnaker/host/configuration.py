"""What sPyNNaker reads before it begins: a virtual board of ours, or the board that its user has configured."""

from __future__ import annotations

import configparser
import os
from pathlib import Path

from pynn_backprop.errors import PlatformError

NAME = "spynnaker.cfg"

VERSION = 5
"""Of a board: one with 48 chips."""

BOARDS = ("machine_name", "spalloc_server", "remote_spinnaker_url")
"""Options of ``[Machine]``, any of which says where a board is."""

VIRTUAL = f"""[Machine]
version = {VERSION}
virtual_board = True
[Mode]
mode = Production
[Reports]
default_report_file_path = {{folder}}
"""


def virtual_environment(folder: Path) -> dict[str, str]:
    """Write the configuration of a virtual board, and give the environment in which it is the only one.

    Parameters
    ----------
    folder
        An empty one; it becomes the home of the process.
    """
    (folder / f".{NAME}").write_text(VIRTUAL.format(folder=folder), encoding="utf-8")
    # With two configurations of a user's it refuses to begin.
    return {**os.environ, "HOME": str(folder), "XDG_CONFIG_HOME": str(folder / "none")}


def configured_board() -> Path:
    """The user's file that names a board.

    Raises
    ------
    PlatformError
        If there is none: says what to write, and what can be had without a board.
    """
    looked = _places()
    for path in looked:
        if path.is_file() and _names_a_board(path):
            return path
    raise PlatformError(
        f"no SpiNNaker board is configured: none of {', '.join(map(str, looked))} has a [Machine] with "
        f"{', '.join(BOARDS)} and without virtual_board = True. Without a board, --variant emulation computes in the "
        "arithmetic of its cores, and pynn-backprop map spinnaker says where the circuit would sit"
    )


def _places() -> tuple[Path, ...]:
    """Where sPyNNaker looks, the one that counts most first."""
    home = Path.home()
    settings = Path(os.environ.get("XDG_CONFIG_HOME") or home / ".config")
    return Path(NAME).absolute(), home / f".{NAME}", settings / f".{NAME}"


def _names_a_board(path: Path) -> bool:
    # Options may be written machine_name or machineName.
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, OSError, UnicodeDecodeError) as error:
        raise PlatformError(f"{path} can't be read as a configuration of sPyNNaker: {error}") from error
    if not parser.has_section("Machine"):
        return False
    options = {name.replace("_", ""): value.strip() for name, value in parser.items("Machine")}
    virtual = options.get("virtualboard", "false").lower() == "true"
    return not virtual and any(options.get(name.replace("_", ""), "None") not in ("", "None") for name in BOARDS)
