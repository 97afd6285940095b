"""Locks that lie on the curtain they are read off."""

import numpy as np

from kinema.stage.bodies.people.curtain import Locks, read_locks
from kinema.stage.bodies.people.tresses import Tresses
from kinema.stage.chance import chance


def wall(count: int = 20, points: int = 12) -> Tresses:
    """Tresses that hang side by side along x, facing ahead."""
    x, z = np.meshgrid(np.linspace(0.0, 0.4, count), np.linspace(0.0, -0.4, points), indexing="ij")
    outward = np.broadcast_to([0.0, 1.0, 0.0], (count, points, 3))
    return Tresses(np.stack([x, np.zeros_like(x), z], -1), outward)


def test_no_lock_stands_off_its_curtain_but_some_lie_upon_it() -> None:
    laid = read_locks(wall(), Locks(200, 0.011), chance(1, "head", "locks"))
    off = laid.paths[:, :, 1]
    assert np.abs(off).max() < 0.003  # metres; farther off, an edge-on lock is a string of beads
    assert (off[:, -1] > 0.0005).mean() > 0.25
    assert laid.paths[:, :, 0].min() > -0.05
    assert laid.paths[:, :, 0].max() < 0.45
