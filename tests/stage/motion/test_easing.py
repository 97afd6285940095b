import numpy as np
import pytest

from kinema.stage.motion import easing


def test_smooth_begins_and_ends_flat_and_stays_inside():
    x = np.linspace(-1.0, 2.0, 301)
    y = easing.smooth(x)
    assert y[0] == 0.0
    assert y[-1] == 1.0
    assert (np.diff(y) >= 0).all()
    assert easing.smooth(np.array(0.001)) < 1e-7


def test_ramp_and_window():
    t = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    np.testing.assert_allclose(easing.ramp(t, 1.0, 2.0), [0.0, 0.0, 0.5, 1.0, 1.0])
    np.testing.assert_allclose(easing.window(t, 0.0, 4.0, 1.0, 1.0), [0.0, 1.0, 1.0, 1.0, 0.0])


def test_bump_is_one_in_the_middle_and_nothing_outside():
    np.testing.assert_allclose(easing.bump(np.array([-0.5, 0.0, 0.5, 1.0, 1.5])), [0.0, 0.0, 1.0, 0.0, 0.0])


def test_a_spring_overshoots_and_settles():
    y = easing.spring(np.linspace(0.0, 5.0, 500), 1.5, 0.3)
    assert y[0] == 0.0
    assert y.max() > 1.2
    assert y[-1] == pytest.approx(1.0, abs=1e-3)


def test_drift_stays_within_one():
    y = easing.drift(np.linspace(0.0, 300.0, 5000), 7.0, np.array([0.1, 0.5, 0.9]))
    assert np.abs(y).max() <= 1.0
    assert np.abs(y).max() > 0.5
