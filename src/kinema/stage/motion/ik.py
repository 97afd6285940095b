"""Inverse kinematics in closed form: where the middle joint of an arm or a leg goes."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F64
from kinema.stage.motion.rotations import cross, unit

STRAIGHTEST = 0.999  # of the whole length: a knee or elbow never locks


def two_bone(root: F64, target: F64, upper: float, lower: float, pole: F64) -> tuple[F64, F64, F64]:
    """Bends a limb of two bones so that its end reaches the target, or as near as its length allows.

    root, target (..., 3) · upper, lower: lengths (m) · pole (..., 3): direction in which the middle joint points.
    Returns middle (..., 3), end (..., 3), and the hinge (..., 3): the unit axis across the limb, (end - root) x pole.
    The law of cosines gives the bend, as in any text on analytic IK.
    """
    reach = target - root
    distance = np.sqrt(np.einsum("...i,...i->...", reach, reach))
    direction = unit(reach)
    longest, shortest = STRAIGHTEST * (upper + lower), abs(upper - lower) + 0.02 * (upper + lower)
    d = np.clip(distance, shortest, longest)
    along = (d * d + upper * upper - lower * lower) / (2.0 * d)
    out = np.sqrt(np.maximum(upper * upper - along * along, 0.0))
    hinge = cross(direction, pole)
    # a limb pointing along its own pole has no plane of its own: take any one rather than none
    lost = np.einsum("...i,...i->...", hinge, hinge) < 1e-10
    hinge = unit(np.where(lost[..., None], cross(direction, pole[..., [1, 2, 0]] + 0.1), hinge))
    outward = cross(hinge, direction)
    middle = root + along[..., None] * direction + out[..., None] * outward
    return middle, root + d[..., None] * direction, hinge
