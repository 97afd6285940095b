"""Flicker: what changes from frame to frame that motion does not account for, against what truly changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from kinema.metrics.fidelity import F32, shown


def flicker(frames: F32, truth: F32, motion: F32, valid: NDArray[np.uint8]) -> float:
    """Mean wrong change of display values between frames, after motion.

    frames, truth (T, H, W, 3) linear light · motion (T, H, W, 2) pixels to where the point was a frame ago ·
    valid (T, H, W). The truth's own change (a passing shadow, a blinking sign) is no flicker.
    """
    painted, wanted = shown(frames), shown(truth)
    total, count = 0.0, 0
    for t in range(1, len(frames)):
        wrong = (painted[t] - moved(painted[t - 1], motion[t])) - (wanted[t] - moved(wanted[t - 1], motion[t]))
        known = valid[t] > 0
        total += float(np.abs(wrong[known]).sum())
        count += 3 * int(known.sum())
    return total / max(count, 1)


def moved(frame: F32, motion: F32) -> F32:
    """The frame before (H, W, 3), each pixel fetched bilinearly from where its point was."""
    rows, columns = np.indices(frame.shape[:2])
    where = [rows + motion[..., 1], columns + motion[..., 0]]
    channels = [map_coordinates(frame[..., c], where, order=1, mode="nearest") for c in range(3)]
    return np.stack(channels, -1).astype(np.float32)
