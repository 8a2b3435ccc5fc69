"""Lines that may be compared: of one network, which learnt the same and was tested on the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..rows import OLDER, apart_in, is_whole, platform_in, sizes_in
from .summary import Line

_TRAINING = ("case", "layer_sizes", "samples", "epochs", "test_samples", "validation", "until")
"""What the rows of a group have in common."""


@dataclass(frozen=True)
class Group:
    """Lines of equal training.

    Parameters
    ----------
    lines : tuple[Line, ...]
        At least one; their labels differ.
    """

    lines: tuple[Line, ...]

    @property
    def first(self) -> dict[str, Any]:
        """The first of the rows, with what older ones lack."""
        return {**OLDER, **self.lines[0].first}

    @property
    def case(self) -> str:
        """Name of the case."""
        return str(self.first["case"])

    @property
    def sizes(self) -> str:
        """Units of the layers."""
        return sizes_in(self.first)

    @property
    def whole(self) -> bool:
        """Whether the training is a whole one, so that it can be held against what others published."""
        return is_whole(self.first)

    @property
    def training(self) -> str:
        """How much was learnt, in words."""
        first, samples = self.first, f"{self.first['samples']:,} samples"
        if first["until"]:
            return f"until {first['until']:.0%} of {first['validation']:,} validation samples are right"
        return samples if first["epochs"] == 1 else f"{first['epochs']} epochs of {samples}"

    @property
    def title(self) -> str:
        """Case, network and training, for people."""
        return f"{self.case}, {self.sizes}, {self.training}"

    @property
    def name(self) -> str:
        """All that its rows have in common, in the names of files: no two groups have the same."""
        first = self.first
        held = f"-held-{first['validation']}" if first["validation"] else ""
        until = f"-until-{first['until']:g}" if first["until"] else ""
        learnt = f"{first['samples']}x{first['epochs']}-{first['test_samples']}"
        return f"{self.case}-{self.sizes}-{learnt}{held}{until}"

    @property
    def common(self) -> str:
        """What all circuits of it have in common, in words."""
        return ", ".join(_shared(self.lines).values())


def groups_of(lines: Iterable[Line]) -> list[Group]:
    """Lines taken together by what they learnt, in their order, each with a label that is its own in its group."""
    found: dict[str, list[Line]] = {}
    for line in lines:
        row = {**OLDER, **line.first}
        found.setdefault(repr([row[name] for name in _TRAINING]), []).append(line)
    return [Group(_labelled(group)) for group in found.values()]


def _labelled(lines: Sequence[Line]) -> tuple[Line, ...]:
    shared = _shared(lines)
    return tuple(
        replace(
            line,
            label=", ".join(
                [
                    platform_in(line.first),
                    *(words for what, words in apart_in(line.first).items() if words and shared.get(what) != words),
                ]
            ),
        )
        for line in lines
    )


def _shared(lines: Iterable[Line]) -> dict[str, str]:
    """What those lines that say something of it all say alike."""
    said: dict[str, set[str]] = {}
    for line in lines:
        for what, words in apart_in(line.first).items():
            said.setdefault(what, set()).update([words] if words or what in ("threads", "code", "stretch") else [])
    return {what: next(iter(words)) for what, words in said.items() if len(words) == 1 and "" not in words}


def by_case(groups: Iterable[Group]) -> dict[str, list[Group]]:
    """Groups by the name of their case."""
    found: dict[str, list[Group]] = {}
    for group in groups:
        found.setdefault(group.case, []).append(group)
    return found


def main_groups(groups: Sequence[Group]) -> list[Group]:
    """Those of a case that are shown at length: whole trainings, or without one the group of most platforms."""
    whole = [group for group in groups if group.whole]
    short = [group for group in groups if not group.first["until"]]
    return whole or ([max(short, key=lambda group: len(group.lines))] if short else [])
