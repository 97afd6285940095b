"""A path as a body follows it: corners rounded, measured by its length, going on straight beyond both ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import gaussian_filter1d

from kinema.buffers.scene_frame import F64

STEP = 0.05  # metres between samples
BEYOND = 12.0  # metres the trail goes on, straight, past each end


@dataclass(frozen=True, eq=False)
class Trail:
    """marks (M,): metres along the polyline, 0 at its first point · points (M, 2) · yaws (M,), unwrapped."""

    marks: F64
    points: F64
    yaws: F64
    length: float

    def at(self, distance: F64) -> tuple[F64, F64]:
        """Places (..., 2) and yaws of travel (...,) after distances (...,)."""
        x = np.interp(distance, self.marks, self.points[:, 0])
        y = np.interp(distance, self.marks, self.points[:, 1])
        return np.stack([x, y], -1), np.interp(distance, self.marks, self.yaws)


def trail_along(points: F64, rounding: float = 0.35) -> Trail:
    """A trail through points (N, 2 or 3), N >= 2, its corners rounded over about that many metres."""
    flat = np.asarray(points, float)[:, :2]
    lengths = np.linalg.norm(np.diff(flat, axis=0), axis=1)
    flat, lengths = flat[np.concatenate([[True], lengths > 1e-9])], lengths[lengths > 1e-9]
    if not len(lengths):
        raise ValueError("a trail needs two points apart from each other")
    at = np.concatenate([[0.0], np.cumsum(lengths)])
    before, after = (flat[0] - flat[1]) / lengths[0], (flat[-1] - flat[-2]) / lengths[-1]
    knots = np.concatenate([[-BEYOND], at, [at[-1] + BEYOND]])
    corners = np.concatenate([[flat[0] + BEYOND * before], flat, [flat[-1] + BEYOND * after]])
    marks = np.arange(-BEYOND, at[-1] + BEYOND, STEP)
    raw = np.stack([np.interp(marks, knots, corners[:, k]) for k in (0, 1)], -1)
    smooth = gaussian_filter1d(raw, rounding / STEP, axis=0, mode="nearest")
    steps = np.gradient(smooth, axis=0)
    # the filter folds the far ends; their direction is the extension's own
    edge = int(4 * rounding / STEP)
    smooth[:edge], smooth[-edge:] = raw[:edge], raw[-edge:]
    steps[:edge], steps[-edge:] = -before * STEP, after * STEP
    return Trail(marks, smooth, np.unwrap(np.arctan2(-steps[:, 0], steps[:, 1])), float(at[-1]))
