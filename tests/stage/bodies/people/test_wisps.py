"""Wisps that lie on a curtain of hair and stray from it."""

from dataclasses import replace

import numpy as np

from kinema.stage.bodies.people.tresses import Tresses
from kinema.stage.bodies.people.wisps import LAID, LOOSE, strayed
from kinema.stage.chance import chance


def wall(count: int = 40, points: int = 12) -> Tresses:
    """Tresses that hang side by side along x from z = 0 to -0.4, facing ahead."""
    x, z = np.meshgrid(np.linspace(0.0, 0.4, count), np.linspace(0.0, -0.4, points), indexing="ij")
    outward = np.broadcast_to([0.0, 1.0, 0.0], (count, points, 3))
    return Tresses(np.stack([x, np.zeros_like(x), z], -1), outward)


def test_they_begin_on_their_curtain_and_rise_a_little_off_it() -> None:
    paths = strayed(wall(), 30, LAID, chance(1, "head", "wisps")).paths
    assert np.allclose(paths[:, 0, 1], 0.0)
    assert paths[:, 4, 1].min() > 0.3 * LAID.rise
    assert paths[..., 1].max() < 1.2 * LAID.rise + 1e-9
    assert paths[:, 0, 2].max() < -0.35 * LAID.begins[0]  # none grows from the parting itself


def test_they_lie_all_over_it_and_never_beyond_its_end() -> None:
    paths = strayed(wall(), 20, replace(LAID, aside=0.0), chance(1, "head", "wisps")).paths
    assert (np.histogram(paths[:, 0, 0], 5, (0.0, 0.4))[0] >= 3).all()
    assert paths[..., 2].min() >= -0.4 - 1e-9


def test_single_hairs_stand_on_edge() -> None:
    made = strayed(wall(), 10, LOOSE, chance(1, "head", "wisps"))
    assert np.abs(made.outward[..., 1]).max() < 0.1  # across the curtain's own way


def test_none_for_a_head_too_far_away_to_show_them() -> None:
    assert strayed(wall(), 0, LAID, chance(1, "head", "wisps")).paths.shape == (0, LAID.points, 3)
