from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.director.spans import limited, split


@given(st.fractions(min_value=1, max_value=600), st.lists(st.sampled_from([None, Fraction(2)]), min_size=1, max_size=9))
def test_parts_lie_end_to_end(seconds, most):
    parts = limited(Fraction(1), 1 + seconds, most)
    assert (parts[0][0], parts[-1][1], len(parts)) == (1, 1 + seconds, len(most))
    assert all(a < b for a, b in parts)
    assert all(one[1] == two[0] for one, two in pairwise(parts))


def test_what_a_short_part_leaves_goes_to_the_others():
    parts = limited(Fraction(0), Fraction(20), [None, None, Fraction(11, 4), None, None])
    lengths = [b - a for a, b in parts]
    assert lengths[2] == pytest.approx(11 / 4, abs=1 / 24)
    assert all(length == pytest.approx(17.25 / 4, abs=1 / 12) for k, length in enumerate(lengths) if k != 2)


def test_a_limit_above_an_equal_share_changes_nothing():
    assert limited(Fraction(0), Fraction(6), [None, Fraction(4), None]) == split(Fraction(0), Fraction(6), 3)
