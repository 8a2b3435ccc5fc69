"""Files are written whole or not at all, and broken ones are named."""

from __future__ import annotations

import os
import pickle
import re
import zipfile
from pathlib import Path

import numpy as np
import platformdirs
import pytest

from pynn_backprop.errors import InputError
from pynn_backprop.files import cache_folder, check_writable, read_json, read_npz, write_json, write_npz, written_whole


class Stop(Exception):
    """What interrupts a test's writing."""


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- whole or not at all


def test_a_file_appears_under_its_name_only_when_it_is_whole(tmp_path):
    with written_whole(tmp_path / "a.txt") as temporary:
        temporary.write_text("new")
        assert not (tmp_path / "a.txt").exists()
        assert temporary.parent == tmp_path
        assert (temporary.suffix, temporary.name[:3]) == (".txt", ".a-")
    assert (tmp_path / "a.txt").read_text() == "new"
    assert names_in(tmp_path) == ["a.txt"]


@pytest.mark.parametrize("error", [Stop, KeyboardInterrupt])
def test_the_old_file_stays_when_writing_fails(tmp_path, error):
    path = tmp_path / "a.txt"
    path.write_text("old")

    def write_half() -> None:
        with written_whole(path) as temporary:
            temporary.write_text("ne")
            raise error

    with pytest.raises(error):
        write_half()
    assert path.read_text() == "old"
    assert names_in(tmp_path) == ["a.txt"]


def test_no_file_appears_when_writing_fails(tmp_path):
    def write_half() -> None:
        with written_whole(tmp_path / "a.txt") as temporary:
            temporary.write_text("ne")
            raise Stop

    with pytest.raises(Stop):
        write_half()
    assert names_in(tmp_path) == []


@pytest.mark.skipif(os.name != "posix", reason="file modes are POSIX")
@pytest.mark.parametrize(("umask", "mode"), [(0o027, 0o640), (0, 0o666)])
def test_a_file_has_the_mode_that_the_umask_asks_for(tmp_path, umask, mode):
    before = os.umask(umask)
    try:
        with written_whole(tmp_path / "a.txt") as temporary:
            temporary.write_text("new")
        assert os.umask(umask) == umask
    finally:
        os.umask(before)
    assert (tmp_path / "a.txt").stat().st_mode & 0o777 == mode


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open files are listed by Linux only")
def test_no_file_stays_open(tmp_path):
    before = len(os.listdir("/proc/self/fd"))
    for k in range(5):
        with written_whole(tmp_path / f"{k}.txt") as temporary:
            temporary.write_text("new")
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_place_that_can_not_be_written_is_refused_before_anything_is(tmp_path, monkeypatch):
    (tmp_path / "folder").mkdir()
    for path, why in (("folder", "it is a folder"), ("no/a.txt", f"there is no folder {tmp_path / 'no'}")):
        for check in (check_writable, lambda path: written_whole(path).__enter__()):
            with pytest.raises(InputError, match=re.escape(f"{tmp_path / path} can't be written: {why}")):
                check(tmp_path / path)
    monkeypatch.setattr(os, "access", lambda folder, mode: mode != os.W_OK | os.X_OK)
    with pytest.raises(InputError, match=r"a\.txt can't be written: you may not write to the folder"):
        check_writable(tmp_path / "a.txt")
    assert names_in(tmp_path) == ["folder"]


# --- JSON


def test_json_is_read_as_it_was_written(tmp_path):
    value = {"a": [1, 2.5, None, "ä"], "b": {"c": True}}
    write_json(tmp_path / "a.json", value)
    assert read_json(tmp_path / "a.json") == value


def test_json_is_indented_and_ends_with_a_line(tmp_path):
    write_json(tmp_path / "a.json", {"a": [1]})
    assert (tmp_path / "a.json").read_text() == '{\n  "a": [\n    1\n  ]\n}\n'


@pytest.mark.parametrize("value", [float("nan"), float("inf"), object()])
def test_what_json_does_not_know_is_refused_and_the_old_file_stays(tmp_path, value):
    write_json(tmp_path / "a.json", "old")
    with pytest.raises((ValueError, TypeError)):
        write_json(tmp_path / "a.json", [value])
    assert read_json(tmp_path / "a.json") == "old"
    assert names_in(tmp_path) == ["a.json"]


@pytest.mark.parametrize("content", [b"", b'{"a": 1', b"\xff\xfe\x00", b"PK\x03\x04"])
def test_a_broken_json_file_is_named(tmp_path, content):
    (tmp_path / "a.json").write_bytes(content)
    with pytest.raises(InputError, match=r"a\.json is not a JSON file"):
        read_json(tmp_path / "a.json")


def test_a_missing_json_file_is_named(tmp_path):
    with pytest.raises(InputError, match=r"a\.json can't be read: No such file"):
        read_json(tmp_path / "a.json")


# --- .npz

ARRAYS = {"W1": np.arange(12).reshape(3, 4), "W2": np.arange(8.0).reshape(4, 2)}


@pytest.fixture
def npz(tmp_path: Path) -> Path:
    write_npz(tmp_path / "w.npz", ARRAYS)
    return tmp_path / "w.npz"


def test_arrays_are_read_as_they_were_written(npz):
    read = read_npz(npz)
    assert list(read) == list(ARRAYS)
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(read[name], array, strict=True)
    assert list(read_npz(npz, ("W2",))) == ["W2"]


def test_an_array_that_lacks_is_named_with_those_there_are(npz):
    with pytest.raises(InputError, match=r"w\.npz lacks the arrays W3, b; it holds W1, W2"):
        read_npz(npz, ("W1", "W3", "b"))


def test_a_truncated_npz_is_named_wherever_it_ends(npz):
    whole = npz.read_bytes()
    for end in range(len(whole)):
        npz.write_bytes(whole[:end])
        with pytest.raises(InputError, match=r"w\.npz"):
            read_npz(npz)


def test_a_damaged_npz_gives_the_same_arrays_or_is_named(npz):
    """Every byte in turn is damaged; zip archives hold times and the like, which do not matter."""
    whole = npz.read_bytes()
    for place in range(len(whole)):
        for flipped in (0x01, 0x80, 0xFF):
            npz.write_bytes(whole[:place] + bytes([whole[place] ^ flipped]) + whole[place + 1 :])
            try:
                read = read_npz(npz)
            except InputError as error:
                assert "w.npz" in str(error)  # noqa: PT017
                continue
            for name in set(ARRAYS) & set(read):
                np.testing.assert_array_equal(read[name], ARRAYS[name], strict=True)


@pytest.mark.parametrize("content", [b"", b"\0" * 100, b"W1,W2\n1,2\n", pickle.dumps(ARRAYS)], ids=range(4))
def test_a_file_that_is_no_npz_is_named(tmp_path, content):
    (tmp_path / "w.npz").write_bytes(content)
    with pytest.raises(InputError, match=r"w\.npz is not a whole \.npz file"):
        read_npz(tmp_path / "w.npz")


def test_a_single_array_is_no_npz(tmp_path):
    with open(tmp_path / "w.npz", "wb") as stream:
        np.save(stream, ARRAYS["W1"])
    with pytest.raises(InputError, match=r"w\.npz is a single array"):
        read_npz(tmp_path / "w.npz")


class Payload:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self.path),)


def test_python_objects_in_an_npz_are_refused_and_not_run(tmp_path):
    objects = np.array([Payload(tmp_path / "was run")], dtype=object)
    with open(tmp_path / "w.npz", "wb") as stream:
        np.savez(stream, W1=objects)
    with pytest.raises(InputError, match=r"w\.npz"):
        read_npz(tmp_path / "w.npz")
    assert not (tmp_path / "was run").exists()


def test_an_archive_of_something_else_gives_no_arrays(tmp_path):
    with zipfile.ZipFile(tmp_path / "w.npz", "w") as archive:
        archive.writestr("W1", "not an array")
    with pytest.raises(InputError, match=r"w\.npz"):
        read_npz(tmp_path / "w.npz")


def test_a_missing_npz_and_a_folder_are_named(tmp_path):
    (tmp_path / "folder.npz").mkdir()
    for name in ("missing.npz", "folder.npz"):
        with pytest.raises(InputError, match=rf"{name} is not a file"):
            read_npz(tmp_path / name)


# --- the folder of what can be made again


def test_the_cache_is_where_the_variable_says_or_where_the_system_keeps_caches(tmp_path, monkeypatch):
    monkeypatch.setenv("PYNN_BACKPROP_CACHE", str(tmp_path / "mine"))
    assert cache_folder() == tmp_path / "mine"
    assert not (tmp_path / "mine").exists()
    monkeypatch.setenv("PYNN_BACKPROP_CACHE", "")
    assert cache_folder() == Path(platformdirs.user_cache_dir("pynn_backprop", appauthor=False))
    assert cache_folder().name == "pynn_backprop"
