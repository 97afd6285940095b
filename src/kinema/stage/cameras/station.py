"""Where a camera can really stand: out of walls and furniture, in the room, with nothing between it and its subject."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F64
from kinema.stage.cameras.framing import View
from kinema.stage.setting import Box, Setting

CLEARANCE = 0.35  # metres a camera keeps from walls, furniture and ground
SIGHT_SAMPLES = 12  # points of the line of sight that must be free
SWINGS = tuple(np.radians([0, 15, -15, 30, -30, 50, -50, 75, -75, 105, -105, 140, -140, 180]))
LIFTS = tuple(np.radians([0, 10, 22, 38]))
SHARES = (1.0, 0.85, 0.7, 0.55, 0.42, 0.3)


@dataclass(frozen=True)
class Station:
    """How far a camera departs from where framing alone would put it: angles in radians, share of the distance."""

    swing: float = 0.0
    lift: float = 0.0
    share: float = 1.0

    def applied(self, where: View) -> View:
        """The view from the station."""
        return replace(
            where,
            azimuth=where.azimuth + self.swing,
            elevation=where.elevation + self.lift,
            distance=where.distance * self.share,
        )

    @property
    def cost(self) -> float:
        """How much of the wish is given up: a closer camera costs more than one a little round or above."""
        return abs(self.swing) / 0.9 + self.lift / 0.7 + abs(float(np.log(self.share))) * 1.6


STATIONS = sorted((Station(*parts) for parts in product(SWINGS, LIFTS, SHARES)), key=lambda station: station.cost)


def find_station(views: Sequence[View], setting: Setting) -> Station:
    """The cheapest station from which all these moments of a shot are seen; one for the whole shot, so it is steady.

    Where none is free at every moment, the one that is free at most of them.
    """
    if not setting.room and not setting.solids:
        return Station()
    best, most = Station(), -1
    for station in STATIONS:
        free = sum(is_free(station.applied(view), setting) for view in views)
        if free == len(views):
            return station
        if free > most:
            best, most = station, free
    return best


def is_free(where: View, setting: Setting) -> bool:
    """Whether the camera of a view is in the room and outside solids, and sees its target past them."""
    eye = where.eye()
    if setting.room and not any(_holds(box, eye[None], -CLEARANCE)[0] for box in setting.room):
        return False
    line = eye + np.linspace(0.0, 0.9, SIGHT_SAMPLES)[:, None] * (where.target - eye)
    for box in setting.solids:
        if _holds(box, eye[None], CLEARANCE)[0]:
            return False
        around_target = _holds(box, where.target[None], 0.3)[0]  # lying on a bed is not hidden by it
        if not around_target and _holds(box, line, 0.0).any():
            return False
    return True


def _holds(box: Box, points: F64, margin: float) -> NDArray[np.bool_]:
    """Which of the points (N, 3) are in a box grown by a margin."""
    low, high = np.array(box.low) - margin, np.array(box.high) + margin
    inside: NDArray[np.bool_] = np.asarray(((points > low) & (points < high)).all(axis=1))
    return inside
