"""Cuts: where garments end on a body, as signed distances to their edges."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from kinema.buffers.scene_frame import F32, F64
from kinema.stage.bodies.people.body import Body
from kinema.stage.bodies.people.piece import share

SHOULDER = 0.085  # metres from the midline at which a V has risen to the shoulders
ROUNDED = 0.022  # metres from the midline within which a V is round
ARMS = ("upper_arm", "lower_arm", "forearm", "hand", "fingers", "fingertips", "thumb")
# how much a garment covers a place: metres inside its edges, negative outside; (points (V, 3), weights (V, S)) -> (V,)
Cover = Callable[[F32, F32], F32]


@dataclass(frozen=True)
class Cut:
    """Where a garment ends. Levels count up the body: 0 sole, 1 ankle, 2 knee, 3 hip, 4 waist, 5 armpit, 6 neck.

    bottom, top: levels · sleeve: share of the arm covered, 0 for none · front: metres the neckline drops in front ·
    vee: metres by which a V runs deeper still · width: half the neckline's (m) ·
    open: half the gap (m) down the front, None when closed
    """

    bottom: float = 3.0
    top: float = 6.0
    sleeve: float = 0.0
    front: float = 0.06
    vee: float = 0.0
    width: float = 0.060
    open: float | None = None


def level_height(body: Body, level: float) -> float:
    """Metres above the ground of a level of the body (see Cut)."""
    marks = body.landmarks
    spine, chest = marks["spine"][2], marks["chest"][2]
    heights = [
        0.0,
        marks["foot_left"][2],
        marks["lower_leg_left"][2],
        marks["upper_leg_left"][2],
        spine + 0.5 * (chest - spine),
        marks["upper_arm_left"][2] - 0.05 * body.height,
        marks["neck"][2],
        marks["chin"][2],
    ]
    return float(np.interp(level, range(len(heights)), heights))


def cover(body: Body, cut: Cut) -> Cover:
    """The cut of a garment as a signed distance to its edges, on this body."""
    bottom, top = level_height(body, cut.bottom), level_height(body, cut.top)
    neck = body.landmarks["neck"]
    middle = max(neck[1], body.landmarks["spine"][1]) + 0.03  # ahead of it is the front

    def inside(points: F32, weights: F32) -> F32:
        x, y, z = np.abs(points[:, 0]), points[:, 1], points[:, 2]
        arm = share(weights, *ARMS)
        along, length = along_arm(body, points)
        torso = np.minimum(z - bottom, neckline(body, cut, points) - z)
        if cut.open is not None:
            torso = np.where(y > middle, np.minimum(torso, x - gap(cut.open, z, bottom, top)), torso)
        if not cut.sleeve:
            return np.asarray(np.minimum(torso, (0.40 - arm) * 0.12), np.float32)
        return np.asarray(np.where(arm > 0.5, (cut.sleeve - along) * length, torso), np.float32)

    return inside


def neckline(body: Body, cut: Cut, points: F32 | F64) -> F64:
    """Height (V,) of a cut's neckline over points (V, 3): lower ahead of the neck, in a V if it has one."""
    neck, scale, top = body.landmarks["neck"], body.height / 1.65, level_height(body, cut.top)
    forward = np.clip((points[:, 1] - neck[1] + 0.05 * scale) / (0.14 * scale), 0, 1)
    height = top - forward * cut.front
    # beside the neck cloth climbs the shoulders
    aside = np.clip((np.abs(points[:, 0]) - cut.width * scale) / (0.040 * scale), 0, 1)
    height = np.minimum(height + aside * (1 - forward) * (0.06 + cut.front) * scale, top + 0.038 * scale)
    if cut.vee:
        across = np.hypot(points[:, 0] / scale, ROUNDED) - ROUNDED
        vee = top + (cut.front + cut.vee) * (across / SHOULDER - 1.0)
        height = np.where(points[:, 1] > neck[1], np.minimum(height, vee), height)
    return np.asarray(height, np.float64)


def gap(half: float, z: F32 | F64, bottom: float, top: float) -> F32:
    """Half the opening of a jacket's front at a height: narrowest a third of the way up, wide at the collar."""
    t = np.clip((z - bottom) / (top - bottom), 0, 1)
    return np.asarray(half * (0.75 + 0.5 * np.clip(0.3 - t, 0, 1) + 1.6 * np.clip(t - 0.35, 0, 1) ** 1.2), np.float32)


def along_arm(body: Body, points: F32) -> tuple[F32, float]:
    """Share of the way (V,) from shoulder to wrist, and that way's length in metres."""
    shoulder, wrist = body.landmarks["upper_arm_right"], body.landmarks["hand_right"]
    length = float(np.linalg.norm(wrist - shoulder))
    axis = (wrist - shoulder) / length
    mirrored = np.stack([np.abs(points[:, 0]), points[:, 1], points[:, 2]], 1)
    return np.asarray((mirrored - shoulder) @ axis / length, np.float32), length


def trouser_cover(body: Body, bottom: float, top: float) -> Cover:
    """Trousers and shorts: everything between two levels that is not an arm."""
    low, high = level_height(body, bottom), level_height(body, top)

    def inside(points: F32, weights: F32) -> F32:
        arm = share(weights, *ARMS)
        z = points[:, 2]
        return np.where(arm > 0.4, -1.0, np.minimum(z - low, high - z)).astype(np.float32)

    return inside
