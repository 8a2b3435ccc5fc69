"""What the documentation tells a reader to run can be understood: every command, option, file and example."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable

import pytest
from pages import PAGES, PYTHON, SHELL, Block, blocks, blocks_in, missing
from sources import ROOT

from benchmarks.arguments import parser as benchmarks_parser
from pynn_backprop.cli.main import COMMANDS, whole_parser

TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
EVERY = [block for page in PAGES for block in blocks(page)]
COMMAND = re.compile(r"(?:^|(?<=[;&|(] ))(?:[A-Z_]+=\S+ )*(pynn-backprop|python -m benchmarks|python|make) ([^;&|>)]*)")
"""A program of ours and its arguments, also behind a variable that is set for it or another command."""


def commands_of(block: Block) -> list[tuple[str, list[str]]]:
    return [(m[1], shlex.split(m[2])) for line in block.commands() for m in COMMAND.finditer(line)]


def check(program: str, words: list[str]) -> None:
    if program == "pynn-backprop":
        understood(lambda: whole_parser().read(words), words)
    elif program == "python -m benchmarks":
        understood(lambda: benchmarks_parser().read(words), words)
    elif program == "make":
        assert {word for word in words if "=" not in word} <= TARGETS
    elif words[0].startswith(("docs/", "tools/", "tests/")):
        assert (ROOT / words[0]).is_file()


def understood(read: Callable[[], object], words: list[str]) -> None:
    if {"--help", "--version"} & set(words):
        with pytest.raises(SystemExit, match=r"^0$"):
            read()
    else:
        read()


@pytest.mark.parametrize("block", [b for b in EVERY if b.language in SHELL], ids=lambda block: block.name)
def test_every_command_is_understood(block):
    for program, words in commands_of(block):
        check(program, words)


@pytest.mark.parametrize("block", [b for b in EVERY if b.language in PYTHON], ids=lambda block: block.name)
def test_every_program_is_python(block):
    compile(block.text, block.name, "exec")


def test_what_nobody_runs_says_why():
    for block in EVERY:
        if "run" in block.said:
            assert re.fullmatch(r"no, \S.*", block.said["run"]), block.name


@pytest.mark.parametrize("command", COMMANDS)
def test_the_examples_of_a_command_are_understood(command):
    for words, what in COMMANDS[command].EXAMPLES:
        assert words.split()[0] == command
        check("pynn-backprop", shlex.split(words.partition(">")[0]))
        assert what


# --- how pages are read

PAGE = """
text

<!-- needs: mnist -->
```sh
pynn-backprop train nest \\
    --epochs 3   # a comment
FOO=1 make test | head; python -m benchmarks list
```

prints

<!-- prints -->
```
a ... c
d
```

<!-- run: no, too long -->

```python
while True: pass
```

<!-- run: no, a comment belongs to the block that follows it at once -->

A paragraph.

```bash
true
```

```ini
[x]
```
"""


def test_blocks_are_read_with_what_is_said_of_them():
    first, second, third = blocks_in(PAGE)
    assert (first.said, first.prints, first.runs, first.line) == ({"needs": "mnist"}, ["a ... c", "d"], True, 5)
    assert commands_of(first) == [
        ("pynn-backprop", ["train", "nest", "--epochs", "3"]),
        ("make", ["test"]),
        ("python -m benchmarks", ["list"]),
    ]
    assert (second.language, second.runs, second.prints) == ("python", False, [])
    assert (third.said, third.runs) == ({}, True)


def test_lines_that_were_not_printed_are_found():
    assert missing(["a ... c", "d"], "x\n a  b  c \ny\nd\n") == []
    assert missing(["a", "b"], "b\na\n") == ["b"]
    assert missing(["a"], "ab") == ["a"]


def test_a_command_that_is_not_understood_is_found(capsys):
    with pytest.raises(SystemExit):
        check("pynn-backprop", ["train", "nest", "--hiden", "3"])
    assert "--hidden" in capsys.readouterr().err
    with pytest.raises(AssertionError):
        check("make", ["tests"])
