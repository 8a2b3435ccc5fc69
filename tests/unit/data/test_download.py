"""Downloads from mirrors, here on the loopback address."""

from __future__ import annotations

import contextlib
import functools
import http.server
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pooch
import pytest
from idx_files import assert_holds, put

from pynn_backprop.data.datasets import load
from pynn_backprop.data.download import download
from pynn_backprop.data.published import FILES, MIRRORS
from pynn_backprop.errors import DataNotFoundError

DOWNLOADER = pooch.HTTPDownloader


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve `folder` on this machine's loopback address."""
    folder.mkdir(parents=True, exist_ok=True)
    handler = functools.partial(QuietHandler, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def downloads(cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give back pooch's downloader, to reach servers on the loopback address."""
    monkeypatch.setattr("pooch.HTTPDownloader", DOWNLOADER)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.mark.usefixtures("downloads")
class TestDownload:
    def test_files_are_kept_uncompressed_and_not_fetched_again(
        self,
        tmp_path: Path,
        cache: Path,
        small: dict[str, dict[str, np.ndarray]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        put(tmp_path / "mirror", small["mnist"], ".gz")
        with served(tmp_path / "mirror") as address:
            monkeypatch.setitem(MIRRORS, "mnist", (address,))
            assert_holds(load("mnist"), small["mnist"])
        assert sorted(path.name for path in (cache / "mnist").iterdir()) == sorted(FILES.values())
        monkeypatch.setitem(MIRRORS, "mnist", ())
        assert_holds(load("mnist"), small["mnist"])

    def test_only_what_the_cache_lacks_is_fetched(
        self,
        tmp_path: Path,
        cache: Path,
        small: dict[str, dict[str, np.ndarray]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        put(cache / "mnist", {role: small["mnist"][role] for role in ("x_train", "y_train")}, ".gz")
        put(tmp_path / "mirror", {role: small["mnist"][role] for role in ("x_test", "y_test")}, ".gz")
        with served(tmp_path / "mirror") as address:
            monkeypatch.setitem(MIRRORS, "mnist", (address,))
            assert_holds(load("mnist"), small["mnist"])

    def test_the_next_mirror_stands_in_for_a_bad_one(
        self,
        tmp_path: Path,
        cache: Path,
        small: dict[str, dict[str, np.ndarray]],
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        put(tmp_path / "bad", small["fashion-mnist"], ".gz")
        put(tmp_path / "good", small["mnist"], ".gz")
        with served(tmp_path / "bad") as bad, served(tmp_path / "good") as good, served(tmp_path / "void") as void:
            monkeypatch.setitem(MIRRORS, "mnist", (void, bad, good))
            assert_holds(load("mnist"), small["mnist"])

    @pytest.mark.parametrize("damage", ["truncated", "another"])
    def test_nothing_half_downloaded_remains(
        self,
        tmp_path: Path,
        cache: Path,
        small: dict[str, dict[str, np.ndarray]],
        monkeypatch: pytest.MonkeyPatch,
        damage: str,
    ) -> None:
        put(tmp_path / "mirror", small["mnist" if damage == "truncated" else "fashion-mnist"], ".gz")
        if damage == "truncated":
            first = tmp_path / "mirror" / f"{FILES['x_train']}.gz"
            first.write_bytes(first.read_bytes()[:-9])
        with served(tmp_path / "mirror") as address:
            monkeypatch.setitem(MIRRORS, "mnist", (address,))
            fault = "not a whole gzip file" if damage == "truncated" else "hash"
            with pytest.raises(DataNotFoundError, match=rf"{address}: .*{fault}"):
                load("mnist")
        assert list((cache / "mnist").iterdir()) == []

    def test_a_mirror_without_the_files(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with served(tmp_path / "void") as address:
            monkeypatch.setitem(MIRRORS, "mnist", (address,))
            with pytest.raises(DataNotFoundError, match=rf"{address}: answers, but does not have the files"):
                load("mnist")

    def test_mirrors_that_never_answer_are_asked_at_once_and_not_waited_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        answer, asked = threading.Event(), []

        class Silent:
            def __init__(self, **_: object) -> None:
                pass

            def __call__(self, url: str, *_: object, **__: object) -> bool:
                asked.append(url)
                return answer.wait(60)

        mirrors = tuple(f"http://mirror-{number}.invalid/" for number in range(40))
        monkeypatch.setattr("pooch.HTTPDownloader", Silent)
        monkeypatch.setitem(MIRRORS, "mnist", mirrors)
        start = time.monotonic()
        try:
            faults = download("mnist", tmp_path, ["y_test"], patience=0.05)
            # One after the other they would take 2 s.
            assert time.monotonic() - start < 1
        finally:
            answer.set()
        assert faults == [f"{mirror}: no answer within 0.05 s" for mirror in mirrors]
        assert sorted(asked) == sorted(f"{mirror}{FILES['y_test']}.gz" for mirror in mirrors)
        assert list(tmp_path.iterdir()) == []
