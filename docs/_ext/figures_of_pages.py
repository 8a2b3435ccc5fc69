"""Shows the figure with which a block of a tutorial ends; those of this package belong to no window."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

LAST = "___"
"""Where the gallery keeps the value of the last line of a block."""

DPI = 160


def scraper(block: Any, block_vars: dict[str, Any], gallery_conf: dict[str, Any]) -> str:
    """Called by the gallery after each block; returns what is shown of it."""
    names = block_vars["example_globals"]
    figure = names.get(LAST)
    if not isinstance(figure, Figure):
        return ""
    # Once is enough, also where the next block ends in no value.
    names[LAST] = None
    path = Path(next(block_vars["image_path_iterator"]))
    figure.savefig(path, dpi=DPI)
    page = Path(block_vars["target_file"]).parent
    return f"\n.. image:: {os.path.relpath(path, page)}\n   :alt: {path.stem}\n\n"
