"""Files are written on whatever stands in their place: links stay links, pipes and devices get the content."""

from __future__ import annotations

import os
import re
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

import pytest

from pynn_backprop.errors import InputError
from pynn_backprop.files import check_writable, is_replaced, read_json, sweep, write_json, written_whole
from pynn_backprop.files.owner import Owner, has_ended


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("there", [True, False], ids=["to a file", "to nothing"])
def test_a_link_stays_and_its_file_is_replaced(tmp_path, there):
    (tmp_path / "far").mkdir()
    link, target = tmp_path / "link.json", tmp_path / "far" / "target.json"
    if there:
        write_json(target, "old")
    link.symlink_to("far/target.json")
    write_json(link, "new")
    assert link.is_symlink()
    assert not target.is_symlink()
    assert read_json(target) == "new"
    assert names_in(tmp_path / "far") == ["target.json"]


def test_a_link_to_nowhere_is_refused(tmp_path):
    (tmp_path / "link.json").symlink_to("no/target.json")
    with pytest.raises(InputError, match=r"link\.json can't be written: there is no folder .*no"):
        check_writable(tmp_path / "link.json")


def test_a_pipe_gets_the_content_and_stays(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append((tmp_path / "pipe").read_text()))
    reader.start()
    write_json(tmp_path / "pipe", {"a": 1})
    reader.join(10)
    assert got == ['{\n  "a": 1\n}\n']
    assert stat.S_ISFIFO(os.stat(tmp_path / "pipe").st_mode)
    assert names_in(tmp_path) == ["pipe"]


def test_a_device_is_written_to_and_stays():
    write_json("/dev/null", [1])
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)
    assert not is_replaced("/dev/null")


WRITE = "from pynn_backprop.files import write_json; print('first', flush=True); write_json('/dev/stdout', [1])"


@pytest.mark.skipif(not Path("/dev/stdout").exists(), reason="there is no /dev/stdout")
def test_the_standard_output_may_be_a_file(tmp_path):
    with open(tmp_path / "out", "w") as output:
        subprocess.run([sys.executable, "-c", WRITE], stdout=output, check=True)
    assert (tmp_path / "out").read_text() == "first\n[\n  1\n]\n"


def test_a_socket_is_refused(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # the name of a socket must be short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s")
        with pytest.raises(InputError, match="s can't be written: it is a socket"):
            check_writable("s")


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000, "\ud800"], ids=["null", "long", "no text"])
def test_a_name_that_no_file_can_have_is_refused(path):
    with pytest.raises(InputError, match="can't be written"):
        check_writable(path)


def test_a_long_name_is_written(tmp_path):
    path = tmp_path / ("ä" * 120 + ".json")
    write_json(path, 1)
    assert read_json(path) == 1


def test_a_file_keeps_its_mode(tmp_path):
    write_json(tmp_path / "a.json", 1)
    (tmp_path / "a.json").chmod(0o604)
    write_json(tmp_path / "a.json", 2)
    assert stat.S_IMODE((tmp_path / "a.json").stat().st_mode) == 0o604


def test_an_error_of_the_system_names_the_file_and_not_the_temporary_one(tmp_path):
    def write(error: OSError) -> None:
        with written_whole(tmp_path / "a.txt"):
            raise error

    with pytest.raises(OSError, match=re.escape(f"No space left on device: '{tmp_path / 'a.txt'}'")):
        write(OSError(28, "No space left on device"))
    with pytest.raises(FileNotFoundError, match="other"):
        write(FileNotFoundError(2, "No such file", "other"))


def test_what_was_written_is_on_the_disk_before_it_takes_its_place(tmp_path, monkeypatch):
    done: list[str] = []
    real = os.replace
    monkeypatch.setattr(
        os, "fsync", lambda handle: done.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
    )
    monkeypatch.setattr(os, "replace", lambda *names: (done.append("replace"), real(*names)))
    write_json(tmp_path / "a.json", 1)
    assert done == ["file", "replace", "folder"]


# --- what killed processes leave

KILLED = """
import os, signal, sys
from pynn_backprop.files import written_whole
with written_whole(sys.argv[1]) as temporary:
    temporary.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def killed_while_writing(path: Path | str, temporary: Path) -> None:
    environment = {**os.environ, "TMPDIR": str(temporary)}
    done = subprocess.run([sys.executable, "-c", KILLED, str(path)], check=False, env=environment)
    assert done.returncode == -9


def test_what_a_killed_process_left_is_swept_when_the_file_is_written_again(tmp_path):
    killed_while_writing(tmp_path / "a.json", tmp_path)
    assert len(names_in(tmp_path)) == 1
    write_json(tmp_path / "b.json", 1)
    assert len(names_in(tmp_path)) == 2
    write_json(tmp_path / "a.json", 1)
    assert names_in(tmp_path) == ["a.json", "b.json"]


def test_what_a_killed_process_left_elsewhere_is_swept_too(tmp_path, monkeypatch):
    killed_while_writing("/dev/null", tmp_path)
    assert len(names_in(tmp_path)) == 1
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    write_json("/dev/null", 1)
    assert names_in(tmp_path) == []


def test_only_what_is_certainly_left_is_swept(tmp_path):
    elsewhere = f"0123abcd-{os.getpid()}"
    kept = [
        f".a-{Owner.here().tag}-01234567.json",  # this process is still there
        f".a-{elsewhere}-01234567.json",  # another machine's
        ".a-01234567.json",
        "a-file-of-mine.json",
        f".a-{Owner.here().tag.partition('-')[0]}-{'9' * 30}-01234567.json",
    ]
    for name in kept:
        (tmp_path / name).touch()
    assert sweep(tmp_path) == []
    assert names_in(tmp_path) == sorted(kept)


def test_of_a_process_that_is_there_it_is_not_said_that_it_has_ended():
    assert not has_ended(Owner.here().tag)
    assert not has_ended(Owner(1, Owner.here().host).tag)
    assert not has_ended("junk")
