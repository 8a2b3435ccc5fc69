"""The files of the repository, for tests that are about them."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def source_files() -> list[Path]:
    """The files that are, or could be, under version control."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"], cwd=ROOT, capture_output=True
    )
    if listing.returncode:
        pytest.skip("this is not a git work tree")
    files = [ROOT / os.fsdecode(name) for name in listing.stdout.split(b"\0") if name]
    return [file for file in files if file.is_file()]
