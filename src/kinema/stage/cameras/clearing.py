"""Clearing a lens's way: what hangs over a street and who merely passes by make room for a camera, shot by shot."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from kinema.buffers.scene_frame import F64, Camera, Surface

EVERY = 0.5  # seconds between the moments at which a camera's place is asked for
HUNG = 1.8  # metres that a camera keeps from what hangs
PASSING = 1.05  # metres on the map that it keeps from those who pass by
OVERHEAD = 2.3  # metres above the feet of somebody, from which on a camera passes over them


def lens_way(camera: Callable[[float], Camera], begin: float, end: float) -> tuple[F64, F64]:
    """Times (T,) over a shot, and where its camera is then (T, 3)."""
    times = np.linspace(begin, end, max(int((end - begin) / EVERY), 1) + 1)
    return times, np.array([camera(float(time)).position for time in times], np.float64)


def hangs_in_the_way(surface: Surface, way: F64) -> bool:
    """Whether a surface comes too near the camera's way (T, 3)."""
    local = surface.mesh.positions if surface.positions is None else surface.positions
    points = local @ surface.transform[:3, :3].T + surface.transform[:3, 3]
    near = (points > way.min(0) - HUNG).all(1) & (points < way.max(0) + HUNG).all(1)
    return bool(near.any()) and bool((np.linalg.norm(points[near][:, None] - way[None], axis=2) < HUNG).any())


def walks_into_the_lens(places: Iterable[F64], way: F64) -> bool:
    """Whether somebody who stands at places (3,), one for each of the camera's (T, 3), comes too near it."""
    apart = np.array(list(places)) - way
    return bool(((np.hypot(apart[:, 0], apart[:, 1]) < PASSING) & (-apart[:, 2] < OVERHEAD)).any())
