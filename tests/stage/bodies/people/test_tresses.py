"""Tresses read at other places than their own points."""

import numpy as np

from kinema.stage.bodies.people.tresses import Tresses, resampled


def arcs(count: int = 5, points: int = 9) -> Tresses:
    """Quarter circles of radius 1 about the x axis."""
    angle = np.linspace(0, np.pi / 2, points)
    out = np.stack([np.zeros(points), np.sin(angle), np.cos(angle)], 1)
    paths = np.repeat(out[None], count, 0) + np.arange(count)[:, None, None] * [0.1, 0.0, 0.0]
    return Tresses(paths, np.repeat(out[None], count, 0))


def test_points_between_lie_on_the_curve_and_not_on_its_chords() -> None:
    fine = resampled(arcs(), np.linspace(0, 8, 41))
    radius = np.linalg.norm(fine.paths[..., 1:], axis=2)
    assert np.abs(radius[:, 6:-6] - 1.0).max() < 2e-4  # chords would be 5e-3 inside
    np.testing.assert_allclose(np.linalg.norm(fine.outward, axis=2), 1.0, atol=1e-6)


def test_its_own_points_are_kept() -> None:
    tresses = arcs()
    np.testing.assert_allclose(resampled(tresses, np.arange(9.0)).paths, tresses.paths, atol=1e-12)
