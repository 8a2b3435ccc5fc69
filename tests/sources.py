"""The files of the repository, for tests that are about them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("pynn_backprop", "hardware", "benchmarks")
PYTHON = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]

Finder = Callable[[str], Iterable[tuple[int, str]]]
"""Takes the text of a file, and gives the lines that break a rule, with what breaks it."""


def source_files() -> list[Path]:
    """The files that are, or could be, under version control."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True
    )
    if listing.returncode:
        pytest.skip("this is not a git work tree")
    files = [ROOT / os.fsdecode(name) for name in listing.stdout.split(b"\0") if name]
    return [file for file in files if file.is_file()]


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def check(paths: Iterable[Path], find: Finder) -> None:
    """A rule holds in all these files; else the error names each line that breaks it."""
    found = [f"{relative(p)}:{line}: {what}" for p in paths for line, what in find(p.read_text(encoding="utf-8"))]
    assert not found, "\n" + "\n".join(found)


def matches(*patterns: re.Pattern[str]) -> Finder:
    """Finds what matches one of the patterns."""

    def find(source: str) -> Iterator[tuple[int, str]]:
        for pattern in patterns:
            for match in pattern.finditer(source):
                yield source.count("\n", 0, match.end()) + 1, match[0].strip()

    return find
