"""Numbers of the report as text."""

from __future__ import annotations

import pytest

from benchmarks.report.numbers import Spread, percent_text, significant, spread, spread_text, with_prefix


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0"),
        (1.234567, "1.23"),
        (-1.234567, "-1.23"),
        (0.000123456, "0.000123"),
        (9.994, "9.99"),
        (9.996, "10.0"),
        (99.94, "99.9"),
        (99.96, "100"),
        (100.4, "100"),
        (123.6, "124"),
        (-250.6, "-251"),
        (1234.5678, "1,235"),
        (368517.85, "368,518"),
    ],
)
def test_numbers_have_three_significant_digits_and_whole_ones_all_of_theirs(value, text):
    assert significant(value) == text


@pytest.mark.parametrize(
    ("digits", "text"), [(1, "0.05"), (2, "0.051"), (4, "0.05123"), (5, "0.051235")], ids=lambda value: str(value)
)
def test_numbers_have_as_many_digits_as_are_asked_for(digits, text):
    assert significant(0.0512346, digits) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (14.709e-6, "14.7 µJ"),
        (0.9994e-6, "999 nJ"),
        (0.9996e-6, "1.00 µJ"),
        (0.00059, "590 µJ"),
        (0.0042, "4.20 mJ"),
        (-0.0042, "-4.20 mJ"),
        (1.5, "1.50 J"),
        (3.2e-11, "32.0 pJ"),
        (2e-15, "0.00200 pJ"),
        (12345.0, "12.3 kJ"),
        (12345678.0, "12,346 kJ"),
        (0, "0 pJ"),
        (0.9995, "1.00 J"),
        (0.9994, "999 mJ"),
    ],
)
def test_quantities_have_the_prefix_that_fits(value, text):
    assert with_prefix(value, "J") == text


def test_a_spread_is_median_least_greatest_and_number_of_values():
    assert spread([3.0, 1.0, 2.5]) == Spread(2.5, 1.0, 3.0, 3)
    assert spread([4, 1]) == Spread(2.5, 1.0, 4.0, 2)
    assert spread([]) is None


@pytest.mark.parametrize(
    ("found", "texts"),
    [
        (None, ("–", "")),
        (Spread(2.0, 1.0, 3.456, 3), ("2.00", "1.00 to 3.46")),
        # Nobody wants to read "2.00 to 2.00".
        (Spread(2.0, 1.9999, 2.0001, 3), ("2.00", "")),
    ],
)
def test_a_spread_is_written_as_median_and_range(found, texts):
    assert spread_text(found) == texts


@pytest.mark.parametrize(
    ("found", "texts"),
    [
        (None, ("–", "")),
        (Spread(0.921, 0.9, 0.9456, 3), ("92.1%", "90.0% to 94.6%")),
        (Spread(0.921, 0.9209, 0.9211, 3), ("92.1%", "")),
    ],
)
def test_a_share_is_written_in_per_cent(found, texts):
    assert percent_text(found) == texts
