"""Cloth that swings: what air does to a skirt."""

import numpy as np

from kinema.stage.bodies.people.cloth import Inside, Ways, swung, woven

FACING = np.arange(24) * 2 * np.pi / 24  # radians from right towards ahead
AHEAD, BEHIND, RIGHT = 6, 18, 0  # columns


def hem(pace: float, count: int = 96) -> np.ndarray:
    """How far (S,) the hem of a wide skirt is from its middle after two seconds of going ahead at a pace (m/s)."""
    around = np.stack([np.cos(FACING), np.sin(FACING)], -1)
    heights = np.linspace(1.0, 0.3, 10)
    rest = np.concatenate(
        [np.broadcast_to(0.2 * around, (10, 24, 2)), np.broadcast_to(heights[:, None, None], (10, 24, 1))], -1
    )
    cloth = woven(rest, 0.95 - heights, FACING)
    inside = Inside(np.zeros((2, 4, 3)), np.full(4, 0.03), np.array([[0.0, 0.0, 0.0], [0.05, 0.05, 0.05]]))
    gone = np.zeros((count, 3))
    gone[:, 1] = pace * np.arange(count) / 48
    leg = np.array([[[side * 0.05, 0.0, z] for z in (0.8, 0.5, 0.3, 0.1)] for side in (-1, 1)])
    begins = np.full(count, -1, np.int32)
    begins[0] = 0
    ways = Ways(
        begins, rest[None].copy(), rest[: cloth.held] + gone[:, None, None], leg + gone[:, None, None],
        gone + np.array([0.0, 0.0, 0.95]), np.repeat(np.eye(3)[None], count, 0),
    )  # fmt: skip
    points, _ = swung(cloth, inside, ways, None, 1 / 48)
    return np.asarray(((points[-1, -1, :, :2] - gone[-1, :2]) * around).sum(-1))


def test_air_presses_a_skirt_to_who_goes_into_it_and_leaves_its_back_alone() -> None:
    still, walking = hem(0.0), hem(1.4)
    assert walking[AHEAD] < still[AHEAD] - 0.04  # metres
    assert abs(walking[BEHIND] - still[BEHIND]) < still[AHEAD] - walking[AHEAD]
    assert walking[RIGHT] > still[RIGHT] - 0.02
    backwards = hem(-1.4)
    assert backwards[BEHIND] < still[BEHIND] - 0.04
