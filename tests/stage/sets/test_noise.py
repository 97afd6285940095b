"""Noise: bounded, smooth, repeating where asked to, and named by its seed."""

import numpy as np
import pytest

from kinema.stage.sets.noise import Noise, smooth

FIELD = Noise.of(1, "test", "field")


def test_it_is_bounded_and_has_both_signs():
    x, y = np.meshgrid(np.linspace(0, 40, 300), np.linspace(0, 40, 300))
    values = FIELD.at(x, y)
    assert np.abs(values).max() <= 0.75
    assert values.min() < -0.3
    assert values.max() > 0.3
    assert FIELD.at(np.arange(5.0), np.arange(5.0)) == pytest.approx(0.0, abs=1e-6)


def test_it_is_smooth():
    x = np.linspace(3, 9, 6001)
    assert np.abs(np.diff(FIELD.at(x, 0.37 + 0 * x))).max() < 0.004


def test_it_repeats_both_ways_with_their_own_periods():
    x, y = np.linspace(0, 8, 50), np.linspace(0, 4, 50)
    here = FIELD.sum(x, y, 3, period=8, upward=4)
    assert FIELD.sum(x + 8, y + 4, 3, period=8, upward=4) == pytest.approx(here, abs=1e-4)


def test_fields_are_named():
    x = np.linspace(0, 9, 50)
    assert Noise.of(1, "test", "field").at(x, x).tobytes() == FIELD.at(x, x).tobytes()
    assert Noise.of(2, "test", "field").at(x, x).tobytes() != FIELD.at(x, x).tobytes()


def test_smooth_steps_either_way():
    assert smooth(1.0, 3.0, np.array([0.0, 2.0, 9.0])) == pytest.approx([0.0, 0.5, 1.0])
    assert smooth(3.0, 1.0, np.array([0.0, 2.0, 9.0])) == pytest.approx([1.0, 0.5, 0.0])
