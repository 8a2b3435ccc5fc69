"""What the tests of all chips share."""

from __future__ import annotations

import warnings
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def no_number_is_lost_without_a_word() -> Iterator[None]:
    """A division by zero or an overflow that was not meant fails the test."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", RuntimeWarning)
        yield
