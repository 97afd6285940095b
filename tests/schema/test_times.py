from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.schema.times import parse_seconds, show_seconds


@pytest.mark.parametrize(
    ("given_value", "exact"),
    [(3, Fraction(3)), (0.1, Fraction(1, 10)), ("3.5", Fraction(7, 2)), ("7/2", Fraction(7, 2)), (-2, Fraction(-2))],
)
def test_reads_numbers_and_fractions_exactly(given_value, exact):
    assert parse_seconds(given_value) == exact


@pytest.mark.parametrize(
    "nonsense", ["soon", "1/0", True, None, [1], "nan", float("inf"), "1e400", "1e999999999", "9" * 50]
)
def test_refuses_what_is_no_time(nonsense):
    with pytest.raises(ValueError, match="a time must be a number or a fraction"):
        parse_seconds(nonsense)


@given(st.fractions(min_value=-1000, max_value=1000))
def test_shown_times_read_back_the_same(value):
    assert parse_seconds(show_seconds(value)) == value
