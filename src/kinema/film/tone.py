"""The tone curve: scene-linear radiance to display values, a sigmoid in stops; bright colours fade to white."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32
from kinema.film.kernels import STEPS_PER_OCTAVE, TABLE_FLOOR, TABLE_SIZE

MID_GREY = 0.18
GREY_DISPLAY = 0.46  # sRGB code of mid grey: 18% reflectance
TOE_STOPS, SHOULDER_STOPS = 7.0, 4.4  # where black and white are reached


def sigmoid(stops: F32, contrast: float) -> F32:
    """Display value 0..1 of light given in stops from mid grey: a straight middle, power toe and shoulder.

    Slope at grey is contrast times 0.142 of the display range a stop; plain sRGB has 0.125.
    """
    slope = 0.142 * contrast
    below, above = GREY_DISPLAY, 1.0 - GREY_DISPLAY
    dark = np.clip(stops / -TOE_STOPS, 0.0, 1.0)
    bright = np.clip(stops / SHOULDER_STOPS, 0.0, 1.0)
    # below * (1 - (1 - (1 - d)^p)) has slope below * p / TOE at grey; the same above with SHOULDER
    toe = below * (1.0 - dark) ** (slope * TOE_STOPS / below)
    shoulder = GREY_DISPLAY + above * (1.0 - (1.0 - bright) ** (slope * SHOULDER_STOPS / above))
    display: F32 = np.where(stops < 0.0, toe, shoulder).astype(np.float32)
    return display


def tone_table(exposure: float, contrast: float) -> F32:
    """Display values by the top sixteen bits of a float32, from 2**-14 to 2**10: (TABLE_SIZE,)."""
    codes = (np.arange(TABLE_SIZE, dtype=np.int64) + TABLE_FLOOR) << 16
    middles = (codes + (1 << 15)).astype(np.int32).view(np.float32)
    stops = np.log2(middles.astype(np.float64) * 2.0**exposure / MID_GREY)
    table = sigmoid(stops.astype(np.float32), contrast)
    table[: STEPS_PER_OCTAVE // 2] = 0.0
    return table


def crosstalk(share: float) -> F32:
    """(3, 3) mixing each channel with the others, so that no colour stays pure when it grows bright."""
    return ((1.0 - share) * np.eye(3) + share / 3.0).astype(np.float32)
