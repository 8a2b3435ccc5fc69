"""What the unit tests of several packages share."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

NOBODY = 65534


@contextlib.contextmanager
def _as_nobody() -> Iterator[None]:
    """Without the rights of root, who may write everywhere."""
    if os.geteuid() != 0:
        yield
        return
    os.setresuid(NOBODY, NOBODY, 0)
    try:
        yield
    finally:
        os.setresuid(0, 0, 0)


@pytest.fixture
def unprivileged() -> Callable[[], AbstractContextManager[None]]:
    """A context in which rights of files count, for root too; its files must be in :func:`open_folder`."""
    if os.geteuid() == 0 and not hasattr(os, "setresuid"):
        pytest.skip("root may write everywhere, and this system has no setresuid")
    return _as_nobody


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A temporary folder that everybody may read, which pytest's own is not."""
    folder = Path(tempfile.mkdtemp(prefix="pynn_backprop-"))
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        if path.is_dir():
            path.chmod(0o755)
    shutil.rmtree(folder)
