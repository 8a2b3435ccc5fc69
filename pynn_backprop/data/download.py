"""The files of a published data set from its mirrors."""

from __future__ import annotations

import textwrap
import threading
import time
import zlib
from collections.abc import Sequence
from pathlib import Path

import pooch  # type: ignore[import-untyped,unused-ignore]

from . import idx
from .published import FILES, MIRRORS, SHA256

PATIENCE = 5.0
"""How long all mirrors together may take to answer at all, in seconds."""

_STALLED = 20.0
"""How long a mirror may take to go on with a download, in seconds."""


def download(name: str, folder: Path, roles: Sequence[str], patience: float = PATIENCE) -> list[str]:
    """Bring files into a folder, uncompressed, each only once it has its sum.

    Parameters
    ----------
    name : str
        The data set.
    folder : pathlib.Path
        Where to; it is made if need be.
    roles : sequence of str
        Which of the files.
    patience : float
        How long all mirrors together may take to answer at all, in seconds.

    Returns
    -------
    list of str
        What each mirror failed with, in words; empty if one had them.
    """
    answers = _ask(MIRRORS[name], f"{FILES['y_test']}.gz", patience)
    for mirror in [mirror for mirror, fault in answers.items() if fault is None]:
        try:
            for role in roles:
                # pooch moves a file into place only once it has its sum, and removes it otherwise.
                pooch.retrieve(
                    url=f"{mirror}{FILES[role]}.gz",
                    known_hash=f"sha256:{SHA256[name][role]}",
                    fname=FILES[role],
                    path=folder,
                    downloader=_fetch_uncompressed,
                )
            return []
        except (OSError, EOFError, ValueError, zlib.error) as error:
            answers[mirror] = textwrap.shorten(str(error), 200) or type(error).__name__
    return [f"{mirror}: {fault}" for mirror, fault in answers.items()]


def _fetch_uncompressed(url: str, output_file: str, _: object) -> None:
    """Download for pooch so that its check of the sum sees the uncompressed content."""
    pooch.HTTPDownloader(timeout=(PATIENCE, _STALLED), chunk_size=1 << 16)(url, output_file, None)
    Path(output_file).write_bytes(idx.content(output_file))


def _ask(mirrors: tuple[str, ...], file: str, patience: float) -> dict[str, str | None]:
    """Ask all mirrors at once whether they have `file`; return what is wrong with each, None if nothing is.

    A time-out of the connection alone does not bound the wait: the name server and each address of a host have their
    own.
    """
    answers: dict[str, str | None] = dict.fromkeys(mirrors, f"no answer within {patience:g} s")

    def ask(mirror: str) -> None:
        try:
            has_it = pooch.HTTPDownloader(timeout=patience)(f"{mirror}{file}", None, None, check_only=True)
            answers[mirror] = None if has_it else "answers, but does not have the files"
        except (OSError, ValueError) as error:
            answers[mirror] = f"not reachable ({type(error).__name__})"

    threads = [threading.Thread(target=ask, args=(mirror,), daemon=True) for mirror in mirrors]
    for thread in threads:
        thread.start()
    deadline = time.monotonic() + patience
    for thread in threads:
        thread.join(max(0.0, deadline - time.monotonic()))
    return dict(answers)
