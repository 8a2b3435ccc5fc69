"""The platforms of a comparison by what users call them."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import InputError
from ..interfaces import Options, Platform
from ..platforms import get_platform


def platforms_named(names: Sequence[str], threads: int = 1, fewest: int = 2) -> dict[str, Platform]:
    """The platforms that a user calls NAME, NAME:VARIANT or NAME:VARIANT:LAYOUT.

    Parameters
    ----------
    names : sequence of str
        At least `fewest`.  A platform may be there twice, to see whether it repeats itself.
    threads : int
        Threads of each simulator.
    fewest : int
        How many are needed.

    Returns
    -------
    dict of str to Platform
        By that name.

    Raises
    ------
    InputError
        If there are fewer, or there is no such platform, variant or layout.
    PlatformError
        If one is not installed.
    """
    if len(names) < fewest:
        raise InputError(f"the platforms are {', '.join(names) or 'none'} but must be at least two to be compared")
    found: dict[str, Platform] = {}
    for number, text in enumerate(names):
        before = names[:number].count(text)
        found[f"{text} ({before + 1})" if before else text] = _platform_named(text, threads)
    return found


def _platform_named(text: str, threads: int) -> Platform:
    name, *choices = text.split(":")
    if not name or "" in choices or len(choices) > 2:
        raise InputError(f"the platform is {text!r} but must be NAME, NAME:VARIANT or NAME:VARIANT:LAYOUT")
    return get_platform(name, Options(threads, *choices))
