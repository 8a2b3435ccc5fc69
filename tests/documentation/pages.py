"""The pages of the documentation, and what they tell a reader to run.

A comment before a block says what is special about it::

    <!-- run: no, it takes hours -->     nobody runs it, and why
    <!-- needs: mnist -->                run where this data set, or this module, is at hand
    <!-- file: my_case.py -->            not run, but written to a file that later blocks use
    <!-- prints -->                      what the block before prints: these lines, in this order; ... is anything

All other blocks of the languages that :data:`RUN` names are run, in order, in one shell for each page; a block of
Python is a program of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from markdown_it import MarkdownIt
from sources import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "benchmarks/README.md", *sorted(ROOT.glob("docs/*.md"))]
SHELL, PYTHON = ("sh", "bash"), ("python",)
RUN = (*SHELL, *PYTHON)

_COMMENT = re.compile(r"<!--\s*(run|needs|file|prints)\s*(?::\s*(.*?))?\s*-->", re.DOTALL)


@dataclass
class Block:
    """What a page tells a reader to run.

    Parameters
    ----------
    page : pathlib.Path
        Where it stands.
    line : int
        In which line.
    language : str
        Of :data:`RUN`.
    text : str
        What is to be run.
    said : dict of str to str
        What the comment before it says, by its first word.
    prints : list of str
        Lines that it prints.
    """

    page: Path
    line: int
    language: str
    text: str
    said: dict[str, str]
    prints: list[str] = field(default_factory=list)

    @property
    def runs(self) -> bool:
        """Whether it is run."""
        return not {"run", "file"} & set(self.said)

    @property
    def name(self) -> str:
        """Where it is found."""
        return f"{self.page.relative_to(ROOT).as_posix()}:{self.line}"

    def commands(self) -> list[str]:
        """The commands of a block of a shell, without their continuations and comments."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [command for line in lines if (command := re.sub(r"(^|\s)#.*", "", line).strip())]


def blocks(page: Path) -> list[Block]:
    """All blocks of a page that are to be run, or say why not."""
    return list(_blocks(page, page.read_text(encoding="utf-8")))


def blocks_in(text: str) -> list[Block]:
    """All blocks of a text."""
    return list(_blocks(ROOT / "text", text))


def _blocks(page: Path, text: str) -> Iterator[Block]:
    said: dict[str, str] = {}
    found: Block | None = None
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "html_block":
            said |= {word: value or "" for word, value in _COMMENT.findall(token.content)}
        elif token.type == "fence":
            line = (token.map or [0])[0] + 1
            if "prints" in said:
                assert found, f"{page}:{line}: nothing is run that could print this"
                found.prints = token.content.splitlines()
            elif token.info.strip() in RUN:
                found = Block(page, line, token.info.strip(), token.content, said)
                yield found
            said = {}
        elif token.type in ("heading_open", "paragraph_open"):
            said = {}


def missing(expected: list[str], printed: str) -> list[str]:
    """The lines that were not printed, from the first of them on."""
    rest = [" ".join(line.split()) for line in printed.splitlines()]
    for number, line in enumerate(expected):
        pattern = re.compile(re.escape(" ".join(line.split())).replace(re.escape("..."), ".*"))
        at = next((n for n, other in enumerate(rest) if pattern.fullmatch(other)), None)
        if at is None:
            return expected[number:]
        rest = rest[at + 1 :]
    return []
