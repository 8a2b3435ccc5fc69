"""Pictures fill the column and open at full width: Sphinx links an image to its file if it has a width."""

from __future__ import annotations

from typing import Any

from docutils import nodes


def _widen(app: Any, doctree: nodes.document) -> None:
    for image in doctree.findall(nodes.image):
        if not {"width", "height", "scale"} & set(image.attributes):
            image["width"] = "100%"


def setup(app: Any) -> dict[str, Any]:
    """Called by Sphinx."""
    app.connect("doctree-read", _widen)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
