"""``pynn-backprop completion``: what makes the Tab key of a shell complete commands and options."""

from __future__ import annotations

import argparse

SHELLS = ("bash", "zsh", "tcsh")
SUMMARY = "Print what makes the Tab key of a shell complete commands and options."
EXAMPLES = (
    ("completion bash > ~/.local/share/bash-completion/completions/pynn-backprop", "for every bash to come"),
    ("completion zsh > ~/.zfunc/_pynn-backprop", "for zsh, where fpath names ~/.zfunc"),
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Give a parser what :func:`run` reads."""
    parser.add_argument("shell", metavar="SHELL", choices=SHELLS, help=f"{', '.join(SHELLS[:-1])} or {SHELLS[-1]}")


def run(options: argparse.Namespace) -> int:
    """Print the script of a shell; returns 0."""
    import shtab

    print(shtab.complete(options.whole_parser, options.shell))
    return 0
