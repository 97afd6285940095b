"""Clearing a lens's way: what hangs over a street and who merely passes by make room for a camera, shot by shot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, Camera, Surface

EVERY = 0.5  # seconds between the moments at which a camera's place is asked for
HUNG = 1.8  # metres that a camera keeps from what hangs
LOOMING = 5.0  # metres from it within which what hangs fills the picture
FIELD = (0.8, 0.45)  # what a picture shows beside and above its middle, for a metre ahead
PASSING = 1.05  # metres on the map that it keeps from those who pass by
BEFORE, ASIDE = 4.8, 0.38  # metres ahead of it within which nobody fills the picture, and how far beside, a metre ahead
OVERHEAD = 2.3  # metres above the feet of somebody, from which on a camera passes over them


@dataclass(frozen=True, eq=False)
class LensWay:
    """A camera's way through a shot: at times (T,) its places (T, 3) and the directions it looks in (T, 3)."""

    times: F64
    places: F64
    looks: F64


def lens_way(camera: Callable[[float], Camera], begin: float, end: float) -> LensWay:
    """The way of a camera between two scene times."""
    times = np.linspace(begin, end, max(int((end - begin) / EVERY), 1) + 1)
    cameras = [camera(float(time)) for time in times]
    return LensWay(
        times,
        np.array([one.position for one in cameras], np.float64),
        np.array([one.rotation[2] for one in cameras], np.float64),
    )


def hangs_in_the_way(surface: Surface, lens: LensWay) -> bool:
    """Whether a surface comes too near the camera's way, or so near before it that it fills the picture."""
    way = lens.places
    local = surface.mesh.positions if surface.positions is None else surface.positions
    points = local @ surface.transform[:3, :3].T + surface.transform[:3, 3]
    close = points[((points > way.min(0) - LOOMING) & (points < way.max(0) + LOOMING)).all(1)]
    apart = close[:, None] - way[None]  # (V, T, 3)
    away = np.linalg.norm(apart, axis=2)
    ahead = (apart * lens.looks[None]).sum(2)
    across = apart - ahead[..., None] * lens.looks[None]
    seen = (np.hypot(across[..., 0], across[..., 1]) < FIELD[0] * ahead) & (np.abs(across[..., 2]) < FIELD[1] * ahead)
    looms = seen & (away < LOOMING)
    return bool(((away < HUNG) | looms).any())


def walks_into_the_lens(places: Iterable[F64], lens: LensWay) -> bool:
    """Whether somebody who stands at places (3,), one for each of the camera's, comes too near it, or so near
    ahead of it that nothing else is seen."""
    apart = np.array(list(places)) - lens.places
    away, below = np.hypot(apart[:, 0], apart[:, 1]), -apart[:, 2] < OVERHEAD
    look = lens.looks[:, :2] / np.maximum(np.linalg.norm(lens.looks[:, :2], axis=1, keepdims=True), 1e-6)
    ahead = (apart[:, :2] * look).sum(1)
    across = np.abs(apart[:, 0] * look[:, 1] - apart[:, 1] * look[:, 0])
    fills = (ahead > 0.0) & (ahead < BEFORE) & (across < ASIDE * ahead)
    return bool((below & ((away < PASSING) | fills)).any())
