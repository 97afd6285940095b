"""Bursts: nothing before, everything at the place thrown from, falling after, gone at the end."""

import numpy as np
import pytest

from kinema.stage.particles import Burst, bursting

CONFETTI = Burst("confetti", "flake", 200, start=2.0, place=(1.0, 2.0, 3.0), speed=6.0, life=5.0)


def test_nothing_before_or_after():
    assert len(bursting(CONFETTI, 1.99, 1).positions) == 0
    assert len(bursting(CONFETTI, 7.0, 1).positions) == 0


def test_it_leaves_from_one_place_and_spreads():
    start = bursting(CONFETTI, 2.0, 1)
    assert start.positions == pytest.approx(np.tile([1.0, 2.0, 3.0], (200, 1)))
    later = bursting(CONFETTI, 2.5, 1)
    assert later.positions.std(0).min() > 0.2
    assert later.positions[:, 2].mean() > 3.2


def test_it_settles_downwards_at_a_steady_speed():
    late = bursting(CONFETTI, 6.5, 1)
    assert (late.velocities[:, 2] < 0).all()
    assert (-late.velocities[:, 2] <= 9.81 / (0.7 * 1.2) + 1e-3).all()


def test_velocity_is_the_change_of_place():
    before, after = bursting(CONFETTI, 3.0, 1), bursting(CONFETTI, 3.001, 1)
    assert (after.positions - before.positions) / 0.001 == pytest.approx(before.velocities, abs=0.1)
