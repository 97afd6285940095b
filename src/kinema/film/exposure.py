"""Automatic exposure: one setting a shot, from a small picture of it, as a camera operator would choose."""

from __future__ import annotations

import numpy as np

from kinema.buffers.scene_frame import F32

AIM = 0.15  # log-mean luminance a picture is drawn towards: a little under mid grey
TRUST = 0.45  # share of the way it is drawn, so that night stays night
DARKEST, BRIGHTEST = -0.8, 1.4  # stops


def exposure(picture: F32) -> float:
    """Stops that bring a linear picture (H, W, 3) nearer to mid grey; the middle counts twice the rim."""
    luminance = picture @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    rows, columns = (np.hanning(n + 2)[1:-1] + 0.5 for n in luminance.shape)
    weights = rows[:, None] * columns
    mean = np.average(np.log2(np.clip(luminance, 2.0**-9, 4.0)), weights=weights)
    return float(np.clip(TRUST * (np.log2(AIM) - mean), DARKEST, BRIGHTEST))
