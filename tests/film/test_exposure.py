import numpy as np
import pytest

from kinema.film.exposure import exposure


def flat(value):
    return np.full((18, 32, 3), value, np.float32)


def test_a_well_lit_picture_is_left_alone():
    assert exposure(flat(0.15)) == pytest.approx(0.0, abs=1e-6)


def test_dark_pictures_are_lifted_and_bright_ones_held_back_within_bounds():
    assert 0 < exposure(flat(0.08)) < 1.4
    assert exposure(flat(0.0)) == pytest.approx(1.4)
    assert -0.8 < exposure(flat(0.4)) < 0
    assert exposure(flat(3.0)) == pytest.approx(-0.8)


def test_night_stays_darker_than_day():
    assert exposure(flat(0.05)) < np.log2(0.15 / 0.05)


def test_the_middle_counts_more_than_the_rim():
    lit_middle, lit_rim = flat(0.02), flat(0.5)
    lit_middle[5:13, 8:24] = 0.5
    lit_rim[5:13, 8:24] = 0.02
    share = (lit_middle > 0.1).mean()
    assert share < 0.5
    assert exposure(lit_middle) < exposure(flat(0.02))
