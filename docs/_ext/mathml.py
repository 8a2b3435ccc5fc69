"""Renders equations as MathML, which browsers show by themselves: no script, no fonts, no network."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.errors import ExtensionError


def rendered(text: str, display: str = "inline") -> str:
    """An equation as MathML.

    Raises
    ------
    ExtensionError
        If something in it was not understood, and would stand there as it is.
    """
    # The converter knows align*, with which the others here mean the same.
    text = re.sub(r"\\(begin|end)\{(?:aligned|split)\}", r"\\\1{align*}", text)
    if ("\\\\" in text or "&" in text) and "\\begin" not in text:
        text = f"\\begin{{align*}}{text}\\end{{align*}}"
    found = str(convert(text, display=display))
    if "<mi>&</mi>" in found or "\\" in found:
        raise ExtensionError(f"this equation can't be rendered: {text}")
    return found


def _inline(translator: Any, node: nodes.math) -> None:
    translator.body.append(rendered(node.astext()))
    raise nodes.SkipNode


def _display(translator: Any, node: nodes.math_block) -> None:
    translator.body.append(f'<div class="math">{rendered(node.astext(), "block")}</div>\n')
    raise nodes.SkipNode


def setup(app: Any) -> dict[str, Any]:
    """Called by Sphinx."""
    app.add_html_math_renderer("mathml", (_inline, None), (_display, None))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
