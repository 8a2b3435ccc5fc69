"""The templates of docs/extending.md, as they stand there."""

from __future__ import annotations

import re
from typing import Any

from sources import ROOT

PAGE = ROOT / "docs" / "extending.md"
MOST_LINES = 20


def sections() -> list[str]:
    """Headings under which there is a template."""
    return re.findall(r"^## (.*)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


def template(section: str) -> str:
    """The first block of Python under a heading."""
    text = PAGE.read_text(encoding="utf-8")
    (found,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    return re.findall(r"```python\n(.*?)```", found, re.DOTALL)[0]


def names_in(section: str) -> dict[str, Any]:
    """What a template defines."""
    names: dict[str, Any] = {"__name__": "my_file"}
    exec(compile(template(section), str(PAGE), "exec", dont_inherit=True), names)  # what the page tells a reader to run
    return names
