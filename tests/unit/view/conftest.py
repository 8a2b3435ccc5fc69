"""A run that all tests of pages share, and leave as it is."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenarios.viewed import small_run


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_run(tmp_path_factory.mktemp("runs") / "run")
