"""A page of one file: the diagram, what was recorded, and the scripts that show it."""

from __future__ import annotations

import json
import os
from html import escape
from importlib import resources
from string import Template

from ..files import check_writable, written_whole
from ..recording.blocks import circuit_of
from .content import content_of
from .diagram import diagram_of
from .recording import Recorded

MOST_BYTES = 2_000_000
"""Of a page, so that it can be sent by mail and opened on a phone."""

SCRIPTS = (
    "arrays", "model", "state", "colours", "diagram", "samples", "phases", "told", "table", "grid", "drive", "weights",
    "neuron", "keys", "start",
)  # fmt: skip
"""In the order in which they stand in a page."""


def page_of(recorded: Recorded) -> str:
    """The text of a page.

    Parameters
    ----------
    recorded : Recorded
        What it shows.

    Returns
    -------
    str
        HTML that loads nothing from elsewhere.
    """
    content, diagram = content_of(recorded), diagram_of(circuit_of(recorded.block))
    data = json.dumps({**content, "arrows": diagram.arrows}, separators=(",", ":"))
    scripts = "\n".join(_file(f"{name}.js") for name in SCRIPTS)
    return Template(_file("page.html")).substitute(
        title=escape(f"{content['data']} on {content['platform']}: {content['title']}"),
        heading=escape(content["title"]),
        style=_file("page.css"),
        diagram=diagram.svg,
        # In a page the text of a script ends at the first </ that looks like its end.
        data=data.replace("<", "\\u003c"),
        scripts=scripts,
    )


def write_page(recorded: Recorded, path: str | os.PathLike[str]) -> int:
    """Write a page, whole or not at all.

    Parameters
    ----------
    recorded : Recorded
        What it shows.
    path : str or os.PathLike
        Where.

    Returns
    -------
    int
        Its size in bytes.
    """
    check_writable(path)
    text = page_of(recorded).encode("utf-8")
    with written_whole(path) as temporary:
        temporary.write_bytes(text)
    return len(text)


def _file(name: str) -> str:
    return (resources.files("pynn_backprop.view") / "assets" / name).read_text(encoding="utf-8")
