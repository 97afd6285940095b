import numpy as np
import pytest

from kinema.stage.bodies.quadruped.whiskers import COARSEST, FINEST, PIXELS, turn_to

PAIRS = np.arange(12, dtype=np.int32).reshape(1, 6, 2)


def whisker():
    """One whisker along x, flat in the x y plane, which an eye on the x y plane sees from its edge."""
    x = np.repeat(np.linspace(0.0, 0.06, 6), 2)
    y = np.tile([-0.0005, 0.0005], 6)
    return np.stack([x, y, 0 * x], 1).astype(np.float32), np.tile(np.float32([0, 0, 1]), (12, 1))


def seen_from(eye, focal):
    positions, normals = whisker()
    turn_to(np.array(eye), focal, PAIRS, positions, normals)
    return positions, normals


@pytest.mark.parametrize("away", [0.5, 1.2])
def test_it_is_wide_enough_for_a_camera_from_wherever_it_looks(away):
    positions, normals = seen_from((0.03, -away, 0.0), 900.0)
    width = np.linalg.norm(positions[1] - positions[0]) / away * 900.0
    assert width == pytest.approx(2 * PIXELS, rel=0.03)
    assert abs(positions[1, 2] - positions[0, 2]) > 0.9 * np.linalg.norm(positions[1] - positions[0])
    assert (normals[:, 1] < 0).all()


def test_close_up_it_is_as_fine_as_a_real_one():
    positions, _ = seen_from((0.03, -0.1, 0.0), 900.0)
    assert np.linalg.norm(positions[1] - positions[0]) == pytest.approx(2 * FINEST, rel=0.01)


def test_far_off_it_is_gone_instead_of_thick():
    positions, _ = seen_from((0.03, -8.0, 0.0), 900.0)
    assert 8.0 * PIXELS / 900.0 > COARSEST
    assert np.ptp(positions, axis=0).max() < 1e-6
