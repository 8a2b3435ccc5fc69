"""The reference names every package and every module that lies flat, and nothing that is not there."""

from __future__ import annotations

import re

from sources import ROOT


def test_the_reference_lists_all_packages():
    text = (ROOT / "docs" / "api" / "packages.rst").read_text(encoding="utf-8")
    listed = re.findall(r"^   ((?:pynn_backprop|hardware)[\w.]*)$", text, re.MULTILINE)
    there = {path.stem for path in (ROOT / "pynn_backprop").glob("*.py") if not path.stem.startswith("__")}
    there |= {path.parent.name for path in (ROOT / "pynn_backprop").glob("*/__init__.py")}
    assert sorted(listed) == sorted(["hardware", *(f"pynn_backprop.{name}" for name in there)])
