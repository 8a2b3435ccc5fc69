"""Every block of the documentation is run, in order, in a fresh clone, and prints what its page says."""

from __future__ import annotations

import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from pages import PAGES, PYTHON, Block, blocks, missing
from sources import ROOT, source_files

from pynn_backprop.data import datasets
from pynn_backprop.errors import InputError

LONGEST = 3600
"""Seconds for a page."""

ADDRESS = "URL"
"""What README calls the address of the repository."""

LAST = 3000


@pytest.fixture(scope="module")
def origin(tmp_path_factory) -> Path:
    """A repository of the files as they are now, committed or not."""
    folder = tmp_path_factory.mktemp("documentation") / "origin"
    for file in source_files():
        copy = folder / file.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(file, copy)
    git = ["git", "-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "init.defaultBranch=main"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "as it is"]):
        subprocess.run([*git, *words], cwd=folder, check=True)
    return folder


def environment() -> dict[str, str]:
    """Ours, with the programs of this Python first."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    return {**os.environ, "PATH": path, "COLUMNS": "120"}


def at_hand(name: str) -> bool:
    """Whether there is the data set, or the module, of this name."""
    if name not in datasets.NAMES:
        return importlib.util.find_spec(name) is not None
    try:
        datasets.load(name)
    except InputError:
        return False
    return True


def run(chosen: Sequence[Block], start: Path, notes: Path, origin: Path) -> None:
    """Run blocks one after the other in one shell; what is wrong is said with the block and what it printed."""
    notes.mkdir()
    script = ["set -eo pipefail"]
    for number, block in enumerate(chosen):
        program, said = notes / f"{number}", shlex.quote(str(notes / f"{number}.out"))
        program.write_text(block.text.replace(f" {ADDRESS} ", f" {shlex.quote(str(origin))} "), encoding="utf-8")
        if "file" in block.said:
            script.append(f"cp {shlex.quote(str(program))} {shlex.quote(block.said['file'])}")
        else:
            how = "python" if block.language in PYTHON else "source"
            script.append(f"echo {number}; {how} {shlex.quote(str(program))} > {said} 2>&1")
    done = subprocess.run(
        ["bash", "-c", "\n".join(script)],
        cwd=start,
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST,
    )
    reached = int((done.stdout.split() or ["0"])[-1])
    if done.returncode:
        printed = (notes / f"{reached}.out").read_text(encoding="utf-8")
        pytest.fail(f"{chosen[reached].name} ended with {done.returncode}:\n{printed[-LAST:]}{done.stderr[-LAST:]}")
    for number, block in enumerate(chosen):
        if block.prints:
            printed = (notes / f"{number}.out").read_text(encoding="utf-8")
            lacks = missing(block.prints, printed)
            assert not lacks, f"{block.name} does not print\n" + "\n".join(lacks) + f"\nbut\n{printed[-LAST:]}"


@pytest.mark.slow
@pytest.mark.timeout(LONGEST)
@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_can_be_followed_to_its_end(page, origin, tmp_path):
    chosen = [block for block in blocks(page) if "run" not in block.said]
    chosen = [block for block in chosen if "needs" not in block.said or at_hand(block.said["needs"])]
    if not chosen:
        pytest.skip("nothing is to be run")
    clones = f" {ADDRESS} " in chosen[0].text
    if not clones:
        subprocess.run(["git", "clone", "-q", str(origin), str(tmp_path / "clone")], check=True)
    run(chosen, tmp_path if clones else tmp_path / "clone", tmp_path / "notes", origin)
    (clone,) = [folder.parent for folder in tmp_path.glob("*/.git")]
    untracked = subprocess.run(["git", "status", "--porcelain"], cwd=clone, capture_output=True, text=True, check=True)
    assert untracked.stdout == "", "what the page makes is dirt in git"
