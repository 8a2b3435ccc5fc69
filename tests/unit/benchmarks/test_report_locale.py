"""What the report writes and reads is UTF-8 wherever it is made, such as by a timer that has no locale."""

from __future__ import annotations

import locale
from collections.abc import Iterator
from pathlib import Path

import pytest
from benchmark_rows import lost, made

from benchmarks.report.html import REPORT, write_report
from benchmarks.report.readme import BEGIN, END, write_readme


@pytest.fixture
def _ascii() -> Iterator[None]:
    before = locale.setlocale(locale.LC_CTYPE)
    locale.setlocale(locale.LC_CTYPE, "C")
    try:
        if locale.getpreferredencoding(False).upper() in ("UTF-8", "UTF8"):
            pytest.skip("Python takes UTF-8 in every locale here")
        yield
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


@pytest.mark.usefixtures("_ascii")
def test_page_and_tables_are_utf_8(tmp_path: Path):
    written = write_report([lost("missing", "für später")], tmp_path)
    assert [path.suffix for path in written] == [".html", ".md", ".tex"]
    for path in written:
        assert "für später" in path.read_text(encoding="utf-8")
    assert "Göltz" in (tmp_path / REPORT).read_text(encoding="utf-8")


@pytest.mark.usefixtures("_ascii")
def test_a_readme_is_utf_8(tmp_path: Path):
    readme = tmp_path / "README.md"
    readme.write_text(f"für später\n{BEGIN}\n{END}\n", encoding="utf-8")
    assert write_readme([made("nest", "compiled", kind="measured", joule=1e-5)], tmp_path / "r.jsonl", readme)
    assert readme.read_text(encoding="utf-8").startswith("für später\n")
    assert "- **How much energy? 10.0 µJ** a training sample" in readme.read_text(encoding="utf-8")
