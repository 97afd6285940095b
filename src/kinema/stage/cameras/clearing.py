"""Clearing a lens's way: what hangs over a street and who merely passes by make room for a camera, shot by shot."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F64, Camera, Surface

EVERY = 0.5  # seconds between the moments at which a camera's place is asked for
HUNG = 1.8  # metres that a camera keeps from what hangs
LOOMING = 4.3  # metres that the picture's shorter side holds, so near that what hangs there fills it
ANY_LENS = 5.0  # metres within which it does so through a long lens too that is focused nearer
PASSING = 1.05  # metres on the map that it keeps from those who pass by
BEFORE, ASIDE = 4.8, 0.38  # metres ahead of it within which nobody fills the picture, and how far beside, a metre ahead
CROWN, CHEST, BROAD = 1.95, 1.1, 0.3  # metres over the feet of somebody tall, and from side to side
OVERHEAD = 2.3  # metres above the feet of somebody, from which on a camera passes over them


@dataclass(frozen=True, eq=False)
class LensWay:
    """A camera's way through a shot: what it is at each of some times (T,)."""

    times: F64
    cameras: tuple[Camera, ...]

    @property
    def places(self) -> F64:
        """Where it is (T, 3)."""
        return np.array([one.position for one in self.cameras], np.float64)

    @property
    def looks(self) -> F64:
        """The directions it looks in (T, 3)."""
        return np.array([one.rotation[2] for one in self.cameras], np.float64)


def lens_way(camera: Callable[[float], Camera], begin: float, end: float) -> LensWay:
    """The way of a camera between two scene times."""
    times = np.linspace(begin, end, max(int((end - begin) / EVERY), 1) + 1)
    return LensWay(times, tuple(camera(float(time)) for time in times))


def hangs_in_the_way(surface: Surface, lens: LensWay) -> bool:
    """Whether a surface comes too near the camera's way, or so near before it that it fills the picture."""
    local = surface.mesh.positions if surface.positions is None else surface.positions
    points = local @ surface.transform[:3, :3].T + surface.transform[:3, 3]
    low, high = points.min(0), points.max(0)
    for camera in lens.cameras:
        apart = np.maximum(np.maximum(low - camera.position, camera.position - high), 0.0)
        if float(np.linalg.norm(apart)) < max(HUNG, looming(camera)) and _hinders(points, camera):
            return True
    return False


def looming(camera: Camera) -> float:
    """Metres within which what hangs before a camera fills its picture: farther the longer the lens, but not behind
    what it is focused on, unless that is quite near."""
    return min(LOOMING * camera.focal / min(camera.width, camera.height), max(camera.focus, ANY_LENS))


def _hinders(points: F64, camera: Camera) -> bool:
    """Whether one of the points (V, 3) is too near a camera, or near and in its picture."""
    right, down, ahead = camera.rotation @ (points - camera.position).T
    away = np.sqrt(right**2 + down**2 + ahead**2)
    beside, above = 0.5 * camera.width / camera.focal, 0.5 * camera.height / camera.focal
    seen = (np.abs(right) < beside * ahead) & (np.abs(down) < above * ahead)
    return bool(((away < HUNG) | (seen & (away < looming(camera)))).any())


def walks_into_the_lens(places: Iterable[F64], lens: LensWay) -> bool:
    """Whether somebody who stands at places (3,), one for each of the camera's, comes too near it, or so near
    ahead of it that nothing else is seen."""
    apart, looks = np.array(list(places)) - lens.places, lens.looks
    away, below = np.hypot(apart[:, 0], apart[:, 1]), -apart[:, 2] < OVERHEAD
    look = looks[:, :2] / np.maximum(np.linalg.norm(looks[:, :2], axis=1, keepdims=True), 1e-6)
    ahead = (apart[:, :2] * look).sum(1)
    across = np.abs(apart[:, 0] * look[:, 1] - apart[:, 1] * look[:, 0])
    fills = (ahead > 0.0) & (ahead < BEFORE) & (across < ASIDE * ahead)
    return bool((below & ((away < PASSING) | fills)).any())


def only_a_head_shows(places: Iterable[F64], lens: LensWay) -> bool:
    """Whether somebody who stands at places (3,), one for each of the camera's, is at some time cut off over the chest
    by the picture's lower edge: a head without a body there is a blot."""
    return any(_cut_off(place - camera.position, camera) for place, camera in zip(places, lens.cameras, strict=True))


def _cut_off(feet: F64, camera: Camera) -> bool:
    right, _, ahead = camera.rotation @ feet
    if ahead < PASSING or abs(right) > 0.5 * camera.width / camera.focal * ahead + BROAD:
        return False
    edge = 0.5 * camera.height / camera.focal
    crown, chest = (camera.rotation @ (feet + np.array([0.0, 0.0, up])) for up in (CROWN, CHEST))
    return bool(abs(crown[1]) < edge * crown[2] and chest[1] > edge * chest[2])
