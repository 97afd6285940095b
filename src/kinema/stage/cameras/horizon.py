"""The horizon: a camera that stands low, so that what it films rises against the sky with the moon whole behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.schema.storyboard import Framing
from kinema.stage.actor import Region, forward
from kinema.stage.cameras.framing import PICTURE_MM, View, rightward, spread
from kinema.stage.setting import Luminary


@dataclass(frozen=True)
class Place:
    """Where a size of framing has the luminary: lengths in half heights of the picture.

    radius: of its disc · above: its middle over the picture's · ahead: to the side the subject looks to · room: how
    much of the distance is added, so that the disc stands around a head rather than behind it
    """

    radius: float
    above: float
    ahead: float
    room: float = 1.0


PLACES: dict[str, Place] = {
    "wide": Place(0.30, 0.45, 0.60, 1.2),
    "full": Place(0.42, 0.46, 0.42),
    "medium": Place(0.50, 0.36, 0.28, 1.15),
    "close": Place(0.62, 0.10, 0.10, 1.35),
    "extreme": Place(0.70, 0.05, 0.05, 1.2),
}
LEVEL = frozenset({"eye", "low"})  # angles that leave the camera free to stand low
GROUP_WIDTH = 0.76  # of the picture's width that several bodies may fill
GROUP_HEIGHT = 0.5
STANDING = frozenset({"wide", "full"})  # sizes at which feet are seen
FEET = 0.66  # half heights under the picture's middle where a group stands: a sixth is ground


def against_sky(
    where: View, framing: Framing, regions: Sequence[Region], facing: float, lit: Luminary, aspect: float
) -> View:
    """The view that has a luminary whole in the picture, at its place for the framing's size; else the view itself.

    A longer lens farther off keeps the subject's size and makes the disc larger: what long lenses are for. All is
    sharp, as the disc is worth seeing. facing: yaw the subject looks along · regions: what is framed · aspect: width
    over height of the picture
    """
    if framing.angle not in LEVEL:
        return where
    size = "medium" if len(regions) > 1 and framing.size in ("close", "extreme") else framing.size
    place = PLACES[size]
    half = min(float(np.tan(lit.radius)) / place.radius, PICTURE_MM / 2 / where.lens)  # at one metre
    x, y, z = lit.direction
    right = np.array([y, -x, 0.0]) / np.hypot(x, y)
    swing = float(np.arctan(place.ahead * half * (forward(facing) @ right)))
    azimuth = float(np.arctan2(x, -y)) + swing
    elevation = float(np.arctan(place.above * half) - np.arcsin(z))
    lens = PICTURE_MM / 2 / half
    distance = where.distance * lens / where.lens * place.room
    target = where.target
    if len(regions) > 1:
        found = replace(where, azimuth=azimuth, lens=lens, distance=distance)
        target, distance = _gathered(regions, found, aspect, size)
    return replace(
        where, target=target, azimuth=azimuth, elevation=elevation, lens=lens, distance=distance, aperture=0.0
    )


def _gathered(regions: Sequence[Region], where: View, aspect: float, size: str) -> tuple[F64, float]:
    """Target (3,) and distance at which several bodies fill the width: whole ones stand low, heads lie higher.

    where: the view as far as it is found, its distance the farthest allowed
    """
    low, high = spread(regions, where)
    half = PICTURE_MM / 2 / where.lens
    depth = 0.5 * float(np.ptp([np.array(region.centre) @ forward(where.azimuth) for region in regions]))
    near = max((high - low) / (2 * half * np.array([GROUP_WIDTH * aspect, GROUP_HEIGHT]))) + depth
    distance = float(min(where.distance, near))
    across, up = 0.5 * (low + high)
    up += 0.55 * PLACES[size].above * half * distance
    if size in STANDING:
        up = low[1] + FEET * half * distance
    return where.target + across * rightward(where.azimuth) + np.array([0.0, 0.0, up]), distance
