"""How a command line is read: what was given, what was meant, and the help of the one option that was wrong."""

from __future__ import annotations

import argparse
import difflib
import re
import sys
from collections.abc import Collection, Iterable, Sequence
from typing import Any, NoReturn

Examples = Sequence[tuple[str, str]]
"""What comes after the name of the program, and what it does."""


class _NotGiven(list[Any]):
    """Stands for what a command line does not say; a list, to which arguments that add to one can add."""


class CommandParser(argparse.ArgumentParser):
    """A parser whose errors help: the option that is meant, its own help, and where more is said.

    What it returns has besides the options themselves the set of those that were `given`, and the parser as `parser`.

    Parameters
    ----------
    examples : sequence of (str, str)
        Shown at the end of the help.
    **more
        Those of :class:`argparse.ArgumentParser`.
    """

    def __init__(self, *, examples: Examples = (), **more: Any) -> None:
        more.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(**more)
        self._commands: Collection[str] = ()
        if examples:
            self.epilog = _as_text(examples, self.prog.split()[0])

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """As that of the class above, and says which options were given."""
        options, unknown = super().parse_known_args(args, namespace)
        if hasattr(options, "given"):  # by the parser of a command, which knows
            return options, unknown
        nothing = _NotGiven()
        again, _ = super().parse_known_args(args, argparse.Namespace(**dict.fromkeys(vars(options), nothing)))
        options.given = frozenset(
            name for name, value in vars(again).items() if value is not None and value is not nothing
        )
        options.parser = self
        return options, unknown

    def add_subparsers(self, **more: Any) -> Any:
        """As that of the class above, and remembers the commands, one of which comes first."""
        made = super().add_subparsers(**more)
        self._commands = made.choices
        return made

    def read(self, arguments: Sequence[str] | None = None) -> argparse.Namespace:
        """Read a command line, that of the process if None; leave with an error if it can't be understood."""
        words = list(sys.argv[1:] if arguments is None else arguments)
        if words and self._commands and not words[0].startswith("-") and words[0] not in self._commands:
            self.error(f"there is no command {words[0]!r}{did_you_mean(words[:1], self._commands)}")
        options, unknown = self.parse_known_args(words)
        if unknown:
            options.parser.refuse(unknown)
        options.whole_parser = self
        found: argparse.Namespace = options
        return found

    def refuse(self, unknown: Sequence[str]) -> NoReturn:
        """Leave with an error about arguments that nobody knows."""
        options = [word.partition("=")[0] for word in unknown if word.startswith("-")]
        said = ", ".join(options or unknown)
        self.error(f"unrecognized arguments: {said}{did_you_mean(options, self._options())}")

    def error(self, message: str) -> NoReturn:
        """Leave with an error; of an option that was wrong its help is shown, and not that of all others."""
        about = re.match(r"argument (?:[^:]*/)?([^:/]+): ", message)
        help_of = self._help_of(about[1]) if about else ""
        help_of = f"{help_of}\n" if help_of else ""
        self.exit(2, f"{self.prog}: error: {message}\n{help_of}see {self.prog} --help\n")

    def _options(self) -> list[str]:
        return re.findall(r"^  (?:-\w, )?(--[\w-]+)", self.format_help(), re.MULTILINE)

    def _help_of(self, name: str) -> str:
        """The lines of the help about one argument."""
        lines = re.search(rf"^  (?:-\w, )?{re.escape(name)}\b.*(?:\n {{10,}}.*)*", self.format_help(), re.MULTILINE)
        return lines[0] if lines else ""


def did_you_mean(words: Iterable[str], known: Iterable[str]) -> str:
    """What was probably meant, as the end of a message; empty if nothing is near.

    Parameters
    ----------
    words : iterable of str
        What nobody knows.
    known : iterable of str
        What there is.
    """
    there = list(known)
    near = dict.fromkeys(match for word in words for match in difflib.get_close_matches(word, there, n=1))
    return f"; did you mean {', '.join(near)}?" if near else ""


def _as_text(examples: Examples, program: str) -> str:
    lines = [f"  {program} {command}\n      {what}" for command, what in examples]
    return "\n".join(["examples:", *lines])
