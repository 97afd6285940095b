"""Legs of trousers below the knee: they fall straight, and end in a round hem that hangs from the shin."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from kinema.buffers.scene_frame import F32
from kinema.stage.bodies.people.body import Body
from kinema.stage.bodies.people.skinning import SKIN_JOINTS

ROUND = 0.75  # share of the way from knee to ankle from which on cloth is a tube, and no longer follows the instep


def straightened(body: Body, points: F32, legs: NDArray[np.bool_], radius: float) -> F32:
    """Trouser legs that fall from the knee instead of clinging to the calf.

    legs (V,): which of the points (V, 3) are a leg's · radius: metres that they keep off its middle at least.
    """
    knee, ankle = body.landmarks["lower_leg_right"], body.landmarks["foot_right"]
    down = np.clip((knee[2] + 0.06 - points[:, 2]) / 0.16, 0, 1) * legs
    t = np.clip((knee[2] - points[:, 2]) / (knee[2] - ankle[2]), 0, 1.1)[:, None]
    axis = knee[:2] * (1 - t) + ankle[:2] * t + np.array([0.0, 0.004])
    axis = axis * np.stack([np.sign(points[:, 0]), np.ones(len(points))], 1)
    out = points[:, :2] - axis
    reach = np.linalg.norm(out, axis=1)
    tube = np.where(t[:, 0] > ROUND, radius, np.maximum(reach, radius))
    wanted = tube * down + reach * (1 - down)
    points = points.copy()
    points[:, :2] = axis + out * (wanted / np.maximum(reach, 1e-6))[:, None]
    return points


def hung_from_shins(weights: F32) -> F32:
    """Weights (V, S) of which the shins hold what feet and toes did: shoes move in a hem by themselves."""
    weights = weights.copy()
    for side in ("left", "right"):
        shin, foot, toes = (SKIN_JOINTS.index(f"{part}_{side}") for part in ("lower_leg", "foot", "toes"))
        weights[:, shin] += weights[:, foot] + weights[:, toes]
        weights[:, [foot, toes]] = 0.0
    return weights
