import numpy as np
import pytest

from kinema.metrics.fidelity import shown
from kinema.metrics.flicker import flicker, moved

WALL = np.random.default_rng(0).random((16, 24, 3)).astype(np.float32)
STILL = np.zeros((3, 16, 24, 2), np.float32)
ALL = np.ones((3, 16, 24), np.uint8)


def test_moved_fetches_from_where_the_point_was():
    motion = np.zeros((16, 24, 2), np.float32)
    motion[..., 0] = -2.0  # two pixels to the left, a frame ago
    np.testing.assert_allclose(moved(WALL, motion)[:, 2:], WALL[:, :-2], atol=1e-6)


def test_what_moves_with_its_surface_does_not_flicker():
    frames = np.stack([np.roll(WALL, k, 1) for k in range(3)])
    motion = STILL.copy()
    motion[..., 0] = -1.0
    valid = ALL.copy()
    valid[:, :, :3] = 0  # what came in from the side
    assert flicker(frames, np.zeros_like(frames), motion, valid) == pytest.approx(0.0, abs=1e-6)


def test_a_change_of_the_truth_is_no_flicker():
    frames = np.stack([WALL, WALL * 0.5, WALL])
    assert flicker(frames, frames, STILL, ALL) == 0.0


def test_a_change_of_its_own_is():
    frames = np.stack([WALL, WALL * 0.5, WALL])
    expected = np.abs(shown(WALL) - shown(WALL * 0.5)).mean()
    assert flicker(frames, np.stack([WALL] * 3), STILL, ALL) == pytest.approx(float(expected), rel=1e-4)
