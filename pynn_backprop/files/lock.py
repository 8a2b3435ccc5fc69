"""A folder has one owner at a time."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from filelock import FileLock, Timeout

from ..errors import InputError
from .owner import Owner

NAME = ".owner"
"""The file that is locked.  It says who holds the folder, and goes when that one is done; one who is killed leaves it
behind, but not the lock."""

PATIENCE = 0.5
"""Seconds for one who is just letting go."""


class FolderLock:
    """Holds a folder for one process, and one part of it, until :meth:`release` or the end of either.

    Parameters
    ----------
    folder : str or os.PathLike
        The folder, which must exist.
    what : str
        What the folder is, for the message.

    Raises
    ------
    InputError
        If another one holds it; says which process on which machine.
    """

    def __init__(self, folder: str | os.PathLike[str], what: str = "the folder") -> None:
        self._file = Path(folder) / NAME
        self._lock = FileLock(str(self._file), thread_local=False)
        try:
            self._lock.acquire(timeout=PATIENCE, poll_interval=0.02)
        except Timeout:
            raise InputError(
                f"{what} {folder} is in use by {self._holder()}: wait until it has ended, or choose another folder"
            ) from None
        except OSError as error:
            raise InputError(f"{what} {folder} can't be locked: {error.strerror or error}") from error
        self._pid = os.getpid()
        with contextlib.suppress(OSError):  # a full disk: it is locked all the same
            self._file.write_text(f"{Owner.here()}\n", encoding="utf-8")

    def _holder(self) -> str:
        try:
            return self._file.read_text(encoding="utf-8").strip() or "another process"
        except (OSError, ValueError):
            return "another process"

    def release(self) -> None:
        """Let the folder go; a second time is without effect."""
        if self._lock.is_locked and os.getpid() == self._pid:
            # While it is still locked: whoever waits for it sees that the file is gone, and makes a new one.
            self._file.unlink(missing_ok=True)
            self._lock.release()

    def __enter__(self) -> FolderLock:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def __del__(self) -> None:
        with contextlib.suppress(Exception):
            self.release()
