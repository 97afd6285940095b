import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kinema.stage.motion.ik import two_bone

coordinate = st.floats(-2.0, 2.0, allow_nan=False)


@given(st.tuples(coordinate, coordinate, coordinate), st.floats(0.1, 1.0), st.floats(0.1, 1.0))
def test_bones_keep_their_lengths_and_the_end_reaches_or_points(target, upper, lower):
    target = np.array(target)
    if np.linalg.norm(target) < 1e-3:
        return
    middle, end, hinge = two_bone(np.zeros(3), target, upper, lower, np.array([0.0, 1.0, 0.2]))
    assert np.linalg.norm(middle) == pytest.approx(upper, abs=1e-6)
    assert np.linalg.norm(end - middle) == pytest.approx(lower, abs=1e-6)
    assert np.linalg.norm(hinge) == pytest.approx(1.0)
    distance = np.linalg.norm(target)
    if abs(upper - lower) + 0.03 * (upper + lower) < distance < 0.998 * (upper + lower):
        np.testing.assert_allclose(end, target, atol=1e-9)
    else:
        np.testing.assert_allclose(end / np.linalg.norm(end), target / distance, atol=1e-9)


def test_the_middle_joint_points_to_the_pole():
    middle, _, hinge = two_bone(np.zeros(3), np.array([0.0, 0.0, -0.8]), 0.45, 0.45, np.array([0.0, 1.0, 0.0]))
    assert middle[1] > 0.1  # a knee
    np.testing.assert_allclose(hinge, [1.0, 0.0, 0.0], atol=1e-12)


def test_a_pole_along_the_limb_still_gives_a_bend():
    middle, end, _ = two_bone(np.zeros(3), np.array([0.0, 0.5, 0.0]), 0.4, 0.4, np.array([0.0, 1.0, 0.0]))
    assert np.isfinite(middle).all()
    np.testing.assert_allclose(end, [0.0, 0.5, 0.0], atol=1e-9)
